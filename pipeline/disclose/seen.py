"""Statements on a few counts, as seen in several worlds of all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.solver import DUAL
from pipeline.disclose.audit.system import KNOWN, UNBOUNDED
from pipeline.disclose.audit.worlds import Bounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.disclose.audit.system import Statements

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Seen:
    """A block of the counts that come last, of which each world takes something else."""

    def __init__(self, statements: Statements, places: Integers, taken: Integers) -> None:
        """statements: what is said. places: of these counts. taken: of all others, statements × worlds."""
        rows, own = np.arange(len(statements.unit)), statements.matrix[:, places].tocsr()
        self._block = Block(places, rows, own, statements.least, statements.greatest)
        self._statements, self._taken = statements, np.ascontiguousarray(taken.T)
        self._bounded = Bounded(own, DUAL)
        self.dropped: set[int] = set()

    def drop(self, units: Iterable[int]) -> None:
        """What these units say is not said any more."""
        self.dropped |= set(units)
        gone = np.isin(self._statements.unit, list(self.dropped))
        low, high = np.where(gone, -UNBOUNDED, self._block.low), np.where(gone, UNBOUNDED, self._block.high)
        self._block = replace(self._block, low=low, high=high)

    def units(self) -> set[int]:
        """The units that say anything and are not dropped."""
        return set(self._statements.unit.tolist()) - {KNOWN} - self.dropped

    def holds(self, counts: Integers, world: int) -> bool:
        """Whether every statement holds with these counts."""
        return self._in(world).allows(counts)

    def denying(self, counts: Integers, world: int) -> set[int]:
        """The units that deny these counts."""
        return self._in(world).denying(counts, self._statements) - {KNOWN}

    def impossible(self, counts: Integers) -> set[int]:
        """Units that no counts at all agree with in some world, each for itself. Where these hold, there are none."""
        matrix, unit = self._block.matrix, self._statements.unit
        sizes = np.diff(matrix.indptr)
        none, alone = np.flatnonzero(sizes == 0), np.flatnonzero(sizes == 1)
        of = matrix.indices[matrix.indptr[alone]]
        found: set[int] = set()
        for world in range(len(self._taken)):
            block = self._in(world)
            if not block.allows(counts):
                least, greatest = self._bounded.ends(block)
                found |= set(unit[alone[(least > greatest)[of]]].tolist())
                found |= set(unit[none[(block.low[none] > 0) | (block.high[none] < 0)]].tolist())
        return found - {KNOWN}

    def ends(self, world: int) -> tuple[Floats, Floats]:
        """The least and the greatest of each count in a world, by statements on it alone."""
        return self._bounded.ends(self._in(world))

    def near(self, world: int, ends: tuple[Floats, Floats], costs: Floats) -> Integers | None:
        """Counts within these ends with which every statement holds, at the least costs; None where none were found."""
        block = self._in(world)
        found = self._bounded.least(block, costs, ends)
        if found is None:
            return None
        counts = np.rint(found).astype(np.int64)
        return counts if block.allows(counts) else None

    def _in(self, world: int) -> Block:
        return self._block.less(self._taken[world])
