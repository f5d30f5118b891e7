"""One group against another: how many times, and how many percentage points more, and whether they differ at all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points, linearised, standard_error, variance
from pipeline.stats.independence import rao_scott
from pipeline.stats.lacking import Lacking
from pipeline.stats.multiple import holm
from pipeline.stats.proportion import CONFIDENCE
from pipeline.stats.two_samples import koopman, miettinen_nurminen, newcombe
from pipeline.tables import CONTRASTS, conform
from pipeline.vocabulary import ALL, DECLINED, ROUTE, ROUTES, UNKNOWN, WITHHELD, Derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIDES = ("first", "second")
COMPARED = (ROUTE, "sex", "age_group", "travel_mode", "year_outside_origin")
"""What two groups may differ in."""

PAIR = ("compared", "route", "first", "second", "indicator")
"""What makes a contrast, in the order of the table. route: within which the two are; `all` for two routes."""

SINGLE = "single"
"""The family of the single indicators. A derived indicator is a family of its own."""


def pairs(estimates: pd.DataFrame) -> pd.DataFrame:
    """Every contrast that is made: pairs of routes, and pairs of levels within each route and over all; see `PAIR`."""
    indicators = list(dict.fromkeys(estimates["indicator"]))
    found = [(ROUTE, ALL, first, second) for first, second in combinations(ROUTES, 2)]
    for group in COMPARED[1:]:
        levels = estimates.loc[estimates["group"] == group, "level"]
        known = [level for level in dict.fromkeys(levels) if level not in (DECLINED, UNKNOWN)]
        found += [(group, route, *pair) for route in (*ROUTES, ALL) for pair in combinations(known, 2)]
    return pd.DataFrame([(*pair, name) for pair in found for name in indicators], columns=list(PAIR))


def contrasts(estimates: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Every pair of groups, for every indicator: `tables.CONTRASTS`.

    estimates: `tables.ESTIMATES`, exact or released; ties: what `tied` gives; nothing else goes into a contrast. A pair
    of which one share is not there, or has no interval over monitoring points, has its row without what needs it, and
    the reason.
    """
    frame = pairs(estimates).merge(ties, on=list(PAIR), how="left", validate="one_to_one")
    frame["family"] = frame["indicator"].where(frame["indicator"].isin([str(d) for d in Derived]), SINGLE)
    given = {side: _of(estimates, frame, side) for side in SIDES}
    for side, of in given.items():
        for name in ("answered", "share"):
            frame[f"{side}_{name}"] = of[name].to_numpy()
    withheld = np.logical_or(*((of["suppressed"] == WITHHELD).to_numpy() for of in given.values()))
    first, second = (_sure(of) for of in given.values())
    tie = Tie(*(frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("correlation", "df")))
    frame = frame.assign(
        wave=next(iter(estimates["wave"]), ""),
        **compare(first, second, tie),
        **_alone(first, second),
        **differ(first, second, tie),
        reason=np.where(withheld, "", _reasons(first, second, tie)),
        suppressed=np.where(withheld, WITHHELD, ""),
    )
    return conform(frame.assign(log10_p_holm=_within_families(frame)), CONTRASTS)


def _of(estimates: pd.DataFrame, frame: pd.DataFrame, side: str) -> pd.DataFrame:
    """The estimates of one side of each pair."""
    between = (frame["compared"] == ROUTE).to_numpy()
    cells = pd.MultiIndex.from_arrays(
        [
            frame["indicator"],
            np.where(between, frame[side], frame["route"]),
            np.where(between, ALL, frame["compared"]),
            np.where(between, ALL, frame[side]),
        ]
    )
    return estimates.set_index(["indicator", "route", "group", "level"]).reindex(cells)


def tied(points: Points, estimates: pd.DataFrame) -> pd.DataFrame:
    """How the two shares of a contrast go together over monitoring points.

    Estimates the correlation of two shares that were found at the same points: Σ_h m_h/(m_h−1) Σ_j (z_j − mean_h z)
    (w_j − mean_h w) over the product of their standard errors, with z and w what point j adds to the variance of each,
    over routes h and their m_h points. Two routes share no point: 0. df = points with anyone of either − their routes.
    Source: Lumley (2010), Complex Surveys, for differences of domains. Assumes that points are independent.

    Parameters: counts by point; exact `tables.ESTIMATES`. Returns `PAIR`, correlation and df, one row a contrast; NaN
    where it cannot be known.
    """
    frame = pairs(estimates)
    between = frame["compared"] == ROUTE
    routes = frame[between].assign(
        correlation=0.0,
        df=sum(_of(estimates, frame[between], side)["df"].to_numpy(float, na_value=np.nan) for side in SIDES),
    )
    key = ["indicator", "route", "group", "level"]
    cells = estimates[estimates["group"].isin(COMPARED[1:])]
    either = _of_either(linearised(points, cells, key), frame[~between], points)
    within = frame[~between].merge(either, on=list(PAIR), how="left", validate="one_to_one")
    a, b = (_sure(_of(estimates, within, side)).se for side in SIDES)
    covariance = (within["variance"].to_numpy(float) - a**2 - b**2) / 2
    within["correlation"] = np.divide(covariance, a * b, out=np.full(len(within), np.nan), where=a * b > 0)
    within["df"] = within["there"] - within["routes"]
    return pd.concat([routes, within], ignore_index=True)[[*PAIR, "correlation", "df"]]


def _of_either(rows: pd.DataFrame, frame: pd.DataFrame, points: Points) -> pd.DataFrame:
    """The variance of the sum of both shares of each pair, which holds their covariance twice."""
    sides = [frame[list(PAIR)].assign(group=frame["compared"], level=frame[side]) for side in SIDES]
    places = [*PAIR, "route_of_point", "monitoring_point"]
    found = pd.concat([rows.merge(side, on=["indicator", "route", "group", "level"]) for side in sides])
    return variance(found.groupby(places, as_index=False, sort=False)[["z"]].sum(), points, PAIR)


@dataclass(frozen=True)
class Sure:
    """Shares and how sure they are, of one shape. n: base; se: linearised standard error."""

    share: Floats
    n: Floats
    se: Floats


@dataclass(frozen=True)
class Tie:
    """How two shares go together over points: their correlation, and the degrees of freedom of both."""

    correlation: Floats
    df: Floats


def _sure(of: pd.DataFrame) -> Sure:
    p, n, deff = (of[k].to_numpy(np.float64, na_value=np.nan) for k in ("share", "answered", "deff"))
    return Sure(p, n, standard_error(p, n, deff))


def compare(first: Sure, second: Sure, tie: Tie) -> dict[str, Floats]:
    """The risk ratio and the risk difference of two groups, over monitoring points.

    Estimates how the share p of one group relates to the share q of another. Ratio: exp(log(p/q) ± t √(a² + b² −
    2rab)), a = se_p/p, b = se_q/q, by the delta method; difference: p − q ± t √(se_p² + se_q² − 2 r se_p se_q), with r
    the correlation of both over points, and t with their degrees of freedom.
    Source: Lumley (2010), Complex Surveys; Katz et al. (1978), Biometrics 34, 469–474, for the ratio.
    Assumes that points are independent; an interval of a difference of routes is as wide as their points make it.

    Parameters: p and q, of one shape. Returns risk_ratio, ratio_low, ratio_high, risk_difference, difference_low,
    difference_high, of that shape. NaN where a standard error is not known or is 0, as it is for a share of 0 or 1.
    """
    from scipy.special import stdtrit

    usable = (first.se > 0) & (second.se > 0) & (tie.df > 0) & np.isfinite(tie.correlation)
    p, q, a, b, r, df = (
        np.where(usable, values, np.nan)
        for values in (first.share, second.share, first.se, second.se, tie.correlation, tie.df)
    )
    t = stdtrit(df, 0.5 + CONFIDENCE / 2)
    ratio, off = p / q, t * _apart(a / p, b / q, r)
    difference, wide = p - q, t * _apart(a, b, r)
    return {
        "risk_ratio": ratio,
        "ratio_low": ratio * np.exp(-off),
        "ratio_high": ratio * np.exp(off),
        "risk_difference": difference,
        "difference_low": difference - wide,
        "difference_high": difference + wide,
    }


def _reasons(first: Sure, second: Sure, tie: Tie) -> NDArray[np.str_]:
    """Why a contrast is not there: a word of `Lacking` for each, or nothing."""
    shares, bases, errors = (
        np.array([getattr(side, name) for side in (first, second)]) for name in ("share", "n", "se")
    )
    found = {
        Lacking.NOBODY_ANSWERED: ~(bases > 0).all(axis=0),
        Lacking.SMALL_BASE: np.isnan(shares).any(axis=0),
        Lacking.NOBODY_OR_EVERYBODY: ((shares <= 0) | (shares >= 1)).any(axis=0),
        Lacking.NO_INTERVAL: np.isnan(errors).any(axis=0) | np.isnan(tie.df),
        Lacking.ONE_POINT: tie.df < 1,
        Lacking.NO_SPREAD: ~(errors > 0).all(axis=0) | np.isnan(tie.correlation),
    }
    return np.select(list(found.values()), [str(word) for word in found], "")


def _apart(a: Floats, b: Floats, r: Floats) -> Floats:
    """The standard error of a difference; rounding may leave its square a hair below 0."""
    return np.sqrt(np.maximum(a * a + b * b - 2 * r * a * b, 0))


def differ(first: Sure, second: Sure, tie: Tie) -> dict[str, Floats]:
    """f, and log10_p: whether two groups differ, by the Rao–Scott test; see `rao_scott`."""
    share, n = (np.column_stack(both) for both in ((first.share, second.share), (first.n, second.n)))
    between = tie.correlation * first.se * second.se
    covariance = np.empty((len(share), 2, 2))
    covariance[:, 0, 0], covariance[:, 1, 1] = first.se**2, second.se**2
    covariance[:, 0, 1] = covariance[:, 1, 0] = between
    test = rao_scott(share, n, covariance, tie.df)
    return {"f": test.f, "log10_p": test.log10_p}


def _alone(first: Sure, second: Sure) -> dict[str, Floats]:
    """Intervals that take people as drawn one by one, to show what monitoring points change."""
    counts = (first.share * first.n, first.n, second.share * second.n, second.n)
    methods = {"koopman": koopman, "newcombe": newcombe, "miettinen_nurminen": miettinen_nurminen}
    found = {name: method(*counts) for name, method in methods.items()}
    return {f"{name}_{end}": limits[i] for name, limits in found.items() for i, end in enumerate(("low", "high"))}


def _within_families(frame: pd.DataFrame) -> Floats:
    """log10 of p after Holm, over the indicators of a family and the pairs of one variable within a route."""
    log10_p, adjusted = frame["log10_p"].to_numpy(np.float64, na_value=np.nan), np.full(len(frame), np.nan)
    family = frame.groupby(["compared", "route", "family"], sort=False).ngroup().to_numpy()
    for one in np.unique(family):
        adjusted[family == one] = holm(log10_p[family == one])
    return adjusted
