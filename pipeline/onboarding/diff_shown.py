"""A difference between two waves, for the terminal: what may be compared, then how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.differing.lines import RESPONDENTS, Comparable, Line, Topic
from pipeline.onboarding.diff import Difference
from pipeline.vocabulary import ALL, Derived

if TYPE_CHECKING:
    from rich.console import Console

MOST = 12
"""Lines on one topic that are shown; the file has all of them."""
LONGEST = 100
"""Characters of a text that are shown; the file has all of them."""
_STYLES = {Comparable.YES: "green", Comparable.CHECK: "yellow", Comparable.NO: "red"}


def print_difference(console: Console, difference: Difference, path: Path) -> None:
    """Says what may be compared, how the waves differ, and where all of it is written. path: of the file."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text(f"{difference.wave} compared with {difference.base}", style="bold"))
    console.print(Text(statement(difference)))
    console.print(
        Text("The samples are not random: a difference between waves may come from who was interviewed, and where.")
    )
    shown = Table(title="What may be compared", title_justify="left", title_style="bold", box=None, pad_edge=False)
    shown.add_column("result", no_wrap=True)
    shown.add_column("compare?", no_wrap=True)
    shown.add_column("why")
    for line in difference.about(Topic.COMPARE):
        shown.add_row(Text(line.what), Text(line.comparable, style=_STYLES[line.comparable]), Text(_why(line)))
    console.print(shown, soft_wrap=False)
    console.print(Text("check: someone who knows the field must decide."))
    console.print(Text(f"How they differ ({difference.base} → {difference.wave})", style="bold"))
    for text in _details(difference):
        console.print(Text(text))
    console.print(Text(f"All of it, in full: {path}"))


def statement(difference: Difference) -> str:
    """What may be compared, in a sentence or two."""
    verdicts = {line.what: line for line in difference.about(Topic.COMPARE)}
    made_up = verdicts.get(RESPONDENTS)
    if made_up and made_up.comparable is Comparable.NO:
        return made_up.consequence
    whole, common = (verdicts[one].comparable for one in (Derived.AT_LEAST_ONE, Derived.AT_LEAST_ONE_COMMON))
    apart = " No route is in both: they tell of other journeys." if not _share_a_route(verdicts) else ""
    if whole is not Comparable.NO:
        told, shown = "The sets of indicators are equal: at_least_one may be compared", whole
    elif common is not Comparable.NO:
        told, shown = "The sets of indicators differ: only at_least_one_common may be compared", common
    else:
        return f"No “at least one” may be compared, not even at_least_one_common.{apart}"
    settled = ", once what is marked “check” is settled" if shown is Comparable.CHECK else ""
    return f"{told}{settled}.{apart}"


def _share_a_route(verdicts: Mapping[str, Line]) -> bool:
    return verdicts[f"route {ALL}"].comparable is not Comparable.NO


def _why(line: Line) -> str:
    """What follows; where nothing does, how it is in each, if that differs."""
    differs = line.sides[0] != line.sides[1]
    return line.consequence or (_arrow(line) if differs else "")


def _arrow(line: Line) -> str:
    return " → ".join(_short(text) or "nothing" for text in line.sides)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _details(difference: Difference) -> Iterator[str]:
    """Each topic, with what follows said once for all lines from which the same follows."""
    for topic in Topic:
        lines = difference.about(topic)
        if topic is Topic.COMPARE or not lines:
            continue
        yield f"{topic[0].upper()}{topic[1:]}"
        for (comparable, consequence), alike in groupby(lines[:MOST], lambda line: (line.comparable, line.consequence)):
            yield f"  {comparable}: {consequence}"
            yield from (f"    {line.what}: {_arrow(line)}" for line in alike)
        if len(lines) > MOST:
            yield f"    and {len(lines) - MOST} more in the file"
