"""How reports change along time in transit, from the shortest journeys to the longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points
from pipeline.stats.proportion import CONFIDENCE
from pipeline.tables import TRENDS, conform
from pipeline.vocabulary import ALL, ROUTES, TRANSIT_BINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 50
_EXACT = 1e-12
_NOTHING = dict.fromkeys(("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "df"), np.nan)
_NO_TEST = {"chi_square": np.nan, "log10_p": np.nan}


def trends(points: Points, indicators: Iterable[str], wave: str) -> pd.DataFrame:
    """The trend of every indicator on every route, and on all together with a level for each route: `tables.TRENDS`.

    Journeys of unknown length are left out. A trend that cannot be told, where nobody or
    everybody is positive or all are in one bin, has its row without numbers.
    """
    place = {level: n for n, level in enumerate(TRANSIT_BINS, start=1)}
    cells = points.counts
    cells = cells[(cells["group"] == "transit") & cells["level"].isin(place)]
    cells = cells.assign(score=cells["level"].map(place).astype(float))
    by_trend = dict(iter(cells.groupby(["indicator", "route"], sort=False)))
    rows = [
        {"indicator": indicator, "route": route} | _trend(by_trend.get((indicator, route)), route in points.known)
        for indicator in indicators
        for route in (*ROUTES, ALL)
    ]
    return conform(pd.DataFrame(rows).assign(wave=wave, suppressed=""), TRENDS)


def _trend(cells: pd.DataFrame | None, is_known: bool) -> dict[str, float]:
    if cells is None:
        return {"answered": 0, **_NOTHING, **_NO_TEST}
    n, y, score = (cells[name].to_numpy(float) for name in ("answered", "yes", "score"))
    answered = {"answered": n.sum()}
    if not 0 < y.sum() < n.sum() or len(set(score)) < 2:
        return {**answered, **_NOTHING, **_NO_TEST}
    test = cochran_armitage(y, n, score)
    routes = pd.get_dummies(cells["route_of_point"]).to_numpy(float)
    point = cells["route_of_point"] + " " + cells["monitoring_point"]
    slope = slope_over_points(y, n, np.column_stack([routes, score]), point.to_numpy(str)) if is_known else None
    return {**answered, **(_in_odds(slope) if slope else _NOTHING), **test}


@dataclass(frozen=True)
class Slope:
    """A logistic slope with its standard error and degrees of freedom."""

    slope: float
    se: float
    df: int


def slope_over_points(y: Floats, n: Floats, design: Floats, point: NDArray[np.str_]) -> Slope | None:
    """The slope of the last column of a logistic regression, with a standard error over monitoring points.

    Estimates by how much the log odds of a positive response change from one bin of journey time to the next. The
    coefficients maximise the likelihood (iteratively reweighted least squares); their covariance is
    B (Σ_g u_g u_gᵀ) B · G/(G−1), with B the inverse information and u_g the score of point g; df = G − routes.
    Source: Liang and Zeger (1986), Biometrika 73, 13–22; the correction is that of `vcovCL(type = "HC0")` of R.
    Assumes that bins are equally far apart and that points are independent.

    Parameters: yes and answered in each cell; design: a column for each route and one with the score; point: of each
    cell. Returns None where there are not more points than routes, or the likelihood has no maximum.
    """
    clusters = np.unique(point)
    df = len(clusters) - (design.shape[1] - 1)
    fitted = _fitted(y, n, design)
    if fitted is None or df < 1:
        return None
    beta, p, bread = fitted
    scores = design * (y - n * p)[:, None]
    by_point = np.array([scores[point == one].sum(axis=0) for one in clusters])
    many = len(clusters) / (len(clusters) - 1)
    covariance = bread @ (by_point.T @ by_point) @ bread * many
    return Slope(float(beta[-1]), float(np.sqrt(covariance[-1, -1])), df)


def _fitted(y: Floats, n: Floats, design: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Coefficients, probabilities and inverse information; None if the likelihood has no maximum."""
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        information = (design * (n * p * (1 - p))[:, None]).T @ design
        if np.linalg.cond(information) > 1 / _EXACT:
            return None
        step = np.linalg.solve(information, design.T @ (y - n * p))
        beta = beta + step
        if np.abs(step).max() < _EXACT * max(1.0, np.abs(beta).max()):
            return beta, p, np.asarray(np.linalg.inv(information), dtype=np.float64)
    return None


def _in_odds(slope: Slope) -> dict[str, float]:
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


def cochran_armitage(y: Floats, n: Floats, score: Floats) -> dict[str, float]:
    """The Cochran–Armitage test of a trend in proportions: chi_square with one degree of freedom, and log10 of its p.

    (Σ s (y − n p))² / (p(1−p) (Σ n s² − (Σ n s)² / N)), with p the share of all. Source: Armitage (1955), Biometrics
    11, 375–386; equals `prop.trend.test` of R. It treats people as drawn one by one, so it describes and does not
    test: p is too small. Its logarithm does not underflow.
    """
    from scipy.special import log_ndtr

    whole = n.sum()
    p = y.sum() / whole
    spread = p * (1 - p) * ((n * score**2).sum() - (n * score).sum() ** 2 / whole)
    chi_square = float((score * (y - n * p)).sum() ** 2 / spread)
    return {"chi_square": chi_square, "log10_p": float((np.log(2) + log_ndtr(-np.sqrt(chi_square))) / np.log(10))}
