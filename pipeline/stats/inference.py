"""How sure estimates are, and what they are beside each other: intervals, contrasts, trends, and the model of factors.

No search for what has to be withheld looks at any of it, so that it can be worked out beside that, from counts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.stats.clustered import Points, described, interval, points_of
from pipeline.stats.contrast import contrasts, tied
from pipeline.stats.cooccurrence import cooccurrence
from pipeline.stats.factors import factors
from pipeline.stats.nonresponse import tipping
from pipeline.stats.numbers import mean_number
from pipeline.stats.reliability import reliability
from pipeline.stats.stratified import stratified
from pipeline.stats.trend import trends
from pipeline.tables import ESTIMATES, conform

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.questionnaire import Questionnaire

KEY = ["indicator", "route", "group", "level"]


@dataclass(frozen=True)
class Inferred:
    """Exact tables: not for release. The first three are those of `Estimates`, with their intervals."""

    estimates: pd.DataFrame
    means: pd.DataFrame
    cooccurrence: pd.DataFrame
    tipping: pd.DataFrame
    contrasts: pd.DataFrame
    stratified: pd.DataFrame
    trends: pd.DataFrame
    factors: pd.DataFrame
    predicted: pd.DataFrame
    model: pd.DataFrame
    calibration: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return dict(vars(self))


class Counted(NamedTuple):
    """What it is inferred from; see `tables`."""

    counts: pd.DataFrame
    profiles: pd.DataFrame
    pairs: pd.DataFrame


def infer(shares: pd.DataFrame, counted: Counted, q: Questionnaire, wave: str) -> Inferred:
    """All of it. shares: `tables.ESTIMATES` without intervals, exact."""
    points = points_of(counted.counts)
    estimates = _with_intervals(shares, points)
    indicators = list(dict.fromkeys(estimates["indicator"]))
    return Inferred(
        estimates=estimates,
        means=mean_number(points, [str(name) for name in q.counted], q.indicator_set, wave),
        cooccurrence=cooccurrence(counted.pairs, points, wave),
        tipping=tipping(estimates),
        contrasts=contrasts(estimates, tied(points, estimates)),
        stratified=stratified(points, indicators, wave),
        trends=trends(points, indicators, wave),
        **vars(factors(counted.profiles, q, wave, set(points.of_route) <= points.known)),
    )


def _with_intervals(shares: pd.DataFrame, points: Points) -> pd.DataFrame:
    cells = shares.astype(dict.fromkeys(("answered", "yes"), "int64"))
    found = interval(points, cells, KEY)
    proportion = shares["share"].to_numpy(float, na_value=np.nan)
    firm = reliability(proportion, cells["answered"].to_numpy(float), found.low, found.high, found.off)
    frame = shares.assign(**described(found), reliable=np.where(found.by_points, firm, ""))
    return conform(frame, ESTIMATES)
