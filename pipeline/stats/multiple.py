"""Many tests at once: p values that count how many there were. Logarithms throughout, so that nothing underflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def holm(log10_p: ArrayLike) -> Floats:
    """Adjusted p values that keep the chance of any false alarm in the family below the level.

    Estimates at which level a test would be rejected by Holm's steps: with m tests and p₍₁₎ ≤ … ≤ p₍ₘ₎, the i-th is
    max over j ≤ i of (m − j + 1) · p₍ⱼ₎, never above 1.
    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65–70; equals `p.adjust(method = "holm")` of R. Assumes
    nothing about how the tests depend on one another.

    Parameters: log10 of the p values of one family, of any shape. Returns log10 of the adjusted ones, of that shape;
    NaN where p is NaN, which does not count as a test.
    """
    given, order = _in_order(log10_p)
    tests = len(order)
    stepped = given[order] + np.log10(tests - np.arange(tests))
    return _put_back(np.maximum.accumulate(stepped), order, given, log10_p)


def benjamini_hochberg(log10_p: ArrayLike) -> Floats:
    """Adjusted p values that keep the share of false alarms among all alarms below the level, on average.

    Estimates at which level a test would be rejected: with m tests and p₍₁₎ ≤ … ≤ p₍ₘ₎, the i-th is the least over
    j ≥ i of m/j · p₍ⱼ₎, never above 1.
    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300; equals
    `p.adjust(method = "BH")` of R. Assumes that the tests are independent or depend on one another positively.

    Parameters: log10 of the p values of one family, of any shape. Returns log10 of the adjusted ones, of that shape;
    NaN where p is NaN, which does not count as a test.
    """
    given, order = _in_order(log10_p)
    tests = len(order)
    stepped = given[order] + np.log10(tests / np.arange(1, tests + 1))
    return _put_back(np.minimum.accumulate(stepped[::-1])[::-1], order, given, log10_p)


def _in_order(log10_p: ArrayLike) -> tuple[Floats, NDArray[np.intp]]:
    """The values in a row, and where the tests among them stand, the least p first."""
    given = np.asarray(log10_p, dtype=float).ravel()
    return given, np.argsort(given, kind="stable")[: np.count_nonzero(~np.isnan(given))]


def _put_back(adjusted: Floats, order: NDArray[np.intp], given: Floats, like: ArrayLike) -> Floats:
    back = np.full_like(given, np.nan)
    back[order] = np.minimum(adjusted, 0)
    return back.reshape(np.shape(like))
