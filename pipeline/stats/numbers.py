"""How many indicators respondents report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points, linearised, variance
from pipeline.stats.lacking import Lacking
from pipeline.stats.proportion import CONFIDENCE, share
from pipeline.tables import MEANS, conform
from pipeline.vocabulary import ALL, ROUTES, Derived

if TYPE_CHECKING:
    from collections.abc import Sequence


def mean_number(points: Points, counted: Sequence[str], indicator_set: str, wave: str) -> pd.DataFrame:
    """The mean number of indicators that respondents report: `tables.MEANS`.

    Estimates Σ yes over the indicators that count, to each respondent with a valid answer to any of them; an indicator
    that someone did not answer adds nothing. Interval: mean ± t · se, with the linearised error over monitoring points
    of `clustered.spread` and its degrees of freedom. Source: Korn and Graubard (1999), Analysis of Health Surveys.
    Assumes that points are independent.

    Parameters: counts by point; the indicators that count. Returns a row for each route and for all; without an
    interval, and with the reason, where points are not known or a route has a single one.
    """
    from scipy.special import stdtrit

    place = ["route", "route_of_point", "monitoring_point"]
    whole = points.counts[points.counts["group"] == ALL]
    base = whole[whole["indicator"] == str(Derived.AT_LEAST_ONE)].groupby(place)["answered"].sum()
    yes = whole[whole["indicator"].isin(counted)].groupby(place)["yes"].sum()
    rows = pd.DataFrame({"answered": base, "yes": yes}).dropna().reset_index()
    cells = rows.groupby("route", as_index=False)[["answered", "yes"]].sum()
    cells = pd.DataFrame({"route": [*ROUTES, ALL]}).merge(cells, how="left").fillna({"answered": 0, "yes": 0})
    of_points = linearised(Points(rows, points.of_route, points.known), cells, ["route"])
    found = cells[["route"]].merge(variance(of_points, points, ["route"]), on="route", how="left")
    is_known = cells["route"].isin(points.known).to_numpy()
    error = np.sqrt(np.where(is_known, found["variance"].to_numpy(float), np.nan))
    df = np.where(np.isnan(error), np.nan, (found["there"] - found["routes"]).to_numpy(float))
    mean = share(cells["yes"], cells["answered"])
    off = stdtrit(np.where(df > 0, df, np.nan), 0.5 + CONFIDENCE / 2) * error
    frame = cells.assign(
        indicator_set=indicator_set, mean=mean, mean_low=np.maximum(mean - off, 0), mean_high=mean + off
    )
    lacking = {
        Lacking.NOBODY_ANSWERED: (cells["answered"] == 0).to_numpy(),
        Lacking.POINTS_UNKNOWN: ~is_known,
        Lacking.ONE_POINT: ~(df > 0),
    }
    reason = np.select(list(lacking.values()), [str(word) for word in lacking], "")
    return conform(frame.assign(wave=wave, df=df, reason=reason, suppressed=""), MEANS)
