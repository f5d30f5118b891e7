"""The cheapest world that a release denies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import block_array, eye_array

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.bounds import count_bounds, open_ended
from pipeline.disclose.audit.solver import DUAL, INFINITY, Program
from pipeline.disclose.audit.system import KNOWN, Statements
from pipeline.disclose.audit.worlds import Worlds
from pipeline.disclose.prices import price_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

HAIR = 1e-6
"""What of a person is no more than how computers add up."""


class Denied(NamedTuple):
    """A world that a release denies: at what price, the counts, perhaps not whole, and the units that deny it."""

    price: float
    counts: Floats
    denied: set[int]


class Loose:
    """The program of a block in which what is printed may be wrong, at its price.

    A count is what its own unit allows, and more or fewer at a price; other statements of units may be wrong at theirs.
    Columns: each count as its unit allows; how many more; how many fewer; and by how much each other statement is
    wrong, below and above.
    """

    def __init__(self, statements: Statements, block: Block) -> None:
        self._statements, self._block, n = statements, block, len(block.places)
        alone = np.diff(block.matrix.indptr) == 1
        # A printed zero harms no one and stays: withheld, it would be one more count to protect.
        unit = np.where(alone & (block.low == 0) & (block.high == 0), KNOWN, statements.unit[block.rows])
        own = _own_units(block, alone & (unit != KNOWN), unit)
        of_own = alone & (unit != KNOWN) & (unit == own[block.matrix.indices[block.matrix.indptr[:-1]]])
        others = (unit != KNOWN) & ~of_own
        rest = (unit == KNOWN) & ~alone
        hard = count_bounds(block, np.flatnonzero(alone & (unit == KNOWN)))
        self._least, self._greatest = count_bounds(block, np.flatnonzero(alone & ((unit == KNOWN) | of_own)))
        more = np.where(np.isinf(self._greatest), 0, hard[1] - np.where(np.isinf(self._greatest), 0, self._greatest))
        self._room = np.maximum(more, 0), np.maximum(self._least - hard[0], 0)
        self._units = np.concatenate([own, own, unit[others], unit[others]])
        self._n = n
        self._prices = self._priced(np.flatnonzero(others))
        wrong = eye_array(int(others.sum()))
        of_rest, of_others = block.matrix[rest], block.matrix[others]
        matrix = block_array(
            [[of_rest, of_rest, -of_rest, None, None], [of_others, of_others, -of_others, wrong, -wrong]], format="csr"
        )
        rows = (np.concatenate([each[rest], each[others]]).astype(float) for each in (block.low, block.high))
        low, high = (open_ended(each) for each in rows)
        no_end = np.full(2 * int(others.sum()), INFINITY)
        upper = np.concatenate([self._greatest, *self._room, no_end])
        lower = np.concatenate([self._least, np.zeros(len(self._units))])
        self._program = Program(matrix, (low, high), (lower, upper), DUAL)

    def _priced(self, others: Integers) -> Floats:
        """The price of one person more or fewer, and of each other statement."""
        of_unit = {unit: price_of(self._statements, unit) for unit in np.unique(self._units).tolist() if unit != KNOWN}
        steps = np.maximum(1, np.abs(self._block.matrix[others]).max(axis=1).toarray().ravel())
        each = np.concatenate([np.ones(2 * self._n), steps, steps])
        return np.asarray(np.array([of_unit.get(unit, 0.0) for unit in self._units.tolist()]) / each)

    def cheapest(self, worlds: Worlds, target: int, free: set[int], width: int) -> Denied | None:
        """The cheaper of two worlds: with the count above what it is known to be at least, or below what at most.

        free: units that are withheld already, and cost nothing. None where there is neither.
        """
        prices = np.where(np.isin(self._units, list(free)), 0.0, self._prices)
        costs = np.concatenate([np.zeros(self._n), prices])
        up = self._solved(target, int(worlds.least[target]) + width, costs, up=True)
        down = self._solved(target, int(worlds.greatest[target]) - width, costs, up=False)
        found = [solution for solution in (up, down) if solution is not None]
        if not found:
            return None
        n, solution = self._n, min(found, key=lambda each: costs @ each)
        counts = solution[:n] + solution[n : 2 * n] - solution[2 * n : 3 * n]
        return Denied(float(costs @ solution), counts, set(self._units[solution[n:] > HAIR].tolist()))

    def _solved(self, target: int, end: int, costs: Floats, *, up: bool) -> Floats | None:
        """The cheapest solution in which a count is at that end or beyond it."""
        n, program = self._n, self._program
        least, greatest = self._least[target], self._greatest[target]
        more, fewer = (each[target] for each in self._room)
        if end > greatest + more if up else end < least - fewer:
            return None
        if up:
            program.bound(target, min(max(end, least), greatest), greatest)
            program.bound(n + target, max(end - greatest, 0), more)
            program.bound(2 * n + target, 0, 0)
        else:
            program.bound(target, least, max(min(end, greatest), least))
            program.bound(n + target, 0, 0)
            program.bound(2 * n + target, max(least - end, 0), fewer)
        solution = program.least(costs)
        for column, low, high in ((target, least, greatest), (n + target, 0, more), (2 * n + target, 0, fewer)):
            program.bound(column, low, high)
        return solution


def _own_units(block: Block, alone: NDArray[np.bool_], unit: Integers) -> Integers:
    """For each count, the first unit that prints something of it alone; `KNOWN` where none does."""
    own = np.full(len(block.places), np.iinfo(np.int64).max)
    rows = np.flatnonzero(alone)
    np.minimum.at(own, block.matrix.indices[block.matrix.indptr[rows]], unit[rows])
    return np.where(own == np.iinfo(np.int64).max, KNOWN, own)
