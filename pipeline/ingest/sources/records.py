"""Reads and writes delimited text record by record, in Python: only where an engine cannot."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from pipeline.engine import Dialect
from pipeline.ingest.sheet import Delimited, Sheet
from pipeline.ingest.sources.dialect import LONGEST_CELL
from pipeline.ingest.sources.opening import CHUNK

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_SECOND_BYTES = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore"))
_UTF8_AS_WESTERN = re.compile(f"[Ã-ß][{_SECOND_BYTES}]|â€")
"""What a letter of UTF-8 looks like when it is read as Windows-1252: `Ã©` for `é`."""


def delimited(sheet: Sheet) -> Delimited:
    """The records of a sheet of delimited text. TypeError for a sheet of another kind."""
    if not isinstance(sheet.records, Delimited):
        raise TypeError("this sheet is not delimited text")
    return sheet.records


def opened(path: Path) -> TextIO:
    """A file of UTF-8 text whose line ends are left as they are, as the next function needs it."""
    return path.open(encoding="utf-8-sig", newline="")


def records_of(file: TextIO, delimiter: str, quote: str = '"', escape: str | None = None) -> Iterator[list[str]]:
    """The records of a text, up to one with a cell that is too long. Quotation marks need not match.

    escape: what may stand before a quotation mark in a cell, apart from another one.
    """
    csv.field_size_limit(LONGEST_CELL)
    with suppress(csv.Error):
        yield from csv.reader(file, delimiter=delimiter, quotechar=quote, escapechar=escape)


def blank_lines(sheet: Sheet) -> list[int]:
    """Row numbers of blank lines below the header of delimited text. Engines skip them; a spreadsheet shows them."""
    given = delimited(sheet)
    if not _has_blank_line(given.path):
        return []
    with opened(given.path) as file:
        records = enumerate(records_of(file, given.dialect.delimiter), start=sheet.header_row)
        return [row for row, cells in records if not cells]


def write_plainly(
    given: Delimited, target: Path, quote: str = '"', *, escape: str | None = None, above: int = 0
) -> Delimited:
    """The same records in `target`: semicolons, every cell quoted, lines that end in LF. above: lines to leave out."""
    with opened(given.path) as file, target.open("w", encoding="utf-8", newline="") as out:
        for _ in range(above):
            file.readline()
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(records_of(file, given.dialect.delimiter, quote, escape))
    return Delimited(target, Dialect(";"))


def rows_where_utf8_shows(path: Path, delimiter: str, quote: str) -> list[int]:
    """Rows of text that was read as Windows-1252 and has what looks like UTF-8 in it."""
    with opened(path) as file:
        records = records_of(file, delimiter, quote)
        return [row for row, cells in enumerate(records, start=1) if any(map(_UTF8_AS_WESTERN.search, cells))]


def has_records(sheet: Sheet) -> bool:
    """Whether delimited text has a record below its header."""
    given = delimited(sheet)
    with opened(given.path) as file:
        records = records_of(file, given.dialect.delimiter)
        next(records, None)
        return any(map(any, records))


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
