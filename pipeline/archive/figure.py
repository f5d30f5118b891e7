"""The figure: a panel a route, a dot a wave on its interval, and no line over a break."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.archive.book import Book, drawn
from pipeline.archive.rows import Row
from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.figures import Words
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.mark import NO_NUMBER, UNRELIABLE, WITHHELD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "trend"
HEIGHT, TOP = 2.35, 1.12
"""Of a panel, in inches; and where its axis of shares ends, with room for the mark of a break."""
_CLOSE = 0.13
"""Two numbers nearer than this, as a share of a panel's width, would run into each other."""
_MOST_QUARTERS, _MOST_YEARS, _MOST_NUMBERS = 6, 7, 8
"""More labels than these do not stand side by side."""


def words(book: Book) -> Words:
    """Title, caption, and a text for screen readers with every number."""
    text = book.text
    parts = []
    for route in book.routes:
        told = [_described(row, book) for row in book.on(route) if row.has_anyone]
        parts.append(f"{text.labelled(text.say(f'route_short.{route}'), text.series(told))}.")
    alt = " ".join([text.say("alt.opening", title=text.say("trend.title")), *parts, *(f"{s}." for s in book.stamps)])
    return Words(NAME, text.say("trend.title"), " ".join(foot(book)[:-1]), alt)


def _described(row: Row, book: Book) -> str:
    text, cell = book.text, row.cell
    label = f"{row.wave} ({book.days(row)})"
    if cell.share is None or cell.low is None or cell.high is None or cell.n is None:
        told = text.say("alt.withheld" if cell.withheld else "trend.alt_no_number", label=label)
    else:
        told = text.say(
            "alt.value_interval" if cell.is_firm else "alt.value_unreliable",
            label=label,
            share=book.number(row),
            interval=text.interval(cell.low, cell.high),
            n=text.count(cell.n),
        )
    return text.say("trend.alt_break", what=told) if row.broken else told


def foot(book: Book) -> list[str]:
    """How it is read, as far as it is drawn so; where it is from; and the stamps, which stand last."""
    text = book.text
    shown = [row for route in book.routes for row in book.on(route) if row.has_anyone]
    kinds = {drawn(row) for row in shown}
    said = {
        "trend.read_dots": True,
        "trend.read_break": any(row.broken for row in shown),
        "pack.hatched": bool(kinds & {WITHHELD, NO_NUMBER}),
        "trend.read_hollow": UNRELIABLE in kinds,
    }
    stamp = " · ".join([text.say("trend.series"), *book.stamps])
    return [" ".join(text.say(key) for key, is_so in said.items() if is_so), text.say("trend.read_source"), stamp]


def draw(book: Book, target: Path, canvas: Canvas = PAGE) -> None:
    """Draws the figure as SVG. The same rows give the same bytes on any day."""
    from pipeline.report.figures.frame import finish_with, new_figure, panels_of
    from pipeline.report.figures.house import bare, darker, house_style, percent_axis, say_instead

    routes, text = book.routes, book.text
    with house_style():
        figure: Figure = new_figure(HEIGHT * canvas.rows(max(len(routes), 1)), canvas)
        panels = panels_of(figure, max(len(routes), 1), canvas, share_y=True)
        if not routes:
            say_instead(panels[0], text.say("trend.nobody"))
        first, last = _span(book)
        for axes, route in zip(panels, routes, strict=False):
            _panel(axes, [row for row in book.on(route) if row.has_anyone], book, last - first)
            axes.set_title(text.heading(f"route.{route}"), loc="left", color=darker(ROUTE_COLOURS[route]))
            percent_axis(axes, book, along="y", most=TOP)
            axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
            bare(axes, grid="y")
            _time(axes, book, first, last)
        for axes in panels[:: canvas.across(len(routes))] if routes else []:
            axes.set_ylabel(text.say("trend.axis"))
        finish_with(foot(book), figure, words(book), canvas, target)


def _span(book: Book) -> tuple[int, int]:
    """The first and the last day on any route, as day numbers."""
    days = [day for row in book.rows for day in (row.period.from_, row.period.to)]
    return min(days).toordinal(), max(days).toordinal()


def _panel(axes: Axes, rows: list[Row], book: Book, width: int) -> None:
    numbered = {"above": -width, "below": -width}
    told = _told(rows)
    before: Row | None = None
    for row in rows:
        if before is not None and row.broken:
            _break(axes, before, row)
        elif before is not None and row.joined:
            ends = [(one.day.toordinal(), one.cell.share or 0) for one in (before, row)]
            axes.plot(*zip(*ends, strict=True), color=ROUTE_COLOURS[row.route], linewidth=1.3, zorder=2)
        if _mark(axes, row, width) and row in told:
            place = row.day.toordinal()
            side = next((side for side, last in numbered.items() if place - last >= width * _CLOSE), None)
            if side is not None:
                _number(axes, row, book, side)
                numbered[side] = place
        before = row


def _told(rows: list[Row]) -> list[Row]:
    """The rows whose numbers are written: of many waves the first and the last, since lines would run through more."""
    shown = [row for row in rows if row.cell.share is not None]
    return shown if len(shown) <= _MOST_NUMBERS else [shown[0], shown[-1]]


def _mark(axes: Axes, row: Row, width: int) -> bool:
    """A dot on its interval and its days; or a hatched slot. Whether there is a number to stand beside it."""
    from pipeline.report.figures.house import INK, slot

    cell, place, colour = row.cell, row.day.toordinal(), ROUTE_COLOURS[row.route]
    if cell.share is None or cell.low is None or cell.high is None:
        slot(axes, place, max(width, 90) * 0.035, 1, horizontal=False)
        return False
    days = row.period.from_.toordinal(), row.period.to.toordinal()
    axes.plot(days, [cell.share] * 2, color=colour, linewidth=4, alpha=0.3, solid_capstyle="butt", zorder=1)
    axes.plot([place] * 2, [cell.low, cell.high], color=INK, linewidth=1.1, solid_capstyle="butt", zorder=3)
    face = colour if cell.is_firm else "white"
    axes.plot([place], [cell.share], marker="o", markersize=4.5, color=colour, markerfacecolor=face, zorder=4)
    return True


def _number(axes: Axes, row: Row, book: Book, side: str) -> None:
    """The share above or below its interval; every number is in the table, and here as many as have room."""
    from pipeline.report.figures.house import INK

    low, high = row.cell.low or 0, row.cell.high or 0
    at, va = (high + 0.015, "bottom") if side == "above" else (max(low, 0.1) - 0.015, "top")
    axes.text(row.day.toordinal(), at, book.number(row), va=va, ha="center", fontsize=8.5, color=INK)


def _break(axes: Axes, before: Row, row: Row) -> None:
    """A dashed line between two waves, with the sign for unequal on it."""
    from pipeline.report.figures.house import MARK

    if before.period.to < row.period.from_:
        place = (before.period.to.toordinal() + row.period.from_.toordinal()) / 2
    else:
        place = (before.day.toordinal() + row.day.toordinal()) / 2
    axes.plot([place] * 2, [0, 1.02], color=MARK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1.5)
    axes.text(place, 1.02, "≠", va="bottom", ha="center", fontsize=9, color=MARK)


def _time(axes: Axes, book: Book, first: int, last: int) -> None:
    """The axis of time: quarters by name, or years where there are too many; a faint line where each begins."""
    room = max((last - first) * 0.05, 15)
    axes.set_xlim(first - room, last + room)
    spans = list(_quarters(first, last))
    if len(spans) > _MOST_QUARTERS:
        spans = list(_years(first, last))
        named = [f"{date.fromordinal(begin).year}" for begin, _ in spans]
    else:
        named = [book.text.quarter(date.fromordinal(begin)).replace(" ", "\n") for begin, _ in spans]
    for begin, _ in spans[1:]:
        axes.axvline(begin, color="#E3E7EA", linewidth=0.6, zorder=0)
    step = -(-len(spans) // _MOST_YEARS)
    places = [(max(begin, first - room) + min(end, last + room)) / 2 for begin, end in spans]
    axes.set_xticks(places[::step], named[::step], fontsize=8)


def _quarters(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Each quarter between two days, as the day numbers at which it begins and the next one does."""
    day = date.fromordinal(first)
    begin = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    while begin.toordinal() <= last:
        following = date(begin.year + begin.month // 10, (begin.month + 2) % 12 + 1, 1)
        yield begin.toordinal(), following.toordinal()
        begin = following


def _years(first: int, last: int) -> Iterator[tuple[int, int]]:
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
        yield date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
