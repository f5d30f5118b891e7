"""Draws figures in processes of their own, which load matplotlib while the survey is still being read."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import TracebackType

from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES, draw

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
        """Starts the processes; each begins to load matplotlib at once."""
        workers = min(2, os.cpu_count() or 1)
        # "spawn" is the same on every system, and safe beside the threads of a query engine.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)
        with _interrupts_held_back():
            self._warm = [self._pool.submit(_warm_up) for _ in range(workers)]

    def __enter__(self) -> Painter:
        """The painter itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Waits for what is being drawn, or drops what has not begun after a failure."""
        self._pool.shutdown(cancel_futures=kind is not None)

    @contextmanager
    def painting(self, edition: Edition, folder: Path) -> Iterator[None]:
        """Draws every figure into this folder, as SVG and PNG, while the body does something else."""
        folder.mkdir()
        order = [*SLOWEST_FIRST, *(name for name in NAMES if name not in SLOWEST_FIRST)]
        # The pool packs it in a thread of its own, while the body has an edition remember what it looks up: a copy that
        # nobody else has cannot change meanwhile.
        sent = replace(edition)
        begun = [self._pool.submit(_paint, name, sent, folder) for name in order]
        yield
        for painted in begun:
            painted.result()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C is for this process to answer, a moment later; processes begun meanwhile inherit that they do not see it.

    On a system without signal masks they see it, and end on their own.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """A process that draws does not outlive the run that started it, however that ended."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _paint(name: str, edition: Edition, folder: Path) -> None:
    from pipeline.report.pages import rasterise

    draw([name], edition, folder)
    rasterise(folder / edition.file_name(f"{name}.svg"))


def _warm_up() -> None:
    """Draws a figure that nobody sees: loading matplotlib and its fonts costs more than any figure."""
    import io

    from pipeline.report.figures.house import house_style, new_figure

    with house_style():
        figure = new_figure(1)
        figure.subplots().set_title("warm", fontweight="semibold")
        figure.savefig(io.BytesIO(), format="svg")
