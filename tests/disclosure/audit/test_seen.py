"""Statements on a few counts, seen in several worlds of all others, against every small count there could be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.disclose.audit.system import UNBOUNDED, Count, Statements, System
from pipeline.disclose.further import Unit
from pipeline.disclose.seen import Seen

OWN, MOST = 3, 9
"""How many counts these are, and how much each may be."""
EVERY = np.array(list(product(range(MOST + 1), repeat=OWN)))
NO_END = np.full(OWN, np.inf)
Said = tuple[list[int], int, int, int]
"""How many times each count, how many times another one that moves; the least and the most; number of the unit."""

COUNTS = st.lists(st.integers(0, MOST), min_size=OWN, max_size=OWN)


@st.composite
def said(draw: st.DrawFn) -> tuple[list[int], list[Said], list[int]]:
    """True counts; statements on one of them alone, by units, and a sum that a reader knows; worlds of another."""
    true, other = draw(COUNTS), draw(st.integers(0, 4))
    statements: list[Said] = []
    for unit in range(draw(st.integers(1, 4))):
        times = [0] * OWN
        times[draw(st.integers(0, OWN - 1))] = draw(st.sampled_from([-2, -1, 1, 3]))
        statements.append(around(draw, times, draw(st.integers(-1, 1)), (true, other), unit))
    # As levels add up to all: solutions of such sums end at whole people.
    statements.append(around(draw, [1] * OWN, 0, (true, other), -1))
    return [*true, other], statements, draw(st.lists(st.integers(0, 8), max_size=3))


def around(draw: st.DrawFn, times: list[int], of_other: int, true: tuple[list[int], int], unit: int) -> Said:
    value = int(np.dot(times, true[0])) + of_other * true[1]
    return times, of_other, value - draw(st.integers(0, 6)), value + draw(st.integers(0, 6)), unit


def system_of(true: list[int], statements: list[Said]) -> Statements:
    """As a release would say it. The other count comes first."""
    system = System()
    *own, other = true
    first = system.count(Count("other", "", "", "", ""), other)
    places = [system.count(Count(str(n), "", "", "", ""), count) for n, count in enumerate(own)]
    for least in places:
        system.say([(least, 1)], 0, MOST)
    for times, of_other, low, high, unit in statements:
        terms = [*zip(places, times, strict=True), (first, of_other)]
        named = Unit("t", (str(unit),), "") if unit >= 0 else None
        system.say([(at, n) for at, n in terms if n], low, high, named)
    return system.built()


def seen(true: list[int], statements: list[Said], others: list[int]) -> tuple[Seen, Statements]:
    made = system_of(true, statements)
    of_other = csr_array(made.matrix[:, :1])
    return Seen(made, np.arange(1, 1 + OWN), of_other @ np.array([[true[-1], *others]])), made


def possible(made: Statements, other: int, dropped: set[int]) -> np.ndarray:
    """Every small count that the statements allow, where the other one is this."""
    worlds = np.column_stack([np.full(len(EVERY), other), EVERY]).T
    return EVERY[made.without(dropped).hold(worlds).all(axis=0)]


@given(said(), st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=OWN, max_size=OWN), st.sets(st.integers(0, 3)))
@settings(max_examples=150, deadline=None)
def test_what_is_nearest_is_the_least_of_all_that_is_possible(
    drawn: tuple[list[int], list[Said], list[int]], costs: list[float], units: set[int]
) -> None:
    true, statements, others = drawn
    look, made = seen(true, statements, others)
    look.drop(dropped := units & look.units())
    for world, other in enumerate([true[-1], *others]):
        allowed = possible(made, other, dropped)
        found = look.near(world, (-NO_END, NO_END), np.array(costs))
        assert (found is None) == (len(allowed) == 0)
        if found is not None:
            assert look.holds(found, world)
            assert np.dot(costs, found) == pytest.approx((allowed @ costs).min())


@given(said())
@settings(max_examples=100, deadline=None)
def test_units_are_impossible_where_what_is_said_of_one_count_alone_leaves_none(
    drawn: tuple[list[int], list[Said], list[int]],
) -> None:
    true, statements, others = drawn
    look, made = seen(true, statements, others)
    alone = [one for one in statements if one[4] >= 0]
    expected: set[int] = set()
    for other in [true[-1], *others]:
        for count in range(OWN):
            of_count = [one for one in alone if one[0][count]]
            holds = [
                all(low <= one[count] * n + of_other * other <= high for one, of_other, low, high, _ in of_count)
                for n in range(MOST + 1)
            ]
            expected |= (
                {made.units.index(Unit("t", (str(one[4]),), "")) for one in of_count} if not any(holds) else set()
            )
    assert look.impossible(np.array(true[:-1])) == expected


def test_ends_are_kept_and_what_is_left_is_none() -> None:
    look, _ = seen([2, 3, 4, 0], [([1, 1, 1], 0, 9, 9, -1)], [])
    low, high = np.array([2.0, 0, 0]), np.array([2.0, 3, 9])
    assert look.near(0, (low, high), np.array([0.0, -1, 0])).tolist() == [2, 3, 4]
    assert look.near(0, (low, np.array([2.0, 1, 1])), np.zeros(3)) is None


def test_an_unbounded_side_says_nothing() -> None:
    look, _ = seen([1, 1, 1, 5], [([1, 0, 0], 1, 6, UNBOUNDED, 0)], [0])
    assert look.near(1, (-NO_END, NO_END), np.ones(3)).tolist() == [6, 0, 0]
    least, greatest = look.ends(0)
    assert (least.tolist(), greatest.tolist()) == ([1, 0, 0], [MOST] * 3)
