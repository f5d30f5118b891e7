"""Small systems by hand: what equations and zeros give away, and what is true of no exact counts."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.determined import determined
from pipeline.disclose.audit.system import UNBOUNDED, Count, Statements, System
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.audit.zeros import implied_zeros
from pipeline.disclose.further import Unit
from pipeline.errors import DisclosureBroken


def named(name: str) -> Count:
    return Count(name, "", "", "", "")


def unit(name: str) -> Unit:
    return Unit("estimates", (name,), "yes")


def widened(statements: Statements, width: int = 5) -> Worlds:
    """A search for other worlds of all counts."""
    places = np.arange(len(statements.truth))
    worlds = Worlds([Block.of(statements, places, statements.truth)], [World(0, statements.truth)], width)
    worlds.widen(statements.withheld, 30)
    return worlds


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_that_is_not_true_of_the_exact_counts_is_refused() -> None:
    system = System()
    at = system.count(named("a"), 20)
    with pytest.raises(DisclosureBroken, match="not true of the exact counts"):
        system.say([(at, 1)], 23, 27, unit("a"))


def test_two_tables_that_disagree_on_a_count_are_refused() -> None:
    system = System()
    assert system.count(named("a"), 20) == system.count(named("a"), 20)
    with pytest.raises(DisclosureBroken, match="disagree"):
        system.count(named("a"), 21)


def test_what_a_withheld_unit_said_is_not_said_and_its_counts_are_withheld() -> None:
    system = System()
    at = system.count(named("a"), 20)
    system.say([(at, 1)], 18, 22, unit("a"))
    system.prints[unit("a")] = [at]
    without = system.built().without([0])
    assert (without.least.tolist(), without.greatest.tolist()) == ([-UNBOUNDED], [UNBOUNDED])
    assert without.withheld.tolist() == [at]


def test_a_world_holds_only_if_each_statement_does() -> None:
    system = System()
    part, whole = system.count(named("part"), 3), system.count(named("whole"), 10)
    system.say([(whole, 1)], 8, 12)
    system.at_most(part, whole)
    worlds = np.array([[3, 10], [12, 12], [12, 11], [0, 13]]).T
    assert system.built().hold(worlds).all(axis=0).tolist() == [True, True, False, False]


# --- what follows -----------------------------------------------------------------------------------------------------


def test_what_is_no_more_than_a_zero_is_zero_and_so_are_all_parts_of_one() -> None:
    system = System()
    region, one, other, free = (system.count(named(name), n) for name, n in zip("abcd", (0, 0, 0, 4), strict=True))
    system.say([(region, 1)], 0, 0)
    system.adds_up([one, other], region)
    part = system.count(named("e"), 0)
    system.at_most(part, one)
    system.say([(free, 1)], 0, 12)
    assert implied_zeros(system.built()).tolist() == [True, True, True, False, True]


def test_a_zero_that_nothing_printed_says_is_not_implied() -> None:
    system = System()
    at = system.count(named("a"), 0)
    system.say([(at, 1)], 0, 12)
    assert not implied_zeros(system.built()).any()


def test_a_total_less_one_part_gives_the_other_and_two_are_left_open() -> None:
    system = System()
    a, b, c, whole = (system.count(named(name), n) for name, n in zip("abcw", (7, 20, 30, 57), strict=True))
    system.adds_up([a, b, c], whole)
    for at, exact in ((whole, 57), (c, 30)):
        system.say([(at, 1)], exact, exact)
    assert determined(system.built()).tolist() == [False, False, True, True]
    system.say([(b, 1)], 20, 20)
    assert determined(system.built()).all()


def test_a_rounded_count_gives_no_equation() -> None:
    system = System()
    a, whole = system.count(named("a"), 20), system.count(named("w"), 27)
    system.say([(a, 1)], 18, 22)
    system.say([(whole, 1)], 27, 27)
    assert determined(system.built()).tolist() == [False, True]


# --- a table of which each line has two withheld cells ----------------------------------------------------------------

TABLE = (
    ("15", "x1", "x3", "x1"),
    ("20", "x10", "x10", "15"),
    ("x3", "10", "10", "x2"),
    ("x12", "14", "7", "x2"),
)
"""Cells marked x are withheld; all sums of lines are in print, exact."""


def table() -> tuple[System, dict[tuple[int, int], int]]:
    system = System()
    places: dict[tuple[int, int], int] = {}
    for r, row in enumerate(TABLE):
        for c, cell in enumerate(row):
            places[r, c] = at = system.count(named(f"{r}{c}"), int(cell.removeprefix("x")))
            if cell.startswith("x"):
                system.withheld[at] = unit(f"{r}{c}")
            else:
                system.say([(at, 1)], int(cell), int(cell), unit(f"{r}{c}"))
    for line in range(4):
        for sides in ([(line, c) for c in range(4)], [(r, line) for r in range(4)]):
            cells = [places[side] for side in sides]
            together = sum(system.exact(at) for at in cells)
            system.say([(at, 1) for at in cells], together, together)
    return system, places


def test_exactly_one_withheld_cell_is_known_although_each_line_has_two_or_more() -> None:
    system, places = table()
    known = determined(system.built())
    withheld = [side for side, at in places.items() if at in system.withheld]
    assert all(sum(side[axis] == line for side in withheld) >= 2 for axis in (0, 1) for line in range(4))
    assert [side for side in withheld if known[places[side]]] == [(0, 3)]


def test_no_search_moves_it_and_the_others_do_move() -> None:
    system, places = table()
    worlds = widened(system.built())
    moved = {side: int(worlds.greatest[at] - worlds.least[at]) for side, at in places.items() if at in system.withheld}
    assert moved.pop((0, 3)) == 0
    assert all(width > 0 for width in moved.values())
