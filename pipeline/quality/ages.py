"""Age heaping: whether ages that end in 0 or 5 are given more often than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.quality.interviews import Interviews
from pipeline.quality.results import Ages

if TYPE_CHECKING:
    from pipeline.engine import Engine
    from pipeline.quality.limits import Limits

YOUNGEST, OLDEST = 23, 62
BANDS = ((105, "highly accurate"), (110, "fairly accurate"), (125, "approximate"), (175, "rough"))
"""The scale of the United Nations (Demographic Yearbook): below the number, the word; from 175 on, very rough."""


def whipple(interviews: Interviews, engine: Engine, limits: Limits) -> Ages | None:
    """Whipple's index over ages 23 to 62: 100 · 5 · (ages that end in 0 or 5) / (all ages). None for a small base.

    Source: Shryock, Siegel and Associates, The Methods and Materials of Demography (1976), chapter 8.
    """
    rows = interviews.rows
    adults = rows.filter(rows["age"].between(YOUNGEST, OLDEST))
    counts = engine.frame(adults.aggregate(base=adults.count(), round=(adults["age"] % 5 == 0).sum())).fillna(0).iloc[0]
    base, ends_in_0_or_5 = int(counts["base"]), int(counts["round"])
    if base < limits.ages_base:
        return None
    index = 500 * ends_in_0_or_5 / base
    return Ages(base, index, next((word for below, word in BANDS if index < below), "very rough"))
