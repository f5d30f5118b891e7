"""Which complete cases of groups can be printed, once all else of a release is settled.

They are worth least, so that nothing else is withheld for their sake: each world that the rest was found safe in must
stay possible, with other numbers for those who left out an answer and reported something. A share that denies it is
withheld; and so are shares that leave these numbers themselves known too well.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.audit.blocks import INCOMPLETE_YES, OF_ANSWERS, WHOLE
from pipeline.disclose.audit.incomplete import ONE
from pipeline.disclose.audit.solver import INFINITY
from pipeline.disclose.further import Unit
from pipeline.disclose.protected import Protected
from pipeline.disclose.seen import Seen
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from pipeline.disclose.audit.system import Statements, System
    from pipeline.disclose.protected import World

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

SEED = 20161015
"""Of the objectives' signs: any will do, and it is always the same."""
BARREN = 2
"""Rounds over all narrow counts together that may find nothing, before each is looked at on its own."""
TRUE = 0
"""The number of the true world."""


def settle(
    system: System, statements: Statements, blocks: Mapping[str, Integers], others: Protected, width: int
) -> Protected:
    """What of the complete cases of groups has to be withheld.

    statements: of the system. blocks: all its counts. others: what is withheld of all else, and worlds without these
    counts. width: how far apart the least and the greatest of a count that is to be protected must be.
    """
    statements = statements.without([system.units[unit] for unit in others.units])
    others = Protected(others.units, _as_many_others(system, statements, blocks, others.worlds))
    return _Settling(system, statements, blocks, others, width).settled()


def _as_many_others(
    system: System, statements: Statements, blocks: Mapping[str, Integers], worlds: Mapping[str, list[World]]
) -> dict[str, list[World]]:
    """The worlds, with as many whom complete cases of whole routes leave out as there truly are, where they may be.

    A solution puts complete cases anywhere that printed numbers allow, also where nothing is to be shown of them.
    """
    core = statements.first(*system.core)
    whole = blocks.get(WHOLE, np.zeros(0, dtype=np.int64))
    places = whole[whole < system.core[0]]
    at = {int(place): n for n, place in enumerate(places)}
    names = [count for count in system.place if count[:2] == ("complete_yes", ONE) and count.group == ALL]
    of_routes = [
        [at[system.place[name._replace(what=what)]] for what in ("yes", "complete_yes", "complete")] for name in names
    ]
    found = []
    for behind, world in worlds.get(WHOLE, ()):
        other, every = world.copy(), behind.copy()
        for yes, *complete in of_routes:
            other[complete] = statements.truth[places[complete]] + world[yes] - statements.truth[places[yes]]
        every[places] = other
        found.append((behind, other if core.hold(every[:, None]).all() else world))
    return {**worlds, WHOLE: found} if found else dict(worlds)


def _hides(unit: Unit) -> bool:
    """Whether a share of an indicator is withheld with it, so that no complete cases stand beside it."""
    return unit.table == "estimates" and unit.part != "asked"


class _Settling:
    """The counts of those who left out an answer and reported something: which of them go with which world."""

    def __init__(
        self,
        system: System,
        statements: Statements,
        blocks: Mapping[str, Integers],
        others: Protected,
        width: int,
    ) -> None:
        self._first, rows = system.core
        self._width, self._worlds, self._true = width, others.worlds, statements.truth
        self._truth = statements.truth[self._first :]
        blocks = {WHOLE: np.zeros(0, dtype=np.int64), **blocks}
        self._own_places = {name: places[places >= self._first] for name, places in blocks.items()}
        self._core_places = {name: places[places < self._first] for name, places in blocks.items()}
        last = statements.last(rows)
        places = np.arange(self._first, len(self._true))
        self._seen = Seen(last, places, self._taken(last.matrix[:, : self._first].tocsr()))
        self._names = {number: unit for unit, number in system.units.items()}
        # They are the last of the system.
        counts = takewhile(lambda item: item[0].what == INCOMPLETE_YES, reversed(system.place.items()))
        keys = {at - self._first: count[1:] for count, at in counts}
        hidden = {unit.key for unit in others.units if _hides(unit)}
        made = self._seen.units()
        self._own_unit = {
            at: unit
            for at, key in keys.items()
            if (unit := system.units.get(Unit("nonresponse", key, "complete"))) in made
        }
        self._seen.drop(unit for at, unit in self._own_unit.items() if keys[at] in hidden)
        places = statements.targets[statements.targets >= self._first] - self._first
        self._is_target = np.zeros(len(self._truth), dtype=bool)
        self._is_target[[at for at in places.tolist() if keys[at] not in hidden]] = True
        self._least, self._greatest = self._truth.copy(), self._truth.copy()
        self._numbers: dict[str, range] = {}
        """Of the worlds of each block."""
        self._apart: list[int] = []
        """Those of whole routes that only go with others than there truly are."""
        self._moved: list[tuple[int, Integers, NDArray[np.bool_]]] = []
        """The number of a world, counts that go with it, and which are less or more than in all others so far."""

    def _taken(self, of_all: csr_array) -> Integers:
        """What all other counts take of each statement: statements × worlds, the true one first."""
        used = np.unique(of_all.indices)
        true = self._true[used]
        every = [true]
        for name, worlds in self._worlds.items():
            _, here, there = np.intersect1d(used, self._core_places[name], assume_unique=True, return_indices=True)
            for behind, counts in worlds:
                every.append(behind[used])
                every[-1][here] = counts[there]
        taken: Integers = of_all[:, used] @ np.column_stack(every)
        return taken

    def settled(self) -> Protected:
        """Units to withhold, and worlds."""
        self._seen.drop(self._seen.impossible(self._truth))
        counts: dict[str, list[Integers]] = {}
        first = TRUE + 1
        for name, worlds in self._worlds.items():
            numbers = self._numbers[name] = range(first, first + len(worlds))
            counts[name] = []
            for number in numbers:
                last = next(reversed(counts[name]), self._truth)
                counts[name].append(self._with_world(name, number, last))
            first += len(worlds)
        of_whole = zip(self._numbers.get(WHOLE, ()), counts.get(WHOLE, ()), strict=True)
        self._apart = [number for number, left_out in of_whole if left_out is not self._truth]
        self._protect()
        units = frozenset(self._names[number] for number in self._seen.dropped)
        return Protected(units, self._told(counts))

    def _with_world(self, name: str, world: int, last: Integers) -> Integers:
        """Counts that go with a world, the true or the last ones if they do. Shares that deny all such are withheld."""
        for known in (self._truth, last):
            if self._seen.holds(known, world):
                return known
        moves = np.full(len(self._truth), name == WHOLE)
        if name.startswith(OF_ANSWERS):
            moves[self._own_places[name] - self._first] = True
        ends = np.where(moves, -INFINITY, self._truth), np.where(moves, INFINITY, self._truth)
        no_costs = np.zeros(len(self._truth))
        found = self._seen.near(world, ends, no_costs)
        while found is None:
            every = self._seen.units() if moves.any() else set()
            denying = self._seen.denying(self._truth, world) or every
            if not denying:
                # The audit will find that it is not possible, and look for others.
                return self._truth
            self._seen.drop(denying)
            found = self._seen.near(world, ends, no_costs)
        self._widens(found)
        return found

    def _widens(self, found: Integers) -> NDArray[np.bool_]:
        """Takes note of counts; which of those that are to be protected are less or more than in all others so far."""
        wider = ((found < self._least) | (found > self._greatest)) & self._is_target
        np.minimum(self._least, found, out=self._least)
        np.maximum(self._greatest, found, out=self._greatest)
        return wider

    def _narrow(self) -> list[int]:
        is_narrow = self._is_target & (self._greatest - self._least < self._width)
        return list(np.flatnonzero(is_narrow).tolist())

    def _protect(self) -> None:
        """Withholds until each count that is to be protected can be what it is, or something far enough from it."""
        while narrow := self._widened():
            own = {self._own_unit[at] for at in narrow if at in self._own_unit} - self._seen.dropped
            units = own or self._beside(narrow) - self._seen.dropped
            if not units:
                # Without shares beside it, nothing is told of it that was not told before. The audit judges.
                return
            self._seen.drop(units)

    def _beside(self, narrow: list[int]) -> set[int]:
        """The shares of all levels that are looked at together with these counts."""
        places = [own - self._first for own in self._own_places.values() if np.isin(narrow, own - self._first).any()]
        return {self._own_unit[at] for at in np.concatenate(places).tolist() if at in self._own_unit}

    def _widened(self) -> list[int]:
        """Looks for other counts where all else is true, or complete cases of whole routes are others.

        Returns those that stay narrow.
        """
        worlds = [TRUE, *self._apart]
        signs, barren = np.random.default_rng(SEED), 0
        while barren < BARREN and (narrow := self._narrow()):
            costs = np.zeros(len(self._truth))
            costs[narrow] = signs.choice([-1.0, 1.0], len(narrow))
            found = [self._found(world, costs) for world in worlds]
            barren = 0 if any(found) else barren + 1
        for world in worlds:
            least, greatest = self._seen.ends(world)
            may_be_apart = np.maximum(greatest, self._greatest) - np.minimum(least, self._least) >= self._width
            for at in self._narrow():
                for sign in (1.0, -1.0):
                    if may_be_apart[at] and self._greatest[at] - self._least[at] < self._width:
                        costs = np.zeros(len(self._truth))
                        costs[at] = sign
                        self._found(world, costs)
        return self._narrow()

    def _found(self, world: int, costs: Floats) -> bool:
        """Whether there are counts at the least costs that go with a world, and are wider than those so far."""
        no_end = np.full(len(costs), INFINITY)
        found = self._seen.near(world, (-no_end, no_end), costs)
        if found is None or not (wider := self._widens(found)).any():
            return False
        self._moved.append((world, found, wider))
        return True

    def _told(self, counts: Mapping[str, list[Integers]]) -> dict[str, list[World]]:
        """The worlds as an audit takes them, each with what is behind it."""
        told: dict[str, list[World]] = {name: [] for name in self._own_places}
        behind: dict[int, Integers] = {}
        for name, worlds in self._worlds.items():
            for world, left_out in zip(worlds, counts[name], strict=True):
                core, of_block = world
                if left_out is self._truth or name.startswith(OF_ANSWERS):
                    if id(core) not in behind:
                        behind[id(core)] = np.concatenate([core, self._truth])
                    told[name].append((behind[id(core)], self._of_block(name, of_block, left_out)))
                else:
                    told[name].append(self._with_all(name, world, left_out))
        true = self._true[: self._first], self._true[self._core_places[WHOLE]]
        of_whole = self._own_places[WHOLE] - self._first
        for number, left_out, widened in self._moved:
            if number != TRUE or np.any(left_out[of_whole] != self._truth[of_whole]):
                world = true if number == TRUE else self._worlds[WHOLE][number - self._numbers[WHOLE].start]
                told[WHOLE].append(self._with_all(WHOLE, world, left_out))
                continue
            for name, own in self._own_places.items():
                if name.startswith(OF_ANSWERS) and widened[own - self._first].any():
                    of_block = self._true[self._core_places[name]]
                    told[name].append((self._true, self._of_block(name, of_block, left_out)))
        return {name: worlds for name, worlds in told.items() if worlds}

    def _with_all(self, name: str, world: World, left_out: Integers) -> World:
        """A world of a block with these counts behind it: they are looked at with the answers of each group."""
        whole = np.concatenate([world[0], left_out])
        whole[self._core_places[name]] = world[1]
        return whole, self._of_block(name, world[1], left_out)

    def _of_block(self, name: str, core: Integers, left_out: Integers) -> Integers:
        """The counts of a block, in order: these come last in each."""
        return np.concatenate([core, left_out[self._own_places[name] - self._first]])
