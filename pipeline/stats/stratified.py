"""Routes compared among respondents whose journeys took equally long."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points
from pipeline.stats.independence import log10_p_of_f
from pipeline.stats.lacking import Lacking
from pipeline.stats.mantel_haenszel import mantel_haenszel
from pipeline.stats.trend import Slope, in_odds, slope_over_points, without_slope
from pipeline.stats.two_samples import odds_ratio, risk_ratio
from pipeline.tables import STRATIFIED, conform
from pipeline.vocabulary import ROUTES, TRANSIT_BINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_HAIR = 1e-9
_TAKEN_OVER = ("chi_square", "log10_p", "breslow_day", "breslow_day_df", "breslow_day_log10_p")


def stratified(points: Points, indicators: Iterable[str], wave: str) -> pd.DataFrame:
    """Every pair of routes, for every indicator, holding time in transit: `tables.STRATIFIED`.

    Bins of journey time in which only one of the two routes has anyone are left out, of the crude ratios too, so that
    crude and adjusted ones are about the same people. A pair that cannot be compared has its row without numbers, and
    the reason.
    """
    cells = points.counts
    cells = cells[(cells["group"] == "transit") & cells["level"].isin(TRANSIT_BINS) & cells["route"].isin(ROUTES)]
    of = dict(iter(cells.groupby(["indicator", "route"], sort=False)))
    rows = []
    for indicator in indicators:
        for first, second in combinations(ROUTES, 2):
            none = str(Lacking.NOBODY_ANSWERED)
            row: dict[str, object] = {"indicator": indicator, "first": first, "second": second, "answered": 0}
            row |= {"reason": none, "adjusted_reason": none}
            if (indicator, first) in of and (indicator, second) in of:
                row |= _compared(of[indicator, first], of[indicator, second], {first, second} <= points.known)
            rows.append(row)
    frame = pd.DataFrame(rows).assign(wave=wave, suppressed="")
    return conform(frame.reindex(columns=STRATIFIED.names), STRATIFIED)


def _compared(first: pd.DataFrame, second: pd.DataFrame, are_known: bool) -> dict[str, object]:
    sums = [of.groupby("level")[["answered", "yes"]].sum() for of in (first, second)]
    bins = [step for step in TRANSIT_BINS if all(step in of.index for of in sums)]
    if not bins:
        return dict.fromkeys(("reason", "adjusted_reason"), str(Lacking.NO_COMMON_BIN))
    (n1, y1), (n2, y2) = (of.loc[bins, ["answered", "yes"]].to_numpy(float).T for of in sums)
    return {
        "answered": n1.sum() + n2.sum(),
        **in_bins(y1, n1, y2, n2),
        **(adjusted(first, second, bins) if are_known else {"adjusted_reason": str(Lacking.POINTS_UNKNOWN)}),
    }


def in_bins(y1: Floats, n1: Floats, y2: Floats, n2: Floats) -> dict[str, object]:
    """What the counts of two routes tell without monitoring points: the columns up to reason of the table.

    Parameters: yes and answered of the first and of the second route, in each bin of journey time that both have.
    """
    found = mantel_haenszel(y1, n1, y2, n2)
    whole = (y1.sum(), n1.sum(), y2.sum(), n2.sum())
    return {
        "crude_risk_ratio": _finite(risk_ratio(*whole)[0]),
        "crude_odds_ratio": _finite(odds_ratio(*whole)[0]),
        "risk_ratio": _finite(found.risk_ratio),
        "ratio_low": found.ratio_low,
        "ratio_high": found.ratio_high,
        "odds_ratio": _finite(found.odds_ratio),
        "odds_low": found.odds_low,
        "odds_high": found.odds_high,
        **{name: getattr(found, name) for name in _TAKEN_OVER},
        "reason": "" if np.isfinite([found.ratio_low, found.odds_low]).all() else str(Lacking.NOBODY_OR_EVERYBODY),
    }


def _finite(ratio: object) -> float:
    value = float(ratio)  # type: ignore[arg-type]
    return value if np.isfinite(value) else float("nan")


def adjusted(first: pd.DataFrame, second: pd.DataFrame, bins: list[str]) -> dict[str, float | str]:
    """The odds ratio of two routes at equal journey time, over monitoring points.

    Estimates what multiplies the odds of the second route to give those of the first, in every bin alike: the
    coefficient of the route in a logistic regression with a level for each bin, its error over points
    (`logistic.clustered_covariance`), t with points less 2 degrees of freedom. Its p is the one to go by: that of
    Mantel and Haenszel takes people as drawn one by one.
    Source: Liang and Zeger (1986), Biometrika 73, 13–22. Assumes that points are independent.

    Parameters: counts by point of both routes; the bins in which both have people. Returns the columns of the table, or
    adjusted_reason alone where it cannot be told: points that do not differ at all, too few of them, or a bin in which
    nobody or everybody is positive.
    """
    rows = pd.concat([first.assign(is_first=1.0), second.assign(is_first=0.0)])
    rows = rows[rows["level"].isin(bins)]
    y, n = (rows[name].to_numpy(float) for name in ("yes", "answered"))
    levels = [(rows["level"] == step).to_numpy(float) for step in bins]
    point = (rows["route_of_point"] + " " + rows["monitoring_point"]).to_numpy(str)
    slope = slope_over_points(y, n, np.column_stack([*levels, rows["is_first"]]), point, routes=2)
    # Where points do not differ, rounding may leave an error of a hair.
    if slope is None or not slope.se > _HAIR:
        return {"adjusted_reason": str(Lacking.NO_SPREAD if slope else without_slope(point, 2, is_known=True))}
    return in_adjusted_odds(slope)


def in_adjusted_odds(slope: Slope) -> dict[str, float | str]:
    """The coefficient of the route as the columns of the table: odds ratio, interval, df, p, and no reason."""
    told = in_odds(slope)
    f = np.array([(slope.slope / slope.se) ** 2])
    return {
        "adjusted_odds_ratio": told["odds_ratio"],
        "adjusted_low": told["odds_low"],
        "adjusted_high": told["odds_high"],
        "df": slope.df,
        "adjusted_reason": "",
        "adjusted_log10_p": float(log10_p_of_f(f, np.ones(1), np.array([float(slope.df)]))[0]),
    }
