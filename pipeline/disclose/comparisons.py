"""Comparisons: from released numbers where they can be, and never from withheld cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.disclose.also import ALSO_NOTHING, Also
from pipeline.disclose.cells import (
    marked,
    nobody_met,
    numbers,
    printed_count,
    rounded_number,
    rounded_share,
    withheld_cells,
)
from pipeline.disclose.journeys import pairs_of_bins, trends_of_bins
from pipeline.disclose.policy import Policy, two_digits
from pipeline.stats.contrast import PAIR, contrasts
from pipeline.stats.nonresponse import tipping
from pipeline.tables import CONTRASTS, MEANS, STRATIFIED, TIPPING, TRENDS, conform
from pipeline.vocabulary import ALL, TRANSIT_BINS, Derived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_DIFFERENCES_ALONE = tuple(
    f"{method}_{end}" for method in ("newcombe", "miettinen_nurminen") for end in ("low", "high")
)


def released_contrasts(exact: pd.DataFrame, released: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Contrasts of what is released, and of nothing else but how both shares go together over monitoring points."""
    ties = exact[[*PAIR, "correlation", "df"]].copy()
    ties["correlation"] = two_digits(numbers(ties["correlation"]))
    frame = contrasts(released, ties)
    there = frame["risk_difference"].notna() | frame["f"].notna()
    frame["correlation"], frame["df"] = frame["correlation"].where(there), frame["df"].where(there)
    small = frame[["first_share", "second_share"]].min(axis=1).round(2) < policy.ratio_share
    for name in ("risk_ratio", "ratio_low", "ratio_high", "koopman_low", "koopman_high"):
        frame[name] = rounded_number(frame[name]).mask(small)
    for name in ("f", "log10_p", "log10_p_holm"):
        frame[name] = rounded_number(frame[name])
    for name in ("risk_difference", "difference_low", "difference_high", *_DIFFERENCES_ALONE):
        frame[name] = rounded_share(frame[name], frame[name].notna().to_numpy())
    return conform(frame, CONTRASTS)


def released_tipping(released: pd.DataFrame) -> pd.DataFrame:
    """What would be under suppositions on missing answers, from the printed bounds alone."""
    frame = tipping(released)
    for name in ("first_share", "second_share", "difference"):
        frame[name] = rounded_share(frame[name], frame[name].notna().to_numpy())
    return conform(frame, TIPPING)


def stratified(exact: pd.DataFrame, released: pd.DataFrame, there: set[str]) -> pd.DataFrame:
    """Routes at equal journey time from released bins, to two digits, where no bin of either is withheld."""
    hidden, sides = _hidden(released), ("first", "second")
    withheld = (_among(zip(exact["indicator"], exact[side], strict=True), hidden) for side in sides)
    nobody = np.logical_or(*(nobody_met(exact[side], there) for side in sides))
    shown = ~np.logical_or(*withheld) | nobody
    frame = _where_shown(pairs_of_bins(exact, released), shown)
    kept = {"wave", "indicator", "first", "second", "answered", "reason", "adjusted_reason", "suppressed"}
    return conform(_to_two_digits(frame, (name for name in STRATIFIED.names if name not in kept), shown), STRATIFIED)


def trends(exact: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """Trends from released bins, to two digits, where no bin that they run over is withheld, on any of their routes."""
    hidden = _hidden(released)
    hidden |= {(indicator, ALL) for indicator, _ in hidden}
    shown = ~_among(zip(exact["indicator"], exact["route"], strict=True), hidden)
    frame = _where_shown(trends_of_bins(exact, released), shown)
    names = ("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "df", "chi_square", "log10_p")
    return conform(_to_two_digits(frame, names, shown), TRENDS)


def _where_shown(frame: pd.DataFrame, shown: NDArray[np.bool_]) -> pd.DataFrame:
    """With how many answered, the sum of printed bins, where nothing of the row is withheld."""
    return frame.assign(answered=frame["answered"].astype("Int64").where(shown), suppressed=marked(shown))


def means(
    exact: pd.DataFrame, released: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING
) -> pd.DataFrame:
    """Mean numbers of indicators, to two digits, where no single indicator of the route is withheld; no intervals."""
    single = released[(released["group"] == ALL) & ~released["indicator"].isin([str(name) for name in Derived])]
    hidden = withheld_cells(single, "route")
    shown = ~_among(zip(exact["route"], strict=True), hidden) & np.asarray(exact["answered"] >= policy.share_base)
    shown = (shown & ~also.hides("means", "mean", exact)) | nobody_met(exact["route"], there)
    frame = exact.assign(answered=printed_count(exact["answered"], shown, policy), suppressed=marked(shown))
    return conform(_to_two_digits(frame, ("mean", "mean_low", "mean_high", "df"), shown), MEANS)


def means_with_intervals(released: pd.DataFrame, exact: pd.DataFrame) -> pd.DataFrame:
    """Released means with their intervals over monitoring points. exact: the same rows, with theirs."""
    shown = np.asarray(released["suppressed"] == "")
    frame = exact.assign(**{name: released[name] for name in ("answered", "mean", "suppressed")})
    return conform(_to_two_digits(frame, ("mean_low", "mean_high", "df"), shown), MEANS)


def _hidden(released: pd.DataFrame) -> set[tuple[str, ...]]:
    """Indicator and route of the bins of journey time that are withheld."""
    bins = released[(released["group"] == "transit") & released["level"].isin(TRANSIT_BINS)]
    return withheld_cells(bins, "indicator", "route")


def _among(cells: Iterable[tuple[str, ...]], hidden: set[tuple[str, ...]]) -> NDArray[np.bool_]:
    return np.array([cell in hidden for cell in cells], dtype=bool)


def _to_two_digits(frame: pd.DataFrame, names: Iterable[str], shown: NDArray[np.bool_]) -> pd.DataFrame:
    """Numbers to two digits where they are shown; degrees of freedom, which count points, as they are."""
    changed = {
        name: (frame[name] if name == "df" or name.endswith("_df") else rounded_number(frame[name])).where(shown)
        for name in names
    }
    reasons = {name: frame[name].where(shown, "") for name in ("reason", "adjusted_reason") if name in frame}
    return frame.assign(**changed, **reasons)
