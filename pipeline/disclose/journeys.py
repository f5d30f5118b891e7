"""Trends along time in transit, and routes at equal time in transit, worked out from released counts of bins.

Readers can do the same with the released estimates. Only standard errors and degrees of freedom come from exact
numbers: they depend on single monitoring points, of which nothing is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.disclose.cells import numbers
from pipeline.disclose.policy import two_digits
from pipeline.stats.lacking import Lacking
from pipeline.stats.logistic import fit
from pipeline.stats.proportion import CONFIDENCE
from pipeline.stats.stratified import in_adjusted_odds, in_bins
from pipeline.stats.trend import Slope, along_time, in_odds, scored
from pipeline.tables import STRATIFIED, TRENDS
from pipeline.vocabulary import ALL, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NOBODY = str(Lacking.NOBODY_ANSWERED)
NOT_SEPARABLE = str(Lacking.NOT_SEPARABLE)

Cells = dict["Hashable", pd.DataFrame]


@dataclass(frozen=True)
class OverPoints:
    """What only points tell. se: standard error, to two digits; df: degrees of freedom; reason: why there is none."""

    se: float
    df: int
    reason: str


def trends_of_bins(exact: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """The rows of `tables.TRENDS` from released counts of bins.

    The slope is the logistic one over released yes and answered, with a level for each route. Its interval is
    exp(slope ± t · se), with the slope as it is before it is rounded, so that readers find the same, and the exact
    standard error to two digits. chi_square and answered are those of the released counts.

    Parameters: exact trends, of which slope_se, df, reason and names are read, and nothing else; released
    estimates. Returns numbers that are not rounded; those of a row of which a bin is withheld mean nothing.
    """
    bins, everywhere = _bins(released)
    rows = []
    for indicator, route, points in zip(exact["indicator"], exact["route"], _over_points(exact), strict=True):
        of = everywhere.get(indicator) if route == ALL else bins.get((indicator, route))
        rows.append(_trend(of, points))
    return _with(exact, ("wave", "indicator", "route"), rows, TRENDS.names)


def pairs_of_bins(exact: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """The rows of `tables.STRATIFIED` from released counts of the bins that both routes have.

    The adjusted odds ratio is that of a logistic regression on released yes and answered, with a level for each bin.
    Its interval and p are of that coefficient before it is rounded, and of the exact standard error to two digits,
    which follows from how wide the exact interval is.

    Parameters: exact rows, of which the width of the adjusted interval, df, adjusted_reason and names are
    read, and nothing else; released estimates. Returns numbers that are not rounded; those of a row of which a bin is
    withheld mean nothing.
    """
    bins, _ = _bins(released)
    width = np.log(numbers(exact["adjusted_high"])) - np.log(numbers(exact["adjusted_low"]))
    points = _over_points(exact.assign(slope_se=width / (2 * _quantile(exact)), reason=exact["adjusted_reason"]))
    names = (exact[name] for name in ("indicator", "first", "second"))
    rows = [
        _pair(bins.get((indicator, first)), bins.get((indicator, second)), of_pair)
        for indicator, first, second, of_pair in zip(*names, points, strict=True)
    ]
    return _with(exact, ("wave", "indicator", "first", "second"), rows, STRATIFIED.names)


def _quantile(exact: pd.DataFrame) -> Floats:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(numbers(exact["df"]), 0.5 + CONFIDENCE / 2), dtype=np.float64)


def _over_points(exact: pd.DataFrame) -> Iterator[OverPoints]:
    errors, degrees = two_digits(numbers(exact["slope_se"])), exact["df"].fillna(0)
    for se, df, reason in zip(errors, degrees, exact["reason"], strict=True):
        yield OverPoints(float(se), int(df), str(reason))


def _bins(released: pd.DataFrame) -> tuple[Cells, Cells]:
    """The released bins with anyone in them: of each indicator and route, and of each indicator on all its routes."""
    bins = scored(released)
    met = (bins["answered"] > 0).fillna(value=False).astype(bool)
    bins = bins[met & (bins["route"] != ALL) & (bins["suppressed"] != WITHHELD)]
    return dict(iter(bins.groupby(["indicator", "route"]))), dict(iter(bins.groupby("indicator")))


def _trend(bins: pd.DataFrame | None, points: OverPoints) -> dict[str, object]:
    if bins is None:
        return {"answered": 0, "reason": NOBODY}
    along = along_time(bins, bins["route"])
    answered = {"answered": int(along.n.sum())}
    if along.lacking:
        return {**answered, "reason": str(along.lacking)}
    if points.reason:
        return {**answered, **along.test(), "reason": points.reason}
    fitted = fit(along.y, along.n, along.design)
    if fitted is None:
        return {**answered, **along.test(), "reason": NOT_SEPARABLE}
    slope = Slope(float(fitted.beta[-1]), points.se, points.df)
    return {**answered, **in_odds(slope), **along.test(), "reason": ""}


def _pair(first: pd.DataFrame | None, second: pd.DataFrame | None, points: OverPoints) -> dict[str, object]:
    if first is None or second is None:
        return {"answered": 0, "reason": NOBODY, "adjusted_reason": NOBODY}
    both = first.merge(second, on="score", suffixes=("_1", "_2")).sort_values("score")
    if both.empty:
        return {"answered": 0, **dict.fromkeys(("reason", "adjusted_reason"), str(Lacking.NO_COMMON_BIN))}
    y1, n1, y2, n2 = (both[name].to_numpy(float) for name in ("yes_1", "answered_1", "yes_2", "answered_2"))
    answered = int(n1.sum() + n2.sum())
    return {"answered": answered, **in_bins(y1, n1, y2, n2), **_adjusted(y1, n1, y2, n2, points)}


def _adjusted(y1: Floats, n1: Floats, y2: Floats, n2: Floats, points: OverPoints) -> dict[str, float | str]:
    if points.reason:
        return {"adjusted_reason": points.reason}
    levels, is_first = np.tile(np.eye(len(n1)), (2, 1)), np.repeat([1.0, 0.0], len(n1))
    fitted = fit(np.append(y1, y2), np.append(n1, n2), np.column_stack([levels, is_first]))
    if fitted is None:
        return {"adjusted_reason": NOT_SEPARABLE}
    return in_adjusted_odds(Slope(float(fitted.beta[-1]), points.se, points.df))


def _with(
    exact: pd.DataFrame, kept: tuple[str, ...], rows: list[dict[str, object]], columns: list[str]
) -> pd.DataFrame:
    """Names of the exact rows, and all other columns from these rows, or nothing."""
    others = [name for name in columns if name not in kept]
    return pd.concat([exact[[*kept]], pd.DataFrame(rows, index=exact.index, columns=others)], axis=1)
