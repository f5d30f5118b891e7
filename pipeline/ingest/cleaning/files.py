"""Finds the logs in the folder of a wave, and reads them as text."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine import ROW
from pipeline.errors import ExportInvalid
from pipeline.ingest.sheet import Cells, Delimited, Sheet

CLEANING, DELETIONS = "cleaning", "deletions"
_ENDINGS = (".csv", ".xlsx")
_LONGEST_CELL = 2**24
_ALIKE = re.compile(r"clean|deletion|nettoyage|suppression", re.IGNORECASE)
_TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".zip", ".gz"})


@dataclass(frozen=True)
class Line:
    """One row of a log. row: its number in the file. cells: text in the order of the header, stripped."""

    row: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class LogTable:
    """A log as it was read: its headers, and the rows that are not blank. others: sheets beside it that look alike."""

    path: Path
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    others: tuple[str, ...] = ()


def log_files(folder: Path) -> list[Path]:
    """The logs in the folder of a wave, in the order in which they are read."""
    there = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    return [path for stem in (CLEANING, DELETIONS) for path in there if path.stem.lower() == stem]


def alike(folder: Path, named: Collection[str]) -> list[str]:
    """Files that are called much like a log and are none. named: files that the wave file names."""
    logs = {path.name for path in log_files(folder)}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in _TABLES
        and _ALIKE.search(path.stem)
        and path.name not in {*logs, *named}
        and not path.name.startswith(("~$", "."))
    )


def read_table(path: Path, counts: Callable[[Sequence[str]], int], scratch: Path, max_unpacked: int) -> LogTable:
    """A log in any encoding, with any delimiter, or on the sheet of a workbook that has most of its columns.

    counts: how many of some headers are columns of a log. Errors: as for `open_source`; ExportInvalid if two sheets
    could be the log.
    """
    from pipeline.ingest.sources import open_source

    source = open_source(path, scratch, lambda header: counts([header]) > 0, max_unpacked)
    best = max(counts(sheet.header) for sheet in source.sheets)
    sheet, *rivals = (sheet for sheet in source.sheets if counts(sheet.header) == best)
    if rivals and best:
        raise ExportInvalid(
            f'Two sheets could be the log: "{sheet.name}" and "{rivals[0].name}".',
            where=path.name,
            repair="Keep the one that holds, and move the other into another file.",
        )
    others = tuple(one.name for one in source.sheets if one is not sheet and counts(one.header))
    lines = (Line(row, tuple((cell or "").strip() for cell in cells)) for row, cells in _rows(sheet))
    return LogTable(path, sheet.header, tuple(line for line in lines if any(line.cells)), others)


def _rows(sheet: Sheet) -> Iterator[tuple[int, Sequence[str | None]]]:
    """Row number and cells of every row below the header."""
    if isinstance(sheet.records, Cells):
        rows = sheet.records.table.to_pydict()
        numbers = rows.pop(ROW)
        yield from zip(numbers, zip(*rows.values(), strict=True), strict=True)
    elif isinstance(sheet.records, Delimited):
        yield from _records(sheet, sheet.records)
    else:
        raise ExportInvalid(
            "This log is a file for programs, not for people.", where=sheet.file, repair="Save it as CSV or XLSX."
        )


def _records(sheet: Sheet, text: Delimited) -> Iterator[tuple[int, list[str]]]:
    row = sheet.header_row
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with text.path.open(encoding="utf-8-sig", newline="") as file:
            # Strict, or a forgotten quotation mark would take all rows below it into one cell, without a word.
            records = csv.reader(file, delimiter=text.dialect.delimiter, strict=True)
            next((cells for cells in records if cells), None)
            for row, cells in enumerate(records, start=sheet.header_row + 1):
                yield row, cells
    except csv.Error:
        raise ExportInvalid(
            "A row of the log is broken: its quotation marks do not match.",
            where=f"{sheet.file}, row {row + 1} or after",
            repair="Put the missing quotation mark there, or save the log as XLSX.",
        ) from None
