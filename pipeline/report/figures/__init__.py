"""Figures: one module a figure, one house style.

`draw` draws a figure of an edition as SVG. Each figure also has a title that states its finding, a caption with base
and n, an alt text with its numbers, and the rows that it draws; those are made without matplotlib.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.report.edition import Cell, Edition
from pipeline.report.figures.canvas import Canvas
from pipeline.report.figures.mark import Mark

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Where matplotlib keeps its list of fonts; it asks when it is loaded.
os.environ.setdefault("MPLCONFIGDIR", str(Path(sys.prefix) / "matplotlib"))

NAMES = (
    "exclusion_flow",
    "indicators_by_route",
    "at_least_one_by_transit",
    "indicator_by_transit",
    "journey_time",
    "where",
    "interviews",
    "adjusted_by_factor",
    "who",
)
"""The figures of every report."""
BESIDE_EARLIER = "wave_by_wave"
"""That of a report that sets its wave beside an earlier one."""


@dataclass(frozen=True)
class Words:
    """What is said about a figure. The alt text states the finding and gives the numbers."""

    name: str
    title: str
    caption: str
    alt: str


def names(edition: Edition) -> tuple[str, ...]:
    """The figures of an edition, in order."""
    return (*NAMES, BESIDE_EARLIER) if edition.earlier else NAMES


def words(name: str, edition: Edition) -> Words:
    """The words of one figure."""
    made: Words = _module(name).words(edition)
    stamps = ". ".join(edition.stamps)
    return replace(made, alt=f"{edition.text.say('alt.opening', title=made.title)} {made.alt} {stamps}.")


def all_words(edition: Edition) -> list[Words]:
    """The words of every figure, in order."""
    return [words(name, edition) for name in names(edition)]


def marks(name: str, edition: Edition) -> list[Mark]:
    """What one figure draws, in order."""
    made: list[Mark] = _module(name).marks(edition)
    return made


def tells(name: str, edition: Edition) -> bool:
    """Whether a figure has any number to show: one of hatched slots alone says less than a sentence."""
    return any(mark.share is not None or mark.count is not None for mark in marks(name, edition))


def draw(name: str, edition: Edition, canvas: Canvas, target: Path) -> None:
    """Draws a figure on this canvas, as SVG."""
    from pipeline.report.figures.frame import finish
    from pipeline.report.figures.house import house_style

    with house_style():
        draw_figure: Callable[[Edition, Canvas], Figure] = _module(name).draw
        finish(draw_figure(edition, canvas), words(name, edition), edition, canvas, target)


def listed(cells: dict[str, Cell], edition: Edition) -> str:
    """Labelled shares as text, for alt texts: `Italy: 36%; Greece: 19%`."""
    return edition.text.series(_described(label, cell, edition) for label, cell in cells.items())


def _described(label: str, cell: Cell, edition: Edition) -> str:
    text = edition.text
    if cell.share is None:
        return text.say("alt.withheld", label=label)
    if cell.low is None or cell.high is None or cell.n is None:
        return text.say("alt.value", label=label, share=edition.percent(cell))
    interval = text.interval(cell.low, cell.high)
    return text.say(
        "alt.value_interval" if cell.is_firm else "alt.value_unreliable",
        label=label,
        share=edition.percent(cell),
        interval=interval,
        n=text.count(cell.n),
    )


def _module(name: str) -> Any:
    return import_module(f"pipeline.report.figures.{name}")
