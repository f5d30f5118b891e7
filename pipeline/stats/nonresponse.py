"""What missing answers could change."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.lacking import Lacking
from pipeline.stats.proportion import share
from pipeline.tables import NONRESPONSE, TIPPING, conform
from pipeline.vocabulary import ALL, DIMENSIONS, ROUTES, WITHHELD, Derived

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ASSUMED = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the respondents whom a missing answer could make positive, of whom it is supposed."""


def bounds(yes: ArrayLike, undecided: ArrayLike, asked: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and the greatest share among all who were asked, whatever the missing answers would have been.

    Estimates low = yes / asked: every missing answer a no; and high = (yes + undecided) / asked: every missing answer
    that could turn someone into a yes, a yes. Source: Manski (1989), Journal of Human Resources 24, 343–360. Assumes
    nothing about why answers are missing.

    Parameters: people, of one shape; undecided are those not counted as yes whom a missing answer could make one.
    Returns low and high, of that shape; NaN where nobody was asked.
    """
    possible = np.asarray(yes, dtype=float) + np.asarray(undecided, dtype=float)
    return share(yes, asked), share(possible, asked)


def nonresponse(counts: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Shares in four ways: as published, both bounds, and complete cases: `tables.NONRESPONSE`.

    Estimates what the rule for missing answers does to a share. Complete cases: positive among those who answered every
    question that the indicator needs. Source: Little and Rubin (2019), Statistical Analysis with Missing Data, 3.2.
    Assumes, for complete cases, that answers are missing by chance alone; the bounds assume nothing.

    Parameters: `tables.COUNTS`. Returns one row for each indicator and route, and for each level of a group at least
    one: of a single indicator, complete cases are those who answered.
    """
    of_groups = (counts["indicator"] == str(Derived.AT_LEAST_ONE)) & counts["group"].isin(DIMENSIONS)
    told = counts[(counts["group"] == ALL) | of_groups]
    measures = ["asked", "answered", "yes", "undecided", "complete", "complete_yes"]
    cells = told.groupby(["indicator", "route", "group", "level"], as_index=False, sort=False)[measures].sum()
    least, greatest = bounds(cells["yes"], cells["undecided"], cells["asked"])
    frame = cells.assign(
        wave=wave,
        share=share(cells["yes"], cells["answered"]),
        bound_low=least,
        bound_high=greatest,
        complete_share=share(cells["complete_yes"], cells["complete"]),
        suppressed="",
    )
    return conform(frame, NONRESPONSE)


def tipping(estimates: pd.DataFrame) -> pd.DataFrame:
    """What two routes' difference would be under suppositions on missing answers: `tables.TIPPING`.

    Estimates the share of each route as low + a (high − low), where a part a of the respondents whom a missing answer
    could make positive are; the difference of two routes for every pair of a from 0 to 1. Where it changes its sign,
    the conclusion tips. Source: Yan, Lee and Li (2009), Journal of Biopharmaceutical Statistics 19, 1085–1098.
    Assumes nothing: the reader judges which suppositions are likely.

    Parameters: `tables.ESTIMATES`, exact or released; nothing but their bounds goes in. Returns a row for each
    indicator, pair of routes and pair of suppositions.
    """
    whole = estimates[(estimates["group"] == ALL) & (estimates["level"] == ALL)]
    of = whole.set_index(["indicator", "route"])
    key = ["indicator", "first", "second", "first_assumed", "second_assumed"]
    indicators = list(dict.fromkeys(whole["indicator"]))
    frame = pd.DataFrame(
        [
            (i, *pair, a, b)
            for i in indicators
            for pair in combinations(ROUTES, 2)
            for a, b in product(ASSUMED, ASSUMED)
        ],
        columns=key,
    )
    withheld = np.zeros(len(frame), dtype=bool)
    for side in ("first", "second"):
        cells = of.reindex(pd.MultiIndex.from_frame(frame[["indicator", side]]))
        low, high = (cells[name].to_numpy(np.float64, na_value=np.nan) for name in ("bound_low", "bound_high"))
        frame[f"{side}_share"] = low + frame[f"{side}_assumed"].to_numpy() * (high - low)
        withheld |= (cells["suppressed"] == WITHHELD).to_numpy()
    frame["difference"] = frame["first_share"] - frame["second_share"]
    wave = next(iter(whole["wave"]), "")
    frame["reason"] = np.where(frame["difference"].isna() & ~withheld, str(Lacking.NOBODY_ANSWERED), "")
    return conform(frame.assign(wave=wave, suppressed=np.where(withheld, WITHHELD, "")), TIPPING)
