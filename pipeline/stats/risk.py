"""How easily respondents could be found again by what somebody may know of them: for the eyes of analysts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.tables import RISK, conform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FEW = 11
"""Fewer people than this are few: k of IOM's Counter-Trafficking Data Collaborative."""

PEOPLE = "respondents"


def individual_risk(alike: ArrayLike, behind: ArrayLike) -> Floats:
    """How likely someone is found by a combination of characteristics that somebody else knows.

    Estimates E(1/F) for a person who is one of f with the same characteristics among the respondents, where those
    stand for F in all; with p = f/F and q = 1 − p: p/q log(1/p) for f = 1, p/q − (p/q)² log(1/p) for f = 2, p/(f − q)
    above; and 1/f where respondents stand for nobody but themselves (p = 1). Source: Benedetti and Franconi (1998),
    New Techniques and Technologies for Statistics, Sorrento, 225–230; sdcMicro of R. Assumes that somebody knows the
    characteristics exactly, and, with p = 1, that the person was interviewed.

    Parameters: f and F, of one shape, with F at least f. Returns risks of that shape, from 0 to 1.
    """
    f, whole = np.asarray(alike, dtype=float), np.asarray(behind, dtype=float)
    p = f / whole
    is_all = p >= 1
    odds = p / np.where(is_all, 1.0, 1 - p)
    log = np.log(1 / p)
    drawn = np.select([f == 1, f == 2], [odds * log, odds - odds**2 * log], p / (f - (1 - p)))
    return np.asarray(np.where(is_all, 1 / f, drawn), dtype=np.float64)


def risk(classes: pd.DataFrame, keys: Sequence[str], wave: str) -> pd.DataFrame:
    """How many respondents are alone, or one of few, in their combination of keys: `tables.RISK`.

    The first row takes all keys; each further one leaves a key out, which shows what its coarsening could gain; advice
    stands where that is most.
    classes: the keys, and respondents in each combination of them.
    """
    rows = []
    for left_out in ("", *keys):
        kept = [key for key in keys if key != left_out]
        if not kept and left_out:
            continue
        people = classes.groupby(kept)[PEOPLE].sum().to_numpy(float) if kept else np.zeros(0)
        rows.append({"left_out": left_out, "keys": " + ".join(kept), **_of(people[people > 0])})
    frame = pd.DataFrame(rows)
    gains = frame["alone"].where((frame["left_out"] != "") & (frame["alone"] < frame["alone"].iloc[0]))
    frame["advice"] = (
        ["coarsen_first" if row == gains.idxmin() else "" for row in frame.index] if gains.notna().any() else ""
    )
    return conform(frame.assign(wave=wave), RISK)


def _of(people: Floats) -> dict[str, float]:
    everybody = people.sum()
    alone, few = people[people == 1].sum(), people[people < FEW].sum()
    per = everybody if everybody else np.nan
    return {
        "respondents": everybody,
        "combinations": len(people),
        "alone": alone,
        "alone_share": alone / per,
        "few": few,
        "few_share": few / per,
        "smallest": people.min() if len(people) else np.nan,
        "mean_risk": float((people * individual_risk(people, people)).sum() / per),
    }
