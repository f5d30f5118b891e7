"""Two worlds that a reader must not be able to tell apart: they differ in what is withheld, and in nothing else.

The second is made from the first by giving people of rare nationalities, on the same route and from the same region,
each other's nationality, and by moving events to other countries of which few events are told. Whether a move shows in
a printed number is worked out here by the plain rules of `slow_door`.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pandas as pd

from pipeline.manifest import MANIFEST
from pipeline.vocabulary import MISSING_WORDS
from tests.disclosure.slow_door import may_show, printed_count, released_part
from tests.support.waves import HEADERS, INDICATORS
from tests.support.whole_run import WAVE, Run

FEW = 10
"""Fewer people than may be shown; and more than nobody, who may be."""

MOVES = 30
ALL, HEARD_OF = "all", "blood_organs"


@dataclass(frozen=True)
class Change:
    """Another code in a cell of the export. row: its number in the file."""

    row: int
    column: str
    code: str


def analysed_people(run: Run) -> pd.DataFrame:
    people = pd.read_parquet(run.processed / "respondents.parquet")
    return people[people["excluded_by"] == ""].reset_index(drop=True)


def make_twin(run: Run, changes: list[Change], root: Path) -> Path:
    """The folder of the other world: the same wave, but for these cells."""
    shutil.copytree(run.root / "data" / "raw", root / "data" / "raw")
    (export,) = (root / "data" / "raw" / WAVE).glob("*.csv")
    lines = export.read_bytes().decode("utf-8").splitlines(keepends=True)
    header = next(csv.reader([lines[0].lstrip("\ufeff")], delimiter=";"))
    for change in changes:
        line = lines[change.row - 1]
        cells = next(csv.reader([line], delimiter=";"))
        assert len(cells) == len(header)
        cells[header.index(HEADERS[change.column])] = change.code
        end = line[len(line.rstrip("\r\n")) :]
        lines[change.row - 1] = ";".join(f'"{cell}"' for cell in cells) + end
    export.write_text("".join(lines), encoding="utf-8", newline="")
    return root


# --- who changes nationality with whom ------------------------------------------------------------------------------


def nationalities_changed(people: pd.DataFrame) -> list[Change]:
    """Rare nationalities, handed on among people of the same route and region."""
    sizes = people["nationality"].value_counts()
    rare = people[people["nationality"].map(sizes).le(FEW) & people["nationality"].map(_is_code)]
    changes = []
    for _, group in rare.groupby(["route", "region_of_origin"]):
        ordered = group.sort_values(["nationality", "row"])
        # Half-way round: those of a nationality stand together, and get that of others.
        half = len(ordered) // 2
        given = [*ordered["nationality"][half:], *ordered["nationality"][:half]]
        pairs = zip(ordered["row"], ordered["nationality"], given, strict=True)
        changes += [Change(int(row), "nationality", new) for row, old, new in pairs if old != new]
    return changes


def _is_code(word: str) -> bool:
    return len(word) == 3 and word.isupper()


# --- which events are moved -----------------------------------------------------------------------------------------


Cell = tuple[str, str, str]
"""Indicator, route, country."""


@dataclass(frozen=True)
class _Event:
    row: int
    indicator: str
    route: str
    country: str

    def cells(self) -> list[Cell]:
        """Where it counts. What somebody only heard of is no event of all kinds."""
        kinds = (self.indicator,) if self.indicator == HEARD_OF else (self.indicator, ALL)
        return [(*of, self.country) for of in product(kinds, (self.route, ALL))]


def _events(people: pd.DataFrame) -> Iterator[_Event]:
    for indicator in INDICATORS:
        told = people[(people[indicator] == "yes") & ~people[f"{indicator}_country"].isin(list(MISSING_WORDS))]
        for row, route, country in zip(told["row"], told["route"], told[f"{indicator}_country"], strict=True):
            yield _Event(int(row), indicator, route, country)


class _Told:
    """Events by cell, and what a reader is given of each. Moving an event changes no base."""

    def __init__(self, events: list[_Event]) -> None:
        self.rows: defaultdict[Cell, list[int]] = defaultdict(list)
        for event in events:
            self.add(event)
        self.base: Counter[tuple[str, str]] = Counter()
        for (indicator, route, _), rows in self.rows.items():
            self.base[indicator, route] += len(rows)

    def add(self, event: _Event) -> None:
        for cell in event.cells():
            self.rows[cell].append(event.row)

    def remove(self, event: _Event) -> None:
        for cell in event.cells():
            self.rows[cell].remove(event.row)

    def printed(self, cell: Cell) -> object:
        n, behind = len(self.rows[cell]), len(set(self.rows[cell]))
        part = released_part(n, self.base[cell[0], cell[1]])
        is_shown = part["suppressed"] == "" and (n == 0 or may_show(behind))
        return (part, printed_count(behind)) if is_shown else None


def events_moved(people: pd.DataFrame) -> list[Change]:
    """Events that are told of another country than they were, so that every printed number stays what it is.

    Each is of a country of which few events of its kind are told on its route, and goes to another such country.
    """
    events = list(_events(people))
    told = _Told(events)
    countries = sorted({event.country for event in events if _is_code(event.country)})
    changes: list[Change] = []
    for event in events:
        if len(told.rows[event.indicator, event.route, event.country]) > FEW or event.country not in countries:
            continue
        for country in countries:
            moved = replace(event, country=country)
            if country != event.country and len(changes) < MOVES and _moves(told, event, moved):
                changes.append(Change(event.row, f"{event.indicator}_country", country))
                break
    return changes


def _moves(told: _Told, event: _Event, moved: _Event) -> bool:
    """Moves an event, unless that would show."""
    cells = [*event.cells(), *moved.cells()]
    before = [told.printed(cell) for cell in cells]
    told.remove(event)
    told.add(moved)
    if [told.printed(cell) for cell in cells] == before:
        return True
    told.remove(moved)
    told.add(event)
    return False


# --- how two worlds differ ------------------------------------------------------------------------------------------


def what_differs(first: Run, second: Run, table: str) -> list[dict[str, str]]:
    """Rows of an exact table in which two worlds differ, as they are released in the first."""
    one, other = (pd.read_parquet(run.processed / f"{table}.parquet") for run in (first, second))
    released = pd.read_csv(first.reports / f"{table}.csv", keep_default_na=False, dtype=str)
    same = (one == other) | (one.isna() & other.isna())
    return list(released[~same.all(axis=1)].to_dict("records"))


def readable(run: Run) -> dict[str, bytes]:
    """Every file of a release: name → bytes.

    matplotlib names what it cuts drawings off at after their place, to the last bit, which is not the same in each run;
    so those names are made alike, and the manifest is taken without the hashes of released files.
    """
    files = {path.relative_to(run.reports).as_posix(): path for path in run.reports.rglob("*") if path.is_file()}
    content = {name: _CUT.sub(b"cut", path.read_bytes()) for name, path in files.items()}
    told = json.loads(content[MANIFEST])
    return content | {MANIFEST: json.dumps(told | {"files": sorted(told["files"])}).encode()}


_CUT = re.compile(rb"\bp[0-9a-f]{10}\b")
