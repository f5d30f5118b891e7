"""One route against another: how many times, and how many percentage points more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import standard_error
from pipeline.stats.proportion import CONFIDENCE
from pipeline.tables import CONTRASTS, conform
from pipeline.vocabulary import ALL, ROUTES, WITHHELD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIDES = ("first", "second")


def route_contrasts(estimates: pd.DataFrame) -> pd.DataFrame:
    """Every pair of routes, for every indicator: `tables.CONTRASTS`.

    estimates: `tables.ESTIMATES`, exact or released; nothing else goes into a contrast. A pair of which one share is
    not there, or has no interval over monitoring points, has its row without numbers.
    """
    whole = estimates[(estimates["group"] == ALL) & (estimates["level"] == ALL)]
    by_place = whole.set_index(["indicator", "route"])
    pairs = list(combinations(ROUTES, 2))
    indicators = list(dict.fromkeys(whole["indicator"]))
    frame = pd.DataFrame(
        [(i, first, second) for i in indicators for first, second in pairs], columns=["indicator", *SIDES]
    )
    given = {side: by_place.reindex(pd.MultiIndex.from_frame(frame[["indicator", side]])) for side in SIDES}
    for side, of in given.items():
        for name in ("answered", "share"):
            frame[f"{side}_{name}"] = of[name].to_numpy()
    withheld = np.logical_or(*((of["suppressed"] == WITHHELD).to_numpy() for of in given.values()))
    return conform(
        frame.assign(
            wave=next(iter(whole["wave"]), ""),
            compared="route",
            **compare(*(_sure(of) for of in given.values())),
            suppressed=np.where(withheld, WITHHELD, ""),
        ),
        CONTRASTS,
    )


@dataclass(frozen=True)
class Sure:
    """Shares and how sure they are, of one shape. se: linearised standard error; df: degrees of freedom."""

    share: Floats
    se: Floats
    df: Floats


def _sure(of: pd.DataFrame) -> Sure:
    p, n, deff, df = (of[k].to_numpy(np.float64, na_value=np.nan) for k in ("share", "answered", "deff", "df"))
    return Sure(p, standard_error(p, n, deff), df)


def compare(first: Sure, second: Sure) -> dict[str, Floats]:
    """The risk ratio p/q and the risk difference p − q with their intervals, over monitoring points.

    Estimates how the share on one route relates to that on another. Ratio: exp(log(p/q) ± t √((se_p/p)² + (se_q/q)²)),
    by the delta method; difference: p − q ± t √(se_p² + se_q²); t with df_p + df_q degrees of freedom. Source: Lumley
    (2010), Complex Surveys; Katz et al. (1978), Biometrics 34, 469–474, for the ratio. Assumes that the two groups
    share no monitoring point, as routes do not: a covariance is not there.

    Parameters: p and q, of one shape. Returns risk_ratio, ratio_low, ratio_high, risk_difference, difference_low,
    difference_high, df, of that shape. NaN where a standard error is not known or is 0, as it is for a share of 0 or 1.
    """
    from scipy.special import stdtrit

    df = first.df + second.df
    usable = (first.se > 0) & (second.se > 0) & (df > 0)
    p, q, se_p, se_q, df = (
        np.where(usable, values, np.nan) for values in (first.share, second.share, first.se, second.se, df)
    )
    t = stdtrit(df, 0.5 + CONFIDENCE / 2)
    ratio, off = p / q, t * np.hypot(se_p / p, se_q / q)
    difference, wide = p - q, t * np.hypot(se_p, se_q)
    return {
        "risk_ratio": ratio,
        "ratio_low": ratio * np.exp(-off),
        "ratio_high": ratio * np.exp(off),
        "risk_difference": difference,
        "difference_low": difference - wide,
        "difference_high": difference + wide,
        "df": df,
    }
