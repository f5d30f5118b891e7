"""Two shares side by side as if people had been drawn one by one: what contrasts look like when points are ignored.

y and n are counts, and need not be whole, as released numbers are rounded.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from pipeline.stats.limits import difference_from_limits
from pipeline.stats.proportion import CONFIDENCE, wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_HALVINGS = 64
_FARTHEST = 100.0
"""Logarithms of what is searched stay within these; any counts that fit into memory need far less."""


def newcombe(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The hybrid score interval of the difference of two shares.

    Estimates by how much the first proportion may exceed the second: with l and u the Wilson limits of each share p,
    from d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²), where d = p₁ − p₂.
    Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10, without continuity correction.
    Assumes that people were drawn one by one and that the two groups share nobody; on survey data it is too narrow.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns low and
    high, of that shape, in [−1, 1]; NaN where nobody answered in a group, or y is not within 0 and n.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    p1, p2 = y1 / n1, y2 / n2
    _, low, high = difference_from_limits((p1, *wilson(p1, n1, confidence)), (p2, *wilson(p2, n2, confidence)))
    return low, high


def miettinen_nurminen(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The score interval of the difference of two shares.

    Estimates the range of differences δ that a score test would not reject: (p₁ − p₂ − δ)² ≤ z² · V(δ) · N/(N−1), with
    V(δ) = r₁(1−r₁)/n₁ + r₂(1−r₂)/n₂ at the likeliest proportions r₁ and r₂ with r₁ − r₂ = δ, and N = n₁ + n₂.
    Source: Miettinen and Nurminen (1985), Statistics in Medicine 4, 213–226. Assumes that people were drawn one by one
    and that the two groups share nobody; on survey data it is too narrow.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns low and
    high, of that shape, in [−1, 1]; NaN where nobody answered in a group, y is not within 0 and n, or N is not above 1.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    z = _quantile(confidence)
    return _least_difference(y1, n1, y2, n2, z), -_least_difference(y2, n2, y1, n1, z)


def _least_difference(y1: Floats, n1: Floats, y2: Floats, n2: Floats, z: float) -> Floats:
    # Whatever δ is, (y₁ − n₁r₁) / r₁(1−r₁) = λ = −(y₂ − n₂r₂) / r₂(1−r₂) for some λ, and p₁ − p₂ − δ = λ V. So λ is
    # looked for instead of δ: r₁ and r₂ then come from a quadratic each, and not from a cubic that loses digits.
    whole = n1 + n2
    enough = np.square(z) * whole / np.where(whole > 1, whole - 1, np.nan)

    def at(strength: Floats) -> tuple[Floats, Floats]:
        return _drawn(y1, n1, strength), _drawn(n2 - y2, n2, strength)

    def is_kept(logarithm: Floats) -> NDArray[np.bool_]:
        strength = np.exp(logarithm)
        r1, other2 = at(strength)
        variance = r1 * (1 - r1) / n1 + other2 * (1 - other2) / n2
        return np.asarray(np.square(strength) * variance <= enough)

    r1, other2 = at(np.exp(_greatest(is_kept, y1.shape)))
    # NaN in `enough` is NaN in the limit.
    return np.asarray(r1 + other2 - 1 + 0 * enough)


def _drawn(y: Floats, n: Floats, strength: Floats) -> Floats:
    """The r in [0, 1] with y − n r = λ r (1−r), for λ > 0: a share that is drawn below y/n."""
    root = np.sqrt(np.square(n - strength) + 4 * strength * (n - y))
    return np.asarray(2 * y / (n + strength + root))


def koopman(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The score interval of the ratio of two shares.

    Estimates the range of ratios φ that a score test would not reject: (p₁ − φ p₂)² ≤ z² · V(φ), with
    V(φ) = r₁(1−r₁)/n₁ + φ² r₂(1−r₂)/n₂ at the likeliest proportions r₁ and r₂ with r₁ = φ r₂.
    Source: Koopman (1984), Biometrics 40, 513–517. Assumes that people were drawn one by one and that the two groups
    share nobody; on survey data it is too narrow.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns low and
    high, of that shape. low is 0 where nobody in the first group said yes, high is infinity where nobody in the second
    did, so 0 to infinity where nobody did at all; NaN where nobody answered in a group, or y is not within 0 and n.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    z = _quantile(confidence)
    with np.errstate(divide="ignore"):
        return _least_ratio(y1, n1, y2, n2, z), 1 / _least_ratio(y2, n2, y1, n1, z)


def _least_ratio(y1: Floats, n1: Floats, y2: Floats, n2: Floats, z: float) -> Floats:
    def is_rejected(logarithm: Floats) -> NDArray[np.bool_]:
        ratio = np.exp(logarithm)
        # The quadratic (n₁+n₂) r₁² − (φ(n₁+y₂) + n₂+y₁) r₁ + φ(y₁+y₂) = 0, its root written so that nothing cancels.
        left, right = ratio * (n1 + y2), n2 + y1
        root = np.sqrt(np.square(left - right) + 4 * ratio * (n1 - y1) * (n2 - y2))
        r2 = 2 * (y1 + y2) / (left + right + root)
        r1 = ratio * r2
        variance = r1 * (1 - r1) / n1 + np.square(ratio) * r2 * (1 - r2) / n2
        # Rounding may leave a variance of 0 a hair below.
        return np.asarray(y1 / n1 - ratio * (y2 / n2) > z * np.sqrt(np.maximum(variance, 0)))

    return np.where(y1 > 0, np.exp(_greatest(is_rejected, y1.shape)), 0 * y1)


def katz(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The logarithmic interval of the ratio of two shares.

    Estimates the range of the ratio of two proportions: exp(log(p₁/p₂) ± z √((1−p₁)/y₁ + (1−p₂)/y₂)).
    Source: Katz et al. (1978), Biometrics 34, 469–474. Assumes that people were drawn one by one, that the two groups
    share nobody, and that counts are not small; on survey data it is too narrow.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns low and
    high, of that shape; NaN where in a group nobody answered or nobody said yes, where in both everybody did, which
    leaves no width, or where y is not within 0 and n.
    """
    return risk_ratio(y1, n1, y2, n2, confidence)[1:]


def risk_ratio(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats, Floats]:
    """The ratio of two shares, and its interval by `katz`, elementwise.

    Estimates how many times the second proportion the first is: p₁/p₂. Source and assumptions are those of `katz`.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns the
    ratio, low and high, of that shape. The ratio is 0 where only the first group has no yes, infinity where only the
    second has none, and NaN where neither has one or there are no shares; low and high are NaN as `katz` says.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (y1 / n1) / (y2 / n2)
        # Written so that it is 0, and not nearly 0, where everybody said yes.
        error = np.sqrt((n1 - y1) / (n1 * y1) + (n2 - y2) / (n2 * y2))
    return (ratio, *_around(ratio, error, confidence))


def odds_ratio(
    y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats, Floats]:
    """The ratio of the odds of two shares, and its logarithmic interval, elementwise.

    Estimates by what the odds of the second group are multiplied to give those of the first: with x = n − y, the ratio
    is y₁x₂ / x₁y₂, and its limits are exp(log(ratio) ± z √(1/y₁ + 1/x₁ + 1/y₂ + 1/x₂)).
    Source: Woolf (1955), Annals of Human Genetics 19, 251–253. Assumes that people were drawn one by one, that the two
    groups share nobody, and that counts are not small; on survey data it is too narrow.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns the
    ratio, low and high, of that shape. Where y or x is 0 in a group low and high are NaN; the ratio is 0 or infinity
    there, and NaN where it would be 0/0. All are NaN where nobody answered in a group, or y is not within 0 and n.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    x1, x2 = n1 - y1, n2 - y2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (y1 * x2) / (x1 * y2)
        error = np.sqrt(1 / y1 + 1 / x1 + 1 / y2 + 1 / x2)
    return (ratio, *_around(ratio, error, confidence))


def pearson(y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats]:
    """The chi-square test that two shares are of one proportion, elementwise.

    Estimates how surprising the difference would be if there were none: (p₁ − p₂)² / (p(1−p)(1/n₁ + 1/n₂)), with p the
    share of all, has one degree of freedom.
    Source: Pearson (1900), Philosophical Magazine 50, 157–175; equals `chisq.test(correct = FALSE)` of R. Assumes that
    people were drawn one by one, so that on survey data p is too small: it describes and does not test.

    Parameters: yes and answered of the first and of the second group, of one shape or single numbers. Returns
    chi_square and log10 of its p, of that shape; NaN where nobody answered in a group, where nobody or everybody said
    yes, or where y is not within 0 and n.
    """
    y1, n1, y2, n2 = _counts(y1, n1, y2, n2)
    whole, yes = n1 + n2, y1 + y2
    apart = yes * (whole - yes) * n1 * n2
    chi_square = whole * np.square(y1 * n2 - y2 * n1) / np.where(apart > 0, apart, np.nan)
    return np.asarray(chi_square), log10_tail(chi_square)


def log10_tail(chi_square: ArrayLike, df: int = 1) -> Floats:
    """log10 of the probability that chi-square is at least as great as this by chance, elementwise.

    With h = chi_square / 2: erfc(√h) if df is odd, exp(−h) if it is even, plus Σ hᵃ exp(−h) / Γ(a+1) over a = ½, 1½, …
    or 1, 2, … below df/2. It is summed in logarithms and so does not underflow. Source: Abramowitz and Stegun (1964),
    Handbook of Mathematical Functions, 26.4.4 and 26.4.5.

    Parameters: chi_square, not below 0, of any shape; df: 1 or more. Returns values of that shape; NaN where it is NaN.
    """
    from scipy.special import gammaln, log_ndtr, xlogy

    value = np.asarray(chi_square, dtype=float)
    half = value / 2
    is_odd = df % 2
    tail = np.log(2) + log_ndtr(-np.sqrt(value)) if is_odd else -half
    with np.errstate(invalid="ignore"):
        for power in np.arange(0.5 if is_odd else 1.0, df / 2):
            tail = np.logaddexp(tail, xlogy(power, half) - half - gammaln(power + 1))
    # A sum of all there is may be a hair above 1.
    return np.asarray(np.minimum(tail, 0) / np.log(10))


def _counts(y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """All as floats of one shape; NaN throughout where one of them is no count."""
    given = np.broadcast_arrays(*(np.asarray(some, dtype=float) for some in (y1, n1, y2, n2)))
    first, of_first, second, of_second = given
    usable = (
        (first >= 0) & (first <= of_first) & (second >= 0) & (second <= of_second) & (of_first > 0) & (of_second > 0)
    )
    y1, n1, y2, n2 = (np.where(usable, some, np.nan) for some in given)
    return y1, n1, y2, n2


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _around(ratio: Floats, error: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The limits of a ratio whose logarithm has this standard error; NaN where that is 0 or not finite."""
    usable = np.isfinite(error) & (error > 0)
    off = _quantile(confidence) * np.where(usable, error, np.nan)
    middle = np.where(usable, ratio, np.nan)
    return np.asarray(middle * np.exp(-off)), np.asarray(middle * np.exp(off))


def _greatest(holds: Callable[[Floats], NDArray[np.bool_]], shape: tuple[int, ...]) -> Floats:
    """Up to where `holds`, which is true and from some number on false, elementwise; by halving."""
    below, above = np.full(shape, -_FARTHEST), np.full(shape, _FARTHEST)
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        there = holds(middle)
        below, above = np.where(there, middle, below), np.where(there, above, middle)
    return below
