"""What else to withhold, so that what is withheld cannot be worked out: as little as it takes.

For each count that is known too well, a solver looks for another world in which it is far enough from what it is, and
which breaks what is printed at the least price. What it has broken is withheld; the world itself shows that it was
enough. In the end, whatever is not needed is printed again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.again import Needed
from pipeline.disclose.audit.blocks import OF_PEOPLE, behind, blocks_of, views_of
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.said import say_everything
from pipeline.disclose.audit.system import Statements
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.complete_cases import settle
from pipeline.disclose.loose import Loose
from pipeline.disclose.protected import Protected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

SIDE_BY_SIDE = 2
"""Blocks at a time: more would wait for one another, since much of the work is in Python."""
MOST = 300
"""For how many counts of one block something is withheld. A table that needs more is better made coarser."""
WHOLE_ASKED = 30
"""How often whole people are asked for, each time that something was withheld."""
FURTHER = (0, 1, 2, 4, 6)
"""By how many people beyond the width a count is asked to go, one after the other."""


def protect(release: Release) -> Protected:
    """What else to withhold of a release, block by block."""
    system = say_everything(release)
    whole = system.built()
    statements = whole.first(*system.core)
    targets = statements.targets
    every_block = blocks_of(system.place, whole.withheld)
    blocks = {name: places[places < system.core[0]] for name, places in every_block.items()}
    done: dict[str, _Chosen] = {}

    def choose(name: str) -> _Chosen:
        found = {other: [world.counts for world in chosen.worlds] for other, chosen in done.items()}
        backgrounds = behind(name, found, blocks, statements)
        # What is withheld for the sake of people is not said of their answers either.
        now = statements.without({unit for chosen in done.values() for unit in chosen.units})
        return _Chosen(now, blocks[name], backgrounds, release.policy.width).enough()

    sought = [name for name in blocks if np.isin(blocks[name], targets).any()]
    # The largest first, so that none is left to one worker in the end.
    sought.sort(key=lambda name: -len(blocks[name]))
    of_people = [name for name in sought if name.startswith(OF_PEOPLE)]
    # The solver works outside of Python, so that blocks can be worked on side by side. Answers are looked at where
    # people are this or that; else none depends on another.
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for names in (of_people, [name for name in sought if name not in of_people]):
            done |= dict(zip(names, pool.map(choose, names), strict=True))
    units = {statements.units[unit] for chosen in done.values() for unit in chosen.units}
    protected = Protected(frozenset(units), {name: chosen.told() for name, chosen in done.items()})
    settled = settle(system, whole, every_block, protected, release.policy.width)
    return Protected(protected.units | settled.units, settled.worlds)


class _Chosen:
    """The units that are withheld further for one block, and its worlds that nothing else denies."""

    def __init__(self, statements: Statements, places: Integers, behind: list[Integers], width: int) -> None:
        self._statements, self._places, self._behind, self._width = statements, places, behind, width
        self._views = views_of(statements, places, behind)
        # Where few people are as many as can be, there is most room.
        self._loose = Loose(statements, self._views[-1])
        self.worlds = [World(view, world[places]) for view, world in enumerate(behind)]
        self.units: set[int] = set()
        self._sakes: dict[int, int] = {}
        """For the sake of which count each of them is withheld."""
        self._left = MOST

    def told(self) -> list[tuple[Integers, Integers]]:
        """Each world: what is behind it, and the counts of the block."""
        return [(self._behind[world.view], world.counts) for world in self.worlds]

    def enough(self) -> _Chosen:
        """Withholds until every withheld count can be what it is, or something far enough away from that."""
        tried: set[int] = set()
        while True:
            now = self._statements.without(self.units)
            worlds = Worlds(views_of(now, self._places, self._behind), self.worlds, self._width)
            sought = np.flatnonzero(np.isin(self._places, now.targets))
            left = worlds.widen(sought[~np.isin(sought, list(tried))], WHOLE_ASKED).tolist()
            for target in left:
                if worlds.is_narrow(target) and not self._withhold_for(target, worlds):
                    tried.add(target)
            self.worlds = worlds.found
            if not left:
                return self._needed()

    def _needed(self) -> _Chosen:
        needed = Needed(self._statements, self._places, self._behind, self._sakes, self.worlds)
        needed.print_needless(self._width)
        self.units, self.worlds = needed.units, needed.worlds
        return self

    def _withhold_for(self, target: int, worlds: Worlds) -> bool:
        """Withholds what denies the cheapest world in which a count is far enough away; whether there was anything.

        Solutions are in parts of people, which is quick, and mostly end at whole ones. Where they find nothing to
        withhold, and yet there is no such world of whole people, the count has to go a little further.
        """
        self._left -= 1
        for further in FURTHER if self._left >= 0 else ():
            found = self._loose.cheapest(worlds, target, self.units, self._width + further)
            if found is None or found.denied <= self.units:
                continue
            self._sakes |= dict.fromkeys(found.denied - self.units, target)
            self.units |= found.denied
            counts = np.rint(found.counts).astype(np.int64)
            if self._views[-1].denying(counts, self._statements) <= self.units:
                worlds.add(World(len(self._views) - 1, counts))
            return True
        return False
