"""What is worked out of shares beside each other: contrasts, trends, and the model of factors. Counts alone go in.

No search for what has to be withheld looks at any of it, so that it can be worked out beside that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.stats.clustered import points_of
from pipeline.stats.contrast import contrasts, tied
from pipeline.stats.factors import factors
from pipeline.stats.stratified import stratified
from pipeline.stats.trend import trends

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.questionnaire import Questionnaire


@dataclass(frozen=True)
class Comparisons:
    """Exact tables: not for release."""

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


def compare(
    estimates: pd.DataFrame, counts: pd.DataFrame, profiles: pd.DataFrame, q: Questionnaire, wave: str
) -> Comparisons:
    """Every comparison of a wave. estimates: `tables.ESTIMATES`, exact; counts, profiles: see `tables`."""
    points = points_of(counts)
    indicators = list(dict.fromkeys(estimates["indicator"]))
    return Comparisons(
        contrasts=contrasts(estimates, tied(points, estimates)),
        stratified=stratified(points, indicators, wave),
        trends=trends(points, indicators, wave),
        **vars(factors(profiles, q, wave, set(points.of_route) <= points.known)),
    )
