"""Control limits for counts of enumerators: how far from colleagues is further than chance.

What is expected. Somebody's records at a point are regarded as drawn without replacement from all records there, so
that their events follow a hypergeometric distribution; the sum over points has the mean and the variance of N. Mantel
and W. Haenszel, Statistical aspects of the analysis of data from retrospective studies of disease, Journal of the
National Cancer Institute 22 (1959), 719–748. Who has half of all records at a point has narrow limits there, for that
is half of what they are compared with; who is alone at a point has what was reported for what was expected.

Small numbers. Limits are quantiles of that sum itself, worked out by convolution, and of no normal distribution. With
one point and many colleagues they are the exact binomial limits of a funnel plot: D. J. Spiegelhalter, Funnel plots for
comparing institutional performance, Statistics in Medicine 24 (2005), 1185–1202.

Enumerators differ anyway, and many shares are judged at once: limits lie at three standard deviations, not two, and
are widened by over-dispersion. D. J. Spiegelhalter, Handling over-dispersion of performance indicators, Quality and
Safety in Health Care 14 (2005), 347–351.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Numbers = NDArray[np.float64]

WINSORISED = 0.1
"""The share of z-scores drawn in at each end, so that outliers do not widen the limits that should find them."""

_NOTHING = 1e-14
"""A probability that is left out: the tails that limits are taken from are larger by ten powers of ten."""


def moments(base: Counts, records: Counts, events: Counts) -> tuple[Numbers, Numbers]:
    """Mean and variance of the events among `base` of `records` records, when `events` of all records are events.

    Mantel and Haenszel (1959). One number a stratum; those of independent strata add up.
    """
    import numpy as np

    n, total, k = (numbers.astype(float) for numbers in (base, records, events))
    others = np.maximum(total - 1, 1)
    return n * k / total, n * k * (total - k) * (total - n) / (total**2 * others)


def widening(events: Counts, mean: Numbers, variance: Numbers) -> float:
    """√φ, at least 1: φ is the mean square of winsorised z-scores. Where no variance is, nothing is said about it."""
    import numpy as np

    usable = variance > 0
    if not usable.any():
        return 1.0
    scores = (events[usable] - mean[usable]) / np.sqrt(variance[usable])
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    return float(max(1.0, np.sqrt(np.mean(np.clip(scores, low, high) ** 2))))


def limits(base: Counts, records: Counts, events: Counts, deviations: float) -> tuple[int, int]:
    """The smallest and the greatest sum of events within so many standard deviations; one number a stratum.

    From a limit on, sums have at least the tail of the normal distribution at so many deviations; beyond it, less.
    """
    import numpy as np
    from scipy.special import ndtr

    first, chances = 0, np.ones(1)
    for n, total, k in zip(base, records, events, strict=True):
        least, of_stratum = _hypergeometric(int(n), int(total), int(k))
        chances = np.convolve(chances, of_stratum)
        possible = np.flatnonzero(chances > _NOTHING)
        chances = chances[possible[0] : possible[-1] + 1]
        first += least + int(possible[0])
    tail = float(ndtr(-deviations))
    low = int(np.argmax(np.cumsum(chances) >= tail))
    high = len(chances) - 1 - int(np.argmax(np.cumsum(chances[::-1]) >= tail))
    return first + low, first + high


def _hypergeometric(n: int, total: int, k: int) -> tuple[int, Numbers]:
    """The least events that n of `total` records can hold if k of all are events; and the chance of each number on."""
    import numpy as np
    from scipy.special import gammaln

    least = max(0, n + k - total)
    there = np.arange(least, min(n, k) + 1)

    def ways(of: int, chosen: Counts | int) -> Numbers:
        logarithms: Numbers = gammaln(of + 1) - gammaln(np.add(chosen, 1)) - gammaln(np.subtract(of, chosen) + 1)
        return logarithms

    return least, np.exp(ways(k, there) + ways(total - k, n - there) - ways(total, n))


def widened(low: int, high: int, mean: float, times: float) -> tuple[int, int]:
    """Limits so many times as far from the mean, to the whole numbers within."""
    if times == 1:
        return low, high
    return ceil(mean - times * (mean - low)), floor(mean + times * (high - mean))
