"""What missing answers could change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.stats.proportion import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def bounds(yes: ArrayLike, undecided: ArrayLike, asked: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and the greatest share among all who were asked, whatever the missing answers would have been.

    low = yes / asked: every missing answer a no. high = (yes + undecided) / asked: every missing answer that could
    turn someone into a yes, a yes. Source: C. F. Manski (1989), Journal of Human Resources 24, 343–360. Assumes
    nothing about why answers are missing.

    Parameters: people, of one shape; undecided are those not counted as yes whom a missing answer could make one.
    Returns low and high, of that shape; NaN where nobody was asked.
    """
    possible = np.asarray(yes, dtype=float) + np.asarray(undecided, dtype=float)
    return share(yes, asked), share(possible, asked)
