"""The next world: one in which a count is somewhere else, and as little besides as can be.

Such worlds move few counts, and mostly by whole people. A count's farthest one has to settle everything, and ends in
parts of people somewhere, perhaps where nothing depends on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import hstack

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.bounds import count_bounds, hold_anyway, open_ended
from pipeline.disclose.audit.solver import DUAL, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Nearest:
    """The counts of a block as they are in a possible world, and more of each, or fewer: these are the columns."""

    def __init__(self, block: Block, world: Integers) -> None:
        """world: counts with which every statement of the block holds."""
        self._block, self._world = block, world
        self._alone = np.diff(block.matrix.indptr) == 1
        self._least, self._greatest = count_bounds(block, np.flatnonzero(self._alone))
        self._costs = np.ones(2 * len(world))

    def with_end(self, target: int, end: int, *, up: bool) -> Floats | None:
        """The nearest counts of which one is at that end, or beyond it; None where none were found."""
        n = len(self._world)
        if not self._least[target] <= end <= self._greatest[target]:
            return None
        far = abs(end - int(self._world[target]))
        moved, kept = (target, n + target) if up else (n + target, target)
        self._program.bound(moved, far, self._room[moved])
        self._program.bound(kept, 0, 0)
        found = self._program.least(self._costs)
        for column in (moved, kept):
            self._program.bound(column, 0, self._room[column])
        return None if found is None else self._world + found[:n] - found[n:]

    @cached_property
    def _room(self) -> Floats:
        """How far each column may go."""
        return np.concatenate([self._greatest - self._world, self._world - self._least])

    @cached_property
    def _program(self) -> Program:
        """Made when it is first asked, which in most blocks it never is."""
        block = self._block.less(self._block.matrix @ self._world)
        sums = np.flatnonzero(~self._alone & ~hold_anyway(self._block, self._least, self._greatest))
        low, high = (open_ended(each[sums].astype(float)) for each in (block.low, block.high))
        matrix = block.matrix[sums]
        room = np.zeros(len(self._room)), self._room
        return Program(hstack([matrix, -matrix], format="csr"), (low, high), room, DUAL)
