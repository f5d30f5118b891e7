"""Says why an engine cannot parse delimited text: which rows, and what is wrong with them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from itertools import islice

from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import listed
from pipeline.ingest.sheet import Delimited, Sheet
from pipeline.ingest.sources.dialect import DELIMITERS, LONGEST_CELL
from pipeline.ingest.sources.opening import place_of
from pipeline.ingest.sources.records import delimited, opened

ESCAPE = "\\"
"""What R and MySQL may write before a quotation mark in a cell, where most programs double it."""
_LINES_KEPT = 10


def why_unparsable(sheet: Sheet) -> ExportInvalid | None:
    """Why an engine cannot parse a sheet, by row number, without a cell of it in the message.

    None if each record is whole, and only written in a way that engines do not take: with line ends of several kinds,
    or with backslashes before quotation marks. A file that is not text is said to be damaged.
    """
    if not isinstance(sheet.records, Delimited):
        return ExportInvalid(
            "This file is damaged: its columns can be read, and its records cannot.",
            where=place_of(sheet),
            repair="Download or write it again; if that does not help, save it as CSV (UTF-8).",
        )
    problem = _problem(sheet, None)
    return None if problem is None or _problem(sheet, ESCAPE) is None else problem


def escape_in(sheet: Sheet) -> str | None:
    """What stands before quotation marks in the cells of a sheet whose records are all whole; None if it is another."""
    return None if _problem(sheet, None) is None else ESCAPE


def _problem(sheet: Sheet, escape: str | None) -> ExportInvalid | None:
    """What is wrong with the records if they are read strictly."""
    delimiter = delimited(sheet).dialect.delimiter
    csv.field_size_limit(LONGEST_CELL)
    ragged = _Ragged()
    row, lines, records = sheet.header_row - 1, 0, 0
    with opened(delimited(sheet).path) as file:
        reader = csv.reader(file, delimiter=delimiter, escapechar=escape, strict=True)
        try:
            for row, cells in enumerate(reader, start=sheet.header_row):
                lines = reader.line_num
                records += 1
                if cells and len(cells) != len(sheet.header):
                    ragged.add(row, cells, delimiter)
        except csv.Error:
            return _broken(sheet, row + 1, lines)
    return _does_not_fit(sheet, ragged, records) if ragged.rows else None


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
        if len(self.lines) < _LINES_KEPT:
            self.lines.append(delimiter.join(cells))


def _broken(sheet: Sheet, row: int, lines: int) -> ExportInvalid:
    """The refusal of a row whose quotation marks do not match. lines: how many there are above it."""
    with opened(delimited(sheet).path) as file:
        line = list(islice(file, lines, lines + 1))
    return ExportInvalid(
        "A record is broken: its quotation marks do not match, or the file ends in the middle of it.",
        where=f"{place_of(sheet)}, row {row} or after",
        repair=_two_delimiters(sheet, line) or "Download the export again; it may have been cut off.",
    )


def _does_not_fit(sheet: Sheet, ragged: _Ragged, records: int) -> ExportInvalid:
    width = len(sheet.header)
    is_one = len(ragged.rows) == 1
    rows = "A row has" if is_one else f"{len(ragged.rows)} rows have"
    repair = "Download the export again, or mend the delimiters and quotation marks in these rows."
    if len(ragged.rows) == records - 1 and ragged.widths == {width + 1}:
        repair = "Each row has one cell more: R writes row names like that. In R, write with row.names = FALSE."
    return ExportInvalid(
        f"{rows} more or fewer cells than the header, which has {width}.",
        where=f"{place_of(sheet)}, row{'' if is_one else 's'} {listed(ragged.rows, 10)}",
        repair=_two_delimiters(sheet, ragged.lines) or repair,
    )


def _two_delimiters(sheet: Sheet, lines: list[str]) -> str:
    """The repair where another character than in the header separates the cells of these lines, else nothing."""
    width = len(sheet.header)
    used = delimited(sheet).dialect.delimiter
    other = next((word for mark, word in DELIMITERS.items() if mark != used and _fits(lines, mark, width)), "")
    if not other:
        return ""
    header = DELIMITERS.get(used, "another character")
    return f"There, {other} separate the cells, and {header} in the header: export the data again with one delimiter."


def _fits(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether these lines have as many cells as the header if this character separates them."""
    if width < 2 or not lines:
        return False
    plain = [line.replace("\r", " ").replace("\n", " ") for line in lines]
    try:
        return all(len(cells) == width for cells in csv.reader(plain, delimiter=delimiter))
    except csv.Error:
        return False
