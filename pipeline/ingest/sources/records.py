"""Reads delimited text record by record, in Python: only where an engine cannot, or to say why it cannot."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pipeline.engine import Dialect
from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import listed
from pipeline.ingest.sheet import Delimited, Sheet
from pipeline.ingest.sources.dialect import DELIMITERS, LONGEST_CELL
from pipeline.ingest.sources.opening import CHUNK, place_of

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_LINES_LISTED = 10
_SECOND_BYTES = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore"))
_UTF8_AS_WESTERN = re.compile(f"[Ã-ß][{_SECOND_BYTES}]|â€")
"""What a letter of UTF-8 looks like when it is read as Windows-1252: `Ã©` for `é`."""


def why_unparsable(sheet: Sheet) -> ExportInvalid | None:
    """Why an engine cannot parse delimited text, by row number, without a cell of it in the message.

    None if each record is whole, and only written in a way that engines do not take: with line ends of several kinds.
    A file that is not text is said to be damaged.
    """
    if not isinstance(sheet.records, Delimited):
        return ExportInvalid(
            "This file is damaged: its columns can be read, and its records cannot.",
            where=place_of(sheet),
            repair="Download or write it again; if that does not help, save it as CSV (UTF-8).",
        )
    given, row, records = sheet.records, sheet.header_row - 1, 0
    ragged = _Ragged()
    try:
        with _open(given.path) as file:
            for row, cells in enumerate(_records(file, given.dialect.delimiter), start=sheet.header_row):
                records += 1
                if cells and len(cells) != len(sheet.header):
                    ragged.add(row, cells, given.dialect.delimiter)
    except csv.Error:
        return ExportInvalid(
            "A record is broken: its quotation marks do not match, or the file ends in the middle of it.",
            where=f"{place_of(sheet)}, row {row + 1} or after",
            repair="Download the export again; it may have been cut off.",
        )
    return _does_not_fit(sheet, ragged, records) if ragged.rows else None


def blank_lines(sheet: Sheet) -> list[int]:
    """Row numbers of blank lines below the header of delimited text. Engines skip them; a spreadsheet shows them."""
    given = _delimited(sheet)
    if not _has_blank_line(given.path):
        return []
    with _open(given.path) as file:
        records = enumerate(_records(file, given.dialect.delimiter, strict=False), start=sheet.header_row)
        return [row for row, cells in records if not cells]


def write_plainly(path: Path, delimiter: str, quote: str, skipped: int, target: Path) -> Delimited:
    """The same records in `target`: semicolons, every cell quoted, lines that end in LF. skipped: lines above."""
    with _open(path) as file, target.open("w", encoding="utf-8", newline="") as out:
        for _ in range(skipped):
            file.readline()
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(_records(file, delimiter, quote, strict=False))
    return Delimited(target, Dialect(";"))


def rows_where_utf8_shows(path: Path, delimiter: str, quote: str) -> list[int]:
    """Rows of text that was read as Windows-1252 and has what looks like UTF-8 in it."""
    with _open(path) as file:
        records = _records(file, delimiter, quote, strict=False)
        return [row for row, cells in enumerate(records, start=1) if any(map(_UTF8_AS_WESTERN.search, cells))]


def has_records(sheet: Sheet) -> bool:
    """Whether delimited text has a record below its header."""
    given = _delimited(sheet)
    with _open(given.path) as file:
        records = _records(file, given.dialect.delimiter, strict=False)
        next(records, None)
        return any(map(any, records))


def _delimited(sheet: Sheet) -> Delimited:
    if not isinstance(sheet.records, Delimited):
        raise TypeError("this sheet is not delimited text")
    return sheet.records


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _records(file: TextIO, delimiter: str, quote: str = '"', strict: bool = True) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(file, delimiter=delimiter, quotechar=quote, strict=strict)


def _has_blank_line(path: Path) -> bool:
    """Whether there is an empty line, perhaps within a cell. Fast: a file may have a million rows and none."""
    import numpy as np

    end = b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            text = end + chunk
            line_end = b"\n" if b"\n" in chunk else b"\r"
            ends = np.frombuffer(text, np.uint8) == ord(line_end)
            # The search for the pattern is slow, so it is made only where two line ends are next to each other, or
            # nearly so, as in CR LF CR LF.
            near = (ends[1:] & ends[:-1]).any() or (ends[2:] & ends[:-2]).any()
            if near and _BLANK_LINE.search(text):
                return True
            end = text[-2:]
    return False


@dataclass
class _Ragged:
    """Rows that have another number of cells than the header: their numbers, widths, and the first few as text."""

    rows: list[int] = field(default_factory=list)
    widths: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def add(self, row: int, cells: list[str], delimiter: str) -> None:
        """Notes one such row."""
        self.rows.append(row)
        self.widths.add(len(cells))
        if len(self.lines) < _LINES_LISTED:
            self.lines.append(delimiter.join(cells))


def _does_not_fit(sheet: Sheet, ragged: _Ragged, records: int) -> ExportInvalid:
    width = len(sheet.header)
    rows = "A row has" if len(ragged.rows) == 1 else f"{len(ragged.rows)} rows have"
    repair = "Download the export again, or mend the delimiters and quotation marks in these rows."
    other = next((word for mark, word in DELIMITERS.items() if _fits(ragged.lines, mark, width)), "")
    used = DELIMITERS.get(_delimited(sheet).dialect.delimiter, "another character")
    if other and other != used:
        repair = f"These rows are separated by {other}, the header by {used}: export the data again with one delimiter."
    elif len(ragged.rows) == records - 1 and ragged.widths == {width + 1}:
        repair = "Each row has one cell more: R writes row names like that. In R, write with row.names = FALSE."
    return ExportInvalid(
        f"{rows} more or fewer cells than the header, which has {width}.",
        where=f"{place_of(sheet)}, rows {listed(ragged.rows, 10)}",
        repair=repair,
    )


def _fits(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether these lines have as many cells as the header if another character separates them."""
    if width < 2:
        return False
    plain = [line.replace("\r", " ").replace("\n", " ") for line in lines]
    return all(len(cells) == width for cells in csv.reader(plain, delimiter=delimiter))
