"""How long respondents had been on the way: a distribution, not a rate of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.edition import Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.indicators_by_route import headline
from pipeline.report.figures.mark import Mark, mark_of
from pipeline.vocabulary import TRANSIT_BINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "journey_time"
SHADES = ("#DCE6F0", "#A9C3DF", "#6F97C4", "#36669F", "#12305C")


def words(edition: Edition) -> Words:
    """Title, caption with bases, and alt text."""
    text = edition.text
    over = {route: edition.distribution(edition.over_6_months, route, "yes") for route in edition.routes}
    title = headline(edition, NAME, {route: edition.percent(cell, short=True) for route, cell in over.items()})
    alt, bases = [], []
    for route in edition.routes:
        cells = {text.level("transit", step): edition.distribution("transit", route, step) for step in TRANSIT_BINS}
        name = text.say(f"route_short.{route}")
        alt.append(f"{text.labelled(name, listed(cells, edition))}.")
        n = next(iter(cells.values())).n
        bases.append(f"{name} {text.say('format.withheld') if n is None else text.count(n)}")
    return Words(NAME, title, text.say(f"figures.{NAME}.caption", bases=", ".join(bases)), " ".join(alt))


def marks(edition: Edition) -> list[Mark]:
    """A share for each part of a bar."""
    return [
        mark_of(edition.distribution("transit", route, step), edition)
        for route in edition.routes
        for step in TRANSIT_BINS
    ]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """One bar a route, divided by journey time, the shortest on the left."""
    from pipeline.report.figures.frame import new_figure
    from pipeline.report.figures.house import HATCH, INK, WITHHELD_EDGE, bare, box

    routes = edition.routes
    figure = new_figure(0.5 + 0.42 * len(routes), canvas, least=6.2)
    axes = figure.subplots()
    for place, route in enumerate(routes):
        start = 0.0
        for shade, step in zip(SHADES, TRANSIT_BINS, strict=True):
            cell = edition.distribution("transit", route, step)
            share = 0.04 if cell.share is None else cell.share
            if cell.share is None:
                look: dict[str, Any] = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH}
            else:
                look = {"facecolor": shade}
            box(axes, (start, place - 0.33), share, 0.66, **look)
            if cell.share is not None and cell.share >= 0.03:
                ink = INK if shade in SHADES[:3] else "white"
                middle = start + share / 2
                axes.text(
                    middle, place, edition.percent(cell, short=True), ha="center", va="center", color=ink, fontsize=9
                )
            start += share
    _key(axes, edition)
    axes.set_yticks(range(len(routes)), [edition.text.say(f"route_short.{route}") for route in routes])
    axes.set_ylim(len(routes) - 0.55, -1.0)
    axes.set_xlim(0, 1.01)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    bare(axes, grid=None)
    return figure


def _key(axes: Axes, edition: Edition) -> None:
    """A key above the bars, in their order; labels on narrow segments would run into each other."""
    from pipeline.report.figures.house import QUIET, box

    labels = [edition.text.level("transit", step) for step in TRANSIT_BINS]
    room = [len(label) + 5 for label in labels]
    for place, (shade, label) in enumerate(zip(SHADES, labels, strict=True)):
        left = sum(room[:place]) / sum(room)
        box(axes, (left, -0.9), 0.022, 0.3, facecolor=shade, edgecolor="#A7B0B7", linewidth=0.5)
        axes.text(left + 0.03, -0.75, label, fontsize=8, color=QUIET, va="center")
