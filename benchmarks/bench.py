"""Times `report` on the shipped wave, its parts, and waves of up to ten million; writes `results.md` beside it.

Whole processes, several runs, the median counts. Peak memory is that of the largest process of a run. A slow
machine fails nothing; what does is a release of which something withheld could be worked out, or a ratio that is a
fifth worse than recorded. The yardstick was measured once, on a machine of two cores.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks import disclosure, floors, growth, inference, million, read_workbook, tabulating
from benchmarks.floors import Floor

ROOT = Path(__file__).resolve().parents[1]
WAVE = "2016-10"
RUNS = 5
YARDSTICK_SECONDS, NOTHING = 8.4, 0.5
YARDSTICK = "An R script that reads the same export and makes 42 tables and 6 figures, no document: 8.4 s, 338 MB."
STAGE = re.compile(r"done: (?P<stage>.+) \((?P<seconds>[0-9.]+) s\)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "data" / "raw" / WAVE, root / "data" / "raw" / WAVE)
        one_run(root)  # compiles bytecode and fills the disk cache
        cold, stages = [], []
        for _ in range(RUNS):
            shutil.rmtree(root / "data" / "processed")
            shutil.rmtree(root / "reports")
            seconds, output = one_run(root)
            cold.append(seconds)
            stages.append({m["stage"]: float(m["seconds"]) for m in STAGE.finditer(output)})
            print(f"cold run: {seconds:.2f} s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        unchanged = [one_run(root)[0] for _ in range(RUNS)]
    inferred, disclosed, of_million = inference.measure(), disclosure.measure(), million.measure()
    counted, grown = tabulating.measure(), growth.measure()
    aims = [
        Floor("`make report` on the shipped wave; the R script", statistics.median(cold), YARDSTICK_SECONDS, " s"),
        Floor("`make report`, nothing has changed", statistics.median(unchanged), NOTHING, " s"),
        Floor("every statistic of the shipped wave", inferred[0][2], inference.AIM, " s"),
        *(
            Floor(f"disclosure control of {disclosure.named(one)}", one.seconds, disclosure.FLOORS[one.wave], " s")
            for one in disclosed
        ),
        Floor("ingest, times a bare copy", of_million.ratio("work"), million.FLOOR, is_ratio=True),
        Floor("tabulate, times bare queries", counted.ratio, tabulating.FLOOR, is_ratio=True),
        Floor("ten million, times a million", growth.ratio(grown), growth.FLOOR, is_ratio=True),
        Floor("memory for ten million", grown[-1].peak, growth.MEMORY, " MB"),
    ]
    parts = [
        results(cold, stages, unchanged, peak).rstrip("\n").splitlines(),
        floors.lines(aims),
        inference.lines(inferred),
        disclosure.lines(disclosed),
        [read_workbook.line(read_workbook.measure())],
        million.lines(of_million),
        [tabulating.line(counted)],
        growth.lines(grown),
    ]
    text = "\n\n".join("\n".join(part) for part in parts) + "\n"
    (Path(__file__).parent / "results.md").write_text(text, encoding="utf-8", newline="\n")
    print(text)
    if found := floors.worse(aims):
        raise SystemExit("Worse than recorded by more than a fifth: " + "; ".join(found))


def one_run(root: Path) -> tuple[float, str]:
    command = [sys.executable, "-m", "pipeline", "report", "--wave", WAVE, "--root", str(root)]
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, done.stdout


def results(cold: list[float], stages: list[dict[str, float]], unchanged: list[float], peak: float) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Medians of whole processes; in brackets the least and the greatest.",
        "",
        "| what | seconds |",
        "|---|---|",
        f"| `make report`, from export to PDF | {spread(cold)} |",
        *(f"| — {stage} | {spread([run[stage] for run in stages])} |" for stage in stages[0]),
        f"| — start-up, imports and publishing | {spread(rest(cold, stages))} |",
        f"| `make report`, nothing has changed | {spread(unchanged)} |",
        "",
        f"Peak memory of the largest process: {peak:.0f} MB.",
        "",
        f"Yardstick, measured once on a machine of two cores: {YARDSTICK}",
        "",
        f"This run: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}"
            for name in ("duckdb", "ibis-framework", "pandas", "gpboost", "matplotlib", "typst")
        )
        + ".",
    ]
    return "\n".join(lines) + "\n"


def rest(cold: list[float], stages: list[dict[str, float]]) -> list[float]:
    return [whole - sum(parts.values()) for whole, parts in zip(cold, stages, strict=True)]


def spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"


if __name__ == "__main__":
    main()
