"""Lines that are withheld as a whole: what the margins that stay in print say of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.disclose.audit.release import Release, Row
from pipeline.disclose.audit.system import Count, people
from pipeline.disclose.further import KEYS, Unit
from pipeline.vocabulary import ALL, CROSSES, OWN_OR_FAMILY, Derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

Range = tuple[int, int]
"""The least and the greatest that a count can be."""
PARTS = {"distributions": "respondents", "events": "events", "experience": "respondents", "cooccurrence": "yes"}


class Margined(NamedTuple):
    """A count of a line that is withheld as a whole, with the least and the greatest that its margins allow.

    is_large: alone it could be shown.
    """

    unit: Unit
    least: int
    greatest: int
    is_large: bool


class _Part(NamedTuple):
    """A count with its range, and of how many it is a part; exact."""

    unit: Unit
    range: Range
    part: int
    base: int


@dataclass(frozen=True)
class Margins:
    """Ranges of counts. Of a two-way table of which only the margins are known, a cell can be anything from what both
    have together over the whole, to the smaller of them (Fréchet 1940).
    """

    release: Release
    place: dict[Count, int]
    least: NDArray[np.int64]
    greatest: NDArray[np.int64]

    def cells(self) -> Iterator[Margined]:
        """Every withheld count of such lines."""
        found = list(self._cells())
        # A part that is all of its base may not be shown; but that is the total's doing, if both are in print.
        part, base = np.array([(cell.part, cell.base) for cell in found], dtype=np.int64).reshape(-1, 2).T
        policy = self.release.policy
        are_large = policy.shows_part(part, base) | ((part == base) & policy.shows(part))
        for cell, is_large in zip(found, are_large.tolist(), strict=True):
            yield Margined(cell.unit, *cell.range, is_large)

    def _cells(self) -> Iterator[_Part]:
        for exact, _ in self.release.coarse_rows("estimates"):
            key = tuple(str(getattr(exact, name)) for name in KEYS["estimates"])
            hides_people = self.release.coarse.hides_level(exact.group, exact.level, exact.route)
            bases = ("answered",) if hides_people else ()
            for what in (*bases, "yes"):
                part = exact.answered if what == "answered" else exact.yes
                yield _Part(Unit("estimates", key, what), self._cell(Count(what, *key)), part, exact.answered)
        for table, part in PARTS.items():
            for exact, _ in self.release.coarse_rows(table):
                key = tuple(str(getattr(exact, name)) for name in KEYS[table])
                base = exact.answered if table == "cooccurrence" else exact.base
                yield _Part(Unit(table, key, part), self._of_other(table, exact), getattr(exact, part), base)

    def _cell(self, count: Count) -> Range:
        """The range of a cell of estimates, in print or by its margins."""
        at = self.place.get(count)
        if at is not None:
            return int(self.least[at]), int(self.greatest[at])
        if self.release.is_merged(count.group, count.level, count.route):
            return self._merged(count)
        whole = count._replace(group=ALL, level=ALL)
        if count.group == ALL:
            return 0, self._cell(count._replace(what="answered"))[1]
        if count.group in CROSSES:
            margins = zip(CROSSES[count.group], count.level.split("|"), strict=True)
            sides = [self._cell(count._replace(group=group, level=level)) for group, level in margins]
            return self._crossed(sides, self._cell(whole))
        if count.what == "answered":
            return 0, self._cell(whole)[1]
        answered = count._replace(what="answered")
        sides = [self._cell(answered), self._cell(whole)]
        low, high = self._crossed(sides, self._cell(answered._replace(group=ALL, level=ALL)))
        return low, min(high, self._any(count))

    def _merged(self, count: Count) -> Range:
        """A merged level may be any part of what its levels are together."""
        return 0, self._cell(count._replace(level=self.release.label(count.group, count.level, count.route)))[1]

    def _crossed(self, sides: list[Range], whole: Range) -> Range:
        (low, high), (other_low, other_high) = sides
        return max(0, low + other_low - whole[1]), min(high, other_high)

    def _any(self, count: Count) -> int:
        """How many report any at all there, at most, if that is in print."""
        at = self.place.get(count._replace(indicator=str(Derived.AT_LEAST_ONE)))
        counted = (*self.release.structure.counted, str(Derived.AT_LEAST_TWO))
        return int(self.greatest[at]) if at is not None and count.indicator in counted else self._top(count)

    def _top(self, count: Count) -> int:
        return self._cell(count._replace(group=ALL, level=ALL))[1]

    def _of_other(self, table: str, exact: Row) -> Range:
        """The range of a count of another table than estimates."""
        if table == "distributions":
            label = self.release.label(exact.variable, exact.level, exact.route)
            at = self.place.get(people(exact.route, exact.variable, label))
            return 0, self.release.analysed[exact.route] if at is None else int(self.greatest[at])
        if table == "cooccurrence":
            sides = (Count("yes", name, exact.route, ALL, ALL) for name in (exact.indicator, exact.other))
            return 0, min(self._cell(side)[1] for side in sides)
        if table == "events":
            return self._of_events(exact)
        return 0, self._experienced(exact)

    def _of_events(self, exact: Row) -> Range:
        """Events of one experience in a country, from all of that experience, and all in that country."""
        direct = self.release.structure.direct
        names = direct if exact.indicator == ALL else (exact.indicator,)
        wholes = [self._cell(Count("yes", name, exact.route, ALL, ALL)) for name in names]
        all_there = self.place.get(Count("events", ALL, exact.route, exact.country, ""))
        if exact.indicator not in direct or all_there is None:
            return 0, sum(most for _, most in wholes)
        every = sum(self._cell(Count("yes", name, exact.route, ALL, ALL))[1] for name in direct)
        return self._crossed([wholes[0], (int(self.least[all_there]), int(self.greatest[all_there]))], (0, every))

    def _experienced(self, exact: Row) -> int:
        """The most who can have had an experience, their own or others', or so many of them."""
        indicator = exact.indicator if exact.measure == OWN_OR_FAMILY else str(Derived.AT_LEAST_ONE)
        answered = self._cell(Count("answered", indicator, exact.route, ALL, ALL))[1]
        yes = self._cell(Count("yes", indicator, exact.route, ALL, ALL))
        return {"own": yes[1], "family": answered - yes[0]}.get(exact.level, answered)
