"""Everything that a release says, as one system: unknown counts, and statements on them that a reader can write down.

A statement is a sum of counts, each times a whole number, that lies between two whole numbers. What is printed belongs
to a unit, which can be withheld; what a reader knows of the survey and of the rules belongs to none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.disclose.audit.zeros import implied, implied_zeros
from pipeline.disclose.further import Unit
from pipeline.errors import DisclosureBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNBOUNDED = 1 << 40
"""More people than there are: no bound."""
NO_BOUND = UNBOUNDED // 400
"""From where on a bound is none, also where it was divided by what a statement multiplies a count by."""
KNOWN = -1
"""The unit of what a reader knows anyway."""


class Count(NamedTuple):
    """One exact count. what: asked, answered, yes, … as in the tables; the others say of whom, empty where of all."""

    what: str
    indicator: str
    route: str
    group: str
    level: str


def people(route: str, group: str, level: str) -> Count:
    """Respondents on a route, at a level of a group."""
    return Count("people", "", route, group, level)


Terms = list[tuple[int, int]]
"""Places of counts, each with the whole number that it is multiplied by."""


@dataclass
class System:
    """Counts by place, their exact values, and the statements made so far."""

    place: dict[Count, int] = field(default_factory=dict)
    truth: list[int] = field(default_factory=list)
    units: dict[Unit, int] = field(default_factory=dict)
    withheld: dict[int, Unit] = field(default_factory=dict)
    """Places of the counts that are withheld, with the unit that would have printed them."""
    prints: dict[Unit, list[int]] = field(default_factory=dict)
    """Places of the counts that a unit prints."""
    core: tuple[int, int] = (0, 0)
    """How many counts and statements there are without those of complete cases of groups, which come last."""
    _columns: list[int] = field(default_factory=list)
    _times: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=lambda: [0])
    _least: list[int] = field(default_factory=list)
    _greatest: list[int] = field(default_factory=list)
    _unit: list[int] = field(default_factory=list)

    def count(self, count: Count, exact: int) -> int:
        """The place of a count, which is made if there is none. DisclosureBroken if two tables disagree on it."""
        at = self.place.get(count)
        if at is None:
            at = self.place[count] = len(self.truth)
            self.truth.append(exact)
        elif self.truth[at] != exact:
            raise _broken("Two exact tables disagree on one count.", count)
        return at

    def same(self, count: Count, at: int) -> int:
        """Says that a reader knows this count to be the one at that place."""
        return self.place.setdefault(count, at)

    def exact(self, at: int) -> int:
        """The exact value of the count at a place."""
        return self.truth[at]

    def value(self, terms: Terms) -> int:
        """What a sum comes to."""
        return sum(self.truth[at] * times for at, times in terms)

    def begin_incomplete(self) -> None:
        """From here on, all that is added is of complete cases of groups."""
        self.core = len(self.truth), len(self._least)

    def say(self, terms: Terms, least: int, greatest: int, unit: Unit | None = None) -> None:
        """least ≤ sum of terms ≤ greatest. DisclosureBroken if the exact counts do not hold it."""
        value, truth, columns, factors = 0, self.truth, self._columns, self._times
        for at, times in terms:
            value += truth[at] * times
            columns.append(at)
            factors.append(times)
        if not least <= value <= greatest:
            raise _broken("A statement of the release is not true of the exact counts.", unit or terms)
        self._ends.append(len(self._columns))
        self._least.append(least)
        self._greatest.append(greatest)
        self._unit.append(KNOWN if unit is None else self.units.setdefault(unit, len(self.units)))

    def at_most(self, small: int, large: int) -> None:
        """One count is never more than another."""
        if small != large:
            self.say([(large, 1), (small, -1)], 0, UNBOUNDED)

    def adds_up(self, parts: Iterable[int], whole: int) -> None:
        """These counts add up to another."""
        self.say([*((at, 1) for at in parts), (whole, -1)], 0, 0)

    def built(self) -> Statements:
        """The system as matrices."""
        shape = (len(self._least), len(self.truth))
        matrix = csr_array((np.array(self._times, dtype=np.int64), self._columns, self._ends), shape=shape)
        matrix.sum_duplicates()
        return Statements(
            matrix,
            matrix > 0,
            matrix < 0,
            np.array(self._least, dtype=np.int64),
            np.array(self._greatest, dtype=np.int64),
            np.array(self._unit, dtype=np.int64),
            np.array(self.truth, dtype=np.int64),
            tuple(self.units),
            [np.array(self.prints.get(unit, []), dtype=np.int64) for unit in self.units],
            np.array(list(self.withheld), dtype=np.int64),
        )


@dataclass(frozen=True)
class Statements:
    """A system, complete: least ≤ matrix · counts ≤ greatest.

    matrix: statements × counts. adds, takes: where it has a count with a plus, and with a minus. unit: of each
    statement, or `KNOWN`. truth: the exact counts. units: by number. prints: places of the counts that each of them
    prints. withheld: places of the counts that are. further: of those among them that would be shown alone.
    """

    matrix: csr_array
    adds: csr_array
    takes: csr_array
    least: NDArray[np.int64]
    greatest: NDArray[np.int64]
    unit: NDArray[np.int64]
    truth: NDArray[np.int64]
    units: tuple[Unit, ...]
    prints: list[NDArray[np.int64]]
    withheld: NDArray[np.int64]
    further: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def targets(self) -> NDArray[np.int64]:
        """Places of the withheld counts that have to be protected: not of those which follow from printed zeros.

        What was withheld further has to be, unless it is zero: it would not help others if a printed count were it.
        """
        zero = implied_zeros(self)
        exempt = implied(self, zero)
        exempt[self.further] = zero[self.further]
        return self.withheld[~exempt[self.withheld]]

    def without(self, units: Collection[int]) -> Statements:
        """The same where these units are withheld: what they said is not said, and their counts are withheld."""
        is_gone = np.zeros(len(self.units) + 1, dtype=bool)
        is_gone[list(units)] = True
        # What belongs to no unit has the last place.
        gone, more = is_gone[self.unit], self.printed_by(units)
        return replace(
            self,
            least=np.where(gone, -UNBOUNDED, self.least),
            greatest=np.where(gone, UNBOUNDED, self.greatest),
            withheld=np.union1d(self.withheld, more),
            further=np.union1d(self.further, more),
        )

    def first(self, counts: int, rows: int) -> Statements:
        """The first statements alone, on the first counts alone."""
        withheld, further = (each[each < counts] for each in (self.withheld, self.further))
        return replace(self._of(slice(rows), counts), truth=self.truth[:counts], withheld=withheld, further=further)

    def last(self, rows: int) -> Statements:
        """The statements after the first ones alone."""
        return self._of(slice(rows, None), len(self.truth))

    def _of(self, rows: slice, counts: int) -> Statements:
        matrix, adds, takes = (each[rows, :counts].tocsr() for each in (self.matrix, self.adds, self.takes))
        least, greatest, unit = (each[rows] for each in (self.least, self.greatest, self.unit))
        return replace(self, matrix=matrix, adds=adds, takes=takes, least=least, greatest=greatest, unit=unit)

    def printed_by(self, units: Iterable[int]) -> NDArray[np.int64]:
        """Places of the counts that these units print."""
        return np.concatenate([np.zeros(0, dtype=np.int64), *(self.prints[unit] for unit in units)])

    def hold(self, worlds: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each statement holds in each world. worlds: counts × worlds, all whole numbers of people."""
        values = self.matrix @ worlds
        holds: NDArray[np.bool_] = (values >= self.least[:, None]) & (values <= self.greatest[:, None])
        return holds


def _broken(what: str, where: object) -> DisclosureBroken:
    return DisclosureBroken(
        what,
        where=str(where),
        repair="This is a mistake of the pipeline, not of the data: nothing was released. Report it.",
    )
