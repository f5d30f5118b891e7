"""Whether a share is firm enough to be presented, by the standards of the NCHS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.stats.clustered import Spread, drawn_one_by_one

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST = 30
WIDEST, NARROW, RELATIVE = 0.30, 0.05, 1.30
FEW_POINTS = 8


def reliability(p: Floats, n: Floats, low: Floats, high: Floats, off: Spread) -> NDArray[np.str_]:
    """Whether a share is firm enough to be presented: yes, no or review.

    Estimates nothing; it judges. no: fewer than 30 people, or as many as 30 drawn one by one, or all of them at one
    point, where nothing is known of how far points lie apart; an interval as wide as .30; or one wider than .05 that is
    wider than 130% of the share. review: fewer than 8 degrees of freedom, a share of 0 or 1, or one whose complement
    would be no.
    Source: Parker et al. (2017), National Center for Health Statistics, Vital and Health Statistics 2(175). Assumes an
    interval over monitoring points; without one nothing is said.

    Parameters: of one shape; low and high are the Korn–Graubard limits of p, off is what they were made from. Returns
    a word for each; empty where nobody answered.
    """
    worth, width = drawn_one_by_one(p, n, off.se), high - low
    too_few = (n < FEWEST) | (worth < FEWEST) | (off.df < 1)
    is_wide = (width > NARROW) & (width > RELATIVE * p)
    complement_is_wide = (width > NARROW) & (width > RELATIVE * (1 - p))
    doubtful = (off.df < FEW_POINTS) | (p <= 0) | (p >= 1) | complement_is_wide
    verdict = np.where(too_few | (width >= WIDEST) | is_wide, "no", np.where(doubtful, "review", "yes"))
    return np.where(n > 0, verdict, "")
