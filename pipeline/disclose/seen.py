"""Statements on a few counts, as seen in several worlds of all others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.audit.solver import DUAL, INFINITY, Program
from pipeline.disclose.audit.system import KNOWN, NO_BOUND

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from pipeline.disclose.audit.system import Statements

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Seen:
    """low ≤ own · counts + taken ≤ high, where taken depends on the world."""

    def __init__(self, statements: Statements, own: csr_array, taken: Integers) -> None:
        """statements: what is said. own: of these counts, statements × counts. taken: of all others, by world."""
        self._own, self._taken = own, np.ascontiguousarray(taken.T)
        self._low, self._high, self._unit = statements.least, statements.greatest, statements.unit
        sizes = np.diff(own.indptr)
        self._none, self._sums, alone = (np.flatnonzero(each) for each in (sizes == 0, sizes > 1, sizes == 1))
        columns = own.indices[own.indptr[alone]]
        # Sorted by the count that they are on, so that each has its statements in one piece.
        order = np.argsort(columns, kind="stable")
        self._alone, self._of = alone[order], columns[order]
        self._times = own.data[own.indptr[self._alone]]
        self._bounded, self._starts = np.unique(self._of, return_index=True)
        self._program = Program.unbounded(own[self._sums], DUAL)
        self.dropped: set[int] = set()

    def drop(self, units: Iterable[int]) -> None:
        """What these units say is not said any more."""
        self.dropped |= set(units)
        gone = np.isin(self._unit, list(self.dropped))
        self._low, self._high = np.where(gone, -NO_BOUND, self._low), np.where(gone, NO_BOUND, self._high)

    def failing(self, counts: Integers, world: int | slice) -> NDArray[np.bool_]:
        """Whether each statement does not hold with these counts: (worlds ×) statements."""
        low, high = self._ends(world)
        value = self._own @ counts
        return np.asarray((value < low) | (value > high))

    def units_of(self, rows: Integers | NDArray[np.bool_]) -> set[int]:
        """The units that make these statements."""
        return set(self._unit[rows].tolist()) - {KNOWN}

    def units(self) -> set[int]:
        """Those that make any and are not dropped."""
        return set(self._unit.tolist()) - {KNOWN} - self.dropped

    def impossible(self, failing: NDArray[np.bool_]) -> set[int]:
        """Units that no counts at all agree with in some world, each for itself.

        failing: of some counts, in every world. Where they hold, there is nothing to be found.
        """
        units = self.units_of(self._none[failing[:, self._none].any(axis=0)])
        for world in np.flatnonzero(failing.any(axis=1)).tolist():
            least, greatest = self.alone(world)
            empty = np.flatnonzero(least > greatest)
            units |= self.units_of(self._alone[np.isin(self._of, empty)]) if len(empty) else set()
        return units

    def alone(self, world: int) -> tuple[Floats, Floats]:
        """The least and the greatest of each count in a world, by statements on it alone."""
        return self._box(*self._ends(world))

    def near(self, world: int, ends: tuple[Floats, Floats], costs: Floats) -> Integers | None:
        """Counts within these ends with which every statement holds, at the least costs; None where none were found."""
        low, high = self._ends(world)
        box = self._box(low, high)
        least, greatest = np.maximum(box[0], ends[0]), np.minimum(box[1], ends[1])
        if np.any(least > greatest):
            return None
        self._program.bound_all((low[self._sums], high[self._sums]), (least, greatest))
        found = self._program.least(costs)
        if found is None:
            return None
        counts = np.rint(found).astype(np.int64)
        return None if self.failing(counts, world).any() else counts

    def _ends(self, world: int | slice) -> tuple[Floats, Floats]:
        """What each statement leaves for these counts: (worlds ×) statements."""
        taken = self._taken[world]
        low = np.where(self._low <= -NO_BOUND, -INFINITY, self._low - taken)
        return low, np.where(self._high >= NO_BOUND, INFINITY, self._high - taken)

    def _box(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The least and the greatest of each count by statements on it alone: (worlds ×) counts."""
        shape = (*low.shape[:-1], self._own.shape[1])
        least, greatest = np.zeros(shape), np.full(shape, INFINITY)
        if len(self._alone):
            ends = low[..., self._alone] / self._times, high[..., self._alone] / self._times
            lower = np.maximum.reduceat(np.minimum(*ends), self._starts, axis=-1)
            upper = np.minimum.reduceat(np.maximum(*ends), self._starts, axis=-1)
            least[..., self._bounded] = np.maximum(np.ceil(lower), 0)
            greatest[..., self._bounded] = np.floor(upper)
        return least, greatest
