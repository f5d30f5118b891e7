"""What a reader knows of how counts hang together, printed or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.disclose.audit.blocks import INCOMPLETE_YES
from pipeline.disclose.audit.release import MERGED, Release
from pipeline.disclose.audit.system import UNBOUNDED, Count, System
from pipeline.disclose.coarse import REGION, Line
from pipeline.vocabulary import (
    ALL,
    CROSSES,
    DECLINED,
    NUMBER_OF_INDICATORS,
    OVER_6_MONTHS,
    OWN_OR_FAMILY,
    TRANSIT_OVER_6_MONTHS,
    UNKNOWN,
    Derived,
)

ONE, TWO, COMMON = (str(name) for name in (Derived.AT_LEAST_ONE, Derived.AT_LEAST_TWO, Derived.AT_LEAST_ONE_COMMON))
OF_CELLS = ("people", "asked", "answered", "yes", "possible", INCOMPLETE_YES)
"""Counts that routes and levels add up to."""
LAST = 4
"""Where the level stands in a count."""


def know(release: Release, system: System) -> None:
    """All relations between the counts of a system."""
    known = Known(release, system, system.place)
    known.levels_add_up()
    known.crosses_add_up()
    known.routes_add_up()
    known.regions_add_up()
    known.months_add_up()
    known.derived_indicators()
    known.numbers_of_indicators()
    known.own_or_family()
    known.events_add_up()


@dataclass
class Known:
    """Relations, each a loop over some counts, which are all that there are as a rule."""

    release: Release
    system: System
    counts: Mapping[Count, int]
    cells: list[tuple[Count, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Counts of one route, group and level, without those that a reader knows to be another."""
        self.cells = [(count, at) for count, at in self.counts.items() if count.what in OF_CELLS]

    def levels_add_up(self) -> None:
        """The levels of a group add up to all; those with a known answer to the base of shares."""
        parts: dict[Count, list[int]] = defaultdict(list)
        known: dict[Count, list[int]] = defaultdict(list)
        for count, at in self.cells:
            if count.group in (ALL, *self.release.structure.several):
                continue
            parts[count._replace(level="")].append(at)
            if count.what == "people" and count.level not in (DECLINED, UNKNOWN):
                known[Count("known", "", count.route, count.group, "")].append(at)
        for of, places in parts.items():
            self._adds_up(places, of._replace(group=ALL, level=ALL))
        for of, places in known.items():
            self._known(places, of)

    def _known(self, places: list[int], base: Count) -> None:
        """Those with a known answer; where some without one are merged with others, they are in between."""
        if Line("bases", (base.group, base.route)) not in self.release.coarse or base not in self.system.place:
            self._adds_up(places, base)
            return
        at = self.system.place[base]
        merged = {self.system.place[count] for count, _ in self.cells if count.level.startswith(MERGED)} & set(places)
        self.system.say([*((place, 1) for place in places), (at, -1)], 0, UNBOUNDED)
        self.system.say([(at, 1), *((place, -1) for place in places if place not in merged)], 0, UNBOUNDED)

    def crosses_add_up(self) -> None:
        """The cells of a cross in print add up to both of its margins."""
        parts: dict[tuple[str, Count], list[int]] = defaultdict(list)
        for count, at in self.cells:
            for group, level in zip(CROSSES.get(count.group, ()), count.level.split("|"), strict=False):
                parts[count.group, count._replace(group=group, level=level)].append(at)
        for (_, of), places in parts.items():
            self._adds_up(places, of)

    def routes_add_up(self) -> None:
        """Every count of all routes is the sum over routes."""
        of_all: dict[Count, list[int]] = defaultdict(list)
        for count, at in self.counts.items():
            if count.route != ALL:
                of_all[Count(count.what, count.indicator, ALL, count.group, count.level)].append(at)
        for count, places in of_all.items():
            self._adds_up(places, count)

    def regions_add_up(self) -> None:
        """A region is the nationalities in it."""
        parts: dict[Count, list[int]] = defaultdict(list)
        for count, at in self.cells:
            if count.group == "nationality":
                region = self._region(count.level, count.route)
                parts[count._replace(group="region_of_origin", level=region)].append(at)
        for count, places in parts.items():
            self._adds_up(places, count)

    def _region(self, level: str, route: str) -> str:
        if level.startswith(f"{MERGED} "):
            return level.removeprefix(f"{MERGED} ")
        return self.release.label(REGION, self.release.structure.regions.get(level, level), route)

    def months_add_up(self) -> None:
        """Over six months is its two bins; under, the others."""
        for route in self.release.routes:
            bins = [c for c, _ in self.cells if (c.what, c.route, c.group) == ("people", route, "transit")]
            parts: dict[str, list[int]] = defaultdict(list)
            for count in bins:
                missing = count.level in (DECLINED, UNKNOWN)
                over = "yes" if count.level in TRANSIT_OVER_6_MONTHS else "no"
                parts[count.level if missing else over].append(self.system.place[count])
            for level, places in parts.items():
                whole = Count("people", "", route, OVER_6_MONTHS, level)
                if not any(count.level == MERGED for count in bins):
                    self._adds_up(places, whole)

    def derived_indicators(self) -> None:
        """At least one is as many as any of its parts at least, and as all of them at most; at least two likewise."""
        structure = self.release.structure
        for count, any_ in self.cells:
            if (count.what, count.indicator) != ("yes", ONE):
                continue
            common, counted = (self._at(count, names) for names in (structure.common, structure.counted))
            (two,), (of_common,) = self._at(count, [TWO]), self._at(count, [COMMON])
            if of_common is not None:
                self._is_any(of_common, common)
                if set(structure.common) <= set(structure.counted):
                    self.system.at_most(of_common, any_)
            self._is_any(any_, counted)
            if two is not None:
                self._are_two(two, any_, counted)

    def _at(self, count: Count, names: Iterable[str]) -> list[int | None]:
        """Where the same count of other indicators is; None for a line that is withheld as a whole."""
        return [self.system.place.get(count._replace(indicator=name)) for name in names]

    def _are_two(self, two: int, any_: int, parts: list[int | None]) -> None:
        self.system.at_most(two, any_)
        if None in parts:
            return
        terms = [(at, 1) for at in parts if at is not None]
        # Whoever reports two or more counts twice at least, and once for each indicator at most.
        self.system.say([*terms, (any_, -1), (two, -1)], 0, UNBOUNDED)
        self.system.say([*terms, (any_, -1), (two, 1 - len(parts))], -UNBOUNDED, 0)

    def _is_any(self, whole: int, parts: Sequence[int | None]) -> None:
        """As many as each of its parts at least, and as all of them together at most."""
        there = [part for part in parts if part is not None]
        for part in there:
            self.system.at_most(part, whole)
        if len(there) == len(parts):
            self.system.say([*((at, 1) for at in there), (whole, -1)], 0, UNBOUNDED)

    def numbers_of_indicators(self) -> None:
        """People by how many indicators they report: with none, one or more, two or more, and all together."""
        structure, place = self.release.structure, self.system.place
        for route in self.release.routes:
            by_number = {
                int(count.level): at
                for count, at in place.items()
                if count.what == NUMBER_OF_INDICATORS and count.route == route
            }
            if not by_number:
                continue
            names = (ONE, TWO, *structure.counted)
            totals = self._at(Count("yes", "", route, ALL, ALL), names)
            whole = {name: at for name, at in zip(names, totals, strict=True) if at is not None}
            if len(whole) < len(names):
                continue
            self.system.adds_up(by_number.values(), place[Count("answered", ONE, route, ALL, ALL)])
            self.system.adds_up([at for n, at in by_number.items() if n >= 1], whole[ONE])
            self.system.adds_up([at for n, at in by_number.items() if n >= 2], whole[TWO])
            times = [(at, n) for n, at in by_number.items() if n]
            self.system.say([*times, *((whole[name], -1) for name in structure.counted)], 0, 0)

    def own_or_family(self) -> None:
        """Own and family members' experiences are either; with neither, everybody who answered."""
        place = self.system.place
        for count in [c for c in place if (c.what, c.level) == (OWN_OR_FAMILY, "family")]:
            of = (count.indicator, count.route, ALL, ALL)
            either, neither = (place[count._replace(level=level)] for level in ("either", "neither"))
            self.system.adds_up([place[Count("yes", *of)], place[count]], either)
            self.system.adds_up([either, neither], place[Count("answered", *of)])

    def events_add_up(self) -> None:
        """Countries add up to all events, and indicators to direct experiences. Each yes is one event."""
        place, direct = self.system.place, self.release.structure.direct
        for what, missing in (("known_events", False), ("all_events", True)):
            parts: dict[Count, list[int]] = defaultdict(list)
            for count, at in place.items():
                if count.what == "events" and (missing or count.group not in (DECLINED, UNKNOWN)):
                    parts[Count(what, count.indicator, count.route, "", "")].append(at)
            for of, places in parts.items():
                self._adds_up(places, of)
                self._are_as_many(places, Count("yes", of.indicator, of.route, ALL, ALL), missing)
        for count, at in list(place.items()):
            if count.what in ("events", "event_people") and count.indicator == ALL:
                self._are_together(at, self._at(count, direct), count.what)

    def _are_together(self, whole: int, parts: list[int | None], what: str) -> None:
        """Events of all direct experiences are the sum of theirs; people of all, as many as of any."""
        there = [part for part in parts if part is not None]
        if what == "events" and len(there) == len(parts):
            self.system.adds_up(there, whole)
        else:
            self._is_any(whole, parts)

    def _are_as_many(self, places: list[int], yes: Count, missing: bool) -> None:
        """Where everybody who said yes was asked for the country, events are as many as they."""
        if missing and yes in self.system.place:
            at = self.system.place[yes]
            if self.system.exact(at) == sum(self.system.exact(place) for place in places):
                self.system.adds_up(places, at)

    def _adds_up(self, places: Iterable[int], whole: Count) -> None:
        """If that count is there, the sum of these; or what is true where parts overlap, or are not all there."""
        at, together = self.system.place.get(whole), list(places)
        if at is None or together == [at]:
            return
        more = sum(self.system.exact(place) for place in together) - self.system.exact(at)
        terms = [*((place, 1) for place in together), (at, -1)]
        self.system.say(terms, 0 if more >= 0 else -UNBOUNDED, 0 if more <= 0 else UNBOUNDED)
