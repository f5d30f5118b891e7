"""What follows from shares and their intervals alone, whoever worked them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Limited = tuple[ArrayLike, ArrayLike, ArrayLike]
    """Shares, their lower and their upper limits."""


def difference_from_limits(first: Limited, second: Limited) -> tuple[Floats, Floats, Floats]:
    """The difference of two shares, from nothing but each share and the ends of its interval.

    Estimates by how much the first may exceed the second: with l and u the limits of each share p, from
    d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²), where d = p₁ − p₂. Whatever the limits allow for, such as
    people met at one point being alike, this allows for as well.
    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693–1702; with Wilson limits it is that of Newcombe
    (1998).
    Assumes that the two shares are independent. Of two waves held at the same monitoring points they mostly rise and
    fall together; the interval is then too wide.

    Parameters: the first and the second share, each with its lower and upper limit, all of one shape or single numbers.
    Returns the difference, low and high, of that shape, in [−1, 1]; NaN where one of the six is.
    """
    p1, low1, high1 = (np.asarray(part, dtype=float) for part in first)
    p2, low2, high2 = (np.asarray(part, dtype=float) for part in second)
    difference = p1 - p2
    low, high = difference - np.hypot(p1 - low1, high2 - p2), difference + np.hypot(high1 - p1, p2 - low2)
    return np.asarray(difference), np.asarray(np.maximum(low, -1)), np.asarray(np.minimum(high, 1))
