"""What people see in the terminal: progress, counts, findings."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.ingest.findings import Finding


def show_rows(console: Console, rows: dict[str, int]) -> None:
    """How many interviews were received, left out and analysed."""
    taken = [f"{n:,} {rule.replace('_', ' ')}" for rule, n in rows.items() if n and rule not in _NOT_TAKEN]
    left_out = ", ".join(taken) or "nobody"
    console.print(f"{rows['received']:,} interviews received, {rows['analysed']:,} analysed; left out: {left_out}")


_NOT_TAKEN = ("received", "analysed", "counts", "estimates")


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Findings by severity: where, what was found, and what to do."""
    from pipeline.ingest.findings import report_by_severity

    for line in report_by_severity(findings):
        console.print(line, markup=False, highlight=False)


class Shown:
    """Progress for people: a spinner while a stage runs, a line with its time when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """See `run.Progress`."""
        begun = time.perf_counter()
        with self._console.status(f"{name} …"):
            yield
        self._console.print(f"  done: {name} ({time.perf_counter() - begun:.1f} s)", highlight=False)


class _Steady:
    """Standard output that never stops a run: what cannot be shown, because a pipe was closed, is dropped."""

    def __getattr__(self, name: str) -> object:
        return getattr(sys.stdout, name)

    def write(self, text: str) -> int:
        """Writes, or goes silent for good."""
        try:
            written = sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open until the process ends)
            return len(text)
        return written

    def flush(self) -> None:
        """Nothing is held back: each write is passed on at once."""


def new_console() -> Console:
    """A console that outlives its pipe, and shows texts as they are: a folder called [old] is no style.

    Lines are as long as they are, so that a path can be copied; a terminal breaks them, a file keeps them whole.
    """
    from rich.console import Console

    return Console(file=cast("IO[str]", _Steady()), soft_wrap=True, markup=False, emoji=False)


def run_console() -> Console:
    """The same for a run, which says nothing if the user asks for that by QUIET=1; errors are told all the same."""
    console = new_console()
    console.quiet = os.environ.get("QUIET", "") not in ("", "0")
    return console


def show_written(console: Console, folder: Path) -> None:
    """What a run has written, and how big: documents one by one, tables and figures together."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    alone = [path for path in files if path.suffix in (".pdf", ".xlsx")]
    tables = [path for path in files if path.suffix == ".csv"]
    told = [f"{path.name} ({_size([path])})" for path in alone]
    told += [f"{len(tables)} tables as CSV ({_size(tables)})"] if tables else []
    drawn = sorted((folder / "figures").glob("*"))
    told += [f"figures/ with {len(drawn)} files ({_size(drawn)})"] if drawn else []
    console.print(f"Written for readers in {folder}/: {', '.join(told)}; what each is: README.md there")


def _size(paths: Sequence[Path]) -> str:
    size = sum(path.stat().st_size for path in paths)
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"


def show_risk(console: Console, path: Path) -> None:
    """Says how many respondents could be found by what somebody may know of them. path: of the table, if there is one.

    Nothing is said where the questionnaire names no such keys.
    """
    import csv

    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not rows[0]["alone_share"]:
        return
    told = f"{float(rows[0]['alone_share']):.0%} of respondents are alone in their combination of {rows[0]['keys']}."
    coarser = [row["left_out"] for row in rows if row["advice"]]
    advice = f" Coarser answers to {coarser[0]} would gain most." if coarser else ""
    console.print(f"Risk in what stays here (risk.csv): {told}{advice}")
