"""How long a million rows take to be ingested, against a bare copy of the same file from CSV to Parquet.

The copy knows nothing of surveys: DuckDB reads every column as text and writes it again. It is the floor under which no
pipeline on that engine can get. Both are whole processes, by turns, so that a busy machine slows both. Run it by
`python -m benchmarks.million`.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "data" / "raw" / "2016-10"
EXPORT, FORM = "fms_2016_10.csv", "fms_2016_form.xlsx"
ROWS = 1_000_000
RUNS = 5
FLOOR = 1.5
"""How many times the bare copy ingesting may take at the most."""

BARE = """
import sys, time, duckdb
begun = time.perf_counter()
duckdb.connect().execute(
    f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', all_varchar=true)) TO '{sys.argv[2]}' "
    "(FORMAT parquet, COMPRESSION zstd)"
)
print(f"done: copy ({time.perf_counter() - begun:.2f} s)")
"""
DONE = re.compile(r"done: .+ \((?P<seconds>[0-9.]+) s\)")
"""What both say of their work, apart from what it takes to load Python and its libraries."""


@dataclass(frozen=True)
class Process:
    """What a process used.

    seconds: on the clock; work: those between loading and leaving; processor: seconds of all cores; peak: megabytes at
    its largest.
    """

    seconds: float
    work: float
    processor: float
    peak: float


@dataclass(frozen=True)
class Measured:
    """The runs of both, by turns. megabytes: of the export."""

    megabytes: float
    bare: list[Process] = field(default_factory=list)
    ingest: list[Process] = field(default_factory=list)

    def ratio(self, of: str) -> float:
        """How many times the bare copy ingesting takes, by medians."""
        ours, floor = ([getattr(run, of) for run in runs] for runs in (self.ingest, self.bare))
        return statistics.median(ours) / statistics.median(floor)


def write_wave(root: Path) -> Path:
    """The shipped, synthetic wave many times over, each time with identifiers of its own. Gives the export."""
    folder = root / "data" / "raw" / "million"
    folder.mkdir(parents=True)
    shutil.copy(SHIPPED / FORM, folder)
    text = (SHIPPED / "wave.toml").read_text(encoding="utf-8")
    (folder / "wave.toml").write_text(text.replace('wave = "2016-10"', 'wave = "million"'), encoding="utf-8")
    with (SHIPPED / EXPORT).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    with (folder / EXPORT).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(_renewed(header, rows))
    return folder / EXPORT


def _renewed(header: list[str], rows: list[list[str]]):
    random = Random(1)
    key, number, place = (header.index(name) for name in ("_uuid", "_id", "_index"))
    for start in range(0, ROWS, len(rows)):
        keys: dict[str, str] = {}
        for n, row in enumerate(rows[: ROWS - start], start=start + 1):
            new = keys.setdefault(row[key], str(uuid.UUID(int=random.getrandbits(128))))
            renewed = {key: new, number: str(41_000_000 + n), place: str(n)}
            yield [renewed.get(at, cell) for at, cell in enumerate(row)]


def run(command: list[str]) -> Process:
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        told = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    done = DONE.search(told)
    if process.returncode or not done:
        raise SystemExit(told)
    return Process(seconds, float(done["seconds"]), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure() -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        export = write_wave(root)
        measured = Measured(export.stat().st_size / 1e6)
        for _ in range(RUNS):
            measured.bare.append(run([sys.executable, "-c", BARE, str(export), str(root / "bare.parquet")]))
            shutil.rmtree(root / "data" / "processed", ignore_errors=True)
            measured.ingest.append(
                run([sys.executable, "-m", "pipeline", "ingest", "--wave", "million", "--root", str(root)])
            )
    return measured


def lines(measured: Measured) -> list[str]:
    """The figures as a table of Markdown."""

    def row(what: str, runs: list[Process]) -> str:
        medians = [statistics.median(getattr(r, of) for r in runs) for of in ("seconds", "work", "processor")]
        return f"| {what} | {' | '.join(f'{m:.2f}' for m in medians)} | {max(r.peak for r in runs):.0f} |"

    ratio = measured.ratio("seconds")
    verdict = "which is kept" if ratio <= FLOOR else "which is missed"
    return [
        f"A million rows of CSV ({measured.megabytes:.0f} MB), whole processes by turns, medians of {RUNS}:",
        "",
        "| what | seconds | of these, without loading libraries | processor seconds | peak MB |",
        "|---|---|---|---|---|",
        row("bare copy to Parquet by DuckDB", measured.bare),
        row("`ingest`, from the export to respondents, ledger and findings", measured.ingest),
        "",
        f"Ingesting takes {ratio:.2f} times as long as the bare copy ({measured.ratio('work'):.2f} times without "
        f"loading libraries, {measured.ratio('processor'):.2f} times its processor seconds). At most {FLOOR} times are "
        f"aimed at, {verdict}.",
    ]


def main() -> None:
    print("\n".join(lines(measure())))


if __name__ == "__main__":
    main()
