"""Trends along time in transit, against statsmodels on random waves, and what must hold of any of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.trend import cochran_armitage, slope_over_points

Cell = tuple[str, int, int, int]
"""Point, score, answered, yes."""


@st.composite
def waves(draw: st.DrawFn) -> list[Cell]:
    """Some points of one route, each with people in some bins; some positive and some not in two bins at least."""
    cells = [("p0", 1, 5, 2), ("p1", 4, 6, 3)]
    for number in range(draw(st.integers(2, 6))):
        for score in draw(st.sets(st.integers(1, 5), min_size=1)):
            answered = draw(st.integers(1, 20))
            cells.append((f"p{number}", score, answered, draw(st.integers(0, answered))))
    return cells


def columns(cells: list[Cell]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    y, n, score = (np.array([cell[at] for cell in cells], dtype=float) for at in (3, 2, 1))
    return y, n, np.column_stack([np.ones(len(cells)), score]), np.array([cell[0] for cell in cells])


@given(waves())
@settings(max_examples=30)
def test_the_slope_is_what_statsmodels_finds(cells: list[Cell]) -> None:
    import statsmodels.api as sm

    y, n, design, point = columns(cells)
    people = np.repeat(np.arange(len(cells)), n.astype(int))
    positive = np.concatenate([[1] * int(yes) + [0] * int(of - yes) for yes, of in zip(y, n, strict=True)])
    groups = np.unique(point, return_inverse=True)[1][people]
    model = sm.GLM(positive, design[people], family=sm.families.Binomial())
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}, tol=1e-12)
    many = len(set(point))
    found = slope_over_points(y, n, design, point)
    assert found is not None
    assert found.slope == pytest.approx(fitted.params[1], rel=1e-6, abs=1e-9)
    assert found.se == pytest.approx(fitted.bse[1] * (many / (many - 1)) ** 0.5, rel=1e-5, abs=1e-9)
    assert found.df == many - 1


@given(waves())
def test_counting_bins_from_the_other_end_turns_the_slope_round(cells: list[Cell]) -> None:
    turned = [(point, 6 - score, answered, yes) for point, score, answered, yes in cells]
    one, other = (slope_over_points(*columns(some)) for some in (cells, turned))
    assert one is not None
    assert other is not None
    assert one.slope == pytest.approx(-other.slope, rel=1e-6, abs=1e-9)
    assert one.se == pytest.approx(other.se, rel=1e-6, abs=1e-9)


@given(waves(), st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(cells: list[Cell], random) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)
    one, other = (slope_over_points(*columns(some)) for some in (cells, shuffled))
    assert one is not None
    assert other is not None
    assert (one.slope, one.se) == pytest.approx((other.slope, other.se), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    "cells",
    [
        [("p0", 1, 10, 0), ("p1", 5, 10, 10)],
        [("p0", 1, 10, 4), ("p0", 5, 10, 6)],
        [("p0", 2, 10, 4), ("p1", 2, 10, 6)],
    ],
    ids=["separated", "one point", "one bin"],
)
def test_where_nothing_can_be_told_there_is_no_slope(cells: list[Cell]) -> None:
    assert slope_over_points(*columns(cells)) is None


def test_a_trend_in_a_textbook() -> None:
    """R: prop.trend.test(c(83, 90, 129, 70), c(86, 93, 136, 82)), from ?prop.trend.test: X² 8.2249, p 0.004132."""
    smokers, patients = (np.array(of, dtype=float) for of in ((83, 90, 129, 70), (86, 93, 136, 82)))
    found = cochran_armitage(smokers, patients, np.arange(1.0, 5.0))
    assert found["chi_square"] == pytest.approx(8.2249, abs=5e-5)
    assert 10 ** found["log10_p"] == pytest.approx(0.004132, abs=5e-7)
