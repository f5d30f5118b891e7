"""The limits of field quality, each with its reason. Nothing else in this package holds a threshold."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _limit(value: Any, what: str, why: str) -> Any:
    return field(default=value, metadata={"what": what, "why": why})


@dataclass(frozen=True)
class Limits:
    """Where a review queue begins. Every field has a default, what it is, and why it is that number."""

    shortest_minutes: float | None = _limit(
        None,
        "an interview is too short below this many minutes",
        "Declared by those who tested the form. Without it, the limit is worked out from the wave itself.",
    )
    longest_minutes: float | None = _limit(
        None,
        "an interview is too long above this many minutes",
        "Declared by those who tested the form. Without it, the limit is worked out from the wave itself.",
    )
    robust_deviations: float = _limit(
        3.5,
        "robust standard deviations from the median of the logarithm of the minutes",
        "Iglewicz and Hoaglin (1993). The median and the median absolute deviation are not moved by the very "
        "interviews that are looked for; the logarithm, because durations lean to the long side.",
    )
    timed_base: int = _limit(
        30,
        "interviews with both times before a limit is worked out from them",
        "A spread worked out from fewer says little.",
    )
    between_minutes: int = _limit(
        2,
        "minutes between two interviews of one enumerator",
        "To thank a person, find the next one, and explain the survey takes longer.",
    )
    sent_within_days: int = _limit(
        7,
        "days from the interview to its submission",
        "Tablets without a network are usually synchronised within a week.",
    )
    clock_slack_minutes: int = _limit(
        15,
        "minutes by which the clocks of a tablet and of the platform may differ",
        "Tablets set by hand are seldom exact.",
    )
    gap_days: int = _limit(
        7,
        "days in a row without a record before it is called a gap",
        "A free weekend is no gap, a week is.",
    )
    alike_percent: int = _limit(
        90,
        "percent of answers that are the same in two interviews",
        "Stricter than the 85% of Kuriakose and Robbins (2016), because short forms reach 85% by chance "
        "(Simmons, Mercer, Schwarzer and Kennedy 2016).",
    )
    alike_questions: int = _limit(
        8,
        "questions that two interviews must share before they are compared",
        "Few answers are the same by chance.",
    )
    alike_block: int = _limit(
        50,
        "interviews of one point, day, age, sex and nationality that are compared each with each",
        "Beyond this, only interviews with every answer the same are found: comparing each with each would take too "
        "long.",
    )
    cause_rows: int = _limit(
        20,
        "rows of a queue that one enumerator, point or file may have before they are told in one line",
        "Twenty rows can be looked at one by one.",
    )
    cause_percent: int = _limit(
        25,
        "percent of the interviews of one enumerator, point or file that are in a queue before they are told in one "
        "line",
        "Where a quarter of somebody’s interviews is remarkable in the same way, the cause is not in the interviews.",
    )
    funnel_deviations: float = _limit(
        3.0,
        "standard deviations from what colleagues at the same points report",
        "The control limits of funnel plots (Spiegelhalter 2005): 3 rather than 2, because many shares are judged at "
        "once. Chance puts at most 1 in 370 outside, and a small workload has wide limits.",
    )
    colleagues_base: int = _limit(
        20,
        "interviews of colleagues at a point, or else in the country, before somebody is compared with them",
        "What fewer report says little about what was to be expected there.",
    )
    funnel_base: int = _limit(
        20,
        "interviews of an enumerator before a share is judged",
        "A single person would move the share of fewer by more than 5 points.",
    )
    spread_enumerators: int = _limit(
        10,
        "enumerators before the limits are widened by how much enumerators differ from each other anyway",
        "Over-dispersion (Spiegelhalter 2005) worked out from fewer would mostly be the outlier that is looked for.",
    )
    answers_base: int = _limit(
        50,
        "respondents before a share of answers is shown for an enumerator",
        "Answers of fewer people could point to one of them.",
    )
    answers_events: int = _limit(
        10,
        "respondents of either answer before a share of answers is shown for an enumerator",
        "Answers of fewer people could point to one of them.",
    )
    ages_base: int = _limit(
        100,
        "respondents aged 23 to 62 before Whipple’s index is given",
        "Below this, chance alone moves the index across the bands of the United Nations.",
    )


LIMITS = Limits()
"""What holds where nothing else is declared."""


def explained(limits: Limits) -> list[tuple[str, str, str]]:
    """(value, what it limits, why) of each limit, in order."""
    rows = []
    for limit in fields(limits):
        value = getattr(limits, limit.name)
        shown = "not declared" if value is None else f"{value:g}"
        rows.append((shown, limit.metadata["what"], limit.metadata["why"]))
    return rows
