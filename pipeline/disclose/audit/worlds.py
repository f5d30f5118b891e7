"""Other worlds: exact counts that differ from the true ones, and of which the release says the same.

A reader cannot tell them apart, whatever is computed: a withheld count that is 2 in one of them and 9 in another is
known no better than that. So a pair of worlds proves a width, and nothing has to be taken on trust of how they were
found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.bounds import count_bounds, hold_anyway, open_ended
from pipeline.disclose.audit.nearest import Nearest
from pipeline.disclose.audit.solver import PRIMAL, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

SEED = 20161015
"""Of the objectives' signs: any will do, and it is always the same."""
BARREN = 3
"""Rounds over all narrow counts together that may find nothing, before each is looked at on its own."""


class World(NamedTuple):
    """A possible world. view: number of the block, by what all other counts are. counts: those of the block."""

    view: int
    counts: Integers


class Worlds:
    """The worlds of some counts that have been found, seen where other counts are this or that."""

    def __init__(self, views: Sequence[Block], found: Iterable[World], width: int) -> None:
        """views: blocks of the same counts. found: possible worlds, one at least. width: how far apart the least and
        the greatest must be.
        """
        self.views, self.width, self.found = views, width, list(found)
        counts = [world.counts for world in self.found]
        self.least, self.greatest = np.min(counts, axis=0), np.max(counts, axis=0)

    def widen(
        self, targets: Integers, whole_asked: int, *, all_of_them: bool = False, views: int | None = None
    ) -> Integers:
        """Looks for worlds until every target is wide, or no further one helps. Returns those that are still narrow.

        views: in how many views it looks, the first ones; by default in all.
        whole_asked: how often each view asks for whole people, which takes long: what then is left narrow counts as
        known. all_of_them: it is only asked whether every target is wide; the search ends with the first that is not.
        """
        for view, block in enumerate(self.views[:views]):
            if len(self.narrow(targets)):
                ends_early = all_of_them and view == len(self.views) - 1
                begun = next((world.counts for world in self.found if world.view == view), self.found[0].counts)
                nearest = Nearest(block, begun)
                _Search(self, view, _program(block), _rest(block), nearest, ends_early).widen(targets, whole_asked)
        return self.narrow(targets)

    def narrow(self, targets: Integers) -> Integers:
        """Those targets whose least and greatest are not far enough apart."""
        return np.asarray(targets[self.greatest[targets] - self.least[targets] < self.width])

    def is_narrow(self, target: int) -> bool:
        """The same of one."""
        return bool(self.greatest[target] - self.least[target] < self.width)

    def add(self, world: World) -> bool:
        """Keeps a possible world if it widens anything; whether it does."""
        wider = bool(np.any((world.counts < self.least) | (world.counts > self.greatest)))
        if wider:
            self.found.append(world)
            np.minimum(self.least, world.counts, out=self.least)
            np.maximum(self.greatest, world.counts, out=self.greatest)
        return wider

    def keep(self, view: int, solution: Floats) -> bool:
        """Keeps a solution if it is one of whole people and widens anything; whether it does."""
        counts = np.rint(solution).astype(np.int64)
        return self.views[view].allows(counts) and self.add(World(view, counts))


@dataclass(frozen=True)
class _Search:
    """A search in one view. All narrow counts are pushed up or down together first, at random; then one by one.

    nearest: of its worlds, those next to one that is possible. ends_early: with the first count that stays narrow.
    """

    worlds: Worlds
    view: int
    program: Program
    rest: _Rest | None
    nearest: Nearest
    ends_early: bool

    def widen(self, targets: Integers, whole_asked: int) -> None:
        """Looks until every target is wide, or nothing more is found."""
        signs = np.random.default_rng(SEED)
        barren = 0
        while barren < BARREN and len(narrow := self.worlds.narrow(targets)):
            costs = np.zeros(len(self.worlds.least))
            costs[narrow] = signs.choice([-1.0, 1.0], len(narrow))
            solution = self.program.least(costs)
            if solution is not None and (self._keep(solution) or self._keep(self._settled(solution, costs))):
                barren = 0
            else:
                barren += 1
        left = whole_asked
        for target in self.worlds.narrow(targets).tolist():
            if self.worlds.is_narrow(target):
                left -= self._widen_one(target, left)
                if self.ends_early and self.worlds.is_narrow(target):
                    return

    def _widen_one(self, target: int, left: int) -> int:
        """Asks for the least and the greatest that a count can be; of whole people, if parts of them leave it open.

        What is far away mostly has parts of people somewhere, and what is near has not: so that is asked for as well.
        Returns how often whole people were asked for, which takes long: `left` times at most.
        """
        worlds, ends, asked = self.worlds, [], 0
        for sign in (1.0, -1.0):
            ends.append(self._end(target, sign))
            if not worlds.is_narrow(target):
                return asked
        if max(ends[1], worlds.greatest[target]) - min(ends[0], worlds.least[target]) < worlds.width:
            return asked
        for up in (True, False):
            if worlds.is_narrow(target):
                self._keep(self.nearest.with_end(target, self._far_end(target, up=up), up=up))
        for sign in (1.0, -1.0):
            if asked < left and worlds.is_narrow(target) and not self._end_settled(target, sign):
                self._end(target, sign, whole=True)
                asked += 1
        return asked

    def _end(self, target: int, sign: float, *, whole: bool = False) -> float:
        solution = self.program.least(self._costs(target, sign), whole=whole)
        if solution is None:
            return float(self.worlds.least[target])
        self._keep(solution)
        return float(solution[target])

    def _far_end(self, target: int, *, up: bool) -> int:
        """Where a count has to be to be far enough from what it is at the other end."""
        worlds = self.worlds
        return int(worlds.least[target]) + worlds.width if up else int(worlds.greatest[target]) - worlds.width

    def _end_settled(self, target: int, sign: float) -> bool:
        costs = self._costs(target, sign)
        solution = self.program.least(costs)
        return solution is not None and self._keep(self._settled(solution, costs))

    def _costs(self, target: int, sign: float) -> Floats:
        costs = np.zeros(len(self.worlds.least))
        costs[target] = sign
        return costs

    def _keep(self, solution: Floats | None) -> bool:
        """Keeps a solution if it is one of whole people and widens anything; whether it does."""
        return solution is not None and self.worlds.keep(self.view, solution)

    def _settled(self, solution: Floats, costs: Floats) -> Floats | None:
        """A solution near by, with whole numbers for the counts that others hang on, such as bases; None without one.

        Once bases are whole, each share leaves whole numbers for its part, and lines that add up mostly end at some.
        """
        return self.rest.near(solution, costs) if self.rest else None


class Bounded:
    """A program of a block whose bounds are set from it, again and again.

    Statements on one count alone become bounds of it, in whole people.
    """

    def __init__(self, matrix: csr_array, strategy: int) -> None:
        """matrix: of the block."""
        sizes = np.diff(matrix.indptr)
        self._alone, self._sums = np.flatnonzero(sizes == 1), np.flatnonzero(sizes > 1)
        self._program = Program.unbounded(matrix[self._sums], strategy)

    def ends(self, block: Block) -> tuple[Floats, Floats]:
        """The least and the greatest of each count, by statements on it alone."""
        return count_bounds(block, self._alone)

    def least(self, block: Block, costs: Floats, ends: tuple[Floats, Floats] | None = None) -> Floats | None:
        """Counts with the least costs, within these ends as well; None where none were found."""
        least, greatest = self.ends(block)
        if ends is not None:
            least, greatest = np.maximum(least, ends[0]), np.minimum(greatest, ends[1])
            if np.any(least > greatest):
                return None
        low, high = (open_ended(each[self._sums].astype(float)) for each in (block.low, block.high))
        self._program.bound_all((low, high), (least, greatest))
        return self._program.least(costs)


class _Rest:
    """The counts of a block besides heavy ones, which are held at whole numbers."""

    def __init__(self, block: Block, heavy: Integers) -> None:
        self._heavy, self._free = heavy, np.setdiff1d(np.arange(len(block.places)), heavy)
        self._block, rows = block.only(self._free)
        self._of_heavy = block.matrix[rows][:, heavy]
        self._bounded = Bounded(self._block.matrix, PRIMAL)

    def near(self, solution: Floats, costs: Floats) -> Floats | None:
        """A solution with the least costs where heavy counts are the next whole numbers; None without one.

        With bases held, statements on shares are on one count alone.
        """
        held = np.rint(solution[self._heavy]).astype(np.int64)
        found = self._bounded.least(self._block.less(self._of_heavy @ held), costs[self._free])
        if found is None:
            return None
        near = solution.copy()
        near[self._heavy], near[self._free] = held, found
        return near


def _rest(block: Block) -> _Rest | None:
    heavy = _heavy(block)
    return _Rest(block, heavy) if len(heavy) else None


def _heavy(block: Block) -> Integers:
    """Counts that stand in the most statements among those of a ratio: once they are whole, mostly all others are."""
    matrix = block.matrix.tocsr()
    used = np.bincount(matrix.indices, minlength=matrix.shape[1])
    sizes = np.diff(matrix.indptr)
    ratios = np.flatnonzero((sizes > 1) & (abs(matrix).max(axis=1).toarray().ravel() > 1))
    rows = (matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]] for row in ratios)
    return np.unique([columns[np.argmax(used[columns])] for columns in rows]).astype(np.int64)


def _program(block: Block) -> Program:
    """The program of a block. Statements on one count alone become bounds of it, in whole people."""
    alone = np.diff(block.matrix.indptr) == 1
    bounds = count_bounds(block, np.flatnonzero(alone))
    binding = np.flatnonzero(~alone & ~hold_anyway(block, *bounds))
    low, high = (open_ended(each[binding].astype(float)) for each in (block.low, block.high))
    return Program(block.matrix[binding], (low, high), bounds, PRIMAL)
