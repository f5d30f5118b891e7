"""Asks the reading process to read a file, and ends it if it crashes or takes too long."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any

import pipeline
from pipeline.errors import ExportInvalid
from pipeline.ingest.sources.opening import Opening

_BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.ingest.sources.worker import main; main()"
_SECONDS = 8
_BYTES_A_SECOND = 500_000
"""A file may take eight seconds, and one more for each half MB. Ten times as fast is usual."""
_MEMORY = 4 * 2**30
_STARTING = 60

_FAILURES: dict[str, tuple[str, str]] = {
    "broken": (
        "This file is damaged or was cut off: it begins as {what} and cannot be read as one.",
        "Download or save it again; if that does not help, save it as CSV (UTF-8) or as an Excel workbook (.xlsx).",
    ),
    "slow": (
        "This file takes too long to read: it is damaged, or too large for {what}.",
        "Save it again, or save it as CSV (UTF-8).",
    ),
    "memory": (
        "Reading this file takes more memory than is allowed: it is damaged, or too large for {what}.",
        "Save it again, or save it as CSV (UTF-8).",
    ),
    "encoding": (
        "The text in this file is not in the encoding that the file says it is in.",
        "Open it in the program that wrote it and save it with Unicode (UTF-8) text; in SPSS: Edit, Options, Language.",
    ),
    "password": (
        "This file is password-protected.",
        "Take the password off in the program that wrote it, and save it.",
    ),
    "system": (
        "There is no room to read this file, or no permission.",
        "Free some space on the disk, then run the command again.",
    ),
}


def ask(task: str, path: Path, what: str, opening: Opening) -> tuple[dict[str, Any], Path]:
    """The answer to a task about a file, and the folder with its rows. what: the kind of file, for messages.

    Errors: ExportInvalid for whatever goes wrong with the file.
    """
    out = opening.new_folder()
    size = path.stat().st_size
    seconds = _SECONDS + size // _BYTES_A_SECOND
    answer = _READER.ask(
        {"task": task, "path": str(path), "out": str(out), "seconds": seconds, "memory": _MEMORY + 8 * size}, seconds
    )
    if "failed" in answer:
        raise _refused(answer["failed"], what, opening)
    return answer, out


def get_ready() -> None:
    """Starts the reading process ahead of its first task, so that it loads while something else is done."""
    _READER.get_ready()


def end() -> None:
    """Ends the reading process; the next task starts another."""
    _READER.close()


def _refused(failure: str, what: str, opening: Opening) -> ExportInvalid:
    problem, repair = _FAILURES[failure]
    return opening.refused(problem.format(what=what), repair)


class _Reader:
    """The reading process, started when it is first needed and again after it ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._is_ready = False
        self._lock = Lock()

    def get_ready(self) -> None:
        """Starts the process, and does not wait for it."""
        with self._lock:
            self._started()

    def ask(self, task: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The process's answer; `failed` if there is none."""
        with self._lock:
            try:
                process = self._running()
                line, in_time = self._line(process, json.dumps(task), seconds)
            except BaseException:
                self._end()
                raise
            if not line.endswith("\n"):
                self._end()
                return {"failed": "broken" if in_time else "slow"}
            answer: dict[str, Any] = json.loads(line)
            if answer["last"]:
                self._end()
            return answer

    def close(self) -> None:
        """Ends the process if there is one."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[str]:
        process = self._started()
        if not self._is_ready:
            line, _ = self._line(process, "", _STARTING)
            if not line.endswith("\n"):
                raise RuntimeError("the reading process does not start")
            self._is_ready = True
        return process

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        root = str(Path(pipeline.__file__).parents[1])
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._is_ready = False
        self._process = subprocess.Popen(  # noqa: S603 – it is this Python, and no word of the command comes from a file
            [sys.executable, "-I", "-c", _BEGIN, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **threads},
            encoding="ascii",
        )
        return self._process

    def _line(self, process: subprocess.Popen[str], task: str, seconds: float) -> tuple[str, bool]:
        """The line that answers a task, and whether it came in time. An incomplete line if the process ended."""
        late: list[bool] = []

        def end() -> None:
            late.append(True)
            process.kill()

        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the reading process has no pipes")
        timer = Timer(seconds, end)
        timer.start()
        try:
            if task:
                process.stdin.write(f"{task}\n")
                process.stdin.flush()
            return process.stdout.readline(), not late
        except BrokenPipeError:
            return "", not late
        finally:
            timer.cancel()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()
        process.wait()


_READER = _Reader()
atexit.register(end)
