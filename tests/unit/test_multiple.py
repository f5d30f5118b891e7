"""Adjusted p values against plain loops and statsmodels, and what must hold of any of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from pipeline.stats.multiple import benjamini_hochberg, holm

METHODS = (holm, benjamini_hochberg)
FAMILY = st.lists(st.one_of(st.floats(-320, 0), st.sampled_from([-2.0, -0.5, 0.0, math.nan])), max_size=40)
"""log10 of p values, some of them equal, some not there."""


def by_loops(method, family: list[float]) -> list[float]:
    """As the papers write it, test by test."""
    tests = sorted(p for p in family if not math.isnan(p))
    m = len(tests)
    adjusted: dict[float, float] = {}
    for i, p in enumerate(tests, start=1):
        if method is holm:
            adjusted[p] = max(tests[j - 1] + math.log10(m - j + 1) for j in range(1, i + 1))
        else:
            adjusted[p] = min(tests[j - 1] + math.log10(m / j) for j in range(i, m + 1))
    return [math.nan if math.isnan(p) else min(adjusted[p], 0.0) for p in family]


@pytest.mark.parametrize("method", METHODS)
@given(FAMILY)
def test_adjusted_values_are_what_loops_find(method, family: list[float]) -> None:
    assert method(family).tolist() == pytest.approx(by_loops(method, family), rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(("method", "name"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=40))
@settings(max_examples=15)
def test_adjusted_values_equal_statsmodels(method, name: str, p: list[float]) -> None:
    expected = multipletests(p, method=name)[1]
    assert (10 ** method(np.log10(p))).tolist() == pytest.approx(expected.tolist(), rel=1e-10)


@pytest.mark.parametrize("method", METHODS)
@given(FAMILY)
def test_nothing_gets_smaller_and_nothing_gets_above_1(method, family: list[float]) -> None:
    given_, found = np.array(family), method(family)
    tests = ~np.isnan(given_)
    assert (found[tests] >= given_[tests] - 1e-12).all()
    assert (found[tests] <= 0).all()
    assert np.isnan(found[~tests]).all()


@given(FAMILY)
def test_a_share_of_false_alarms_is_easier_to_keep_than_having_none(family: list[float]) -> None:
    exploratory, strict = benjamini_hochberg(family), holm(family)
    assert (np.nan_to_num(exploratory) <= np.nan_to_num(strict) + 1e-12).all()


@pytest.mark.parametrize("method", METHODS)
@given(FAMILY, st.randoms(use_true_random=False))
def test_each_keeps_its_place(method, family: list[float], random) -> None:
    order = list(range(len(family)))
    random.shuffle(order)
    shuffled = method([family[at] for at in order])
    assert np.array_equal(shuffled, method(family)[np.array(order, dtype=int)], equal_nan=True)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_not_there_is_not_counted(method) -> None:
    there = method([-3.0, -1.0, -0.2])
    with_gaps = method([np.nan, -3.0, np.nan, -1.0, -0.2, np.nan])
    assert np.array_equal(with_gaps, [np.nan, there[0], np.nan, there[1], there[2], np.nan], equal_nan=True)


def test_one_test_is_left_as_it_is() -> None:
    assert holm([-1.7]).tolist() == benjamini_hochberg([-1.7]).tolist() == [-1.7]


def test_what_no_double_could_hold_is_kept() -> None:
    """Of two tests the least p is doubled: 10⁻⁴⁴⁷ and 10⁻⁹⁰⁰."""
    assert holm([-447.0, -900.0]).tolist() == pytest.approx([-447.0, -900.0 + math.log10(2)], rel=1e-15)
    assert benjamini_hochberg([-447.0, -900.0]).tolist() == pytest.approx([-447.0, -900.0 + math.log10(2)], rel=1e-15)
    assert holm([-np.inf, -1.0]).tolist() == [-np.inf, -1.0]


@pytest.mark.parametrize("method", METHODS)
def test_tables_and_nothing_keep_their_shape(method) -> None:
    table = method([[-3.0, np.nan], [-1.0, -0.2]])
    assert table.shape == (2, 2)
    assert np.array_equal(table.ravel(), method([-3.0, np.nan, -1.0, -0.2]), equal_nan=True)
    assert method([]).shape == (0,)
    assert np.isnan(method([np.nan, np.nan])).all()
