"""What can be printed again of what was withheld further: whatever turns out not to be needed.

Units are asked one after the other, the dearest first: would any count be known too well with this one in print? What
stays withheld after that is needed, each unit of it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.disclose.audit.blocks import Block, views_of
from pipeline.disclose.audit.bounds import count_bounds, hold_anyway, open_ended
from pipeline.disclose.audit.solver import INFINITY, PRIMAL, Program
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.audit.zeros import implied, implied_zeros
from pipeline.disclose.loose import HAIR
from pipeline.disclose.prices import price_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.disclose.audit.system import Statements

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


ASKED = 20
"""Of how many counts it is asked, one by one, whether they may be apart in parts of people, before whole ones are."""
WHOLE_ASKED = 2
"""How often whole people are asked for, for each unit. Where more were needed, it stays withheld."""


class Needed:
    """The units that are withheld for a block: at first all that were chosen, in the end those that are needed."""

    def __init__(
        self,
        statements: Statements,
        places: Integers,
        behind: Sequence[Integers],
        sakes: Mapping[int, int],
        worlds: Iterable[World],
    ) -> None:
        """statements: with all that is said. places: of the block. behind: worlds that it is looked at in. sakes: the
        units, and the count for which each is withheld. worlds: some that are possible without what these units say.
        """
        self.units = set(sakes)
        self._statements, self._places, self._behind, self._sakes = statements, places, behind, sakes
        self._views = views_of(statements, places, behind)
        self._found = [(world, self._denying(world)) for world in worlds]
        # With more in print, more may follow from zeros; what follows now stays.
        without = statements.without(self.units)
        self._follows = implied(without, implied_zeros(without))
        self._programs = [_Printing(statements, view, self.units) for view in self._views]

    @property
    def worlds(self) -> list[World]:
        """Those that nothing in print denies."""
        return [world for world, denying in self._found if denying <= self.units]

    def print_needless(self, width: int) -> None:
        """Prints again what no count is narrower than the width with.

        A unit may be needed for one that turns out not to be: it is asked after once more.
        """
        left = sorted(self.units, key=lambda each: (-price_of(self._statements, each), each))
        while left:
            narrow = {unit: at for unit in left if (at := self._print(unit, width)) is not None}
            targets = set(self._targets().tolist())
            left = [unit for unit, at in narrow.items() if at not in targets]

    def _print(self, unit: int, width: int) -> int | None:
        """Prints a unit again, unless a count would be narrow with it: then that is returned."""
        self.units.remove(unit)
        narrow = self._narrow_with(unit, width)
        if narrow is not None:
            self.units.add(unit)
        else:
            for program in self._programs:
                program.print(unit)
        return narrow

    def _narrow_with(self, unit: int, width: int) -> int | None:
        """A count that would be narrow with this unit in print."""
        targets, asked = self._targets(), set[int]()
        while (left := [at for at in self._narrow(targets, width) if at not in asked]) and len(asked) < ASKED:
            target = self._sakes[unit] if self._sakes[unit] in left else left[0]
            if not self._may_be_apart(target, unit, width):
                return target
            asked.add(target)
        if self._narrow(targets, width):
            self._widen(targets, width)
        return next(iter(self._narrow(targets, width)), None)

    def _targets(self) -> Integers:
        """The counts of the block to protect."""
        is_target = np.zeros(len(self._follows), dtype=bool)
        is_target[self._statements.withheld] = ~self._follows[self._statements.withheld]
        # What is withheld further is protected, whatever it follows from.
        is_target[self._statements.printed_by(self.units)] = True
        return np.flatnonzero(is_target[self._places])

    def _narrow(self, targets: Integers, width: int) -> list[int]:
        """Counts that are narrow by the worlds found so far, the narrowest first."""
        widths = np.ptp([world.counts[targets] for world in self.worlds], axis=0)
        return list(targets[np.argsort(widths, kind="stable")][: int((widths < width).sum())].tolist())

    def _may_be_apart(self, target: int, unit: int, width: int) -> bool:
        """Whether a count may be as much as the width apart with the unit in print. Only a no is certain.

        People may be in parts; where they are whole, the world is kept.
        """
        for view, program in enumerate(self._programs):
            ends = [float(world.counts[target]) for world in self.worlds]
            for sign in (1, -1):
                solution = program.end(target, sign, unit)
                if solution is not None:
                    ends.append(float(solution[target]))
                    self._keep(World(view, np.rint(solution).astype(np.int64)))
                if math.floor(max(ends) + HAIR) - math.ceil(min(ends) - HAIR) >= width:
                    return True
        return False

    def _keep(self, world: World) -> None:
        denying = self._denying(world)
        if denying <= self.units:
            self._found.append((world, denying))

    def _denying(self, world: World) -> set[int]:
        return self._views[world.view].denying(world.counts, self._statements)

    def _widen(self, targets: Integers, width: int) -> None:
        """Looks for whole worlds that leave no count narrow."""
        now, before = self._statements.without(self.units), self.worlds
        worlds = Worlds(views_of(now, self._places, self._behind), before, width)
        worlds.widen(targets, WHOLE_ASKED, all_of_them=True)
        self._found += [(world, self._denying(world)) for world in worlds.found[len(before) :]]


class _Bound(NamedTuple):
    """What a unit says of one count, or of one row of a program."""

    at: int
    low: float
    high: float


class _Printing:
    """The program of a block without what some units say, each of which can be said for a moment, or for good."""

    def __init__(self, statements: Statements, block: Block, units: Iterable[int]) -> None:
        unit = statements.unit[block.rows]
        alone, withheld = np.diff(block.matrix.indptr) == 1, np.isin(unit, list(units))
        self._least, self._greatest = count_bounds(block, np.flatnonzero(alone & ~withheld))
        bounds = self._least, self._greatest
        rows = np.flatnonzero(~alone & (withheld | ~hold_anyway(block, *bounds)))
        low, high = (open_ended(each[rows].astype(float)) for each in (block.low, block.high))
        self._rows: dict[int, list[_Bound]] = defaultdict(list)
        for at in np.flatnonzero(withheld[rows]).tolist():
            self._rows[int(unit[rows[at]])].append(_Bound(at, low[at], high[at]))
        self._columns = {each: _own_bounds(block, np.flatnonzero(alone & (unit == each))) for each in units}
        low[withheld[rows]], high[withheld[rows]] = -INFINITY, INFINITY
        self._program = Program(block.matrix[rows], (low, high), bounds, PRIMAL)

    def end(self, target: int, sign: int, unit: int) -> Floats | None:
        """With this unit in print, counts of which one is as small as can be, or as large where sign is -1.

        None where nothing was found.
        """
        costs = np.zeros(len(self._least))
        costs[target] = sign
        self._say(unit)
        found = self._program.least(costs)
        for row in self._rows[unit]:
            self._program.bound_row(row.at, -INFINITY, INFINITY)
        for column in self._columns[unit]:
            self._program.bound(column.at, self._least[column.at], self._greatest[column.at])
        return found

    def print(self, unit: int) -> None:
        """Says what a unit says, for good."""
        self._say(unit)
        for at, low, high in self._columns[unit]:
            self._least[at], self._greatest[at] = max(low, self._least[at]), min(high, self._greatest[at])

    def _say(self, unit: int) -> None:
        for row in self._rows[unit]:
            self._program.bound_row(*row)
        for at, low, high in self._columns[unit]:
            self._program.bound(at, max(low, self._least[at]), min(high, self._greatest[at]))


def _own_bounds(block: Block, rows: Integers) -> list[_Bound]:
    """What statements on one count alone say of it."""
    least, greatest = count_bounds(block, rows)
    places = np.unique(block.matrix.indices[block.matrix.indptr[rows]])
    return [_Bound(at, float(least[at]), float(greatest[at])) for at in places.tolist()]
