"""The door: exact estimates in, `Released` out, by the rules of a policy.

Each rule is applied to every cell on its own. What a reader could work out from several cells together is the
business of the audit, which does not exist yet: until it does, every output carries a stamp that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.disclose.policy import Policy, two_digits, whole_percent
from pipeline.disclose.released import _DOOR, Released, Rows
from pipeline.stats.clustered import KORN_GRAUBARD, Spread, korn_graubard, standard_error
from pipeline.stats.contrast import route_contrasts
from pipeline.stats.estimate import Estimates
from pipeline.stats.proportion import wilson
from pipeline.stats.reliability import reliability
from pipeline.tables import CONTRASTS, DISTRIBUTIONS, ESTIMATES, EVENTS, EXPERIENCE, TRENDS, conform
from pipeline.vocabulary import ALL, TRANSIT_BINS, WITHHELD

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_ANSWERS = ("survey_country",)
"""Characteristics of the interview, not answers: that everyone on a route was met in one country harms nobody."""


def release(exact: Estimates, ledger: pd.DataFrame, policy: Policy, checks: Iterable[tuple[str, str]] = ()) -> Released:
    """Everything that may leave, rounded and withheld by the policy. checks: (severity, check) of each finding."""
    there = {route for route, people in exact.analysed.items() if people}
    estimates = _estimates(exact.estimates, policy, there)
    return Released(
        policy=policy,
        ledger=_rows(ledger),
        analysed_by_route={route: n for route, n in exact.analysed.items() if n},
        estimates=_rows(estimates),
        distributions=_rows(_distributions(exact.distributions, policy, there)),
        events=_rows(_events(exact.events, policy, there)),
        experience=_rows(conform(_parts(exact.experience, "respondents", policy, there), EXPERIENCE)),
        contrasts=_rows(_contrasts(estimates, policy)),
        trends=_rows(_trends(exact.trends, estimates, policy, there)),
        checks=tuple(sorted(set(checks))),
        door=_DOOR,
    )


def _rows(frame: pd.DataFrame) -> Rows:
    """A conformed table as plain values; what is missing is None."""
    columns = [frame[name].astype("object").where(frame[name].notna(), None).tolist() for name in frame.columns]
    return Rows(tuple(frame.columns), tuple(zip(*columns, strict=True)))


def _printed(people: pd.Series[int], shown: NDArray[np.bool_], policy: Policy) -> pd.Series[int]:
    rounded = pd.Series(policy.rounded(people), people.index, dtype="Int64")
    return rounded.where(shown)


def _percent(part: pd.Series[int], base: pd.Series[int], shown: NDArray[np.bool_]) -> pd.Series[float]:
    return pd.Series(whole_percent(part, base), part.index, dtype="Float64").where(shown)


def _nobody_met(routes: pd.Series[str], there: set[str]) -> NDArray[np.bool_]:
    """Rows of routes on which nobody was interviewed: their zeros point to no one."""
    return np.asarray(~routes.isin(there | {ALL}))


def _estimates(exact: pd.DataFrame, policy: Policy, there: set[str]) -> pd.DataFrame:
    nobody = _nobody_met(exact["route"], there)
    shown = policy.shows_part(exact["yes"], exact["answered"]) | nobody
    with_share = shown & np.asarray(exact["answered"] >= policy.share_base)
    frame = exact.assign(
        asked=_printed(exact["asked"], policy.shows(exact["asked"]) | nobody, policy),
        answered=_printed(exact["answered"], policy.shows(exact["answered"]) | nobody, policy),
        yes=_printed(exact["yes"], shown, policy),
        share=_percent(exact["yes"], exact["answered"], with_share),
        bound_low=_percent(exact["yes"], exact["asked"], with_share),
        bound_high=_rounded_share(exact["bound_high"], with_share),
        suppressed=np.where(shown, "", WITHHELD),
    )
    return conform(_with_intervals(frame, with_share), ESTIMATES)


def _with_intervals(frame: pd.DataFrame, with_share: NDArray[np.bool_]) -> pd.DataFrame:
    """Intervals and their reliability, from the printed share, base, design effect and degrees of freedom only.

    So they add nothing to what a reader knows. frame: estimates as they are printed, with the exact design effect.
    """
    p, n = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("share", "answered"))
    by_points = with_share & np.asarray(frame["ci_method"] == KORN_GRAUBARD)
    deff, df = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("deff", "df"))
    deff = two_digits(deff)
    off = Spread(standard_error(p, n, deff), deff, df)
    wilson_low, wilson_high = wilson(p, n)
    low, high = korn_graubard(p, n, off.se, df)
    for name, of_points, alone in (("low", low, wilson_low), ("high", high, wilson_high)):
        frame[f"wilson_{name}"] = _rounded_share(alone, with_share)
        frame[f"ci_{name}"] = _rounded_share(np.where(by_points, of_points, alone), with_share)
    frame["ci_method"] = frame["ci_method"].where(with_share, "")
    frame["deff"] = pd.Series(deff, frame.index, dtype="Float64").where(by_points)
    frame["df"] = frame["df"].where(by_points)
    frame["reliable"] = np.where(by_points, reliability(p, n, low, high, off), "")
    return frame


def _contrasts(released: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Contrasts of what is released, and of nothing else: they add nothing to what a reader knows."""
    frame = route_contrasts(released)
    small = frame[["first_share", "second_share"]].min(axis=1).round(2) < policy.ratio_share
    for name in ("risk_ratio", "ratio_low", "ratio_high"):
        ratio = two_digits(frame[name].to_numpy(np.float64, na_value=np.nan))
        frame[name] = pd.Series(ratio, dtype="Float64").mask(small)
    for name in ("risk_difference", "difference_low", "difference_high"):
        shown = frame[name].notna().to_numpy()
        frame[name] = _rounded_share(frame[name].to_numpy(np.float64, na_value=np.nan), shown)
    return conform(frame, CONTRASTS)


def _trends(exact: pd.DataFrame, released: pd.DataFrame, policy: Policy, there: set[str]) -> pd.DataFrame:
    """Trends to two digits, where no bin of journey time that they run over is withheld, on any of their routes."""
    bins = released[(released["group"] == "transit") & released["level"].isin(TRANSIT_BINS)]
    withheld = bins[bins["suppressed"] == WITHHELD]
    hidden = set(zip(withheld["indicator"], withheld["route"], strict=True))
    hidden |= {(indicator, ALL) for indicator, _ in hidden}
    of_trend = zip(exact["indicator"], exact["route"], strict=True)
    shown = ~np.array([trend in hidden for trend in of_trend], dtype=bool)
    frame = exact.assign(
        answered=_printed(
            exact["answered"], policy.shows(exact["answered"]) | _nobody_met(exact["route"], there), policy
        ),
        df=exact["df"].where(shown),
        suppressed=np.where(shown, "", WITHHELD),
    )
    for name in ("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "chi_square", "log10_p"):
        rounded = two_digits(exact[name].to_numpy(np.float64, na_value=np.nan))
        frame[name] = pd.Series(rounded, exact.index, dtype="Float64").where(shown)
    return conform(frame, TRENDS)


def _rounded_share(values: object, shown: NDArray[np.bool_]) -> pd.Series[float]:
    percent = np.floor(np.asarray(values, dtype=float) * 100 + 0.5) / 100
    return pd.Series(percent, dtype="Float64").where(shown)


def _parts(exact: pd.DataFrame, count: str, policy: Policy, there: set[str]) -> pd.DataFrame:
    """A table of parts of a base."""
    nobody = _nobody_met(exact["route"], there)
    shown = policy.shows_part(exact[count], exact["base"]) | nobody
    return _printed_parts(exact, count, shown, policy.shows(exact["base"]) | nobody, policy)


def _printed_parts(
    exact: pd.DataFrame, count: str, shown: NDArray[np.bool_], base_shown: NDArray[np.bool_], policy: Policy
) -> pd.DataFrame:
    with_share = shown & np.asarray(exact["base"] >= policy.share_base)
    return exact.assign(
        **{count: _printed(exact[count], shown, policy)},
        base=_printed(exact["base"], base_shown, policy),
        share=_percent(exact[count], exact["base"], with_share),
        suppressed=np.where(shown, "", WITHHELD),
    )


def _distributions(exact: pd.DataFrame, policy: Policy, there: set[str]) -> pd.DataFrame:
    nobody = _nobody_met(exact["route"], there)
    part, base = exact["respondents"], exact["base"]
    everybody_may = exact["variable"].isin(NO_ANSWERS) & (part == base)
    shown = policy.shows_part(part, base) | np.asarray(everybody_may & policy.shows(part)) | nobody
    return conform(_printed_parts(exact, "respondents", shown, policy.shows(base) | nobody, policy), DISTRIBUTIONS)


def _events(exact: pd.DataFrame, policy: Policy, there: set[str]) -> pd.DataFrame:
    """Events are shown only where both they and the people behind them are many enough, or where there are none."""
    nobody = _nobody_met(exact["route"], there)
    enough = policy.shows(exact["people"]) | np.asarray(exact["events"] == 0)
    shown = (policy.shows_part(exact["events"], exact["base"]) & enough) | nobody
    frame = _printed_parts(exact, "events", shown, policy.shows(exact["base"]) | nobody, policy)
    return conform(frame.assign(people=_printed(exact["people"], shown, policy)), EVENTS)
