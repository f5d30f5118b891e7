"""The model of factors: two digits and whole percents, and nothing of a level that the policy withholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.disclose.cells import (
    marked,
    numbers,
    printed_count,
    printed_percent,
    rounded_number,
    rounded_share,
    withheld_cells,
)
from pipeline.disclose.policy import Policy, two_digits
from pipeline.stats.factors import LEFT_OUT, REFERENCE
from pipeline.tables import CALIBRATION, FACTORS, MODEL, PREDICTED, conform
from pipeline.vocabulary import ALL, ROUTE, Derived

if TYPE_CHECKING:
    from pipeline.stats.inference import Inferred

_ODDS = ("odds_ratio", "odds_low", "odds_high", "log10_p", "log10_p_bh", "single_ratio", "single_low", "single_high")
_PROBABILITY = ("probability", "probability_low", "probability_high")
_PEOPLE = ("respondents", "left_out", "positive")
_NO_PEOPLE = ("fitted", "points", "coefficients")


def model(exact: Inferred, released: pd.DataFrame, policy: Policy) -> dict[str, pd.DataFrame]:
    """The tables of the model by name. released: the estimates that are."""
    return {
        "factors": _factors(exact.factors, released, policy),
        "predicted": _predicted(exact.predicted, policy),
        "model": _quantities(exact.model, policy),
        "calibration": _calibration(exact.calibration, policy),
    }


def _factors(exact: pd.DataFrame, released: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    of_one = released[released["indicator"] == str(Derived.AT_LEAST_ONE)]
    hidden = withheld_cells(of_one[of_one["route"] == ALL], "group", "level")
    hidden |= {(ROUTE, route) for (route,) in withheld_cells(of_one[of_one["group"] == ALL], "route")}
    is_hidden = np.array([cell in hidden for cell in zip(exact["factor"], exact["level"], strict=True)], dtype=bool)
    is_in = np.asarray(exact["role"] != LEFT_OUT)
    shown = ~is_hidden & policy.shows_part(exact["yes"].fillna(0), exact["answered"].fillna(0))
    frame = exact.assign(suppressed=marked(shown | ~is_in))
    for name in ("answered", "yes"):
        frame[name] = printed_count(exact[name], shown, policy)
    # Odds against a level tell of it too.
    against_hidden = exact["factor"].isin(exact.loc[(exact["role"] == REFERENCE) & ~shown, "factor"])
    for name in _ODDS:
        frame[name] = rounded_number(exact[name]).where(shown & ~np.asarray(against_hidden))
    for name in _PROBABILITY:
        frame[name] = rounded_share(exact[name], shown)
    return conform(frame, FACTORS)


def _predicted(exact: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """How many are just so is shown where they are many enough; what is predicted of them comes from everybody."""
    everywhere = np.ones(len(exact), dtype=bool)
    frame = exact.assign(**{name: rounded_share(exact[name], everywhere) for name in _PROBABILITY})
    shown = policy.shows(exact["answered"].fillna(0))
    return conform(frame.assign(answered=printed_count(exact["answered"], shown, policy)), PREDICTED)


def _quantities(exact: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Without the log likelihood, of which two digits say nothing."""
    exact = exact[exact["quantity"] != "log_likelihood"].reset_index(drop=True)
    name = exact["quantity"]
    people = name.isin(_PEOPLE)
    counts = exact["value"].where(people).astype("Int64")
    whole = dict(zip(name, exact["value"], strict=True))
    shown = np.asarray(counts.fillna(0) == 0) | policy.shows(counts.fillna(0))
    if whole.get("respondents") and not policy.shows_part(whole.get("positive", 0), whole["respondents"]):
        shown &= np.asarray(name != "positive")
    printed = printed_count(counts, shown, policy).astype("Float64")
    others = exact["value"].where(name.isin(_NO_PEOPLE), rounded_number(exact["value"]))
    value = printed.where(people, others)
    value = value.mask(name == "events_per_coefficient", _events_per_coefficient(name, value))
    is_there = np.asarray(value.notna() | exact["value"].isna())
    return conform(exact.assign(value=value, suppressed=marked(is_there)), MODEL)


def _events_per_coefficient(name: pd.Series[str], value: pd.Series[float]) -> float:
    """From printed people only, or NaN: from exact ones it would say how many are positive."""
    of = dict(zip(name, numbers(value), strict=True))
    respondents, positive = (of.get(people, np.nan) for people in ("respondents", "positive"))
    fewer = np.clip(respondents - positive, 0, positive)
    return float(two_digits([fewer / max(of.get("coefficients", 0), 1)])[0])


def _calibration(exact: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    shown = policy.shows_part(exact["yes"], exact["answered"])
    with_share = shown & np.asarray(exact["answered"] >= policy.share_base)
    frame = exact.assign(
        answered=printed_count(exact["answered"], policy.shows(exact["answered"]), policy),
        yes=printed_count(exact["yes"], shown, policy),
        expected=rounded_share(exact["expected"], with_share),
        observed=printed_percent(exact["yes"], exact["answered"], with_share),
        suppressed=marked(shown),
    )
    return conform(frame, CALIBRATION)
