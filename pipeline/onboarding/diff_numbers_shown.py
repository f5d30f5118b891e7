"""The numbers of wave against wave for the terminal: what the policy for readers would show, in whole percents."""

from __future__ import annotations

from math import ceil, copysign, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.differing.lines import RESPONDENTS, Comparable, Topic
from pipeline.disclose.policy import PUBLIC, Policy, whole_percent
from pipeline.onboarding.diff import Difference
from pipeline.onboarding.diff_numbers import RESULTS, Numbers
from pipeline.stats.lacking import Lacking
from pipeline.stats.wave_contrast import LEAST_COVERED
from pipeline.vocabulary import ALL, ROUTES, Derived, Indicator

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    Row = dict[str, Any]

SHOWN = (str(Derived.AT_LEAST_ONE_COMMON), *map(str, Indicator))
"""The results that are shown; the file has all of them."""
WITHHELD = "–"
_WORDS = {
    Lacking.NOBODY_ANSWERED: "nobody answered",
    Lacking.STRATA_DIFFER: "groups are not made alike",
    Lacking.LOW_COVERAGE: f"under {LEAST_COVERED:.0%} in groups of both",
    Lacking.POINTS_UNKNOWN: "points not known",
    Lacking.ONE_POINT: "met at one point",
    Lacking.NOBODY_OR_EVERYBODY: "nobody or everybody",
    Lacking.NO_SPREAD: "points do not differ",
}
_NOTES = (
    "Differences in percentage points, with 95% intervals that take monitoring points as what was sampled.",
    "standardised: as if people of the same routes, sexes, age groups and journey times had been met in both waves.",
)


def print_numbers(console: Console, difference: Difference, numbers: Numbers, path: Path) -> None:
    """Says by how much shares differ, what is refused and why, and where the exact numbers are. path: of the file."""
    from rich.table import Table
    from rich.text import Text

    if numbers.contrasts is None:
        console.print(Text(numbers.why_not))
        return
    table = Table(title="By how much", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in ("result", "route", difference.base, difference.wave):
        table.add_column(name, no_wrap=True)
    for name in ("difference", "standardised"):
        table.add_column(name)
    rows = shown(numbers.contrasts)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table, soft_wrap=False)
    for text in (*_NOTES, *_notes(difference, rows), *_refusals(difference)):
        console.print(Text(text))
    console.print(Text(f"Exact, not for release: {path}"))


def _notes(difference: Difference, rows: list[list[str]], policy: Policy = PUBLIC) -> list[str]:
    """What must be said about the numbers that are there."""
    told = [line.consequence for line in difference.about(Topic.COMPARE) if line.what == RESPONDENTS]
    if any(WITHHELD in row for row in rows):
        told.append(f"{WITHHELD}: withheld to protect respondents, or fewer than {policy.share_base} answered.")
    if any(row[1] == ALL for row in rows):
        told.append("all: without standardising, it depends on where interviews were held.")
    there = {name for row in rows for name in (row[0], f"route {row[1]}")}
    doubtful = [line.what for line in difference.about(Topic.COMPARE) if line.comparable is Comparable.CHECK]
    unsettled = ", ".join(what for what in doubtful if what in there and what != f"route {ALL}")
    return [*told, f"To be settled before they are compared, see above: {unsettled}."] if unsettled else told


def _refusals(difference: Difference) -> list[str]:
    """Each result or route that may not be compared, and why."""
    results = {*RESULTS, *(f"route {route}" for route in ROUTES)}
    return [
        f"Not compared: {line.what}. {line.consequence}"
        for line in difference.about(Topic.COMPARE)
        if line.what in results and line.comparable is Comparable.NO
    ]


def shown(contrasts: pd.DataFrame, policy: Policy = PUBLIC) -> list[list[str]]:
    """Result, route, both shares, their difference, and the standardised one; `WITHHELD` where the policy says so.

    The difference is that of the printed shares, and an interval is at least as wide as it is exactly. A route on which
    neither wave has an answer has no row.
    """
    there = contrasts[contrasts["base_answered"] + contrasts["wave_answered"] > 0]
    there = there[there["indicator"].isin(SHOWN)]
    values = there.astype(object).where(there.notna(), None)
    rows: list[Row] = [dict(zip(there.columns, row, strict=True)) for row in values.to_numpy()]
    many = len({row["route"] for row in rows} - {ALL}) > 1
    rows.sort(key=lambda row: SHOWN.index(row["indicator"]) > 0)
    return [_row(row, policy) for row in rows if many or row["route"] != ALL]


def _row(row: Row, policy: Policy) -> list[str]:
    percents = [_percent(row[f"{side}_yes"], row[f"{side}_answered"], policy) for side in ("base", "wave")]
    nobody = [row[f"{side}_answered"] == 0 for side in ("base", "wave")]
    shares = [
        "" if empty else WITHHELD if percent is None else f"{percent}%"
        for percent, empty in zip(percents, nobody, strict=True)
    ]
    return [row["indicator"], row["route"], *shares, *_differences(row, percents)]


def _percent(yes: int, answered: int, policy: Policy) -> int | None:
    """The share in whole percents; None where the policy does not show it."""
    if answered < policy.share_base or not policy.shows_part(yes, answered):
        return None
    return round(float(whole_percent(yes, answered)) * 100)


def _differences(row: Row, percents: list[int | None]) -> tuple[str, str]:
    """The difference and the standardised one. Of a share that is withheld neither is told, nor why it is not there."""
    base, wave = percents
    if Lacking.NOBODY_ANSWERED in (row["reason"], row["standardised_reason"]):
        return (_WORDS[Lacking.NOBODY_ANSWERED],) * 2
    if base is None or wave is None:
        return WITHHELD, WITHHELD
    standardised = row["standardised_difference"]
    points = None if standardised is None else int(copysign(floor(abs(standardised) * 100 + 0.5), standardised))
    return (
        _told(wave - base, row["difference_low"], row["difference_high"], row["reason"]),
        _told(points, row["standardised_low"], row["standardised_high"], row["standardised_reason"]),
    )


def _told(points: int | None, low: float | None, high: float | None, reason: str) -> str:
    if points is None:
        return _WORDS[Lacking(reason)]
    if low is None or high is None:
        return f"{_signed(points)} (no interval: {_WORDS[Lacking(reason)]})"
    off = ceil(round((high - low) * 50, 9))
    return f"{_signed(points)} ({_signed(max(points - off, -100))} to {_signed(min(points + off, 100))})"


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "−") if points else "0"
