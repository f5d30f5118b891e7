"""The reading process: reads files by libraries written in C, C++ and Rust, which a broken file can make crash or hang.

It is given one task a line on its standard input and answers with one line, both JSON. Rows go into files of a scratch
folder. What libraries say about a file is never passed on, since it may quote the file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.ingest.sources.header import MOST_COLUMNS

_MUCH = 400 * 2**20
"""Bytes of memory after which the process ends instead of waiting for the next task."""

Answer = dict[str, Any]


def main() -> None:
    """Answers tasks until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    # Libraries print; what they print may be of the file.
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    # A process begins with the most that the one held which started it, as if that were its own.
    much = max(_MUCH, _memory())
    for line in sys.stdin:
        task = json.loads(line)
        _limit(task["memory"], task["seconds"])
        answer = _answer(task)
        answer["last"] = "last" in answer or _memory() > much
        print(json.dumps(answer), file=answers, flush=True)
        if answer["last"]:
            break


def _answer(task: Answer) -> Answer:
    try:
        return TASKS[task["task"]](Path(task["path"]), Path(task["out"]))
    except MemoryError:
        return {"failed": "memory"}
    except OSError as problem:
        # ENOSPC and the like; pyarrow raises OSError without a number for what it cannot read.
        return {"failed": "system" if problem.errno else "broken"}
    except UnicodeError:
        return {"failed": "encoding"}
    except Exception as problem:
        return {"failed": _kind(problem)}
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt | SystemExit):
            raise
        # A panic of Rust, which is no Exception so that nobody goes on after it by mistake. Nothing does.
        return {"failed": "broken", "last": True}


def _kind(problem: Exception) -> str:
    name, text = type(problem).__name__, str(problem).casefold()
    if name == "PasswordError":
        return "password"
    if name == "ReadstatError" and ("convert string" in text or "encoding" in text):
        return "encoding"
    return "memory" if "allocat" in text else "broken"


def _workbook(path: Path, out: Path) -> Answer:
    from pipeline.ingest.sources.workbook_cells import read_sheets

    return read_sheets(path, out)


def _spss(path: Path, out: Path) -> Answer:
    from pipeline.ingest.sources.labelled_cells import read_labelled

    return read_labelled(path, out, "sav", MOST_COLUMNS)


def _stata(path: Path, out: Path) -> Answer:
    from pipeline.ingest.sources.labelled_cells import read_labelled

    return read_labelled(path, out, "dta", MOST_COLUMNS)


def _parquet(path: Path, out: Path) -> Answer:
    from pipeline.ingest.sources.columnar_cells import read_columns

    return read_columns(path, out, MOST_COLUMNS)


TASKS: dict[str, Callable[[Path, Path], Answer]] = {
    "workbook": _workbook,
    "spss": _spss,
    "stata": _stata,
    "parquet": _parquet,
}


def _limit(memory: int, seconds: int) -> None:
    """Bounds what one task may use, where the system can; a process that is left alone ends by itself."""
    if sys.platform == "win32":
        return
    import resource

    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + seconds + 1
    _lower(resource.RLIMIT_CPU, until)
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(which: int, limit: int) -> None:
    import resource

    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _memory() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
