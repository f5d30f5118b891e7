"""Shares whose uncertainty takes monitoring points, not people, as what was sampled.

People met at one point are alike: they travelled together, were held in the same places, were asked by the same people.
Everything is computed from counts by point, so its cost does not grow with the number of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.stats.proportion import CONFIDENCE, WILSON, share, wilson
from pipeline.vocabulary import ALL, MISSING_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


KORN_GRAUBARD = "korn_graubard"
"""What tables call the interval of `korn_graubard`."""


@dataclass(frozen=True)
class Points:
    """Counts by monitoring point, and the points of each route.

    counts: `tables.COUNTS`, where anyone answered, with `route_of_point`, which tells the rows of `all` routes apart.
    of_route: route → its
    points with any respondent; people whose point is not known count as met at one point of their own. known: the
    routes for which some point is known.
    """

    counts: pd.DataFrame
    of_route: dict[str, int]
    known: frozenset[str]


def points_of(counts: pd.DataFrame) -> Points:
    """The counts of every monitoring point with anyone in a cell; those of all routes once more, by route."""
    met = counts[(counts["route"] != ALL) & (counts["monitoring_point"] != "")]
    by_route = met[met["group"] == ALL].groupby("route")["monitoring_point"]
    of_route = {str(route): int(n) for route, n in by_route.nunique().items()}
    known = frozenset(str(route) for route, points in by_route if set(points) - {*MISSING_WORDS})
    answering = met[met["answered"] > 0]
    rows = answering.assign(route_of_point=answering["route"])
    everywhere = {ALL} if known >= set(of_route) else set()
    return Points(pd.concat([rows, rows.assign(route=ALL)], ignore_index=True), of_route, known | everywhere)


@dataclass(frozen=True)
class Spread:
    """How far shares may be off, one value a cell.

    se: linearised standard error; deff: design effect; df: degrees of freedom. NaN where they cannot be known.
    """

    se: Floats
    deff: Floats
    df: Floats


def spread(points: Points, cells: pd.DataFrame, key: Sequence[str]) -> Spread:
    """The linearised standard error of the share in each cell, its design effect and its degrees of freedom.

    Estimates how much yes/answered would vary if other monitoring points of the same routes had been visited. With
    z_j = (yes_j − p · answered_j) / answered for point j, the variance is Σ_h m_h/(m_h−1) Σ_j (z_j − mean_h z)², over
    routes h and all m_h points of a route, those without anyone in the cell included as zeros. deff = variance /
    (p(1−p)/(n−1)), over what it would be for people drawn one by one with replacement, as `svymean(deff = "replace")`
    of R counts it. df = points with anyone in the cell − their routes.
    Source: Korn and Graubard (1999), Analysis of Health Surveys; Lumley (2010), Complex Surveys, for domains.
    Assumes that points were chosen independently within a route, which nobody did: it is a model.

    Parameters: cells with `key` (columns of the counts), `answered` and `yes`. Returns values for each of them; se and
    deff are NaN where nobody answered or a route of the cell has a single point.
    """
    sums = variance(linearised(points, cells, key), points, key)
    found = cells[[*key, "answered", "yes"]].merge(sums, on=list(key), how="left")
    n, p = found["answered"].to_numpy(float), share(found["yes"], found["answered"])
    of_points = found["variance"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(n > 1, p * (1 - p) / (n - 1), np.nan)
        deff = np.where(alone > 0, of_points / alone, np.nan)
    return Spread(np.sqrt(of_points), deff, (found["there"] - found["routes"]).to_numpy(float))


def variance(rows: pd.DataFrame, points: Points, key: Sequence[str]) -> pd.DataFrame:
    """The variance of each cell from the rows of `linearised`, with how many points and routes are there.

    Returns the key, variance, there, routes; cells without anyone have no row. variance is NaN where a route has a
    single point.
    """
    rows = rows.assign(z2=rows["z"] ** 2)
    of_route = rows.groupby([*key, "route_of_point"], as_index=False, sort=False).agg(
        z=("z", "sum"), z2=("z2", "sum"), there=("z", "size")
    )
    m = of_route["route_of_point"].map(points.of_route).astype(float)
    # Points without anyone in the cell add nothing to the sums, and stand in the number of points.
    around_mean = (of_route["z2"] - of_route["z"] ** 2 / m).clip(lower=0)
    of_route["variance"] = around_mean * m / (m - 1).where(m > 1)
    of_route["alone"] = m <= 1
    sums = of_route.groupby(list(key), as_index=False, sort=False).agg(
        variance=("variance", "sum"), there=("there", "sum"), routes=("there", "size"), alone=("alone", "any")
    )
    return sums.assign(variance=sums["variance"].mask(sums["alone"])).drop(columns="alone")


def linearised(points: Points, cells: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The counts by point in each cell, with z: what the point adds to how far the share may be off, as in `spread`."""
    whole = cells[[*key, "answered", "yes"]].rename(columns={"answered": "n", "yes": "y"})
    rows = points.counts.merge(whole, on=list(key))
    # Over one fraction, whole numbers stay exact: points with one share add 0, and not what rounding leaves of it.
    return rows.assign(z=(rows["yes"] * rows["n"] - rows["y"] * rows["answered"]) / (rows["n"] * 1.0) ** 2)


def standard_error(proportion: Floats, n: Floats, deff: Floats) -> Floats:
    """The standard error that a design effect stands for: √(deff · p(1−p)/(n−1)), as `spread` has it."""
    return np.asarray(np.sqrt(deff * proportion * (1 - proportion) / np.maximum(n - 1, 1)))


def korn_graubard(
    proportion: ArrayLike, n: ArrayLike, se: ArrayLike, df: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The Korn–Graubard interval of a share in the variant of the NCHS.

    Estimates the range of proportions under which the share would not be surprising, if as many people had been drawn
    one by one as the clustered sample is worth: n_e = p(1−p)/se², never above n; then n_e · (t_{n−1}/t_df)², again
    never above n; Clopper–Pearson on p·n_e of n_e. At 0 or n events, and where the standard error is 0 or the degrees
    of freedom are, n_e = n.
    Source: Parker et al. (2017), National Center for Health Statistics, Vital and Health Statistics 2(175). Assumes
    that points are independent.

    Parameters: of one shape. Returns low and high, of that shape, in [0, 1]; NaN where n is 0.
    """
    p, size = np.asarray(proportion, dtype=float), np.asarray(n, dtype=float)
    return clopper_pearson(p, effective_size(p, size, se, df, confidence), confidence)


@dataclass(frozen=True)
class Interval:
    """Intervals of shares, one value a cell.

    low, high: Korn–Graubard limits where by_points, Wilson's elsewhere; wilson: the latter everywhere. off: what the
    former are made from, NaN elsewhere.
    """

    low: Floats
    high: Floats
    by_points: NDArray[np.bool_]
    wilson: tuple[Floats, Floats]
    off: Spread


def interval(points: Points, cells: pd.DataFrame, key: Sequence[str]) -> Interval:
    """The interval of the share in each cell: over monitoring points where any is known and routes have several.

    Parameters: as `spread`; `route` is one of the key's columns.
    """
    proportion, n = share(cells["yes"], cells["answered"]), cells["answered"].to_numpy(float)
    off = spread(points, cells, key)
    low, high = korn_graubard(proportion, n, off.se, off.df)
    alone = wilson(proportion, n)
    by_points = (cells["route"].isin(points.known) & ~np.isnan(off.se)).to_numpy()
    return Interval(
        np.where(by_points, low, alone[0]),
        np.where(by_points, high, alone[1]),
        by_points,
        alone,
        Spread(*(np.where(by_points, values, np.nan) for values in (off.se, off.deff, off.df))),
    )


def described(found: Interval) -> dict[str, NDArray[Any]]:
    """The columns that tables have on intervals."""
    return {
        "ci_low": found.low,
        "ci_high": found.high,
        "ci_method": np.where(found.by_points, KORN_GRAUBARD, WILSON),
        "wilson_low": found.wilson[0],
        "wilson_high": found.wilson[1],
        "deff": found.off.deff,
        "df": found.off.df,
    }


NO_INTERVAL: dict[str, float | str] = {
    "ci_method": "",
    **dict.fromkeys(("ci_low", "ci_high", "wilson_low", "wilson_high", "deff", "df"), np.nan),
}
"""The same columns where none is worked out yet."""


def drawn_one_by_one(p: Floats, n: Floats, se: Floats) -> Floats:
    """How many people drawn one by one have the same standard error: p(1−p)/se², never above n, and n where se is 0."""
    alone, variance = p * (1 - p), np.asarray(se) ** 2
    fewer = alone < n * variance
    return np.where(n > 0, np.where(fewer, alone / np.where(fewer, variance, 1.0), n), np.nan)


def effective_size(p: Floats, n: Floats, se: ArrayLike, df: ArrayLike, confidence: float = CONFIDENCE) -> Floats:
    """How many people drawn one by one the sample is worth; see `korn_graubard`. Never above n; NaN where n is 0."""
    from scipy.special import stdtrit

    error, freedom = np.asarray(se, dtype=float), np.asarray(df, dtype=float)
    tail = 0.5 + confidence / 2
    usable = (n > 1) & (p > 0) & (p < 1) & (error > 0) & (freedom > 0)
    worth = drawn_one_by_one(p, n, error)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = stdtrit(np.where(usable, n - 1, 1), tail) / stdtrit(np.where(usable, freedom, 1), tail)
    return np.where(n > 0, np.where(usable, np.minimum(n, worth * ratio**2), n), np.nan)


def clopper_pearson(proportion: ArrayLike, n: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """The exact interval of a proportion for p·n events of n, neither of which need be whole.

    Estimates the range of proportions under which neither as few nor as many events would be surprising: low and high
    are the quantiles α/2 and 1 − α/2 of Beta(x, n−x+1) and Beta(x+1, n−x); 0 at x = 0 and 1 at x = n.
    Source: Clopper and Pearson (1934), Biometrika 26, 404–413. Assumes that people were drawn one by one.

    Parameters: of one shape. Returns low and high, of that shape; NaN where n is 0.
    """
    from scipy.special import betaincinv

    p, size = np.asarray(proportion, dtype=float), np.asarray(n, dtype=float)
    events, tail = p * size, (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(p > 0, betaincinv(np.maximum(events, 1e-300), size - events + 1, tail), 0.0)
        high = np.where(p < 1, betaincinv(events + 1, np.maximum(size - events, 1e-300), 1 - tail), 1.0)
    there = size > 0
    return np.where(there, low, np.nan), np.where(there, high, np.nan)
