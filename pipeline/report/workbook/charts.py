"""Two charts of Excel's own: indicators by route, and at least one indicator by journey time.

Each stands below a table of its numbers. A cell whose number is not printed is empty there, because a chart takes any
text for a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, words
from pipeline.report.grid import Row, interval, share, table
from pipeline.report.workbook.book import HEAD_ROW, Book, Sheet
from pipeline.report.workbook.flat import flat
from pipeline.vocabulary import TRANSIT_BINS, Derived

Bars = dict[str, dict[str, Cell]]
"""Label → route → the share that is drawn."""

_HOW = {"chart_routes": "bar", "chart_transit": "column"}
_SIZE = {"width": 980, "height": 470}


def write_charts(book: Book) -> None:
    """Both sheets."""
    edition, text = book.edition, book.text
    indicators = [str(Derived.AT_LEAST_ONE), *edition.singles]
    by_route = {
        text.say(f"indicator.{name}"): {route: edition.estimate(name, route) for route in edition.routes}
        for name in indicators
    }
    by_transit = {
        text.level("transit", step): {route: edition.at_least_one(route, "transit", step) for route in edition.routes}
        for step in TRANSIT_BINS
    }
    _chart(book, "chart_routes", "indicator", words("indicators_by_route", edition), by_route)
    _chart(book, "chart_transit", "level", words("at_least_one_by_transit", edition), by_transit)


def _chart(book: Book, kind: str, head: str, said: Words, bars: Bars) -> None:
    """A sheet with a table of shares, and the chart of it. head: of the labels."""
    edition, text = book.edition, book.text
    rows = [[label, *(entry for cell in of.values() for entry in _told(edition, cell))] for label, of in bars.items()]
    made = table(edition, said.title, head, "l", rows, kind=kind)
    for route in edition.routes:
        made["columns"] += [text.say(f"route_short.{route}"), text.say("report.col_interval")]
    shown = flat(made, edition)
    sheet, free = book.table(text.say(f"workbook.sheet_{kind}"), shown, [text.say("workbook.chart_note")])
    places = [shown.heads.index(text.say(f"route_short.{route}")) for route in edition.routes]
    if any(cell.share is not None for of in bars.values() for cell in of.values()):
        drawn = _drawn(book, sheet, bars, places, _HOW[kind])
        drawn.set_title({"name": said.title, "name_font": {"size": 12}})
        sheet.insert_chart(free + 1, 0, drawn, {"description": said.alt})


def _told(edition: Edition, cell: Cell) -> Row:
    """A share and its interval; nothing where none is printed."""
    return ["", ""] if cell.share is None else [share(edition, cell), interval(edition, cell)]


def _drawn(book: Book, sheet: Sheet, bars: Bars, places: Sequence[int], how: str) -> Any:
    """The chart. places: the column of each route's shares."""
    chart = book.made.add_chart({"type": how})
    name, first, last = sheet.get_name(), HEAD_ROW + 1, HEAD_ROW + len(bars)
    for route, column in zip(book.edition.routes, places, strict=True):
        cells = [of[route] for of in bars.values()]
        chart.add_series(
            {
                "name": [name, HEAD_ROW, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": ROUTE_COLOURS[route]},
                "gap": 60,
                ("x_error_bars" if how == "bar" else "y_error_bars"): _intervals(cells),
            }
        )
    _set_axes(book, chart, how)
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size(_SIZE)
    return chart


def _set_axes(book: Book, chart: Any, how: str) -> None:
    """Shares along the one axis; labels in their order along the other.

    Bars would begin at the foot. Turned round, they begin at the head, and the axis of shares is told to stay below.
    """
    shares = {"name": book.text.say("figures.indicators_by_route.axis"), "num_format": "0%", "min": 0}
    if how == "bar":
        chart.set_x_axis(shares)
        chart.set_y_axis({"reverse": True, "crossing": "max"})
    else:
        chart.set_y_axis(shares)


def _intervals(cells: Sequence[Cell]) -> dict[str, object]:
    """How far the interval of each share goes up and down; not at all where none is printed."""
    up = [_apart(cell.high, cell.share) for cell in cells]
    down = [_apart(cell.share, cell.low) for cell in cells]
    return {"type": "custom", "plus_values": up, "minus_values": down}


def _apart(above: float | None, below: float | None) -> float:
    return 0 if above is None or below is None else round(above - below, 2)
