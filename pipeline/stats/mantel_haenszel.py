"""Two groups compared within strata: what of their difference remains at equal time in transit."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from pipeline.stats.proportion import CONFIDENCE
from pipeline.stats.two_samples import log10_tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_YATES = 0.5


@dataclass(frozen=True)
class Stratified:
    """What `mantel_haenszel` finds. NaN stands for what cannot be told.

    chi_square, log10_p: of the test that the odds are the same in both groups. breslow_day, tarone: chi-squares, both
    with breslow_day_df, of the test that the odds ratio is the same in all strata.
    """

    odds_ratio: float
    odds_low: float
    odds_high: float
    risk_ratio: float
    ratio_low: float
    ratio_high: float
    chi_square: float
    log10_p: float
    breslow_day: float
    breslow_day_df: int
    breslow_day_log10_p: float
    tarone: float
    tarone_log10_p: float


@dataclass(frozen=True)
class _Strata:
    """Yes and no in both groups, by stratum; both groups have people in each."""

    yes1: Floats
    no1: Floats
    yes2: Floats
    no2: Floats

    @property
    def n1(self) -> Floats:
        return self.yes1 + self.no1

    @property
    def n2(self) -> Floats:
        return self.yes2 + self.no2

    @property
    def yes(self) -> Floats:
        return self.yes1 + self.yes2

    @property
    def no(self) -> Floats:
        return self.no1 + self.no2

    @property
    def n(self) -> Floats:
        return self.n1 + self.n2

    def where(self, chosen: NDArray[np.bool_]) -> _Strata:
        return _Strata(self.yes1[chosen], self.no1[chosen], self.yes2[chosen], self.no2[chosen])


def mantel_haenszel(
    y1: ArrayLike,
    n1: ArrayLike,
    y2: ArrayLike,
    n2: ArrayLike,
    confidence: float = CONFIDENCE,
    *,
    continuity: bool = False,
) -> Stratified:
    """Two groups compared within strata: common odds ratio and risk ratio, and whether strata agree.

    Estimates what multiplies the odds, and the share, of the second group to give those of the first, if it is the
    same in every stratum. With a and b the yes and no of the first group, c and d of the second, and N all in a
    stratum: odds ratio Σ ad/N / Σ bc/N; risk ratio Σ a(c+d)/N / Σ c(a+b)/N; chi-square with one degree of freedom
    (Σ (a − E a))² / Σ (a+b)(c+d)(a+c)(b+d) / N²(N−1), with E a = (a+b)(a+c)/N. Breslow–Day: Σ (a − A)²/V over strata,
    with A the yes of the first group that the common odds ratio gives at the same margins, and V the inverse of the
    sum of the inverses of the four counts there; Tarone's takes off (Σ (a − A))² / ΣV.
    Source: Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, 719–748; intervals by Robins,
    Breslow and Greenland (1986), Biometrics 42, 311–323 (odds), and Greenland and Robins (1985), Biometrics 41, 55–68
    (shares); Breslow and Day (1980), Statistical Methods in Cancer Research I, 142; Tarone (1985), Biometrika 72,
    91–95. Equals `mantelhaen.test` of R. Assumes that people were drawn one by one: on survey data intervals are too
    narrow and p is too small.

    Parameters: yes and answered of the first and of the second group, a number for each stratum. continuity takes ½
    off |Σ (a − E a)| where that is not below ½, as R does. A stratum in which a group has nobody adds nothing; one in
    which all said yes, or all no, adds nothing but what it does to the risk ratio; the rest, less one, are
    breslow_day_df. Returns NaN for an odds or risk ratio where it would be 0/0; for limits there and where the ratio is
    0 or infinity; for chi_square where no stratum has both groups and both answers; for Breslow–Day and Tarone where
    fewer than two have, or the odds ratio is 0 or infinity. Everything is NaN, and breslow_day_df is 0, if in any
    stratum a count is NaN or y is not within 0 and n.
    """
    strata = _strata(y1, n1, y2, n2)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    odds_ratio, odds_error = _odds_ratio(strata)
    risk_ratio, ratio_error = _risk_ratio(strata)
    odds_low, odds_high = _around(odds_ratio, odds_error, z)
    ratio_low, ratio_high = _around(risk_ratio, ratio_error, z)
    informative = strata.where((strata.yes > 0) & (strata.no > 0))
    chi_square = _chi_square(informative, continuity=continuity)
    breslow_day, tarone = _homogeneity(informative, odds_ratio)
    df = max(len(informative.n) - 1, 0)
    return Stratified(
        odds_ratio=odds_ratio,
        odds_low=odds_low,
        odds_high=odds_high,
        risk_ratio=risk_ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        chi_square=chi_square,
        log10_p=float(log10_tail(chi_square)),
        breslow_day=breslow_day,
        breslow_day_df=df,
        breslow_day_log10_p=float(log10_tail(breslow_day, max(df, 1))),
        tarone=tarone,
        tarone_log10_p=float(log10_tail(tarone, max(df, 1))),
    )


def _strata(y1: ArrayLike, n1: ArrayLike, y2: ArrayLike, n2: ArrayLike) -> _Strata:
    """The strata in which there is something to compare; one of NaN if some count is none."""
    given = np.broadcast_arrays(*(np.atleast_1d(np.asarray(some, dtype=float)) for some in (y1, n1, y2, n2)))
    first, of_first, second, of_second = given
    if not ((first >= 0) & (first <= of_first) & (second >= 0) & (second <= of_second)).all():
        nothing = np.array([np.nan])
        return _Strata(nothing, nothing, nothing, nothing)
    both = (of_first > 0) & (of_second > 0) & (of_first + of_second > 1)
    return _Strata(first, of_first - first, second, of_second - second).where(both)


def _odds_ratio(of: _Strata) -> tuple[float, float]:
    """The common odds ratio, and the standard error of its logarithm."""
    along, across = of.yes1 * of.no2 / of.n, of.no1 * of.yes2 / of.n
    one, other = along.sum(), across.sum()
    if not one > 0 or not other > 0:
        return _ratio(one, other), np.nan
    on, off = (of.yes1 + of.no2) / of.n, (of.no1 + of.yes2) / of.n
    variance = (
        (on * along).sum() / (2 * one**2)
        + (on * across + off * along).sum() / (2 * one * other)
        + (off * across).sum() / (2 * other**2)
    )
    return _ratio(one, other), float(np.sqrt(variance))


def _risk_ratio(of: _Strata) -> tuple[float, float]:
    """The common risk ratio, and the standard error of its logarithm."""
    one, other = (of.yes1 * of.n2 / of.n).sum(), (of.yes2 * of.n1 / of.n).sum()
    if not one > 0 or not other > 0:
        return _ratio(one, other), np.nan
    within = ((of.yes * of.n1 * of.n2 - of.yes1 * of.yes2 * of.n) / of.n**2).sum()
    return _ratio(one, other), float(np.sqrt(max(within, 0) / (one * other)))


def _ratio(one: float, other: float) -> float:
    if other > 0:
        return float(one / other)
    return np.inf if one > 0 else np.nan


def _around(ratio: float, error: float, z: float) -> tuple[float, float]:
    """The limits of a ratio; NaN where its error is 0, which would leave no width, or is not known."""
    off = z * error if error > 0 else np.nan
    return float(ratio * np.exp(-off)), float(ratio * np.exp(off))


def _chi_square(of: _Strata, *, continuity: bool) -> float:
    if not len(of.n):
        return np.nan
    off = abs(float((of.yes1 - of.n1 * of.yes / of.n).sum()))
    variance = (of.n1 * of.n2 * of.yes * of.no / (of.n**2 * (of.n - 1))).sum()
    return float((off - (_YATES if continuity and off >= _YATES else 0)) ** 2 / variance)


def _homogeneity(of: _Strata, odds_ratio: float) -> tuple[float, float]:
    """Breslow–Day, and Tarone's."""
    if len(of.n) < 2 or not 0 < odds_ratio < np.inf:
        return np.nan, np.nan
    yes1 = _expected(of.n1, of.n2, of.yes, of.no, odds_ratio)
    no1 = _expected(of.n1, of.n2, of.no, of.yes, 1 / odds_ratio)
    yes2 = _expected(of.n2, of.n1, of.yes, of.no, 1 / odds_ratio)
    no2 = _expected(of.n2, of.n1, of.no, of.yes, odds_ratio)
    variance = 1 / (1 / yes1 + 1 / no1 + 1 / yes2 + 1 / no2)
    off = of.yes1 - yes1
    breslow_day = float((off**2 / variance).sum())
    return breslow_day, breslow_day - float(off.sum() ** 2 / variance.sum())


def _expected(own: Floats, other: Floats, alike: Floats, unlike: Floats, odds: float) -> Floats:
    """How many of the `own` group answer `alike` when their odds are those of the `other` group times `odds`.

    The root A of A (other − alike + A) = odds · (own − A)(alike − A), by stratum, written so that nothing cancels.
    """
    slope = other - alike + odds * (own + alike)
    root = np.sqrt((odds * (own - alike) + other - alike) ** 2 + 4 * odds * alike * unlike)
    # A slope below 0 comes with odds below 1.
    steep = 2 * odds * own * alike / (root + np.maximum(slope, 0))
    return np.where(slope >= 0, steep, (root - slope) / (2 * (1 - odds) if odds < 1 else 1))
