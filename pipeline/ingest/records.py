"""The records of delimited text, counted and written again apart from any engine, so that none is lost in silence."""

from __future__ import annotations

import csv
import mmap
from collections.abc import Iterator
from pathlib import Path

from pipeline.engine import Dialect
from pipeline.ingest.sheet import Delimited, Sheet

_LONGEST_CELL = 2**24


def records_in(sheet: Sheet, there: int) -> int:
    """How many records a sheet of delimited text has below its header. there: how many an engine has found.

    If there are as many line ends as records, each record is a line and nothing more needs to be read.
    """
    path = _delimited(sheet).path
    if path.stat().st_size == 0:
        return 0
    with path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        ends = _line_ends(mapped)
        last_is_open = mapped[-1:] not in (b"\n", b"\r")
    if ends + last_is_open - sheet.header_row == there:
        return there
    return sum(1 for cells in _cells(sheet) if cells) - 1


def rewritten(sheet: Sheet, scratch: Path) -> Sheet:
    """The same records in a file of the usual kind: quoted where needed, one kind of line end, names in one line."""
    given = _delimited(sheet)
    path = scratch / f"{sheet.file}.{sheet.name}.rewritten.csv".replace("/", "_")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=given.dialect.delimiter, lineterminator="\n")
        for number, cells in enumerate(_cells(sheet)):
            writer.writerow([f"c{place}" for place in range(len(cells))] if number == 0 else cells)
    records = Delimited(path, Dialect(given.dialect.delimiter))
    return Sheet(sheet.file, sheet.name, sheet.header, records, sheet.header_row, sheet.labels, sheet.hidden)


def _delimited(sheet: Sheet) -> Delimited:
    if not isinstance(sheet.records, Delimited):
        raise TypeError(f"{sheet.file} is not delimited text")
    return sheet.records


def _line_ends(mapped: mmap.mmap) -> int:
    """Line ends in the file, those in cells too. Counted piece by piece, so that the file is never held as a whole."""
    size, step = len(mapped), 2**24
    feeds = sum(mapped[start : start + step].count(b"\n") for start in range(0, size, step))
    return feeds or sum(mapped[start : start + step].count(b"\r") for start in range(0, size, step))


def _cells(sheet: Sheet) -> Iterator[list[str]]:
    given = _delimited(sheet)
    csv.field_size_limit(_LONGEST_CELL)
    with given.path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=given.dialect.delimiter, strict=True)
