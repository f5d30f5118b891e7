"""Each indicator along time in transit: a matrix a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.labels import wrapped
from pipeline.report.figures.mark import Mark, mark_of, number_of
from pipeline.report.grid import count
from pipeline.vocabulary import TRANSIT_BINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "indicator_by_transit"
WIDTH, HEIGHT = 0.96, 0.92
"""Of a cell, where the next one is 1 away."""

SHADES = ("#F4F7FA", "#D6E2EF", "#A9C3DF", "#6F97C4", "#36669F", "#12407F")


def words(edition: Edition) -> Words:
    """Title, caption and alt text."""
    text = edition.text
    alt = []
    highest: tuple[float, str, str, Cell] | None = None
    for route in edition.routes:
        for indicator in edition.singles:
            cells = {
                text.level("transit", step): edition.estimate(indicator, route, "transit", step)
                for step in TRANSIT_BINS
            }
            last = cells[text.level("transit", TRANSIT_BINS[-1])]
            if last.share is not None and (highest is None or last.share > highest[0]):
                highest = (last.share, route, indicator, last)
            route_name, name = text.say(f"route_short.{route}"), text.say(f"indicator.{indicator}")
            alt.append(f"{text.labelled(f'{route_name}, {name}', listed(cells, edition))}.")
    if highest is None:
        title = text.say(f"figures.{NAME}.title_none")
    else:
        _, route, indicator, cell = highest
        title = text.say(
            f"figures.{NAME}.title_two",
            route=text.say(f"route.{route}"),
            share=edition.percent(cell),
            reported=text.say(f"reported.{indicator}"),
        )
    hatched = text.say(f"figures.{NAME}.hatched", share_base=edition.released.policy.share_base)
    caption = text.say(f"figures.{NAME}.caption", hatched=hatched, rounded=edition.rounded)
    caption = f"{caption} {text.say(f'pack.lines_{NAME}')}"
    return Words(NAME, title, caption, " ".join(alt))


def marks(edition: Edition) -> list[Mark]:
    """A share for each cell, with the n that stands under its column."""
    return [
        mark_of(edition.estimate(indicator, route, "transit", step), edition, printed_n=_base(edition, route, step))
        for route in edition.routes
        for indicator in edition.singles
        for step in TRANSIT_BINS
    ]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Shaded cells with their numbers; hatched where a number is not shown."""
    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import darker

    indicators, routes = edition.singles, edition.routes
    rows, across = canvas.rows(len(routes)), canvas.across(len(routes))
    # One panel across leaves room for labels in one line, and lines may be nearer to each other.
    letters, line = (26, 0.29) if across > 1 else (48, 0.23)
    figure = new_figure((0.68 + line * len(indicators)) * rows, canvas, least=1.4 + 2.45 * across)
    panels = panels_of(figure, len(routes), canvas, share_y=True)
    labels = [wrapped(edition.text.say(f"indicator.{i}"), letters, most=3) for i in indicators]
    for axes, route in zip(panels, routes, strict=True):
        for y, indicator in enumerate(indicators):
            for x, step in enumerate(TRANSIT_BINS):
                _cell(axes, x, y, edition.estimate(indicator, route, "transit", step), edition)
        axes.set_xlim(-0.5, len(TRANSIT_BINS) - 0.5)
        axes.set_ylim(len(indicators) - 0.5, -0.5)
        ticks = [
            f"{_narrow(edition.text.level('transit', step))}\nn {_base(edition, route, step)}" for step in TRANSIT_BINS
        ]
        axes.set_xticks(range(len(TRANSIT_BINS)), ticks, fontsize=7.5)
        axes.set_yticks(range(len(indicators)), labels)
        axes.tick_params(axis="y", labelsize=8)
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_title(edition.text.heading(f"route.{route}"), loc="left", color=darker(ROUTE_COLOURS[route]))
    return figure


def _cell(axes: Axes, x: int, y: int, cell: Cell, edition: Edition) -> None:
    from pipeline.report.figures.house import HATCH, INK, WITHHELD_EDGE, box, line

    corner = (x - 0.48, y - 0.46)
    if cell.share is None:
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH, "linewidth": 0}
        box(axes, corner, WIDTH, HEIGHT, **look)
        return
    shade = min(int(cell.share * 100 / 12.5), len(SHADES) - 1)
    box(axes, corner, WIDTH, HEIGHT, facecolor=SHADES[shade], edgecolor="none")
    ink = "white" if shade >= 4 else INK
    label = number_of(cell, edition)
    if cell.low is None or cell.high is None:
        axes.text(x, y, label, ha="center", va="center", fontsize=8.5, color=ink)
        return
    axes.text(x, y - 0.06, label, ha="center", va="center", fontsize=8.5, color=ink)
    ends = [corner[0] + end * WIDTH for end in (cell.low, cell.high)]
    line(axes, ends, [y + 0.36] * 2, color=ink, linewidth=1.1, solid_capstyle="butt")


def _base(edition: Edition, route: str, step: str) -> str:
    """How many answered at least one of the questions at this journey time."""
    return count(edition, edition.at_least_one(route, "transit", step).n)


def _narrow(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 10))
