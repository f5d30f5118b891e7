"""How long counting a million people takes, against bare queries that count the same people in the same grid.

The bare queries are written by hand for DuckDB and read the Parquet file that ingesting wrote: five groupings, as the
pipeline makes, with a sum for each measure of each indicator; nothing else of what the pipeline counts. Both run in one
process, by turns, with libraries loaded. Run it by `python -m benchmarks.tabulating`.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks.million import NAME, ROOT, write_wave
from pipeline.ingest.stage import ingest
from pipeline.questionnaire import Questionnaire
from pipeline.run import open_engine
from pipeline.tabulate import POINT, RELATED, tabulate
from pipeline.wave import load_wave

RUNS = 5
FLOOR = 2.0
"""How many times the bare queries counting may take at the most."""


@dataclass(frozen=True)
class Measured:
    """Medians in seconds."""

    bare: float
    ours: float

    @property
    def ratio(self) -> float:
        """How many times the bare queries counting takes."""
        return self.ours / self.bare


def queries(q: Questionnaire, path: Path) -> list[str]:
    """The bare queries over the respondents in a Parquet file."""
    sums = ", ".join(f"sum({test})" for test in _tests(q))
    analysed = f"(SELECT * FROM '{path}' WHERE excluded_by = '')"
    return [
        f"SELECT {', '.join(('route', POINT, *dimensions))}, count(*), {sums} FROM {analysed} GROUP BY ALL"
        for dimensions in RELATED
    ]


def _tests(q: Questionnaire) -> list[str]:
    names = [str(item.indicator) for item in q.indicators]
    tests = []
    for name in names:
        answered = f"{name} IN ('yes', 'no', 'family')"
        tests += [f"({name} <> 'not_asked')::INT", f"({answered})::INT", f"({name} = 'yes')::INT"]
        tests += [f"({name} = 'family')::INT"]
    for among, least in ((q.counted, 1), (q.counted, 2), (q.common_core, 1)):
        yes, family, answered, asked = (
            " + ".join(f"({name} {test})::INT" for name in map(str, among))
            for test in ("= 'yes'", "= 'family'", "IN ('yes', 'no', 'family')", "<> 'not_asked'")
        )
        missing = " + ".join(f"({name} IN ('dont_know', 'declined', 'no_answer'))::INT" for name in map(str, among))
        all_of_them = f"({answered}) = {len(among)}"
        tests += [f"({asked} > 0)::INT", f"({answered} > 0)::INT", f"({yes} >= {least})::INT", f"({all_of_them})::INT"]
        tests += [f"(({yes}) < {least} AND ({yes}) + ({family}) >= {least})::INT"]
        tests += [f"(({yes}) < {least} AND ({yes}) + ({missing}) >= {least})::INT"]
        tests += [f"({all_of_them} AND ({yes}) >= {least})::INT"]
    return tests


def measure() -> Measured:
    """In a process of its own."""
    command = [sys.executable, "-m", "benchmarks.tabulating", "alone"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return Measured(**json.loads(told.splitlines()[-1]))


def _measured() -> Measured:
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as scratch:
        write_wave(Path(folder))
        wave = load_wave(Path(folder) / "data" / "raw", NAME)
        with open_engine("duckdb", Path(scratch)) as engine:
            respondents = ingest(wave, engine, Path(scratch)).respondents
            path = Path(folder) / "respondents.parquet"
            engine.write_parquet(respondents, path, ["file", "row"])
            by_hand = duckdb.connect()
            for _ in range(RUNS):
                begun = time.perf_counter()
                for query in queries(wave.questionnaire, path):
                    by_hand.execute(query).df()
                bare.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                tabulate(respondents, wave.questionnaire, engine)
                ours.append(time.perf_counter() - begun)
    return Measured(statistics.median(bare), statistics.median(ours))


def line(measured: Measured) -> str:
    """The part of the results on counting."""
    return (
        f"Counting a million people: {measured.ours:.2f} s for everything that is counted, {measured.bare:.2f} s for "
        f"bare queries of the same grid over the same Parquet file: {measured.ratio:.2f} times as long. At most "
        f"{FLOOR} times are aimed at: {'kept' if measured.ratio <= FLOOR else 'missed'}."
    )


def main() -> None:
    """Prints the figures; with any word behind it, as JSON."""
    measured = _measured()
    print(json.dumps(asdict(measured)) if len(sys.argv) > 1 else line(measured))


if __name__ == "__main__":
    main()
