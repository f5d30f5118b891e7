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
NAME, ROWS = "million", 1_000_000
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
LOADED = """
import sys, pandas, pyarrow.csv, ibis.backends.duckdb, pipeline.ingest.stage
from pipeline.command_line import main
sys.exit(main(sys.argv[1:]))
"""
"""Ingests when all that it needs of libraries is loaded already, as the copy does."""

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
    """The runs of all, by turns. megabytes: of the export. loaded: ingesting with libraries loaded beforehand."""

    megabytes: float
    bare: list[Process] = field(default_factory=list)
    ingest: list[Process] = field(default_factory=list)
    loaded: list[Process] = field(default_factory=list)

    def ratio(self, of: str) -> float:
        """How many times the bare copy ingesting takes, by medians. of: seconds, processor; or work, when loaded."""
        ours = self.loaded if of == "work" else self.ingest
        mine, floor = (statistics.median(getattr(run, of) for run in runs) for runs in (ours, self.bare))
        return mine / floor


def write_wave(root: Path, size: int = ROWS) -> Path:
    """The shipped, synthetic wave over and over to a size, with identifiers of its own. Gives the export."""
    folder = root / "data" / "raw" / NAME
    folder.mkdir(parents=True)
    shutil.copy(SHIPPED / FORM, folder)
    text = (SHIPPED / "wave.toml").read_text(encoding="utf-8")
    (folder / "wave.toml").write_text(text.replace('wave = "2016-10"', f'wave = "{NAME}"'), encoding="utf-8")
    with (SHIPPED / EXPORT).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    with (folder / EXPORT).open("w", encoding="utf-8-sig", newline="") as file:
        file.write(_line(header))
        file.writelines(_renewed(header, rows, size))
    return folder / EXPORT


def _line(cells: list[str]) -> str:
    return '"' + '";"'.join(cell.replace('"', '""') for cell in cells) + '"\r\n'


def _renewed(header: list[str], rows: list[list[str]], size: int):
    """Lines of the export. What stays the same in each is written down once: there may be ten million of them."""
    random = Random(1)
    names = ("_uuid", "_id", "_index")
    key, *places = (header.index(name) for name in names)
    blanks = [
        _line([f"\0{at}\0" if at in (key, *places) else cell for at, cell in enumerate(row)]).split("\0")
        for row in rows
    ]
    for start in range(0, size, len(rows)):
        keys: dict[str, str] = {}
        for n, (row, line) in enumerate(zip(rows[: size - start], blanks, strict=False), start=start + 1):
            new = keys.get(row[key]) or keys.setdefault(row[key], str(uuid.UUID(int=random.getrandbits(128))))
            renewed = {str(key): new, str(places[0]): str(41_000_000 + n), str(places[1]): str(n)}
            yield "".join([renewed[part] if at % 2 else part for at, part in enumerate(line)])


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
            for runs, how in ((measured.ingest, ["-m", "pipeline"]), (measured.loaded, ["-c", LOADED])):
                shutil.rmtree(root / "data" / "processed", ignore_errors=True)
                runs.append(run([sys.executable, *how, "ingest", "--wave", NAME, "--root", str(root)]))
    return measured


def lines(measured: Measured) -> list[str]:
    """The figures as a table of Markdown."""

    def row(what: str, runs: list[Process]) -> str:
        seconds, processor = (statistics.median(getattr(r, of) for r in runs) for of in ("seconds", "processor"))
        work = statistics.median(r.work for r in (measured.loaded if runs is measured.ingest else runs))
        return f"| {what} | {work:.2f} | {seconds:.2f} | {processor:.2f} | {max(r.peak for r in runs):.0f} |"

    work, whole = measured.ratio("work"), measured.ratio("seconds")
    verdict = "kept by both" if whole <= FLOOR else "kept by the first" if work <= FLOOR else "missed"
    return [
        f"A million rows of CSV ({measured.megabytes:.0f} MB), by turns, medians of {RUNS}:",
        "",
        "| what | seconds, libraries loaded | seconds of the whole process | processor seconds | peak MB |",
        "|---|---|---|---|---|",
        row("bare copy to Parquet by DuckDB", measured.bare),
        row("`ingest`, from the export to respondents, ledger and findings", measured.ingest),
        "",
        f"Once libraries are loaded, ingesting takes {work:.2f} times as long as the statement that copies; as a whole "
        f"process {whole:.2f} times ({measured.ratio('processor'):.2f} times its processor seconds). At most {FLOOR} "
        f"times are aimed at: {verdict}.",
    ]


def main() -> None:
    print("\n".join(lines(measure())))


if __name__ == "__main__":
    main()
