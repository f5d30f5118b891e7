"""Words on and under figures: labels that have to fit, how a figure is read, and where it is from."""

from __future__ import annotations

import textwrap

from pipeline.report.edition import Edition
from pipeline.report.figures import BESIDE_EARLIER, marks
from pipeline.report.figures.mark import NO_NUMBER, UNRELIABLE, WITHHELD


def reading(name: str, edition: Edition) -> str:
    """How a figure is read that stands without its caption: what its lines, hatched slots and crosses say, if any."""
    drawn = marks(name, edition)
    kinds = {mark.drawn for mark in drawn}
    said = {
        "lines": any(mark.ci_low is not None for mark in drawn),
        "hatched": bool(kinds & {WITHHELD, NO_NUMBER}),
        "crossed": UNRELIABLE in kinds,
    }
    keys = [f"pack.{kind}" for kind, is_drawn in said.items() if is_drawn]
    # A figure may draw its lines in a way of its own.
    own = [f"{key}_{name}" if edition.text.has(f"{key}_{name}") else key for key in keys]
    if name == BESIDE_EARLIER and edition.has_break:
        own.append("trend.read_break")
    return " ".join(edition.text.say(key) for key in own)


def source_line(edition: Edition) -> str:
    """Where a figure is from."""
    text, period = edition.text, edition.wave.period
    organisation = text.say("report.organisation")
    return text.say("pack.source", organisation=organisation, from_=text.day(period.from_), to=text.day(period.to))


def short(name: str) -> str:
    """A country's name without its form of state, where the axis has no room for it."""
    return name.partition(" (")[0]


def wrapped(label: str, letters: int, *, most: int = 2) -> str:
    """A label in lines of so many letters, and no more than so many lines; what is cut off ends in an ellipsis."""
    return "\n".join(textwrap.wrap(label, letters, max_lines=most, placeholder="…"))
