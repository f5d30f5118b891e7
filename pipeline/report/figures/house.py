"""The look of every figure: fonts, colours, bars with intervals, and withheld slots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib as mpl
from matplotlib import colors, font_manager, ticker
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pipeline.report.edition import Cell, Edition
from pipeline.report.figures.labels import short, wrapped
from pipeline.report.figures.letters import set_once
from pipeline.report.figures.mark import number_of
from pipeline.report.fonts import FACES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.report.text import Text

STYLE = Path(__file__).parents[1] / "house.mplstyle"
INK, QUIET, WITHHELD_EDGE = "#1F262B", "#56616A", "#A7B0B7"
MARK = "#8A2F12"
"""Colour of what stands across a figure that must not leave."""
HATCH = "/////"
CROSSED = "xxxx"


@contextmanager
def house_style() -> Iterator[None]:
    """Draws in the house style, with the fonts that the project ships and no others."""
    with mpl.rc_context(_style()):
        yield


@cache
def _style() -> Any:
    """The settings of the style; they and the fonts are read once in each process."""
    for face in FACES.values():
        font_manager.fontManager.addfont(face)
    set_once()
    return mpl.rc_params_from_file(STYLE, use_default_template=False)


def bare(axes: Axes, *, grid: str | None = "x") -> None:
    """Takes away what a panel does not need."""
    axes.grid(False)
    if grid == "x":
        axes.grid(True, axis="x")
    elif grid == "y":
        axes.grid(True, axis="y")


class Speaks(Protocol):
    """What has words: an edition, or several of them together."""

    @property
    def text(self) -> Text:
        """Its catalogue."""


def percent_axis(axes: Axes, edition: Speaks, *, along: str = "x", most: float = 1) -> None:
    """Labels an axis of shares in whole percents."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(ticker.MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(lambda share, _: edition.text.percent(share))
    (axes.set_xlim if along == "x" else axes.set_ylim)(0, most)


def box(axes: Axes, corner: tuple[float, float], width: float, height: float, **look: Any) -> None:
    """A rectangle from its lower left corner. Unlike `bar`, axes make no room for it, which takes most of the time."""
    axes.add_patch(Rectangle(corner, width, height, **look))


def line(axes: Axes, x: list[float], y: list[float], **look: Any) -> None:
    """A line, or a mark. Unlike `plot`, axes make no room for it."""
    axes.add_line(Line2D(x, y, **look))


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
    box(axes, (0, place - thick / 2), cell.share, thick, **_filled(cell, colour))
    end = cell.share
    if cell.low is not None and cell.high is not None:
        line(axes, [cell.low, cell.high], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
        end = max(cell.high, cell.share)
    number = number_of(cell, edition)
    axes.text(end + most * 0.012, place, number, va="center", ha="left", fontsize=8.5, color=INK)
    _name(axes, (end + most * 0.012, place), name, colour, 5.2 * len(number) + 4)


def bars(
    axes: Axes, cells: dict[str, Cell], edition: Edition, *, thick: float, colour: str, most: float, letters: int
) -> None:
    """A bar for each label, from the top, with room for labels of so many letters in each of two lines.

    Where there is none, a hatched slot: an empty panel would say that there is nothing.
    """
    labels = [wrapped(short(name), letters) for name in cells]
    for place, cell in enumerate(cells.values()):
        bar(axes, place, cell, edition, thick=thick, colour=colour, most=most)
    if not cells:
        labels = [edition.text.say("format.withheld")]
        slot(axes, 0, thick, most, horizontal=True)
    look: dict[str, Any] = {"fontsize": 8, "linespacing": 0.95} if any("\n" in label for label in labels) else {}
    axes.set_yticks(range(len(labels)), labels, **look)


def _name(axes: Axes, at: tuple[float, float], name: str, colour: str, points_right: float) -> None:
    if name:
        look: dict[str, Any] = {"color": darker(colour), "fontweight": "semibold", "fontsize": 9, "va": "center"}
        axes.annotate(name, at, xytext=(points_right, 0), textcoords="offset points", **look)


def column(axes: Axes, place: float, cell: Cell, edition: Edition, *, thick: float, colour: str, most: float) -> None:
    """A column with its interval and its number; a hatched slot where the number is withheld."""
    if cell.share is None:
        slot(axes, place, thick, most, horizontal=False)
        return
    box(axes, (place - thick / 2, 0), thick, cell.share, **_filled(cell, colour))
    end = cell.share
    if cell.low is not None and cell.high is not None:
        line(axes, [place, place], [cell.low, cell.high], color=INK, linewidth=1.1, solid_capstyle="butt")
        end = max(cell.high, cell.share)
    axes.text(place, end + most * 0.015, number_of(cell, edition), va="bottom", ha="center", fontsize=9, color=INK)


def dot(
    axes: Axes, place: float, cell: Cell, edition: Edition, *, colour: str, most: float, thick: float = 0.7
) -> None:
    """A dot on its interval, with its number; a hatched slot where the number is withheld."""
    if cell.share is None or cell.low is None or cell.high is None:
        slot(axes, place, thick, most, horizontal=True)
        return
    line(axes, [cell.low, cell.high], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
    line(axes, [cell.share], [place], marker="o", markersize=5, color=colour)
    number = number_of(cell, edition)
    axes.text(cell.high + most * 0.012, place, number, va="center", ha="left", fontsize=8.5, color=INK)


def say_instead(axes: Axes, why: str) -> None:
    """Words in place of a drawing that cannot be made."""
    axes.set_axis_off()
    axes.text(0, 0, why, fontsize=9, color=INK, va="center")
    axes.set_xlim(0, 1)
    axes.set_ylim(-1, 1)


def _filled(cell: Cell, colour: str) -> dict[str, Any]:
    """How a bar is filled: crossed out where its number is not firm enough to be relied on."""
    if cell.is_firm:
        return {"facecolor": colour}
    return {"facecolor": colour, "edgecolor": "white", "hatch": CROSSED, "linewidth": 0}


def slot(axes: Axes, place: float, thick: float, most: float, *, horizontal: bool) -> None:
    """An empty, hatched slot: there is a number, and it is not shown."""
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH, "linewidth": 0.6}
    if horizontal:
        box(axes, (0, place - thick / 2), most * 0.1, thick, **look)
    else:
        box(axes, (place - thick / 2, 0), thick, most * 0.1, **look)


def darker(colour: str) -> str:
    """A colour dark enough for text: light colours are darkened to a contrast of 4.5 : 1 on white."""
    red, green, blue = colors.to_rgb(colour)
    while _contrast(red, green, blue) < 4.5:
        red, green, blue = red * 0.92, green * 0.92, blue * 0.92
    return colors.to_hex((red, green, blue))


def _contrast(*rgb: float) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
