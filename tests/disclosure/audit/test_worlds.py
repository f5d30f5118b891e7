"""The search for other worlds, against all worlds of small random tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.disclose.audit.blocks import WHOLE, Block, blocks_of
from pipeline.disclose.audit.nearest import Nearest
from pipeline.disclose.audit.system import Count, Statements, System
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.further import Unit

WIDTH = 5
MOST = 12
"""Of what a cell may be, so that all worlds can be tried."""


@dataclass(frozen=True)
class Table:
    """A two-way table. step: what its margins are rounded to; the cells that are withheld are counts of a system."""

    cells: tuple[tuple[int, ...], ...]
    withheld: frozenset[tuple[int, int]]
    step: int

    @property
    def lines(self) -> list[list[tuple[int, int]]]:
        """Rows and columns, by the places of their cells."""
        rows, columns = range(len(self.cells)), range(len(self.cells[0]))
        return [[(r, c) for c in columns] for r in rows] + [[(r, c) for r in rows] for c in columns]

    def ends(self, together: int) -> tuple[int, int]:
        """The least and the greatest sum behind a printed margin."""
        least = (together + self.step // 2) // self.step * self.step - self.step // 2
        return max(least, 0), least + self.step - 1

    def statements(self) -> Statements:
        """Withheld cells, each from none to `MOST`, and the margins less what is in print."""
        system = System()
        place = {}
        for r, c in sorted(self.withheld):
            place[r, c] = at = system.count(Count("", "", "", str(r), str(c)), self.cells[r][c])
            system.say([(at, 1)], 0, MOST)
            system.withheld[at] = Unit("estimates", (str(r), str(c)), "yes")
        for line in self.lines:
            hidden = [place[side] for side in line if side in place]
            if hidden:
                least, greatest = self.ends(sum(self.cells[r][c] for r, c in line))
                shown = sum(self.cells[r][c] for r, c in line if (r, c) not in place)
                system.say([(at, 1) for at in hidden], least - shown, greatest - shown)
        return system.built()


@st.composite
def tables(draw: st.DrawFn, *, most_withheld: int = 5) -> Table:
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    cells = draw(
        st.lists(st.lists(st.integers(0, MOST), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    places = list(product(range(rows), range(columns)))
    withheld = draw(st.sets(st.sampled_from(places), min_size=1, max_size=most_withheld))
    return Table(tuple(map(tuple, cells)), frozenset(withheld), draw(st.sampled_from([1, 5])))


def every_world(statements: Statements) -> np.ndarray:
    """All whole-number worlds: counts × worlds."""
    worlds = np.indices((MOST + 1,) * len(statements.truth)).reshape(len(statements.truth), -1)
    return worlds[:, statements.hold(worlds).all(axis=0)]


def searched(statements: Statements) -> Worlds:
    places = np.arange(len(statements.truth))
    worlds = Worlds([Block.of(statements, places, statements.truth)], [World(0, statements.truth)], WIDTH)
    worlds.widen(statements.withheld, 30)
    return worlds


@settings(max_examples=40)
@given(tables(most_withheld=4))
def test_what_is_found_is_possible_and_what_is_left_narrow_is_narrow(table: Table) -> None:
    statements = table.statements()
    worlds, every = searched(statements), every_world(statements)
    assert all(statements.hold(world.counts[:, None]).all() for world in worlds.found)
    least, greatest = every.min(axis=1), every.max(axis=1)
    assert (worlds.least >= least).all()
    assert (worlds.greatest <= greatest).all()
    for at in worlds.narrow(statements.withheld):
        assert (worlds.least[at], worlds.greatest[at]) == (least[at], greatest[at])


@given(tables(most_withheld=3))
def test_a_block_says_of_some_counts_what_the_system_says_where_the_others_stay(table: Table) -> None:
    statements = table.statements()
    half = np.arange(0, len(statements.truth), 2)
    block = Block.of(statements, half, statements.truth)
    for of_block in product(range(MOST + 1), repeat=min(len(half), 2)):
        whole = statements.truth.copy()
        whole[half] = of_block
        others = np.setdiff1d(np.arange(len(statements.least)), block.rows)
        assert statements.hold(whole[:, None])[others].all()
        assert block.allows(np.array(of_block)) == bool(statements.hold(whole[:, None]).all())


@given(tables(most_withheld=4), st.integers(0, 3), st.integers(0, MOST))
def test_the_nearest_world_is_as_near_as_any(table: Table, at: int, end: int) -> None:
    statements = table.statements()
    truth, target = statements.truth, at % len(statements.truth)
    up = end > truth[target]
    every = every_world(statements)
    there = every[:, every[target] >= end if up else every[target] <= end]
    nearest = Nearest(Block.of(statements, np.arange(len(truth)), truth), truth)
    found = nearest.with_end(target, end, up=up)
    if end != truth[target] and there.size:
        assert found is not None
        assert abs(found - truth).sum() <= abs(there - truth[:, None]).sum(axis=0).min() + 1e-6
    if found is not None:
        assert found[target] >= end if up else found[target] <= end
        assert statements.hold(np.rint(found).astype(np.int64)[:, None]).all() or np.any(found % 1)
    again = nearest.with_end(target, end, up=up)
    assert (found is None) == (again is None)


def test_a_count_is_found_wide_where_others_at_their_ends_are_in_parts_of_people() -> None:
    """Beside two that add up, three by twos: the only whole ones are 2, 3 and 2, and those at either end are not."""
    system = System()
    free, other, *three = (
        system.count(Count("", "", "", name, ""), n) for name, n in zip("abcde", (6, 14, 2, 3, 2), strict=True)
    )
    system.withheld[free] = Unit("estimates", ("a",), "yes")
    system.say([(free, 1), (other, 1)], 20, 20)
    for pair, ends in ((three[:2], (5, 5)), (three[1:], (5, 5)), (three[::2], (3, 5))):
        system.say([(at, 1) for at in pair], *ends)
    statements = system.built()
    worlds = Worlds([Block.of(statements, np.arange(5), statements.truth)], [World(0, statements.truth)], WIDTH)
    assert worlds.widen(statements.withheld, 0).size == 0


@pytest.mark.parametrize("country", ["unknown", "declined"])
def test_events_are_looked_at_with_totals_where_it_is_withheld_how_many_named_no_country(country: str) -> None:
    """Each who reported something named a country or none: with totals held, those who named none could not move."""
    counts = [Count("events", "forced_work", "central", name, "") for name in ("LBY", country)]
    counts.append(Count("yes", "forced_work", "central", "all", "all"))
    place = {count: at for at, count in enumerate(counts)}
    assert set(blocks_of(place, np.array([0]))) == {"events", WHOLE}
    assert set(blocks_of(place, np.array([1]))) == {WHOLE}


def test_a_world_that_widens_nothing_is_not_kept() -> None:
    statements = Table(((3, 9), (9, 3)), frozenset(product(range(2), range(2))), 5).statements()
    worlds = searched(statements)
    kept = len(worlds.found)
    assert not worlds.add(World(0, statements.truth))
    assert len(worlds.found) == kept


@pytest.mark.parametrize(("step", "width"), [(1, 0), (5, 3)])
def test_a_single_withheld_cell_of_a_line_is_known_as_well_as_its_margin(step: int, width: int) -> None:
    worlds = searched(Table(((6, 7), (8, 9)), frozenset({(0, 0)}), step).statements())
    assert worlds.greatest[0] - worlds.least[0] == width
