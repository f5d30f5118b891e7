"""A reader with every file of a release and a solver: how far can withheld counts be narrowed?

A part takes the people of all levels of one characteristic, on all routes and with all indicators, and everything that
is printed of them and of the whole routes. A yes of a level and of a route, a share, a sum over nationalities: all is
used at once. Intervals and comparisons are computed from printed numbers and say nothing more, so they are not read;
nor are design effects, which depend on who was met where, and tables of models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.disclosure.attack import whole
from tests.disclosure.attack.form import ALL, DERIVED, INDICATORS, NOT_KNOWN, OVER_6_MONTHS, REGIONS
from tests.disclosure.attack.people import People, nobody, some_people, together
from tests.disclosure.attack.printed import Row, count, rows_of, say_count, say_part, say_share
from tests.disclosure.attack.system import Sum, System, total

WITHHELD = "withheld"
FINER = {"region_of_origin": "nationality"}
"""Characteristics whose levels are sums of those of another, and are attacked together with it."""

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Some people, what is printed of them, and the counts of them that a row of a table may have.

    people: by group, route and level. events, experience, pairs: by the key of the row.
    """

    system: System
    people: dict[Cell, People]
    events: dict[Cell, Sum]
    experience: dict[Cell, Sum]
    pairs: dict[Cell, Sum]


class Reader:
    """What somebody can do with the files of one release."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts: dict[str, Part] = {}

    @cached_property
    def estimates(self) -> dict[Cell, Row]:
        """By indicator, route, group and level."""
        rows = rows_of(self.folder, "estimates")
        return {(row["indicator"], row["route"], row["group"], row["level"]): row for row in rows}

    @cached_property
    def distributions(self) -> dict[Cell, Row]:
        """By characteristic, route and level."""
        rows = rows_of(self.folder, "distributions")
        return {(row["variable"], row["route"], row["level"]): row for row in rows}

    @cached_property
    def routes(self) -> list[str]:
        return list(dict.fromkeys(route for _, route, group, _ in self.estimates if group == ALL and route != ALL))

    @cached_property
    def analysed(self) -> dict[str, int]:
        """Respondents by route, exact: the first sentence of every report."""
        claims = json.loads((self.folder / "claims.json").read_text(encoding="utf-8"))["claims"]
        claim = next(claim for claim in claims if claim["claim"] == "analysed")
        return {route: int(n) for route, n in claim["values"].items()}

    def levels(self, group: str) -> list[str]:
        return list(dict.fromkeys(level for _, _, of, level in self.estimates if of == group))

    def withheld(self, table: str, *key: str) -> list[Cell]:
        return [tuple(row[k] for k in key) for row in rows_of(self.folder, table) if row["suppressed"] == WITHHELD]

    def part(self, group: str) -> Part:
        """Everything that is known of the people of a characteristic's levels, all routes and all indicators."""
        finest = FINER.get(group, group)
        if finest not in self._parts:
            self._parts[finest] = self._made(finest)
        return self._parts[finest]

    def _made(self, group: str) -> Part:
        system = System()
        people = self._people(system, group)
        routes = {route: people[ALL, route, ALL] for route in (*self.routes, ALL)}
        for route in self.routes:
            system.equal(routes[route].everyone, self.analysed.get(route, 0))
        for (of, route, level), cell in people.items():
            self._say_estimates(system, cell, of, route, level)
        self._say_distributions(system, people)
        whole.say_nonresponse(system, people, self.folder)
        whole.say_means(system, routes, self.folder)
        events = whole.say_events(system, routes, self.folder)
        experience = whole.say_experience(system, routes, self.folder)
        return Part(system, people, events, experience, whole.say_pairs(system, routes, self.folder))

    def _people(self, system: System, group: str) -> dict[Cell, People]:
        """The people of each level on each route, and what they add up to."""
        levels = self.levels(group)
        people: dict[Cell, People] = {}
        for route in self.routes:
            for level in levels:
                empty = self._is_printed_empty(group, route, level)
                people[group, route, level] = nobody() if empty else some_people(system)
        for level in levels:
            people[group, ALL, level] = together([people[group, route, level] for route in self.routes])
        missing = {word: (word,) for word in NOT_KNOWN if word in levels}
        for coarser in (of for of, finer in FINER.items() if finer == group):
            for route in (*self.routes, ALL):
                for region, countries in (REGIONS | missing).items():
                    people[coarser, route, region] = together([people[group, route, c] for c in countries])
        for route in (*self.routes, ALL):
            people[ALL, route, ALL] = together([people[group, route, level] for level in levels])
        return people

    def _is_printed_empty(self, group: str, route: str, level: str) -> bool:
        asked = {count(self.estimates[name, route, group, level]["asked"]) for name in (*INDICATORS, *DERIVED)}
        return 0 in asked

    def _say_estimates(self, system: System, people: People, group: str, route: str, level: str) -> None:
        for name in (*INDICATORS, *DERIVED):
            row = self.estimates[name, route, group, level]
            yes, answered = people.yes[name], people.answered[name]
            say_count(system, people.everyone, row["asked"])
            say_part(system, yes, answered, row["yes"], row["answered"], row["share"])
            say_share(system, yes, people.everyone, row["bound_low"])
            say_share(system, people.possible[name], people.everyone, row["bound_high"])

    def _say_distributions(self, system: System, people: dict[Cell, People]) -> None:
        for of in {group for group, *_ in people} - {ALL}:
            for route in (*self.routes, ALL):
                counts = {level: people[of, route, level].everyone for level in self.levels(of)}
                everyone = people[ALL, route, ALL].everyone
                self._say_distribution(system, of, route, counts, everyone)
                if of == "transit":
                    over = {word: total(counts.get(b, 0) for b in bins) for word, bins in OVER_6_MONTHS.items()}
                    self._say_distribution(system, "transit_over_6_months", route, over, everyone)

    def _say_distribution(
        self, system: System, variable: str, route: str, counts: dict[str, Sum], everyone: Sum
    ) -> None:
        known = total(n for level, n in counts.items() if level not in NOT_KNOWN)
        for level, n in counts.items():
            row = self.distributions.get((variable, route, level))
            if row is not None:
                base = everyone if level in NOT_KNOWN else known
                texts = (row["respondents"], row["base"], row["share"])
                # Of a distribution, a share may be withheld alone.
                say_part(system, n, base, *texts, always_with_share=False)
