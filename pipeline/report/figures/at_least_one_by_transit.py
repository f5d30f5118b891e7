"""At least one indicator along time in transit, a panel a route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.mark import Mark, mark_of
from pipeline.report.grid import count
from pipeline.vocabulary import TRANSIT_BINS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "at_least_one_by_transit"
HEIGHT, WIDE = 2.5, 3.1
"""Of a panel, in inches."""


def _title(edition: Edition) -> str:
    text = edition.text
    ends: list[tuple[str, float, float, str, str]] = []
    for route in edition.routes:
        first, last = (edition.at_least_one(route, "transit", step) for step in (TRANSIT_BINS[0], TRANSIT_BINS[-1]))
        if first.share is not None and last.share is not None:
            ends.append((route, first.share, last.share, edition.percent(first), edition.percent(last)))
    if not ends:
        return text.say(f"figures.{NAME}.title_none")
    route, _, _, a_first, a_last = ends[0]
    values = {"route": text.say(f"route.{route}"), "a_first": a_first, "a_last": a_last}
    if len(ends) > 1 and all(low < high for _, low, high, _, _ in ends):
        other, _, _, b_first, b_last = ends[-1]
        return text.say(
            f"figures.{NAME}.title_two", **values, other=text.say(f"route.{other}"), b_first=b_first, b_last=b_last
        )
    return text.say(f"figures.{NAME}.title_one", **values)


def words(edition: Edition) -> Words:
    """Title, caption and alt text."""
    alt = []
    for route in edition.routes:
        cells = {
            edition.text.level("transit", step): edition.at_least_one(route, "transit", step) for step in TRANSIT_BINS
        }
        alt.append(f"{edition.text.labelled(edition.text.say(f'route_short.{route}'), listed(cells, edition))}.")
    return Words(
        NAME,
        _title(edition),
        edition.text.say(f"figures.{NAME}.caption", rounded=edition.rounded),
        " ".join(alt),
    )


def marks(edition: Edition) -> list[Mark]:
    """A share for each column, with the n that stands under it."""
    cells = (edition.at_least_one(route, "transit", step) for route in edition.routes for step in TRANSIT_BINS)
    return [mark_of(cell, edition, printed_n=count(edition, cell.n)) for cell in cells]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Columns with intervals; the number of respondents under each."""
    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import (
        bare,
        column,
        darker,
        percent_axis,
    )

    routes = edition.routes
    figure = new_figure(HEIGHT * canvas.rows(len(routes)), canvas, least=WIDE * canvas.across(len(routes)))
    panels = panels_of(figure, len(routes), canvas, share_y=True)
    for axes, route in zip(panels, routes, strict=True):
        ticks = []
        for place, step in enumerate(TRANSIT_BINS):
            cell = edition.at_least_one(route, "transit", step)
            column(axes, place, cell, edition, thick=0.72, colour=ROUTE_COLOURS[route], most=1)
            ticks.append(f"{_broken(edition.text.level('transit', step))}\nn {count(edition, cell.n)}")
        axes.autoscale_view(scaley=False)
        axes.set_xticks(range(len(TRANSIT_BINS)), ticks, fontsize=8 if len(routes) > 1 else 9)
        axes.set_title(edition.text.heading(f"route.{route}"), loc="left", color=darker(ROUTE_COLOURS[route]))
        percent_axis(axes, edition, along="y", most=1.08)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        bare(axes, grid="y")
    for axes in panels[:: canvas.across(len(routes))]:
        axes.set_ylabel(edition.text.say(f"figures.{NAME}.axis"))
    return figure


def _broken(label: str) -> str:
    """A bin label over two lines, so that five of them fit under one panel."""
    parts = label.split(" ")
    half = (len(parts) + 1) // 2
    return " ".join(parts[:half]) + "\n" + " ".join(parts[half:])
