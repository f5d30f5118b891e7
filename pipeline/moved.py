"""Which released numbers differ between two releases of one wave, row by row: what a changelog has to say.

It reads released tables only. What it shows is for the analyst: whoever knows two releases knows how they differ.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import manifest
from pipeline.errors import UsageError
from pipeline.places import Places, check_name
from pipeline.published import releases
from pipeline.tables import CHANGES, ESTIMATED, Table

if TYPE_CHECKING:
    from rich.console import Console

_COMPARED = (*ESTIMATED, CHANGES)
"""The tables of a release that have numbers; not all are in each."""

Rows = dict[tuple[str, ...], dict[str, str]]


@dataclass(frozen=True)
class MovedRow:
    """A row of which something moved. changes: column, what it was, what it is."""

    key: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class MovedTable:
    """A released table of which something moved. compared: rows that both releases have."""

    name: str
    compared: int
    rows: tuple[MovedRow, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """Two releases of a wave, and every table that is not the same in both."""

    before: Path
    after: Path
    tables: tuple[MovedTable, ...]


def moved_since(wave: str, places: Places, since: Path | None = None) -> Moved:
    """What moved between an earlier release, by default the last one that is kept, and the present one.

    Errors: UsageError if either is missing; OSError if a table cannot be read.
    """
    check_name(wave)
    after, before = places.reports(wave), since or _last_kept(wave, places)
    for folder in (after, before):
        if not any((folder / _file(table)).is_file() for table in _COMPARED):
            raise UsageError(
                "There is no release here to compare.",
                where=f"{folder}/",
                repair=f"make report WAVE={wave} makes the present one; SINCE= is the folder of an earlier one.",
            )
        named = manifest.read(folder).get("provenance", {}).get("wave", wave)
        if named != wave:
            raise UsageError(
                f"This is a release of {named}, not of {wave}.",
                where=f"{folder}/",
                repair=f"make diff WAVE={wave} BASE={named} compares two waves.",
            )
    found = (_table(table, before / _file(table), after / _file(table)) for table in _COMPARED)
    return Moved(before, after, tuple(table for table in found if table.rows or table.gone or table.new))


def _last_kept(wave: str, places: Places) -> Path:
    kept = releases(wave, places)
    if not kept:
        raise UsageError(
            f"No earlier release of {wave} is kept.",
            where=f"{places.published(wave)}/",
            repair="Say where one is: SINCE=path/to/its/folder. `make publish` keeps those to come.",
        )
    return kept[-1]


def _file(table: Table) -> str:
    return f"{table.name}.csv"


def _table(table: Table, before: Path, after: Path) -> MovedTable:
    old, new = _rows(table, before), _rows(table, after)
    both = [key for key in new if key in old]
    moved = [MovedRow(key, tuple(_changes(old[key], new[key]))) for key in both]
    return MovedTable(
        table.name,
        len(both),
        tuple(row for row in moved if row.changes),
        _lost(old, new),
        _lost(new, old),
    )


def _lost(one: Rows, other: Rows) -> tuple[str, ...]:
    """What only the one has: columns, or else rows."""
    columns = [f"column {name}" for name in _columns(one) if other and name not in _columns(other)]
    return (*columns, *(", ".join(key) for key in one if key not in other))


def _columns(rows: Rows) -> list[str]:
    return list(next(iter(rows.values()), {}))


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for column, value in new.items():
        if column in old and old[column] != value:
            yield column, old[column], value


def _rows(table: Table, path: Path) -> Rows:
    """The rows of a released table by the columns that name them; none if the release does not have the table."""
    if not path.is_file():
        return {}
    named = [name for name in table.key if name != "wave"]
    seen: Counter[tuple[str, ...]] = Counter()
    rows: Rows = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = tuple(row[name] for name in named if row.get(name))
            seen[key] += 1
            # A table of another make may be without a column of the key; its rows are then told apart by their order.
            rows[key if seen[key] == 1 else (*key, str(seen[key]))] = row
    return rows


def print_moved(console: Console, moved: Moved, most: int | None) -> None:
    """Tells what moved, table by table. most: how many rows of each; all if None."""
    console.print(f"Before: {moved.before}/\nAfter:  {moved.after}/")
    if not moved.tables:
        console.print("No released number has moved.")
    for table in moved.tables:
        console.print(f"{table.name}.csv: {len(table.rows):,} of {table.compared:,} rows moved{_which(table)}")
        lines = [f"  {', '.join(row.key)}: {_told(row)}" for row in table.rows]
        lines += [f"  no longer there: {name}" for name in table.gone] + [f"  new: {name}" for name in table.new]
        for line in lines[:most]:
            console.print(line, highlight=False)
        if most is not None and len(lines) > most:
            console.print(f"  … and {len(lines) - most:,} more; EVERY=1 shows all")


def _which(table: MovedTable) -> str:
    columns = Counter(column for row in table.rows for column, _, _ in row.changes)
    return f" ({', '.join(f'{name} {n:,}' for name, n in columns.items())})" if columns else ""


def _told(row: MovedRow) -> str:
    return ", ".join(f"{column} {old or 'nothing'} → {new or 'nothing'}" for column, old, new in row.changes)
