"""Intervals of released shares, from released numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.disclose.cells import numbers, rounded_share
from pipeline.disclose.policy import Policy, two_digits
from pipeline.stats.clustered import KORN_GRAUBARD, Spread, korn_graubard, standard_error
from pipeline.stats.proportion import wilson
from pipeline.stats.reliability import reliability


def with_intervals(released: pd.DataFrame, exact: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Intervals and their reliability, from the printed share, base, design effect and degrees of freedom only.

    So they add nothing to what a reader knows. A share that is printed as 0% or 100% and is not gives way to the ratio
    of the printed counts: nobody and everybody would have another interval. released: shares as they are printed;
    exact: the same rows, of which the method, the design effect and the degrees of freedom are read.
    """
    with_share = np.asarray((released["suppressed"] == "") & (exact["answered"] >= policy.share_base))
    frame = released.assign(**{name: exact[name].to_numpy() for name in ("ci_method", "deff", "df")})
    p, n, yes = (numbers(frame[name]) for name in ("share", "answered", "yes"))
    p = np.where(((p == 0) & (yes > 0)) | ((p == 1) & (yes < n)), yes / np.maximum(n, 1), p)
    by_points = with_share & np.asarray(frame["ci_method"] == KORN_GRAUBARD)
    deff, df = (numbers(frame[name]) for name in ("deff", "df"))
    deff = two_digits(deff)
    off = Spread(standard_error(p, n, deff), deff, df)
    wilson_low, wilson_high = wilson(p, n)
    low, high = korn_graubard(p, n, off.se, df)
    for name, of_points, alone in (("low", low, wilson_low), ("high", high, wilson_high)):
        frame[f"wilson_{name}"] = rounded_share(alone, with_share)
        frame[f"ci_{name}"] = rounded_share(np.where(by_points, of_points, alone), with_share)
    frame["ci_method"] = frame["ci_method"].where(with_share, "")
    frame["deff"] = pd.Series(deff, frame.index, dtype="Float64").where(by_points)
    frame["df"] = frame["df"].where(by_points)
    if "reliable" in frame:
        frame["reliable"] = np.where(by_points, reliability(p, n, low, high, off), "")
    return frame
