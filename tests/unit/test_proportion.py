"""Shares and Wilson intervals, against a textbook, and against SciPy over a grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from pipeline.stats.proportion import share, wilson

# R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I, score method without continuity correction.
# In R: DescTools::BinomCI(x = c(81, 15, 0, 1), n = c(263, 148, 20, 29), method = "wilson")
NEWCOMBE = [
    (81, 263, 0.25528852, 0.36620958),
    (15, 148, 0.0623864, 0.16048724),
    (0, 20, 0.0, 0.16112516),
    (1, 29, 0.0061132143, 0.17175522),
]


@pytest.mark.parametrize(("yes", "n", "low", "high"), NEWCOMBE)
def test_wilson_in_the_textbook(yes: int, n: int, low: float, high: float) -> None:
    assert np.allclose(wilson(yes / n, n), (low, high), rtol=0, atol=1e-7)


def test_wilson_equals_scipy() -> None:
    cells = [(yes, n) for n in (1, 2, 7, 30, 1000) for yes in range(0, n + 1, max(1, n // 7))]
    yes, n = np.array(cells).T
    expected = [binomtest(int(y), int(m)).proportion_ci(method="wilson") for y, m in cells]
    assert np.allclose(np.array(wilson(yes / n, n)).T, expected, rtol=0, atol=1e-12)


def test_wilson_at_another_confidence_equals_scipy() -> None:
    expected = binomtest(15, 148).proportion_ci(0.99, method="wilson")
    assert np.allclose(wilson(15 / 148, 148, confidence=0.99), expected, rtol=0, atol=1e-12)


def test_wilson_mirrors_yes_and_no() -> None:
    low, high = wilson(0.2, 50)
    mirrored_low, mirrored_high = wilson(0.8, 50)
    assert np.allclose((low, high), (1 - mirrored_high, 1 - mirrored_low))


def test_wilson_stays_between_0_and_1_and_holds_the_share() -> None:
    yes = np.arange(0, 21)
    low, high = wilson(yes / 20, np.full(21, 20))
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= yes / 20 + 1e-12).all()
    assert (high >= yes / 20 - 1e-12).all()


def test_nobody_answered_has_no_share_and_no_interval() -> None:
    nobody = share([0, 3], [0, 4])
    low, high = wilson(nobody, [0, 4])
    assert np.isnan([nobody[0], low[0], high[0]]).all()
    assert nobody[1] == 0.75
    assert not np.isnan([low[1], high[1]]).any()
