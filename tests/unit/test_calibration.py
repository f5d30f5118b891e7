"""Calibration, concordance and the Brier score against loops over people."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from pipeline.stats.calibration import brier, calibration, concordance

Row = tuple[float, int, int]
"""Predicted, positive, all."""

PREDICTIONS = st.one_of(
    st.integers(0, 20).map(lambda twentieth: twentieth / 20), st.floats(0, 1).map(lambda p: round(p, 6))
)
"""Many of them alike."""


@st.composite
def rows(draw: st.DrawFn, least: int = 0) -> list[Row]:
    found = []
    for p in draw(st.lists(PREDICTIONS, min_size=least, max_size=40)):
        n = draw(st.integers(least, 9))
        found.append((p, draw(st.integers(0, n)), n))
    return found


def columns(some: list[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return tuple(np.array([row[at] for row in some], dtype=float) for at in range(3))


def people(some: list[Row]) -> list[tuple[float, int]]:
    """Prediction and answer of each."""
    return [(p, answer) for p, y, n in some for answer in [1] * y + [0] * (n - y)]


def by_loops(some: list[Row]) -> dict[int, list[tuple[float, int]]]:
    """Tenth → its people: all of one prediction go where the one in their middle stands in the line."""
    everyone = sorted(people(some))
    tenths: dict[int, list[tuple[float, int]]] = {}
    before = 0
    for p in sorted({p for p, _ in everyone}):
        alike = [person for person in everyone if person[0] == p]
        # The middle is at (before + half of them) of all, counted in twentieths so that nothing is rounded.
        tenth = min((20 * before + 10 * len(alike)) // (2 * len(everyone)), 9) + 1
        tenths.setdefault(tenth, []).extend(alike)
        before += len(alike)
    return tenths


@given(rows())
def test_calibration_is_what_loops_find(some: list[Row]) -> None:
    found = calibration(*columns(some))
    expected = by_loops(some)
    assert list(found["tenth"]) == list(expected)
    for part, those in zip(found.itertuples(), expected.values(), strict=True):
        assert (part.answered, part.yes) == (len(those), sum(answer for _, answer in those))
        assert part.expected == pytest.approx(sum(p for p, _ in those) / len(those), rel=1e-9, abs=1e-12)
        assert part.observed == pytest.approx(part.yes / part.answered, rel=1e-12)


@given(rows(least=1))
def test_parts_are_in_order_and_hold_everybody_once(some: list[Row]) -> None:
    found = calibration(*columns(some))
    assert 1 <= len(found) <= 10
    assert found["tenth"].is_monotonic_increasing
    assert found["tenth"].is_unique
    assert found["tenth"].between(1, 10).all()
    assert (np.diff(found["expected"]) > -1e-12).all()
    assert found["answered"].sum() == sum(n for _, _, n in some)
    assert found["yes"].sum() == sum(y for _, y, _ in some)
    mean = sum(p * n for p, _, n in some)
    assert (found["expected"] * found["answered"]).sum() == pytest.approx(mean, rel=1e-9, abs=1e-12)


@given(rows(least=1))
def test_people_of_one_prediction_are_in_one_part(some: list[Row]) -> None:
    """So the people up to the end of each part are those up to some prediction."""
    predictions = sorted({p for p, _, _ in some})
    up_to = {sum(n for p, _, n in some if p <= last) for last in predictions}
    assert set(calibration(*columns(some))["answered"].cumsum()) <= up_to


@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(some: list[Row], random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    for measure in (concordance, brier):
        one, other = (measure(*columns(rows)) for rows in (some, shuffled))
        assert one == pytest.approx(other, rel=1e-9, nan_ok=True)
    pd.testing.assert_frame_equal(calibration(*columns(some)), calibration(*columns(shuffled)))


def test_a_thousand_people_of_whom_no_two_are_alike_are_cut_into_hundreds() -> None:
    p = np.random.default_rng(1).permutation(np.linspace(0.001, 0.999, 1000))
    found = calibration(p, (p > 0.5).astype(float), np.ones(1000))
    assert list(found["tenth"]) == list(range(1, 11))
    assert set(found["answered"]) == {100}
    assert list(found["observed"]) == [0] * 5 + [1] * 5
    assert found["expected"].to_numpy() == pytest.approx(np.arange(0.05, 1, 0.1), abs=1e-3)


def test_people_who_are_all_alike_are_one_part() -> None:
    found = calibration(np.full(3, 0.3), np.array([1.0, 2, 0]), np.array([5.0, 4, 1]))
    assert found.to_dict("list") == {
        "tenth": [6],
        "answered": [10],
        "yes": [3],
        "expected": [pytest.approx(0.3)],
        "observed": [0.3],
    }


# --- concordance ----------------------------------------------------------------------------------------------------


@given(rows())
def test_concordance_is_what_two_loops_find(some: list[Row]) -> None:
    everyone = people(some)
    pairs = [(p > q) + (p == q) / 2 for p, is_yes in everyone for q, is_other in everyone if is_yes and not is_other]
    expected = sum(pairs) / len(pairs) if pairs else math.nan
    assert concordance(*columns(some)) == pytest.approx(expected, rel=1e-12, nan_ok=True)


@given(rows().filter(lambda some: len({answer for _, answer in people(some)}) == 2))
def test_concordance_is_that_of_mann_and_whitney(some: list[Row]) -> None:
    positive, others = ([p for p, answer in people(some) if answer == of] for of in (1, 0))
    statistic = mannwhitneyu(positive, others, method="asymptotic", use_continuity=False).statistic
    assert concordance(*columns(some)) == pytest.approx(statistic / (len(positive) * len(others)), rel=1e-12)


def test_concordance_of_the_best_and_the_worst_predictions() -> None:
    p, n = np.array([0.1, 0.2, 0.9]), np.array([3.0, 2, 4])
    assert concordance(p, np.array([0.0, 0, 4]), n) == 1
    assert concordance(p, np.array([3.0, 2, 0]), n) == 0
    assert concordance(np.full(3, 0.4), np.array([1.0, 2, 0]), n) == 0.5


# --- Brier ----------------------------------------------------------------------------------------------------------


@given(rows(least=1).filter(len))
def test_the_brier_score_is_what_a_loop_finds(some: list[Row]) -> None:
    everyone = people(some)
    expected = sum((answer - p) ** 2 for p, answer in everyone) / len(everyone)
    assert brier(*columns(some)) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("some", [[], [(0.2, 0, 0)]], ids=["no rows", "rows without people"])
def test_without_anyone_there_is_nothing_to_tell(some: list[Row]) -> None:
    assert len(calibration(*columns(some))) == 0
    assert math.isnan(concordance(*columns(some)))
    assert math.isnan(brier(*columns(some)))


@given(rows(least=1), st.randoms(use_true_random=False))
def test_what_differs_by_rounding_is_equal(some: list[Row], random) -> None:
    moved = [(min(max(p + random.choice([-1e-13, 0, 1e-13]), 0), 1), y, n) for p, y, n in some]
    pd.testing.assert_frame_equal(calibration(*columns(some)), calibration(*columns(moved)))
    assert concordance(*columns(some)) == pytest.approx(concordance(*columns(moved)), rel=1e-12, nan_ok=True)
