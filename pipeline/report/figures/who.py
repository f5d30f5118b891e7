"""Who was interviewed: age group, sex and nationality by route."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.labels import wrapped
from pipeline.report.figures.mark import Mark, marks_of
from pipeline.vocabulary import DECLINED, UNKNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "who"
TOP = 8
GROUPED = {"age_group": "age", "sex": "sex"}
"""Distributions in which the routes stand side by side → their title."""


def _known(edition: Edition, variable: str, route: str) -> dict[str, Cell]:
    levels = _known_levels(edition, variable)
    return {edition.text.level(variable, level): edition.distribution(variable, route, level) for level in levels}


def _known_levels(edition: Edition, variable: str) -> list[str]:
    return [level for level in edition.levels(variable) if level not in (DECLINED, UNKNOWN)]


def _top_nationalities(edition: Edition, route: str) -> dict[str, Cell]:
    cells = {name: cell for name, cell in _known(edition, "nationality", route).items() if cell.share}
    return dict(sorted(cells.items(), key=lambda item: -(item[1].share or 0))[:TOP])


def words(edition: Edition) -> Words:
    """Title, caption with bases, and alt text."""
    text = edition.text
    alt, bases = [], []
    for route in edition.routes:
        cells = {**_known(edition, "age_group", route), **_known(edition, "sex", route)}
        cells |= _top_nationalities(edition, route)
        name = text.say(f"route_short.{route}")
        alt.append(f"{text.labelled(name, listed(cells, edition))}.")
        bases.append(f"{name} {text.count(edition.released.analysed_by_route[route])}")
    caption = text.say(
        f"figures.{NAME}.caption",
        top=TOP,
        bases=", ".join(bases),
        caveats=" ".join(edition.caveats("all", "sex")),
    )
    return Words(NAME, _title(edition), caption, " ".join(alt))


def _title(edition: Edition) -> str:
    text = edition.text
    most: set[str] = set()
    parts = []
    for route in edition.routes:
        cells = {level: edition.distribution("sex", route, level) for level in _known_levels(edition, "sex")}
        told = {level: cell.share for level, cell in cells.items() if cell.share is not None}
        if not told:
            return text.say(f"figures.{NAME}.title_none")
        level = max(told, key=lambda name: told[name])
        most.add(level)
        parts.append(f"{text.percent(told[level])} ({text.say(f'route_short.{route}')})")
    if len(most) != 1:
        return text.say(f"figures.{NAME}.title_none")
    return text.say(f"figures.{NAME}.title_one", sex=_most(edition, most.pop()), by_route=text.listing(parts))


def _most(edition: Edition, level: str) -> str:
    """What most respondents were: as the catalogue says it, else as the form labels it."""
    text, key = edition.text, f"figures.{NAME}.most_{level}"
    return text.say(key) if text.has(key) else text.level("sex", level).lower()


def _with_panel(edition: Edition) -> list[str]:
    """Routes with a panel of nationalities: one that may show none has none, unless there is nothing else to draw."""
    return [route for route in edition.routes if _top_nationalities(edition, route)] or edition.routes


def marks(edition: Edition) -> list[Mark]:
    """A share for each bar: age groups and sexes by route, then the nationalities of each route."""
    groups = [(name, route, _known(edition, name, route)) for name in GROUPED for route in edition.routes]
    groups += [("nationality", route, _top_nationalities(edition, route)) for route in _with_panel(edition)]
    return [mark for name, route, cells in groups for mark in marks_of(cells, edition, name, route)]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Age and sex above, the routes side by side; the nationalities of each route below."""
    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import (
        bare,
        bars,
        darker,
        percent_axis,
    )

    routes = edition.routes
    named = _with_panel(edition)
    # The lower panels are small: they stand side by side, two of them or, where it is wide, all.
    canvas = replace(canvas, beside=4 if canvas.shape > 1 else 2)
    rows, across = canvas.rows(len(named)), canvas.across(len(named))
    # Each route beyond two has its bars between those of the others: they need room for their numbers.
    more = 0.4 * max(len(routes) - 2, 0)
    figure = new_figure(1.6 + more + 2.3 * rows, canvas, least=max(5.8, 2.6 * across))
    grid = figure.add_gridspec(2, 1, height_ratios=[1.25 + more, 1.75 * rows])
    above, below = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    for axes, (variable, title) in zip(above.subplots(1, 2), GROUPED.items(), strict=True):
        _grouped(axes, variable, edition)
        axes.set_title(edition.text.say(f"figures.{NAME}.{title}"), loc="left")
    for axes, route in zip(panels_of(below, len(named), canvas), named, strict=True):
        cells = _top_nationalities(edition, route)
        most = max([cell.share or 0 for cell in cells.values()], default=1) * 1.2
        bars(axes, cells, edition, thick=0.7, colour=ROUTE_COLOURS[route], most=most, letters=21)
        axes.set_ylim(TOP - 0.5, -0.5)
        title = edition.text.say(f"figures.{NAME}.nationality", route=edition.text.say(f"route_short.{route}"))
        title = wrapped(title, 60 if across <= 2 else 22)
        axes.set_title(title, loc="left", color=darker(ROUTE_COLOURS[route]))
        percent_axis(axes, edition, most=most)
        bare(axes)
    return figure


def _grouped(axes: Axes, variable: str, edition: Edition) -> None:
    from pipeline.report.figures.house import bar, bare, percent_axis

    routes = edition.routes
    labels = list(_known(edition, variable, routes[0])) if routes else []
    thick = 0.8 / max(len(routes), 1)
    for step, route in enumerate(routes):
        for place, cell in enumerate(_known(edition, variable, route).values()):
            y = place + (step - (len(routes) - 1) / 2) * thick
            name = edition.text.say(f"route_short.{route}") if place == 0 and variable == "age_group" else ""
            bar(axes, y, cell, edition, thick=thick * 0.9, colour=ROUTE_COLOURS[route], most=1, name=name)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    percent_axis(axes, edition, most=1.12)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    bare(axes)
