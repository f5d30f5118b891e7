"""Draws figures in processes of their own, which load matplotlib while the survey is still being read."""

from __future__ import annotations

import gc
import locale
import multiprocessing
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import TracebackType

from pipeline.aside import end_with_parent, ended_early, way_to_begin
from pipeline.interrupts import held_back
from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES, draw, names
from pipeline.report.figures.canvas import CANVASES, PAGE, Canvas

# The slowest figures first, so that the processes finish together.
SLOWEST_FIRST = (
    "who",
    "indicator_by_transit",
    "adjusted_by_factor",
    "indicators_by_route",
    "where",
    "at_least_one_by_transit",
)


class Painter:
    """Processes that are ready to draw. Use as a context; leaving it ends them."""

    def __init__(self) -> None:
        """Starts the processes. They load matplotlib one after the other: at once, they would slow down the run."""
        workers = min(2, os.cpu_count() or 1)
        context = multiprocessing.get_context(way_to_begin())
        turn = context.Lock()
        self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(turn,))
        with held_back():
            others = multiprocessing.active_children()
            # Processes are begun when something is asked of them.
            self._begun = [self._pool.submit(os.getpid) for _ in range(workers)]
            self._workers = [process for process in multiprocessing.active_children() if process not in others]

    def __enter__(self) -> Painter:
        """The painter itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Ends the processes at once: all is drawn by now, or a failure or an interrupt has broken it off."""
        for process in self._workers:
            process.terminate()
        self._pool.shutdown(cancel_futures=kind is not None)

    @contextmanager
    def painting(self, edition: Edition, folder: Path) -> Iterator[Callable[[], None]]:
        """Draws every figure on every canvas into this folder, while the body does something else.

        What it gives waits for the figures of the page: a report can be set from them while the others are drawn.
        """
        folder.mkdir()
        order = [*SLOWEST_FIRST, *(name for name in names(edition) if name not in SLOWEST_FIRST)]
        # Packed here and once: the pool would pack it again for each figure, in a thread of its own, while the body
        # has the edition remember what it looks up. Methods stay behind, which no figure tells: what computes numbers
        # would be loaded with them.
        packed = pickle.dumps(replace(edition, methods=()))
        drawn = [self._pool.submit(_draw, name, packed, PAGE, folder) for name in order]
        alone = [canvas for canvas in CANVASES if canvas.is_alone]
        images = [self._pool.submit(_paint, name, packed, canvas, folder) for canvas in alone for name in order]
        yield lambda: _wait(drawn)
        # A report is set from drawings; their images can wait until the end.
        _wait(drawn)
        _wait([*images, *(self._pool.submit(_image, name, packed, PAGE, folder) for name in order)])


def _wait(begun: list[Future[None]]) -> None:
    for painted in begun:
        try:
            painted.result()
        except BrokenProcessPool:
            raise ended_early() from None


def _begin(turn: AbstractContextManager[object]) -> None:
    # A process that lives for seconds and makes thousands of small things has no use for looking for what is unused.
    gc.disable()
    # Some letters have another form in some languages, and which it is would else be for the machine to say.
    locale.setlocale(locale.LC_CTYPE, "C")
    end_with_parent()
    # Whatever fails here fails again where something is drawn, and is told of there.
    with turn, suppress(Exception):
        _warm_up()


def _draw(name: str, packed: bytes, canvas: Canvas, folder: Path) -> None:
    edition = _unpacked(packed)
    draw(name, edition, canvas, folder / canvas.file_name(edition.file_name(name), "svg"))


def _image(name: str, packed: bytes, canvas: Canvas, folder: Path) -> None:
    from pipeline.report.raster import rasterise

    drawing, image = (canvas.file_name(_unpacked(packed).file_name(name), ending) for ending in ("svg", "png"))
    rasterise(folder / drawing, folder / image, canvas)


def _paint(name: str, packed: bytes, canvas: Canvas, folder: Path) -> None:
    from pipeline.report.raster import rasterise

    edition = _unpacked(packed)
    # The drawing of a slide or a square is only a step on the way to its image.
    with tempfile.TemporaryDirectory(dir=folder) as desk:
        drawing, image = (canvas.file_name(edition.file_name(name), ending) for ending in ("svg", "png"))
        draw(name, edition, canvas, Path(desk) / drawing)
        rasterise(Path(desk) / drawing, folder / image, canvas)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Edition:
    """The edition, which remembers from one figure to the next what has been looked up in it."""
    edition: Edition = pickle.loads(packed)  # noqa: S301 - this program packed it
    return edition


def _warm_up() -> None:
    """Draws a figure that nobody sees: loading what draws, and its fonts, costs more than any figure."""
    import io

    import typst  # noqa: F401

    from pipeline.report.figures.frame import new_figure, panels_of
    from pipeline.report.figures.house import house_style, line, slot

    for name in (*(f"pipeline.report.figures.{name}" for name in NAMES), "babel.numbers", "babel.lists", "babel.dates"):
        import_module(name)
    with house_style():
        figure = new_figure(1)
        for axes in panels_of(figure, 2, PAGE):
            slot(axes, 0, 1, 1, horizontal=True)
            line(axes, [0, 1], [0, 0], solid_capstyle="butt")
            axes.set_yticks([0], ["warm"])
            axes.set_title("warm", loc="left", fontweight="semibold")
        figure.savefig(io.BytesIO(), format="svg")
