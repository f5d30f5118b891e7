"""Whether shares differ at all: R on a made-up survey, the special case of two groups, and tails that are tiny."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as fisher

from pipeline.stats.independence import log10_p_of_f, rao_scott
from pipeline.stats.two_samples import pearson

PUBLISHED = Path(__file__).parents[1] / "published"


def test_three_routes_as_r_has_them() -> None:
    """R survey 4.1-1: svydesign(ids = ~fmp), svychisq(~ind1 + route, statistic = "F"); svy 0.35 gives the same."""
    with (PUBLISHED / "fms_synth.csv").open(encoding="utf-8", newline="") as file:
        people = [row for row in csv.DictReader(file) if row["ind1"] in ("yes", "no")]
    routes, points = (sorted({row[name] for row in people}) for name in ("route", "fmp"))
    n, y = np.zeros((2, len(routes), len(points)))
    for row in people:
        cell = routes.index(row["route"]), points.index(row["fmp"])
        n[cell] += 1
        y[cell] += row["ind1"] == "yes"
    share = y.sum(axis=1) / n.sum(axis=1)
    z = (y - share[:, None] * n) / n.sum(axis=1)[:, None]
    around = z - z.mean(axis=1, keepdims=True)
    m = len(points)
    covariance = m / (m - 1) * around @ around.T
    test = rao_scott(share[None], n.sum(axis=1)[None], covariance[None], np.array([m - 1.0]))
    found = [float(value[0]) for value in (test.f, test.ndf, test.ddf, 10**test.log10_p, test.chi_square)]
    expected = [13.09111055, 1.856904817, 42.7088108, 5.434303567e-05, 41.61402659]
    assert found == pytest.approx(expected, rel=1e-7)


GROUP = st.tuples(st.integers(1, 99), st.integers(20, 4000))


@given(GROUP, GROUP, st.floats(0.2, 9), st.floats(0.2, 9), st.integers(1, 200))
def test_two_groups_have_the_design_effect_of_their_log_odds_ratio(one, other, deff, other_deff, df) -> None:
    p, n = (np.array([[a, b]]) for a, b in ((one[0] / 100, other[0] / 100), (one[1], other[1])))
    alone = p * (1 - p) / n
    covariance = np.array([np.diag([deff * alone[0, 0], other_deff * alone[0, 1]])])
    test = rao_scott(p, n.astype(float), covariance, np.array([float(df)]))
    weights = 1 / (n * p * (1 - p))
    of_odds = (deff * weights[0, 0] + other_deff * weights[0, 1]) / weights.sum()
    chi_square, _ = pearson(p[0, 0] * n[0, 0], n[0, 0], p[0, 1] * n[0, 1], n[0, 1])
    assert test.f[0] == pytest.approx(float(chi_square) / of_odds, rel=1e-9, abs=1e-12)
    assert (test.ndf[0], test.ddf[0]) == pytest.approx((1, df))


@given(GROUP, GROUP, GROUP, st.integers(2, 200))
def test_people_drawn_one_by_one_give_the_plain_chi_square(a, b, c, df) -> None:
    p, n = (np.array([values], dtype=float) for values in ([x[0] / 100 for x in (a, b, c)], [x[1] for x in (a, b, c)]))
    covariance = np.array([np.diag((p * (1 - p) / n)[0])])
    test = rao_scott(p, n, covariance, np.array([float(df)]))
    assert (test.ndf[0], test.ddf[0]) == pytest.approx((2, 2 * df))
    assert test.f[0] == pytest.approx(test.chi_square[0] / 2)


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan])
def test_nobody_everybody_and_no_share_are_not_tested(share: float) -> None:
    covariance = np.array([np.diag([0.01, 0.01])])
    test = rao_scott(np.array([[share, 0.4]]), np.array([[50.0, 50.0]]), covariance, np.array([9.0]))
    assert all(np.isnan(value[0]) for value in vars(test).values())


def test_points_that_do_not_differ_at_all_give_no_test() -> None:
    test = rao_scott(np.array([[0.3, 0.4]]), np.array([[50.0, 50.0]]), np.zeros((1, 2, 2)), np.array([9.0]))
    assert np.isnan(test.f[0])
    assert np.isnan(test.log10_p[0])


@given(st.floats(0.001, 200), st.floats(0.5, 6), st.floats(1, 200))
def test_the_tail_as_scipy_has_it(f: float, ndf: float, ddf: float) -> None:
    expected = np.log10(fisher.sf(f, ndf, ddf))
    assert log10_p_of_f(*(np.array([x]) for x in (f, ndf, ddf)))[0] == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_a_tail_that_underflows_goes_on_smoothly() -> None:
    """Its series is exact: with ndf = 2 the tail is (1 + 2F/ddf)^(−ddf/2)."""
    f, ddf = np.array([1e3, 1e5, 1e9]), np.array([400.0, 400.0, 400.0])
    exact = -ddf / 2 * np.log10(1 + 2 * f / ddf)
    assert log10_p_of_f(f, np.full(3, 2.0), ddf) == pytest.approx(exact, rel=1e-10)
    assert exact[-1] < -1000
