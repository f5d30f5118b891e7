"""Shares of people and of events: what is printed of a part of a base."""

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
    printed_percent,
    rounded_share,
    shows_complete,
)
from pipeline.disclose.policy import Policy, two_digits
from pipeline.stats.clustered import NO_INTERVAL
from pipeline.tables import COOCCURRENCE, DISTRIBUTIONS, ESTIMATES, EVENTS, EXPERIENCE, NONRESPONSE, conform
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_ANSWERS = ("survey_country",)
"""Characteristics of the interview, not answers: that everyone on a route was met in one country harms nobody."""


def estimates(exact: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING) -> pd.DataFrame:
    """Shares of indicators, each cell by the policy, without intervals: these are worked out from what is printed.

    also: what is withheld beyond the rules on single cells.
    """
    nobody = nobody_met(exact["route"], there) | _nobody_asked(exact, policy)
    hides_asked, hides_answered, hides_yes = (
        also.hides("estimates", part, exact) & ~nobody_met(exact["route"], there)
        for part in ("asked", "answered", "yes")
    )
    shown = (policy.shows_part(exact["yes"], exact["answered"]) | nobody) & ~hides_answered & ~hides_yes
    asked_shown = (policy.shows(exact["asked"]) | nobody) & ~hides_asked
    answered_shown = (policy.shows(exact["answered"]) | nobody) & ~hides_answered
    with_share = shown & np.asarray(exact["answered"] >= policy.share_base)
    frame = exact.assign(
        asked=printed_count(exact["asked"], asked_shown, policy),
        answered=printed_count(exact["answered"], answered_shown, policy),
        yes=printed_count(exact["yes"], shown, policy),
        share=printed_percent(exact["yes"], exact["answered"], with_share),
        bound_low=printed_percent(exact["yes"], exact["asked"], with_share),
        bound_high=rounded_share(exact["bound_high"], with_share),
        suppressed=marked(shown),
        **NO_INTERVAL,
        reliable="",
    )
    return conform(frame, ESTIMATES)


def _nobody_asked(exact: pd.DataFrame, policy: Policy) -> NDArray[np.bool_]:
    """Groups that nobody belongs to, on a route with enough people: a zero of respondents, which points to no one."""
    whole = exact[exact["group"] == ALL].groupby("route")["asked"].max()
    people = exact["route"].map(whole).fillna(0)
    return np.asarray((exact["asked"] == 0) & (people >= policy.zero_base))


def experience(exact: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING) -> pd.DataFrame:
    """Own and family members' experiences, and the number of indicators."""
    nobody = nobody_met(exact["route"], there)
    shown = policy.shows_part(exact["respondents"], exact["base"])
    shown = (shown & ~also.hides("experience", "respondents", exact)) | nobody
    base_shown = policy.shows(exact["base"]) | nobody
    return conform(_printed_parts(exact, "respondents", shown, base_shown, policy), EXPERIENCE)


def _printed_parts(
    exact: pd.DataFrame, count: str, shown: NDArray[np.bool_], base_shown: NDArray[np.bool_], policy: Policy
) -> pd.DataFrame:
    with_share = shown & np.asarray(exact["base"] >= policy.share_base)
    return exact.assign(
        **{count: printed_count(exact[count], shown, policy)},
        base=printed_count(exact["base"], base_shown, policy),
        share=printed_percent(exact[count], exact["base"], with_share),
        suppressed=marked(shown),
    )


def distributions(exact: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING) -> pd.DataFrame:
    """Respondents by their characteristics."""
    nobody = nobody_met(exact["route"], there)
    part, base = exact["respondents"], exact["base"]
    everybody_may = exact["variable"].isin(NO_ANSWERS) & (part == base)
    shown = policy.shows_part(part, base) | np.asarray(everybody_may & policy.shows(part))
    shown = (shown & ~also.hides("distributions", "respondents", exact)) | nobody
    base_shown = (policy.shows(base) & ~also.hides("distributions", "base", exact)) | nobody
    frame = _printed_parts(exact, "respondents", shown, base_shown, policy)
    # A count and its share tell the base together, which may have to be withheld.
    share = frame["share"].mask(also.hides("distributions", "share", exact) & ~nobody)
    return conform(frame.assign(share=share), DISTRIBUTIONS)


def events(exact: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING) -> pd.DataFrame:
    """Events are shown only where both they and the people behind them are many enough, or where there are none."""
    nobody = nobody_met(exact["route"], there)
    enough = policy.shows(exact["people"]) | np.asarray(exact["events"] == 0)
    shown = policy.shows_part(exact["events"], exact["base"]) & enough
    shown = (shown & ~also.hides("events", "events", exact)) | nobody
    base_shown = (policy.shows(exact["base"]) & ~also.hides("events", "base", exact)) | nobody
    frame = _printed_parts(exact, "events", shown, base_shown, policy)
    return conform(frame.assign(people=printed_count(exact["people"], shown, policy)), EVENTS)


def cooccurrence(
    exact: pd.DataFrame, released: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING
) -> pd.DataFrame:
    """Pairs of indicators, where each of the four groups that two answers make is large enough, or is nobody.

    The ratio comes from printed shares alone. released: the estimates that are.
    """
    nobody = nobody_met(exact["route"], there)
    both, one, other, base = (exact[name] for name in ("yes", "yes_indicator", "yes_other", "answered"))
    shown = policy.shows_part(both, base) & policy.shows(base - one - other + both)
    shown &= policy.shows_part(both, one) & policy.shows_part(both, other)
    shown = (shown & ~also.hides("cooccurrence", "yes", exact)) | nobody
    with_share = shown & np.asarray(base >= policy.share_base)
    counts = ("answered", "yes", "yes_indicator", "yes_other")
    frame = exact.assign(
        **{name: printed_count(exact[name], shown, policy) for name in counts},
        share=printed_percent(both, base, with_share),
        suppressed=marked(shown),
        **NO_INTERVAL,
    )
    of = released[released["group"] == ALL].set_index(["indicator", "route"])["share"]
    sides = [numbers(of.reindex(pd.MultiIndex.from_frame(exact[[name, "route"]]))) for name in ("indicator", "other")]
    together = numbers(frame["share"])
    carried = np.minimum.reduce([together, *sides]).round(2) >= policy.ratio_share
    ratio = np.divide(together, sides[0] * sides[1], out=np.full(len(frame), np.nan), where=carried)
    return conform(frame.assign(ratio=two_digits(ratio)), COOCCURRENCE)


def nonresponse(
    exact: pd.DataFrame, released: pd.DataFrame, policy: Policy, there: set[str], also: Also = ALSO_NOTHING
) -> pd.DataFrame:
    """Shares by four rules for missing answers: three of them as they are released, and complete cases.

    These are counted of whole routes; of groups, a share alone is printed. released: the estimates that are.
    """
    key = ["indicator", "route", "group", "level"]
    # An index over all rows takes as long as all else here.
    of = released[
        released["group"].eq(ALL) | released["indicator"].isin(set(exact["indicator"][exact["group"] != ALL]))
    ]
    printed = of.set_index(key).reindex(pd.MultiIndex.from_frame(exact[key]))
    complete, yes = exact["complete"], exact["complete_yes"]
    counted = np.asarray(exact["group"] == ALL) | policy.is_internal
    shown = np.where(counted, shows_complete(exact, policy), policy.shows_part(yes, complete))
    shown &= np.asarray(printed["suppressed"] == "") & ~also.hides("nonresponse", "complete", exact)
    nobody = nobody_met(exact["route"], there)
    shown, counted = shown | nobody, counted | nobody
    with_share = shown & np.asarray(complete >= policy.share_base)
    copied = ("asked", "answered", "yes", "share", "bound_low", "bound_high")
    frame = exact.assign(
        **{name: printed[name].to_numpy() for name in copied},
        complete=printed_count(complete, shown & counted, policy),
        complete_yes=printed_count(yes, shown & counted, policy),
        complete_share=printed_percent(yes, complete, with_share),
        suppressed=marked(shown),
    )
    return conform(frame, NONRESPONSE)
