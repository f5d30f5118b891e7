"""Control limits for shares of enumerators: how far from colleagues is further than chance.

Exact binomial limits around what is expected, widened by over-dispersion: D. J. Spiegelhalter, Funnel plots for
comparing institutional performance, Statistics in Medicine 24 (2005), 1185–1202, and Handling over-dispersion of
performance indicators, Quality and Safety in Health Care 14 (2005), 347–351.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Numbers = NDArray[np.float64]

WINSORISED = 0.1
"""The share of z-scores drawn in at each end, so that outliers do not widen the limits that should find them."""


def widening(events: Counts, base: Counts, expected: Numbers) -> float:
    """√φ, at least 1: φ is the mean square of winsorised z-scores. Shares near 0 or 1 say nothing about it."""
    import numpy as np

    variance = base * expected * (1 - expected)
    usable = variance > 0
    if not usable.any():
        return 1.0
    scores = (events[usable] - base[usable] * expected[usable]) / np.sqrt(variance[usable])
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    return float(max(1.0, np.sqrt(np.mean(np.clip(scores, low, high) ** 2))))


def limits(base: Counts, expected: Numbers, deviations: float) -> tuple[Counts, Counts]:
    """The smallest and the greatest count within so many standard deviations, by the binomial distribution."""
    from scipy.special import ndtr

    tail = float(ndtr(-deviations))
    return _quantile(tail, base, expected), base - _quantile(tail, base, 1 - expected)


def _quantile(tail: float, base: Counts, share: Numbers) -> Counts:
    """The smallest count k with P(X ≤ k) ≥ tail, for X binomial."""
    import numpy as np
    from scipy.special import bdtr, bdtrik

    # At a share of 0 or 1 there is one possible count; the inverse is not defined there.
    inside = np.clip(share, 1e-12, 1 - 1e-12)
    near = np.nan_to_num(np.ceil(bdtrik(tail, base, inside)), nan=0.0)
    below = np.maximum(near - 1, 0)
    found = np.where(bdtr(below, base, inside) >= tail, below, near)
    counts: Counts = np.clip(found, 0, base).astype(np.int64)
    return counts
