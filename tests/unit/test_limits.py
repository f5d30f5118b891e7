"""The difference of two shares from their limits: with those of Wilson it is Newcombe's; and what must hold of any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stats.limits import difference_from_limits
from pipeline.stats.proportion import wilson

# Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10: (a) 56/70 and 48/80, (b) 9/10 and 3/10,
# (c) 6/7 and 2/7, (e) 0/10 and 0/20, (g) 10/10 and 0/20.
NEWCOMBE = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0),
}


@pytest.mark.parametrize("of", NEWCOMBE)
def test_with_limits_of_wilson_it_is_that_of_newcombe(of):
    y1, n1, y2, n2 = of
    sides = [(y / n, *map(float, wilson(y / n, n))) for y, n in ((y1, n1), (y2, n2))]
    difference, low, high = difference_from_limits(*sides)
    assert float(difference) == pytest.approx(y1 / n1 - y2 / n2)
    assert (float(low), float(high)) == pytest.approx(NEWCOMBE[of], abs=5e-5)


SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted).map(lambda s: (s[1], s[0], s[2]))


@given(SHARES, SHARES)
def test_it_holds_the_difference_and_turns_round(first, second):
    difference, low, high = map(float, difference_from_limits(first, second))
    assert -1 <= low <= difference <= high <= 1
    turned = tuple(map(float, difference_from_limits(second, first)))
    assert turned == pytest.approx((-difference, -high, -low))


@given(SHARES, SHARES)
def test_a_share_that_is_known_exactly_moves_the_limits_of_the_other(first, second):
    exact = (second[0],) * 3
    _, low, high = map(float, difference_from_limits(first, exact))
    assert (low, high) == pytest.approx((max(first[1] - second[0], -1), min(first[2] - second[0], 1)))


def test_without_a_number_there_is_none():
    assert all(math.isnan(float(part)) for part in difference_from_limits((math.nan,) * 3, (0.2, 0.1, 0.3)))
