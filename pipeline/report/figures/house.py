"""The look of every figure: fonts, colours, bars with intervals, withheld slots, titles and stamps."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MPLCONFIGDIR", str(Path(sys.prefix) / "matplotlib"))

import matplotlib as mpl
from matplotlib import colors, font_manager, ticker
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from pipeline.report.edition import Cell, Edition
from pipeline.report.fonts import FACES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

    from pipeline.report.figures import Words

STYLE = Path(__file__).parents[1] / "house.mplstyle"
WIDTH = 6.5
"""Width of the text on a page, in inches; figures are drawn at their true size."""

INK, QUIET, WITHHELD_EDGE = "#1F262B", "#56616A", "#A7B0B7"
MARK = "#8A2F12"
"""Colour of what stands across a figure that must not leave."""
HATCH = "/////"
CROSSED = "xxxx"
TITLE_SPACE, STAMP_SPACE, LINE = 0.12, 0.27, 0.185


@contextmanager
def house_style() -> Iterator[None]:
    """Draws in the house style, with the fonts that the project ships and no others."""
    for face in FACES.values():
        font_manager.fontManager.addfont(face)
    with mpl.rc_context(fname=STYLE):
        yield


def new_figure(height: float) -> Figure:
    """An empty figure as wide as the page. Height in inches, without title and stamp."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def panel_rows(panels: int) -> int:
    """How many rows of panels a figure has: two stand side by side, more begin a new row."""
    return -(-panels // 2)


def panels_of(figure: Figure | SubFigure, panels: int, *, share_y: bool = False) -> list[Axes]:
    """A panel for each route."""
    grid = figure.subplots(panel_rows(panels), min(panels, 2), squeeze=False, sharey=share_y).ravel()
    for spare in grid[panels:]:
        spare.set_visible(False)
    return list(grid[:panels])


def finish(figure: Figure, words: Words, edition: Edition, target: Path) -> None:
    """Adds title and stamp, and writes the SVG. The same figure gives the same bytes on any day."""
    lines = textwrap.wrap(words.title, 88)
    title_space = TITLE_SPACE + LINE * len(lines)
    height = figure.get_figheight() + title_space + STAMP_SPACE
    figure.set_figheight(height)
    engine = figure.get_layout_engine()
    if engine is not None:
        body = 1 - (title_space + STAMP_SPACE) / height
        engine.set(rect=(0, STAMP_SPACE / height, 1, body))  # type: ignore[call-arg]
    title = "\n".join(lines)
    figure.text(0.008, 1 - 0.04 / height, title, ha="left", va="top", fontsize=11.5, fontweight="semibold", color=INK)
    stamp = " · ".join([edition.text.say("report.header", series="DTM", wave=edition.wave.name), *edition.stamps])
    figure.text(0.008, 0.06 / height, stamp, ha="left", va="bottom", fontsize=7.5, color=QUIET)
    if edition.watermark:
        look: dict[str, Any] = {"fontsize": 26, "fontweight": "semibold", "color": MARK, "alpha": 0.16, "zorder": 10}
        figure.text(0.5, 0.5, edition.watermark, ha="center", va="center", rotation=12, **look)
    if engine is not None:
        # The layout is solved once, not again for each file.
        engine.execute(figure)
        figure.set_layout_engine("none")
        _settle(figure)
    about = {"Title": words.title, "Description": words.alt, "Creator": None, "Date": None}
    figure.savefig(target, metadata=about)


def _settle(figure: Figure) -> None:
    """Takes the dust off the places of panels: the solver may end a hair away, and the same figure has other bytes."""
    for part in figure.subfigs:
        part.bbox_relative.set_points(part.bbox_relative.get_points().round(5))
    for axes in figure.axes:
        axes.set_position(Bbox(axes.get_position().get_points().round(5)))


def bare(axes: Axes, *, grid: str | None = "x") -> None:
    """Takes away what a panel does not need."""
    axes.grid(False)
    if grid == "x":
        axes.grid(True, axis="x")
    elif grid == "y":
        axes.grid(True, axis="y")


def percent_axis(axes: Axes, edition: Edition, *, along: str = "x", most: float = 1) -> None:
    """Labels an axis of shares in whole percents."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(ticker.MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(lambda share, _: edition.text.percent(share))
    (axes.set_xlim if along == "x" else axes.set_ylim)(0, most)


def bar(
    axes: Axes, place: float, cell: Cell, edition: Edition, *, thick: float, colour: str, most: float, name: str = ""
) -> None:
    """A horizontal bar with its interval and its number; a hatched slot where the number is withheld.

    name: a label behind the number, in the bar's colour, in place of a legend.
    """
    if cell.share is None:
        slot(axes, place, thick, most, horizontal=True)
        _name(axes, (most * 0.112, place), name, colour, 0)
        return
    axes.barh(place, cell.share, height=thick, **_filled(cell, colour))
    end = cell.share
    if cell.low is not None and cell.high is not None:
        axes.plot([cell.low, cell.high], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
        end = max(cell.high, cell.share)
    number = number_of(cell, edition)
    axes.text(end + most * 0.012, place, number, va="center", ha="left", fontsize=8.5, color=INK)
    _name(axes, (end + most * 0.012, place), name, colour, 5.2 * len(number) + 4)


def _name(axes: Axes, at: tuple[float, float], name: str, colour: str, points_right: float) -> None:
    if name:
        look: dict[str, Any] = {"color": darker(colour), "fontweight": "semibold", "fontsize": 9, "va": "center"}
        axes.annotate(name, at, xytext=(points_right, 0), textcoords="offset points", **look)


def column(axes: Axes, place: float, cell: Cell, edition: Edition, *, thick: float, colour: str, most: float) -> None:
    """A column with its interval and its number; a hatched slot where the number is withheld."""
    if cell.share is None:
        slot(axes, place, thick, most, horizontal=False)
        return
    axes.bar(place, cell.share, width=thick, **_filled(cell, colour))
    end = cell.share
    if cell.low is not None and cell.high is not None:
        axes.plot([place, place], [cell.low, cell.high], color=INK, linewidth=1.1, solid_capstyle="butt")
        end = max(cell.high, cell.share)
    axes.text(place, end + most * 0.015, number_of(cell, edition), va="bottom", ha="center", fontsize=9, color=INK)


def number_of(cell: Cell, edition: Edition) -> str:
    """A cell's share as it stands beside its bar, with a mark where it is not firm enough to be relied on."""
    number = edition.percent(cell, short=True)
    return number if cell.is_firm else edition.text.say("format.unreliable_share", share=number)


def _filled(cell: Cell, colour: str) -> dict[str, Any]:
    """How a bar is filled: crossed out where its number is not firm enough to be relied on."""
    if cell.is_firm:
        return {"color": colour}
    return {"facecolor": colour, "edgecolor": "white", "hatch": CROSSED, "linewidth": 0}


def slot(axes: Axes, place: float, thick: float, most: float, *, horizontal: bool) -> None:
    """An empty, hatched slot: there is a number, and it is not shown."""
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH, "linewidth": 0.6}
    if horizontal:
        axes.barh(place, most * 0.1, height=thick, **look)
    else:
        axes.bar(place, most * 0.1, width=thick, **look)


def darker(colour: str) -> str:
    """A colour dark enough for text: light colours are darkened to a contrast of 4.5 : 1 on white."""
    red, green, blue = colors.to_rgb(colour)
    while _contrast(red, green, blue) < 4.5:
        red, green, blue = red * 0.92, green * 0.92, blue * 0.92
    return colors.to_hex((red, green, blue))


def _contrast(*rgb: float) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
