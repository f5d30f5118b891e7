"""Stops what does not end by itself, so that a hang is a failure and not a test run that never ends."""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

BUSY_SECONDS = 10
"""Seconds of processor time, not of the clock: a busy machine is no hang."""
_FROZEN_SECONDS = 180


class Hangs(Exception):
    """Something was stopped because it did not end by itself."""


@contextmanager
def stopped_if_it_hangs() -> Iterator[None]:
    """Raises `Hangs` in what is inside once it is busy for too long; ends the process if it does not even notice that.

    On Windows, which has no such clock, only the second.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs(f"busy for more than {BUSY_SECONDS} s")

    faulthandler.dump_traceback_later(_FROZEN_SECONDS, exit=True)
    try:
        if not hasattr(signal, "setitimer"):
            yield
            return
        before = signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, BUSY_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
    finally:
        faulthandler.cancel_dump_traceback_later()
