"""Each indicator along time in transit: a matrix a route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, listed
from pipeline.vocabulary import TRANSIT_BINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

NAME = "indicator_by_transit"
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
    return Words(NAME, title, caption, " ".join(alt))


def draw(edition: Edition) -> Figure:
    """Shaded cells with their numbers; hatched where a number is not shown."""
    from pipeline.report.figures.house import darker, new_figure, panel_rows, panels_of

    indicators, routes = edition.singles, edition.routes
    figure = new_figure((0.68 + 0.29 * len(indicators)) * panel_rows(len(routes)))
    panels = panels_of(figure, len(routes), share_y=True)
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
        axes.set_yticks(range(len(indicators)), [_wrapped(edition.text.say(f"indicator.{i}")) for i in indicators])
        axes.tick_params(axis="y", labelsize=8)
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)
        axes.set_title(edition.text.heading(f"route.{route}"), loc="left", color=darker(ROUTE_COLOURS[route]))
    return figure


def _cell(axes: Axes, x: int, y: int, cell: Cell, edition: Edition) -> None:
    from pipeline.report.figures.house import HATCH, INK, WITHHELD_EDGE, number_of

    box = (x - 0.48, y - 0.46)
    if cell.share is None:
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH, "linewidth": 0}
        axes.add_patch(_rectangle(box, look))
        return
    shade = min(int(cell.share * 100 / 12.5), len(SHADES) - 1)
    axes.add_patch(_rectangle(box, {"facecolor": SHADES[shade], "edgecolor": "none"}))
    ink = "white" if shade >= 4 else INK
    label = number_of(cell, edition)
    axes.text(x, y, label, ha="center", va="center", fontsize=8.5, color=ink)


def _rectangle(corner: tuple[float, float], look: dict[str, Any]) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, 0.96, 0.92, **look)


def _base(edition: Edition, route: str, step: str) -> str:
    """How many answered at least one of the questions at this journey time."""
    n = edition.at_least_one(route, "transit", step).n
    return edition.text.say("format.withheld") if n is None else edition.text.count(n)


def _wrapped(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 26))


def _narrow(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 10))
