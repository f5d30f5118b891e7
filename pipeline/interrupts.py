"""Ctrl-C stops a run once, cleanly, wherever it falls.

Python raises an interrupt wherever it happens to be. Within its own loading of a module that can leave a lock behind
for which other threads then wait for ever; and in what runs when an object is given back it is told and forgotten.
"""

from __future__ import annotations

import _thread
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer, main_thread
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_LOADER = "<frozen importlib."
_A_MOMENT = 0.02
"""Seconds until it is tried again."""


def answer_interrupts() -> None:
    """From here on an interrupt is raised where it does no harm, a moment later if need be."""
    signal.signal(signal.SIGINT, _on_interrupt)
    sys.unraisablehook = _on_forgotten


@contextmanager
def held_back() -> Iterator[None]:
    """An interrupt comes after the body, and processes that are begun in it never see one.

    They inherit what this thread does not take. Another thread may take it all the same, and Python would raise it
    here: in the middle of beginning a process, which then ends for want of what it was to be told. On a system without
    signal masks processes see it, and end on their own.
    """
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else None
    _held.append(True)
    try:
        yield
    finally:
        _held.pop()
        if mask:
            mask(signal.SIG_SETMASK, before)


_held: list[bool] = []
"""One for each `held_back` that the main thread is in."""


def _on_interrupt(_: int, frame: FrameType | None) -> None:
    if _held or (frame is not None and frame.f_code.co_filename.startswith(_LOADER)):
        _again()
    else:
        raise KeyboardInterrupt


def _on_forgotten(told: UnraisableHookArgs) -> None:
    if issubclass(told.exc_type, KeyboardInterrupt):
        _again()
    else:
        sys.__unraisablehook__(told)


def _again() -> None:
    timer = Timer(_A_MOMENT, _interrupt)
    timer.daemon = True
    timer.start()


def _interrupt() -> None:
    """Sends the signal itself, which also wakes a main thread that waits for the system; Windows cannot do that."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
