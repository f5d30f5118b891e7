"""Logistic regression on counts against statsmodels on random waves, and what must hold of any fit."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from pipeline.stats.logistic import Logistic, clustered_covariance, fit, probability

Row = tuple[str, str, int, int, int]
"""Point, level of a factor, a number, answered, yes."""

LEVELS = ("a", "b", "c")


@st.composite
def counts(draw: st.DrawFn) -> list[Row]:
    """Rows of some points. Four of them, with both answers each, tell all coefficients apart."""
    rows = [("p0", "a", 0, 5, 2), ("p1", "b", 1, 6, 3), ("p0", "c", 0, 4, 1), ("p2", "a", 3, 7, 3)]
    for number in range(draw(st.integers(0, 5))):
        for level in draw(st.sets(st.sampled_from(LEVELS))):
            answered = draw(st.integers(1, 30))
            rows.append((f"p{number}", level, draw(st.integers(0, 4)), answered, draw(st.integers(0, answered))))
    return rows


def columns(rows: list[Row], reference: str = "a") -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """y, n, the design with one column for each level but the reference, and the points."""
    y, n, number = (np.array([row[at] for row in rows], dtype=float) for at in (4, 3, 2))
    dummies = [[float(row[1] == level) for row in rows] for level in LEVELS if level != reference]
    return y, n, np.column_stack([np.ones(len(rows)), *dummies, number]), np.array([row[0] for row in rows])


def fitted(rows: list[Row], reference: str = "a") -> tuple[Logistic, np.ndarray]:
    y, n, design, point = columns(rows, reference)
    found = fit(y, n, design)
    assert found is not None
    return found, clustered_covariance(found, y, n, design, point)


def assert_same(one: tuple[Logistic, np.ndarray], other: tuple[Logistic, np.ndarray]) -> None:
    assert one[0].beta == pytest.approx(other[0].beta, rel=1e-7, abs=1e-9)
    assert one[0].bread == pytest.approx(other[0].bread, rel=1e-7, abs=1e-9)
    assert one[1] == pytest.approx(other[1], rel=1e-7, abs=1e-9)


@given(counts())
@settings(max_examples=40)
def test_coefficients_and_their_covariances_are_those_of_statsmodels(rows: list[Row]) -> None:
    y, n, design, point = columns(rows)
    people = np.repeat(np.arange(len(rows)), n.astype(int))
    positive = np.concatenate([[1] * int(yes) + [0] * int(of - yes) for yes, of in zip(y, n, strict=True)])
    model = sm.GLM(positive, design[people], family=sm.families.Binomial())
    groups = np.unique(point, return_inverse=True)[1][people]
    alone = model.fit(tol=1e-13)
    over_points = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}, tol=1e-13)
    many = len(set(point))
    found, clustered = fitted(rows)
    assert found.beta == pytest.approx(alone.params, rel=1e-6, abs=1e-9)
    assert found.probability[people] == pytest.approx(alone.mu, rel=1e-6)
    assert found.bread == pytest.approx(alone.cov_params(), rel=1e-5, abs=1e-9)
    assert clustered == pytest.approx(over_points.cov_params() * many / (many - 1), rel=1e-5, abs=1e-8)


@given(counts(), st.randoms(use_true_random=False))
def test_order_and_names_of_points_do_not_matter(rows: list[Row], random) -> None:
    shuffled = [(f"x{point}", *rest) for point, *rest in rows]
    random.shuffle(shuffled)
    assert_same(fitted(rows), fitted(shuffled))


@given(counts(), st.data())
def test_rows_may_be_cut_in_two(rows: list[Row], data: st.DataObject) -> None:
    cut = []
    for point, level, number, answered, yes in rows:
        some = data.draw(st.integers(0, yes))
        others = data.draw(st.integers(0, answered - yes))
        parts = [(some + others, some), (answered - some - others, yes - some)]
        cut += [(point, level, number, n, y) for n, y in parts if n]
    assert_same(fitted(rows), fitted(cut))


@given(counts(), st.sampled_from(LEVELS[1:]))
def test_another_reference_level_changes_only_what_levels_are_compared_with(rows: list[Row], reference: str) -> None:
    one, other = fitted(rows), fitted(rows, reference)
    assert one[0].probability == pytest.approx(other[0].probability, rel=1e-8)
    for in_one, in_other in zip(log_odds(one, "a"), log_odds(other, reference), strict=True):
        assert in_one == pytest.approx(in_other, rel=1e-7, abs=1e-9)


def log_odds(fitted: tuple[Logistic, np.ndarray], reference: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those of each level, and how much they change with the number; with both covariances."""
    at = np.array(
        [[1.0, *(float(of == to) for to in LEVELS if to != reference), 0.0] for of in LEVELS] + [[0, 0, 0, 1]]
    )
    return at @ fitted[0].beta, at @ fitted[0].bread @ at.T, at @ fitted[1] @ at.T


@given(counts())
def test_what_is_predicted_adds_up_to_what_was_seen(rows: list[Row]) -> None:
    y, n, design, _ = columns(rows)
    assert design.T @ (n * fitted(rows)[0].probability) == pytest.approx(design.T @ y, rel=1e-8)


NOTHING_TO_TELL = {
    "nobody answered": ([0, 0, 0], [0, 0, 0], [[1, 0], [1, 1], [1, 0]]),
    "everybody is positive": ([3, 4, 5], [3, 4, 5], [[1, 0], [1, 1], [1, 0]]),
    "nobody is positive": ([0, 0, 0], [3, 4, 5], [[1, 0], [1, 1], [1, 0]]),
    "a level of which everybody is positive": ([1, 4, 2], [3, 4, 5], [[1, 0], [1, 1], [1, 0]]),
    "a level that answers tell with certainty": ([0, 4, 0], [3, 4, 5], [[1, 0], [1, 1], [1, 0]]),
    "a level that nobody is at": ([1, 2, 2], [3, 4, 5], [[1, 0], [1, 0], [1, 0]]),
    "a column that is another": ([1, 2, 2], [3, 4, 5], [[1, 1, 1], [1, 0, 0], [1, 2, 2]]),
    "levels that are all of them": ([1, 2, 2], [3, 4, 5], [[1, 1, 0], [1, 0, 1], [1, 0, 1]]),
    "more columns than rows": ([1, 2], [3, 4], [[1, 1, 0], [1, 0, 1]]),
}


@pytest.mark.parametrize("what", NOTHING_TO_TELL)
def test_where_the_likelihood_has_no_maximum_there_is_no_fit(what: str) -> None:
    y, n, design = (np.array(part, dtype=float) for part in NOTHING_TO_TELL[what])
    assert fit(y, n, design) is None
    assert fit(y * 100_000, n * 100_000, design) is None


FAR_OFF = {
    "rounding alone makes steps of more than 1e-12": (59, 86, 133, 335, 340, 422, 435, 476),
    "a whole step leads past the maximum, and never back": (870, 1208, 2183, 2829, 2934),
}
"""Seeds of counts in the millions, of effects so strong that nearly everybody or nobody is positive at most levels."""


@pytest.mark.parametrize("why", FAR_OFF)
def test_millions_of_people_with_strong_effects_are_fitted(why: str) -> None:
    for seed in FAR_OFF[why]:
        random = np.random.default_rng(seed)
        design = np.column_stack([np.ones(8), random.integers(0, 2, (8, 2)), random.integers(0, 5, 8)]).astype(float)
        truth = random.normal(0, 3, 4)
        n = random.integers(1, 10**6, 8).astype(float)
        y = random.binomial(n.astype(int), expit(design @ truth)).astype(float)
        found = fit(y, n, design)
        assert found is not None
        assert (np.abs(found.beta - truth) < 5 * np.sqrt(np.diag(found.bread))).all()
        assert design.T @ (n * found.probability) == pytest.approx(design.T @ y, rel=1e-8)


def test_points_that_are_alike_have_no_variance_and_none_below_zero() -> None:
    """A product of matrices may round to less than zero, and its root to a warning."""
    for seed in range(200):
        random = np.random.default_rng(seed)
        many = int(random.integers(3, 9))
        once = np.column_stack([np.ones(many), random.integers(0, 2, (many, 2)), 30 * random.integers(0, 2, many)])
        n = random.integers(2, 50, many)
        y = random.binomial(n, 0.4)
        design, points = np.tile(once, (10, 1)), np.repeat(np.arange(10), many).astype(str)
        yes, answered = np.tile(y, 10).astype(float), np.tile(n, 10).astype(float)
        found = fit(yes, answered, design)
        if found is not None:
            variance = np.diag(clustered_covariance(found, yes, answered, design, points))
            assert (variance >= 0).all()
            assert np.sqrt(variance) == pytest.approx(0, abs=1e-9)


def test_one_point_tells_nothing_of_others() -> None:
    y, n, design, _ = columns([("p0", "a", 0, 5, 2), ("p0", "b", 1, 6, 3), ("p0", "c", 0, 4, 1), ("p0", "a", 3, 7, 3)])
    found = fit(y, n, design)
    assert found is not None
    assert np.isnan(clustered_covariance(found, y, n, design, np.array(["p0"] * 4))).all()


@given(st.floats(-1e4, 1e4))
def test_probabilities_of_any_log_odds(log_odds: float) -> None:
    found = float(probability(np.array([log_odds]))[0])
    assert 0 < found < 1
    assert found == pytest.approx(expit(log_odds), rel=1e-9, abs=1e-12)
