"""Where the reported events took place. The unit is events, not people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.mark import COUNTRY, Mark, marks_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "where"
MOST_COUNTRIES = 8
OTHER = "other_or_unknown"


def _countries(edition: Edition, route: str) -> dict[str, Cell]:
    """The countries of a route that may be shown, by share; the answer "other" stands last."""
    cells = [cell for cell in edition.events(route) if cell.key["country"] not in ("unknown", "declined")]
    cells.sort(key=lambda cell: cell.key["country"] == OTHER)
    return {edition.text.country(cell.key["country"]): cell for cell in cells[:MOST_COUNTRIES]}


def words(edition: Edition) -> Words:
    """Title, caption with bases, and alt text."""
    text = edition.text
    top: tuple[float, str, str, str] | None = None
    alt, bases = [], []
    for route in edition.routes:
        cells = _countries(edition, route)
        name = text.say(f"route_short.{route}")
        for label, cell in cells.items():
            if cell.share is not None and (top is None or cell.share > top[0]):
                top = (cell.share, label, edition.percent(cell), route)
        if cells:
            alt.append(f"{text.labelled(name, listed(cells, edition))}.")
            n = next(iter(cells.values())).n
            bases.append(f"{name} {text.say('format.withheld') if n is None else text.count(n)}")
    if top is None:
        title = text.say(f"figures.{NAME}.title_none")
    else:
        _, label, share, route = top
        title = text.say(f"figures.{NAME}.title_one", country=label, share=share, route=text.say(f"route.{route}"))
    kind = "caption" if bases else "caption_none"
    caption = text.say(f"figures.{NAME}.{kind}", bases=", ".join(bases), left_out=_left_out(edition))
    return Words(NAME, title, caption, " ".join(alt) or caption)


def _left_out(edition: Edition) -> str:
    """The questions whose events are not the respondents' own."""
    text, items = edition.text, edition.wave.questionnaire.indicators
    others = [item.indicator for item in items if item.event_country and item.experience != "own"]
    if not others:
        return ""
    key = "caption_left_out" if len(others) == 1 else "caption_left_out_several"
    questions = text.listing([text.say(f"question.{indicator}") for indicator in others])
    return text.say(f"figures.{NAME}.{key}", questions=questions)


def _with_panel(edition: Edition) -> list[str]:
    """The routes that have a panel: one without a country that may be shown has none, unless there is no other."""
    return [route for route in edition.routes if _countries(edition, route)] or edition.routes


def marks(edition: Edition) -> list[Mark]:
    """A share of events for each bar."""
    found = [(route, _countries(edition, route)) for route in _with_panel(edition)]
    return [mark for route, cells in found for mark in marks_of(cells, edition, COUNTRY, route)]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Horizontal bars, a panel a route, on one scale."""
    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import (
        bare,
        bars,
        darker,
        percent_axis,
    )

    countries = {route: _countries(edition, route) for route in edition.routes}
    routes = _with_panel(edition)
    rows = max([1, *(len(cells) for cells in countries.values())])
    figure = new_figure(
        (0.75 + 0.235 * rows) * canvas.rows(len(routes)), canvas, least=3.1 * canvas.across(len(routes))
    )
    panels = panels_of(figure, len(routes), canvas)
    for axes, route in zip(panels, routes, strict=True):
        colour = ROUTE_COLOURS[route]
        bars(axes, countries[route], edition, thick=0.68, colour=colour, most=1, letters=21)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_title(edition.text.heading(f"route.{route}"), loc="left", color=darker(colour))
        axes.set_xlabel(edition.text.say(f"figures.{NAME}.axis"))
        percent_axis(axes, edition, most=1.1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        bare(axes)
    return figure
