"""Shares and their intervals."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
WILSON = "wilson"
"""What tables call the interval of `wilson`."""


def share(yes: ArrayLike, answered: ArrayLike) -> NDArray[np.float64]:
    """yes / answered, elementwise; NaN where nobody answered."""
    successes, base = np.asarray(yes, dtype=float), np.asarray(answered, dtype=float)
    return np.asarray(np.divide(successes, base, out=np.full_like(successes, np.nan), where=base > 0))


def wilson(
    proportion: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Wilson score interval of a proportion.

    Estimates the range of proportions p0 that a score test at 1 − confidence would not reject:
    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), with z the normal quantile.
    Source: E. B. Wilson (1927), JASA 22, 209–212. Assumes that people were drawn one by one; on survey data, where
    people at one point are alike, it is too narrow.

    Parameters: proportions and numbers of people, of one shape. Returns low and high, of that shape, in [0, 1]; NaN
    where n is 0.
    """
    p, size = np.asarray(proportion, dtype=float), np.asarray(n, dtype=float)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    size = np.where(size > 0, size, np.nan)
    centre = p + z * z / (2 * size)
    half = z * np.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    # At 0 and 1 one end is 0 or 1 exactly; rounding may leave it a hair outside.
    return np.clip((centre - half) / scale, 0, 1), np.clip((centre + half) / scale, 0, 1)
