"""Work that is done beside the rest: in a thread, while the rest is busy outside of Python, or in another process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar

from pipeline.errors import PipelineError
from pipeline.interrupts import held_back

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")


class Begun(Protocol[T_co]):
    """Work that has begun, and may have ended."""

    def result(self) -> T_co:
        """What comes of it, once it has. Errors: those of the work."""


class Begin(Protocol):
    """Begins some work: here and at once, or beside the rest."""

    def __call__(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Begun[T]:
        """Begins it."""


@dataclass(frozen=True)
class Done(Generic[T]):
    """Work that was done at once."""

    value: T

    def result(self) -> T:
        """What came of it."""
        return self.value


def at_once(work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Begun[T]:
    """Does some work here, before anything else."""
    return Done(work(*given, **named))


def aside(work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
    """Begins some work. Whoever needs what comes of it waits for it, or for its failure; the end of a run does not."""
    done: Future[T] = Future()

    def finish() -> None:
        try:
            done.set_result(work(*given, **named))
        except BaseException as problem:
            done.set_exception(problem)

    Thread(target=finish, daemon=True).start()
    return done


@contextmanager
def ending(work: Future[None] | None) -> Iterator[None]:
    """Has some work ended after the body, even if that fails. Errors: those of the body, else those of the work."""
    try:
        yield
    finally:
        wait([] if work is None else [work])
    if work is not None:
        work.result()


class Apart:
    """A process that does one thing after the other, beside the first one. Use as a context; leaving it ends it."""

    def __init__(self) -> None:
        """Starts the process, which then waits for work."""
        import multiprocessing

        context: Any = multiprocessing.get_context(way_to_begin())
        # Two ways, since one that goes both ways would be a socket, which a run does not open.
        asked, self._to = context.Pipe(duplex=False)
        self._back, told = context.Pipe(duplex=False)
        self._one_at_a_time = Lock()
        self._process = context.Process(target=_serve, args=(asked, told), daemon=True)
        with held_back():
            self._process.start()
        asked.close()
        told.close()

    def __enter__(self) -> Apart:
        """The process itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Ends the process at once: who needed something of it has waited for it."""
        self._process.terminate()

    def begin(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Begun[T]:
        """Has it do some work, which must be of a module, with what can be sent there and back.

        Errors, when its result is asked for: those of the work, and `PipelineError` where the process has ended.
        """
        return aside(self._ask, work, *given, **named)

    def _ask(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
        with self._one_at_a_time:
            try:
                self._to.send((work, given, named))
                told: T | _Failed = self._back.recv()
            except (EOFError, BrokenPipeError):
                raise ended_early() from None
        if isinstance(told, _Failed):
            raise told.problem
        return told


@dataclass(frozen=True)
class _Failed:
    """Work that came to nothing."""

    problem: Exception


def _serve(asked: Connection, told: Connection) -> None:
    end_with_parent()
    while True:
        work, given, named = asked.recv()
        try:
            told.send(work(*given, **named))
        except Exception as problem:
            told.send(_Failed(problem))


def ended_early() -> PipelineError:
    """What to raise where a process has ended that still had something to do."""
    return PipelineError(
        "A process that this run had begun ended before its work was done. Nothing was changed.",
        repair="Mostly the system ends a process because memory is short: close other programs, then run the command "
        "again. If it happens once more, report it.",
    )


def way_to_begin() -> str:
    """A process of one thread is copied, with all that it has loaded. Beside threads, as of a query engine, that is
    unsafe: then, or where a system does not tell, processes begin anew.
    """
    threads = Path("/proc/self/task")
    return "fork" if threads.is_dir() and len(list(threads.iterdir())) == 1 else "spawn"


def end_with_parent() -> None:
    """A process that works beside a run does not outlive it, however that ended."""
    from multiprocessing import parent_process

    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
