"""How reports change along time in transit, from the shortest journeys to the longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points
from pipeline.stats.lacking import Lacking
from pipeline.stats.logistic import clustered_covariance, fit
from pipeline.stats.proportion import CONFIDENCE
from pipeline.stats.two_samples import log10_tail
from pipeline.tables import TRENDS, conform
from pipeline.vocabulary import ALL, ROUTES, TRANSIT_BINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NOTHING = dict.fromkeys(("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "df"), np.nan)
_NO_TEST = {"chi_square": np.nan, "log10_p": np.nan}


def trends(points: Points, indicators: Iterable[str], wave: str) -> pd.DataFrame:
    """The trend of every indicator on every route, and on all together with a level for each route: `tables.TRENDS`.

    Journeys of unknown length are left out. A trend that cannot be told, where nobody or everybody is positive or all
    are in one bin, has its row without numbers, and the reason.
    """
    cells = scored(points.counts)
    by_trend = dict(iter(cells.groupby(["indicator", "route"], sort=False)))
    rows = [
        {"indicator": indicator, "route": route, **_trend(by_trend.get((indicator, route)), route in points.known)}
        for indicator in indicators
        for route in (*ROUTES, ALL)
    ]
    return conform(pd.DataFrame(rows).assign(wave=wave, suppressed=""), TRENDS)


def scored(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows of bins of journey time, with the score of each: 1 for the shortest. cells: group, level."""
    place = {level: n for n, level in enumerate(TRANSIT_BINS, start=1)}
    bins = cells[(cells["group"] == "transit") & cells["level"].isin(place)]
    return bins.assign(score=bins["level"].map(place).astype(float))


def _trend(cells: pd.DataFrame | None, is_known: bool) -> dict[str, float | str]:
    if cells is None:
        return {"answered": 0, **_NOTHING, **_NO_TEST, "reason": str(Lacking.NOBODY_ANSWERED)}
    along = along_time(cells, cells["route_of_point"])
    answered = {"answered": along.n.sum()}
    if why := along.lacking:
        return {**answered, **_NOTHING, **_NO_TEST, "reason": str(why)}
    point = (cells["route_of_point"] + " " + cells["monitoring_point"]).to_numpy(str)
    slope = slope_over_points(along.y, along.n, along.design, point) if is_known else None
    reason = "" if slope else str(without_slope(point, along.routes.shape[1], is_known))
    return {**answered, **(in_odds(slope) if slope else _NOTHING), **along.test(), "reason": reason}


@dataclass(frozen=True)
class AlongTime:
    """Yes and answered of cells along time in transit. score: 1 to 5; routes: a column of 0 and 1 for each route."""

    y: Floats
    n: Floats
    score: Floats
    routes: Floats

    @property
    def lacking(self) -> Lacking | None:
        """Why no trend can be told of these cells, if none can."""
        if not self.n.sum() > 0:
            return Lacking.NOBODY_ANSWERED
        if len(set(self.score)) < 2:
            return Lacking.ONE_BIN
        return None if 0 < self.y.sum() < self.n.sum() else Lacking.NOBODY_OR_EVERYBODY

    @property
    def design(self) -> Floats:
        """The columns of the regression: the routes, and the score last."""
        return np.column_stack([self.routes, self.score])

    def test(self) -> dict[str, float]:
        """The test of a trend within routes, by `cochran_armitage`."""
        return cochran_armitage(self.y, self.n, self.score, self.routes.argmax(axis=1))


def along_time(cells: pd.DataFrame, route: pd.Series[str]) -> AlongTime:
    """Cells with anyone in them as numbers. cells: yes, answered, score; route: of each cell."""
    y, n, score = (cells[name].to_numpy(float) for name in ("yes", "answered", "score"))
    return AlongTime(y, n, score, pd.get_dummies(route).to_numpy(float))


def without_slope(point: NDArray[np.str_], routes: int, is_known: bool) -> Lacking:
    """Why there is no slope over points."""
    if not is_known:
        return Lacking.POINTS_UNKNOWN
    return Lacking.ONE_POINT if len(np.unique(point)) <= routes else Lacking.NOT_SEPARABLE


@dataclass(frozen=True)
class Slope:
    """A logistic slope with its standard error and degrees of freedom."""

    slope: float
    se: float
    df: int


def slope_over_points(
    y: Floats, n: Floats, design: Floats, point: NDArray[np.str_], routes: int | None = None
) -> Slope | None:
    """The trend along time in transit: a logistic slope, with a standard error over monitoring points.

    Estimates by how much the log odds of a positive response change from one bin of journey time to the next:
    the maximum of the likelihood with `logistic.clustered_covariance`, t with G − routes degrees of freedom over G
    points. Source: Liang and Zeger (1986), Biometrika 73, 13–22. Assumes that bins are equally far apart and that
    points are independent.

    Parameters: yes and answered in each cell; design: a column for each route and one with the score; point: of each
    cell; routes: how many they are on, where the other columns are not routes. Returns None where there are not more
    points than routes, or the likelihood has no maximum.
    """
    df = len(np.unique(point)) - (design.shape[1] - 1 if routes is None else routes)
    fitted = fit(y, n, design)
    if fitted is None or df < 1:
        return None
    covariance = clustered_covariance(fitted, y, n, design, point)
    return Slope(float(fitted.beta[-1]), float(np.sqrt(covariance[-1, -1])), df)


def in_odds(slope: Slope) -> dict[str, float]:
    """A slope as an odds ratio with its 95% interval, by t with its degrees of freedom."""
    from scipy.special import stdtrit

    off = float(stdtrit(slope.df, 0.5 + CONFIDENCE / 2)) * slope.se
    return {
        "slope": slope.slope,
        "slope_se": slope.se,
        "odds_ratio": np.exp(slope.slope),
        "odds_low": np.exp(slope.slope - off),
        "odds_high": np.exp(slope.slope + off),
        "df": slope.df,
    }


def cochran_armitage(y: Floats, n: Floats, score: Floats, stratum: NDArray[np.intp] | None = None) -> dict[str, float]:
    """The Cochran–Armitage test of a trend in proportions, within routes.

    Estimates whether shares rise or fall with the score s by more than chance: chi-square with one degree of freedom,
    (Σ_h Σ s (y − n p_h))² / Σ_h p_h(1−p_h) (Σ n s² − (Σ n s)² / N_h), with p_h the share of all of route h. Source:
    Armitage (1955), Biometrics 11, 375–386, with the strata of Mantel (1963), Journal of the American Statistical
    Association 58, 690–700; for one route it equals `prop.trend.test` of R. Assumes that people were drawn one by one,
    so it describes and does not test: p is too small. Its logarithm does not underflow.

    Parameters: yes, answered, score and route of each cell; without routes, all are one. Returns chi_square and
    log10_p; NaN where nobody, everybody, or one score is all there is on each route.
    """
    of = np.zeros(len(y), dtype=np.intp) if stratum is None else stratum
    whole, yes, scored, squares = (np.bincount(of, weights=w) for w in (n, y, n * score, n * score**2))
    there = whole > 0
    p = np.divide(yes, whole, out=np.zeros_like(whole), where=there)
    around_mean = squares - np.divide(scored**2, whole, out=np.zeros_like(whole), where=there)
    spread = float((p * (1 - p) * around_mean).sum())
    chi_square = float((score * (y - n * p[of])).sum() ** 2 / spread) if spread > 0 else float("nan")
    return {"chi_square": chi_square, "log10_p": float(log10_tail(chi_square))}
