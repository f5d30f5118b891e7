"""What an attack finds: each withheld count of a table, and how far it was narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.disclosure.attack.form import ALL, DERIVED, REGIONS
from tests.disclosure.attack.printed import FEWEST, behind, count, rows_of
from tests.disclosure.attack.reader import Cell, Reader
from tests.disclosure.attack.system import Range

ENOUGH = 5
"""Greatest less least, at least: six possible values."""

WHOLE_BELOW = 8
"""A range that is this wide without whole numbers is not searched with them, which narrows it by one or two."""

CELL = {
    "estimates": ("indicator", "route", "group", "level"),
    "events": ("indicator", "route", "country"),
    "experience": ("measure", "indicator", "route", "level"),
    "cooccurrence": ("route", "indicator", "other"),
}
"""What names a row of a table."""

COUNT = {"estimates": "yes", "events": "events", "experience": "respondents", "cooccurrence": "yes"}
"""The count that is withheld in it."""

CROSSES = {f"transit_by_{other}": ("transit", other) for other in ("sex", "age_group", "travel_mode")}


@dataclass(frozen=True)
class Found:
    """How far a withheld count was narrowed. what: the count itself, or `no`: what it leaves of its base."""

    table: str
    cell: Cell
    what: str
    range: Range

    def __str__(self) -> str:
        return f"{self.table}: {' '.join(self.cell)}: {self.what} is {self.range}"


def withheld(reader: Reader, table: str) -> list[Cell]:
    """The rows of a table whose count is withheld; without crosses, which are attacked through their margins."""
    cells = reader.withheld(table, *CELL[table])
    return [cell for cell in cells if table != "estimates" or cell[2] not in CROSSES]


def spread(cells: Sequence[Cell], some: int) -> list[Cell]:
    """Some of them, evenly from the first to the last."""
    return [cells[len(cells) * n // some] for n in range(some)] if len(cells) > some else list(cells)


def attack(reader: Reader, table: str, cells: Iterable[Cell], whole_below: int = WHOLE_BELOW) -> list[Found]:
    """The range of each of these withheld counts; and of what it leaves of its base, where that may be too few.

    Of complete cases, the count is of those whom they leave out, and who are positive.
    """
    found = []
    for cell in cells:
        if table in ("estimates", "nonresponse"):
            name, route, group, level = cell
            system, people = reader.part(group).system, reader.part(group).people[group, route, level]
        if table == "nonresponse":
            left_out = people.yes[name] - people.positive[name]
            found.append(Found(table, cell, "left out", system.narrowed(left_out, whole_below)))
        elif table == "estimates":
            yes = system.narrowed(people.yes[name], whole_below)
            found.append(Found(table, cell, "yes", yes))
            answered = count(reader.estimates[cell]["answered"])
            if answered is None or behind(answered)[0] - yes.greatest < FEWEST:
                found.append(Found(table, cell, "no", system.narrowed(people.no(name), whole_below)))
        else:
            part = reader.part(ALL)
            counts = {"events": part.events, "experience": part.experience, "cooccurrence": part.pairs}
            found.append(Found(table, cell, COUNT[table], part.system.narrowed(counts[table][cell], whole_below)))
    return found


def breaches(reader: Reader, found: Iterable[Found]) -> list[Found]:
    """Counts narrowed to fewer than six values.

    A zero that follows from a printed one is none. Nor is a `no` of 13 or more: it is not what was withheld.
    """
    narrow = [one for one in found if one.range.width < ENOUGH and not (one.what == "no" and one.range.least >= FEWEST)]
    return [one for one in narrow if one.range.greatest > 0 or not has_printed_zero(reader, one)]


def has_printed_zero(reader: Reader, found: Found) -> bool:
    """Whether a printed zero includes this count: that nobody of a region did, so nobody of a nationality in it."""
    if found.table == "estimates" and reader.estimates[found.cell]["asked"] == "0":
        return True
    if found.what == "no":
        return False
    # Those whom complete cases leave out are among those who are positive.
    of = "estimates" if found.table == "nonresponse" else found.table
    zeros = {
        (table, *(row[key] for key in CELL[table]))
        for table in {"estimates", of}
        for row in rows_of(reader.folder, table)
        if row[COUNT[table]] == "0"
    }
    return not zeros.isdisjoint(larger(of, found.cell))


def larger(table: str, cell: Cell) -> list[Cell]:
    """The counts that include this one, each with its table."""
    if table == "events":
        name, route, country = cell
        counts = [(table, n, r, country) for n in (name, ALL) for r in (route, ALL)]
        return counts + [("estimates", name, r, ALL, ALL) for r in (route, ALL)]
    if table == "experience":
        measure, name, route, level = cell
        return [(table, measure, name, r, of) for r in (route, ALL) for of in (level, "either")]
    if table == "cooccurrence":
        route, *pair = cell
        counts = [(table, r, *pair) for r in (route, ALL)]
        return counts + [("estimates", n, r, ALL, ALL) for n in pair for r in (route, ALL)]
    name, route, group, level = cell
    names = [name, *(derived for derived, (among, _) in DERIVED.items() if name in among)]
    levels = [(group, level), (ALL, ALL)]
    if group == "nationality":
        levels += [("region_of_origin", region) for region, countries in REGIONS.items() if level in countries]
    return [(table, n, r, *of) for n in names for r in (route, ALL) for of in levels]
