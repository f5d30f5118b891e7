"""This wave beside an earlier one, on what every instrument asks. Where they may not be compared, a break says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Change, Edition
from pipeline.report.figures import BESIDE_EARLIER, Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.labels import wrapped
from pipeline.report.figures.mark import Mark, mark_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = BESIDE_EARLIER
EARLIER = "#6B7680"
"""Colour of the earlier wave on every route."""
_APART = 0.19
"""How far the two waves of a line stand from its middle."""
_LINE = 0.36
"""Inches from one indicator to the next."""


def compared(edition: Edition) -> dict[str, list[Change]]:
    """Route → what is set side by side on it. Routes without anyone in one of the waves are not there."""
    by_route = {route: edition.changes(route) for route in edition.routes}
    return {route: found for route, found in by_route.items() if found}


def words(edition: Edition) -> Words:
    """Title with the share that both waves have in common, caption with bases, alt text with every number."""
    text, found = edition.text, compared(edition)
    return Words(
        NAME,
        _title(edition, found),
        _caption(edition, found),
        _alt(edition, found) or text.say(_key("none"), **_waves(edition)),
    )


def _title(edition: Edition, found: dict[str, list[Change]]) -> str:
    told = [(route, changes[0]) for route, changes in found.items() if _may_be_compared(changes[0])]
    if not told:
        return edition.text.say(_key("title_none"), **_waves(edition))
    route, change = max(told, key=lambda one: one[1].later.share or 0)
    shares = {"share": edition.percent(change.later), "earlier_share": edition.percent(change.earlier)}
    return edition.text.say(_key("title"), route=edition.text.say(f"route.{route}"), **shares, **_waves(edition))


def _may_be_compared(change: Change) -> bool:
    return not change.broken and change.later.share is not None and change.earlier.share is not None


def _waves(edition: Edition) -> dict[str, str]:
    return {"wave": edition.wave.name, "earlier": edition.earlier.name if edition.earlier else ""}


def _caption(edition: Edition, found: dict[str, list[Change]]) -> str:
    text = edition.text
    if not found:
        return text.say(_key("none"), **_waves(edition))
    said = [text.say(_key("caption"), **_waves(edition))]
    if edition.has_break:
        said.append(text.say("trend.read_break"))
    return " ".join(said)


def _alt(edition: Edition, found: dict[str, list[Change]]) -> str:
    text, parts = edition.text, []
    for route, changes in found.items():
        for change in changes:
            label = f"{text.say(f'route_short.{route}')}, {text.say(_indicator(change))}"
            told = listed({cell.key["wave"]: cell for cell in (change.earlier, change.later)}, edition)
            parts.append(f"{text.labelled(label, told)}.")
        if changes[0].broken:
            parts.append(_broken_on(route, changes[0].broken, edition))
    return " ".join(parts)


def broken(edition: Edition) -> list[str]:
    """On which routes the waves may not be compared, and why: in one sentence where it is so on all, for one reason."""
    found = {route: changes[0].broken for route, changes in compared(edition).items()}
    if len(found) > 1 and len(set(found.values())) == 1 and any(found.values()):
        return [edition.text.say(_key("broken_everywhere"), why=_why(next(iter(found.values())), edition))]
    return [_broken_on(route, words, edition) for route, words in found.items() if words]


def _broken_on(route: str, words: tuple[str, ...], edition: Edition) -> str:
    return edition.text.say(_key("broken"), route=edition.text.say(f"route.{route}"), why=_why(words, edition))


def _why(words: tuple[str, ...], edition: Edition) -> str:
    return edition.text.listing([edition.text.say(f"trend.break.{word}") for word in words])


def _indicator(change: Change) -> str:
    return f"indicator.{change.later.key['indicator']}"


def _key(name: str) -> str:
    return f"figures.{NAME}.{name}"


def marks(edition: Edition) -> list[Mark]:
    """A dot for each wave of each line."""
    return [
        _mark(cell, edition)
        for changes in compared(edition).values()
        for change in changes
        for cell in (change.earlier, change.later)
    ]


def _mark(cell: Cell, edition: Edition) -> Mark:
    wave, label = cell.key["wave"], edition.text.say("trend.col_wave")
    return replace(mark_of(cell, edition), variable="wave", variable_label=label, level=wave, level_label=wave)


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """A panel a route, a line an indicator, a dot a wave on its interval; the earlier one above, in grey."""
    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import bare, darker, percent_axis, say_instead

    found, text = compared(edition), edition.text
    lines = max([2, *(len(changes) for changes in found.values())])
    count = max(len(found), 1)
    figure = new_figure((0.7 + _LINE * lines) * canvas.rows(count), canvas, least=3.1 * canvas.across(count))
    panels = panels_of(figure, count, canvas, share_y=True)
    if not found:
        say_instead(panels[0], wrapped(words(edition).caption, 80, most=6))
        return figure
    ends = [cell.high or 0 for changes in found.values() for one in changes for cell in (one.earlier, one.later)]
    most = min(1.25, max([0.1, *ends]) * 1.35)
    for axes, (route, changes) in zip(panels, found.items(), strict=True):
        for line, change in enumerate(changes):
            _draw_line(axes, line, change, edition, most)
        labels = [wrapped(text.say(_indicator(one)), 24, most=3) for one in changes]
        axes.set_yticks(range(len(labels)), labels, fontsize=8, linespacing=0.95)
        axes.set_ylim(lines - 0.5, -0.55)
        broken = " ≠" if changes[0].broken else ""
        axes.set_title(f"{text.heading(f'route.{route}')}{broken}", loc="left", color=darker(ROUTE_COLOURS[route]))
        axes.set_xlabel(text.say("trend.axis"))
        percent_axis(axes, edition, most=most)
        axes.set_xticks([tick for tick in (0, 0.25, 0.5, 0.75, 1) if tick <= most])
        bare(axes)
    return figure


def _draw_line(axes: Axes, line: int, change: Change, edition: Edition, most: float) -> None:
    """Both waves of one indicator; between them, where there is a break, a dashed line. The first line names them."""
    from pipeline.report.figures.house import MARK, darker, dot

    if change.broken:
        axes.plot([0, most], [line, line], color=MARK, linewidth=0.7, linestyle=(0, (4, 3)), zorder=1.5)
    colours = EARLIER, darker(ROUTE_COLOURS[change.later.route])
    cells, places = (change.earlier, change.later), (line - _APART, line + _APART)
    for cell, place, colour in zip(cells, places, colours, strict=True):
        dot(axes, place, cell, edition, colour=colour, most=most, thick=0.3)
        if line == 0:
            end = most * 0.1 if cell.high is None else cell.high
            look: dict[str, Any] = {"color": colour, "fontsize": 8, "fontweight": "semibold", "va": "center"}
            look |= {"xytext": (26, 0), "textcoords": "offset points"}
            axes.annotate(cell.key["wave"], (end + most * 0.012, place), **look)
