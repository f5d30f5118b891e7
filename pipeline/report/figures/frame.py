"""What stands around every figure: its title, its source and its stamps, and how much room is left between them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from pipeline.report.edition import Edition
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.house import INK, MARK, QUIET
from pipeline.report.figures.labels import reading, source_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

    from pipeline.report.figures import Words

STAMP = 7.5
"""Size of the smallest text, in points."""

_EM = 0.462
"""Width of a usual letter in its own size, with room to spare."""

_LINE = 0.185 / 11.5
"""Inches from one line to the next, for each point of its size."""

LEFT = 0.008
"""Where text begins on a page, as a share of its width."""

_ABOVE, _BELOW = 0.12, 0.27
_STEP, _STRETCH = 1.01, 1.9


def new_figure(height: float, canvas: Canvas = PAGE, *, least: float = 0) -> Figure:
    """An empty figure. Height in inches that its panels need, without title and stamp; least: inches across."""
    size = max(canvas.width, least) if canvas.shape else canvas.width, height
    figure = Figure(figsize=size, layout="constrained")
    # So that words are measured as they are drawn: for an image they would be made to fit its pixels.
    FigureCanvasSVG(figure)
    return figure


def panels_of(figure: Figure | SubFigure, panels: int, canvas: Canvas, *, share_y: bool = False) -> list[Axes]:
    """A panel for each route."""
    grid = figure.subplots(canvas.rows(panels), canvas.across(panels), squeeze=False, sharey=share_y).ravel()
    for spare in grid[panels:]:
        spare.set_visible(False)
    return list(grid[:panels])


def finish(figure: Figure, words: Words, edition: Edition, canvas: Canvas, target: Path) -> None:
    """Adds title and foot, and writes the SVG. The same figure gives the same bytes on any day."""
    finish_with(_foot(words.name, edition, canvas), figure, words, canvas, target, watermark=edition.watermark)


def finish_with(
    said: list[str], figure: Figure, words: Words, canvas: Canvas, target: Path, *, watermark: str = ""
) -> None:
    """The same for a figure of no single wave. said: the parts of its foot, each of which begins on a line."""
    frame = _frame(figure, words, said, canvas)
    figure.set_size_inches(frame.width, frame.height)
    look: dict[str, Any] = {"ha": "left", "va": "top", "fontweight": "semibold", "color": INK}
    left, top = frame.edge / frame.width or LEFT, 1 - (frame.edge or 0.04) / frame.height
    figure.text(left, top, "\n".join(frame.title), fontsize=canvas.title, **look)
    look = {"ha": "left", "va": "bottom", "fontsize": STAMP, "color": QUIET}
    figure.text(left, (frame.edge or 0.06) / frame.height, "\n".join(frame.foot), **look)
    if watermark:
        look = {"fontsize": 26, "fontweight": "semibold", "color": MARK, "alpha": 0.16, "zorder": 10}
        figure.text(0.5, 0.5, watermark, ha="center", va="center", rotation=12, **look)
    _fix_empty_labels(figure)
    engine = figure.get_layout_engine()
    if engine is not None:
        # The layout is solved once. With none left, the figure is drawn once as well, and not first to no purpose.
        engine.set(rect=frame.rect)  # type: ignore[call-arg]
        engine.execute(figure)
        figure.set_layout_engine(None)
        _settle(figure)
    about = {"Title": words.title, "Description": words.alt, "Creator": None, "Date": None}
    figure.savefig(target, metadata=about)


@dataclass(frozen=True)
class _Frame:
    """Size of the whole and its edge in inches, lines of title and foot, and the part that is left for the panels."""

    width: float
    height: float
    edge: float
    title: list[str]
    foot: list[str]
    rect: tuple[float, float, float, float]


def _frame(figure: Figure, words: Words, said: list[str], canvas: Canvas) -> _Frame:
    """The smallest frame with room for the panels: on a canvas of fixed shape, text is then as large as it can be."""
    width, body = figure.get_size_inches()
    while True:
        inner = width - 2 * canvas.edge
        title = textwrap.wrap(words.title, _letters(inner, canvas.title))
        foot = [line for part in said for line in textwrap.wrap(part, _letters(inner, STAMP))]
        above = _ABOVE + canvas.edge + _LINE * canvas.title * len(title)
        below = _BELOW + canvas.edge + _LINE * STAMP * (len(foot) - 1)
        height = width / canvas.shape if canvas.shape else body + above + below
        room = height - above - below
        if room >= body - 1e-9:
            break
        width *= _STEP
    # A short figure stands in the middle: its bars would else be as thick as bricks.
    used = min(room, body * _STRETCH)
    bottom = below + (room - used) / 2
    rect = (canvas.edge / width, bottom / height, inner / width, used / height)
    return _Frame(width, height, canvas.edge, title, foot, rect)


def _letters(width: float, size: float) -> int:
    return int(width * 72 / (size * _EM))


def _foot(name: str, edition: Edition, canvas: Canvas) -> list[str]:
    """The lines at the foot. A figure that stands alone also says how it is read and where it is from."""
    text = edition.text
    stamp = " · ".join([text.say("report.header", series="DTM", wave=edition.wave.name), *edition.stamps])
    said = [reading(name, edition), source_line(edition)] if canvas.is_alone else []
    return [line for line in (*said, stamp) if line]


def _fix_empty_labels(figure: Figure) -> None:
    """Gives labels that say nothing a place: each would else be set clear of its ticks, which are measured for that."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)


def _settle(figure: Figure) -> None:
    """Takes the dust off the places of panels: the solver may end a hair away, and the same figure has other bytes."""
    for part in figure.subfigs:
        part.bbox_relative.set_points(part.bbox_relative.get_points().round(5))
    for axes in figure.axes:
        axes.set_position(Bbox(axes.get_position().get_points().round(5)))
