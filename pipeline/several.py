"""Several waves at once: each in a process of its own, so that none can stop or damage another.

What each says is passed on line by line with its name before it, so that runs beside each other stay readable.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock, Thread
from typing import IO

from pipeline.errors import EXIT_CODES, INTERRUPTED, PipelineError, UsageError
from pipeline.places import EVERY
from pipeline.terminal import run_console

RELEASING = ("figures", "report")
"""The verbs that make a release."""
_PATIENCE = 20
"""Seconds that a run has to clear away after it was asked to stop."""


def chosen(waves: Sequence[str], raw: Path) -> list[str]:
    """The waves that were asked for, each once. `all`: every one under `raw`. UsageError if there is none."""
    from pipeline.wave import known_waves

    named = [name for wave in waves for name in (known_waves(raw) if wave == EVERY else [wave])]
    if not named:
        raise UsageError("There is no wave to run.", where=f"{raw}/", repair="Make one: make new-wave WAVE= FROM=")
    return list(dict.fromkeys(named))


def in_order(waves: Sequence[str], raw: Path) -> dict[str, str | None]:
    """The waves so that each comes after the one that its report sets it beside; with that one, if it is among them.

    What cannot be read is left for its own run to tell.
    """
    from pipeline.declared import read_toml
    from pipeline.wave import WAVE_FILE

    beside: dict[str, str | None] = {}
    for wave in waves:
        try:
            named = read_toml(raw / wave / WAVE_FILE).get("earlier_wave")
        except (PipelineError, OSError):
            named = None
        beside[wave] = named if named in waves and named != wave else None
    ordered: dict[str, str | None] = {}
    while left := [wave for wave in waves if wave not in ordered]:
        free = [wave for wave in left if beside[wave] is None or beside[wave] in ordered]
        # Waves that name each other are each told of it by their own run.
        ordered |= {wave: beside[wave] if beside[wave] in ordered else None for wave in free or left}
    return ordered


def run_each(verb: str, waves: Mapping[str, str | None], options: Sequence[str], jobs: int) -> int:
    """Runs a verb for each wave, so many at a time, and says in the end which are done and which have failed.

    waves: in order, each with the one whose release it waits for, if any. options: of the command line, the same for
    each. jobs: 0 for as many as the machine has processors. Returns the exit code: 0 if all are done, else that of the
    first wave that has failed; 130 if the user stopped it.
    """
    runs = _Runs(verb, options)
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        begun: dict[str, Future[int]] = {}
        for wave, earlier in waves.items():
            begun[wave] = pool.submit(runs.run_after, begun.get(earlier or ""), wave)
        try:
            codes = {wave: each.result() for wave, each in begun.items()}
        except KeyboardInterrupt:
            runs.stop()
            codes = {wave: each.result() for wave, each in begun.items()}
    _tell(codes)
    return INTERRUPTED if runs.stopped else next((code for code in codes.values() if code), 0)


class _Runs:
    """Runs of one verb, a wave each, and what stops them."""

    def __init__(self, verb: str, options: Sequence[str]) -> None:
        self._verb, self._options = verb, options
        self._alive: dict[str, subprocess.Popen[str]] = {}
        self._starting = Lock()
        self.stopped = False

    def run_after(self, earlier: Future[int] | None, wave: str) -> int:
        """Runs one wave once another has ended, however it did: the release of that may be there from before."""
        if earlier is not None:
            wait([earlier])
        return self.run(wave)

    def run(self, wave: str) -> int:
        """Runs one wave to its end, and gives its exit code. After a stop none is begun."""
        with self._starting:
            if self.stopped:
                return INTERRUPTED
            process = self._alive[wave] = self._start(wave)
        passing = [
            Thread(target=_pass_on, args=(wave, pipe, to))
            for pipe, to in ((process.stdout, sys.stdout), (process.stderr, sys.stderr))
        ]
        for thread in passing:
            thread.start()
        for thread in passing:
            thread.join()
        code = process.wait()
        # A process that a signal ended has its number as a negative code, which no shell would show.
        return code if code >= 0 else 128 - code

    def stop(self) -> None:
        """Asks every run to stop, once: each puts its own outputs back. One that does not end is killed.

        That does no harm: outputs take their place whole or not at all.
        """
        with self._starting:
            self.stopped = True
        alive = [process for process in self._alive.values() if process.poll() is None]
        for process in alive:
            process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
        for process in alive:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, wave: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pipeline", self._verb, "--wave", wave, *self._options]
        # In a session of its own, Ctrl-C reaches it from here alone, and not a second time while it clears away.
        return subprocess.Popen(  # noqa: S603 - this program, with words of its own command line
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
        )


_SAYING = Lock()


def _pass_on(wave: str, pipe: IO[str] | None, to: IO[str]) -> None:
    """Passes on what a run says, with the name of its wave before each line. To a closed pipe nothing is said."""
    for line in pipe or ():
        if not line.strip():
            continue
        with _SAYING:
            try:
                to.write(f"{wave} | {line.rstrip()}\n")
                to.flush()
            except OSError:
                continue


def _tell(codes: dict[str, int]) -> None:
    """Which waves are done, and which have failed and how. Failures are told even where nothing else is."""
    failed = {wave: code for wave, code in codes.items() if code}
    longest = max(map(len, codes))
    run_console().print(f"\n{len(codes)} waves: {len(codes) - len(failed)} done, {len(failed)} not.")
    for wave, code in codes.items():
        if not code:
            run_console().print(f"  {wave:{longest}}  done", highlight=False)
    for wave, code in failed.items():
        meaning = EXIT_CODES.get(code, "it was ended from outside")
        sys.stderr.write(f"  {wave:{longest}}  failed, exit code {code}: {meaning}\n")
    if failed:
        sys.stderr.write('Why stands above, after the name of the wave and "|". What there was of it is as before.\n')
