"""Work that is done beside the rest, while that is busy outside of Python."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def aside(work: Callable[..., T], *given: Any, **named: Any) -> Future[T]:
    """Begins some work. Whoever needs what comes of it waits for it, or for its failure; the end of a run does not."""
    done: Future[T] = Future()

    def finish() -> None:
        try:
            done.set_result(work(*given, **named))
        except BaseException as problem:
            done.set_exception(problem)

    Thread(target=finish, daemon=True).start()
    return done
