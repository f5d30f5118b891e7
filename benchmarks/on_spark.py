"""What a million interviews cost on Spark on this machine: work, shuffled bytes, memory; and so, what many more would.

Needs `ENGINE=spark make indicators` to have installed Spark. Not part of `make bench`, because of Java. Run it by
`python -m benchmarks.on_spark`; it writes `on_spark.md` beside it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.million import NAME, run, write_wave

SIZES = (100_000, 1_000_000)
TARGET = 1_000_000_000
"""Respondents to reckon for."""

NODES = (1, 10, 50)
CORES = 16
"""Of a usual node of a cluster."""

MB, GB = 1e6, 1e9
DONE = "SparkListenerTaskEnd"


@dataclass
class Measured:
    """One run. work: core seconds of all tasks. shuffled, read, result: bytes. driver: seconds outside of tasks."""

    interviews: int
    export: float
    seconds: float = 0.0
    peak: float = 0.0
    work: float = 0.0
    shuffled: float = 0.0
    result: float = 0.0
    spilled: float = 0.0
    tasks: int = 0
    largest: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def measure(size: int) -> Measured:
    """Counts a wave of this size, from export to estimates, and adds up what Spark wrote about it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        export = write_wave(root, size).stat().st_size
        (root / "events").mkdir()
        events = {"enabled": "true", "compress": "false", "dir": (root / "events").as_uri()}
        (root / "spark-defaults.conf").write_text(
            "".join(f"spark.eventLog.{name} {value}\n" for name, value in events.items())
        )
        os.environ["SPARK_CONF_DIR"] = str(root)
        command = [sys.executable, "-m", "pipeline", "indicators", "--engine", "spark", "--wave", NAME]
        done = run([*command, "--root", str(root)])
        found = Measured(size, export, done.seconds, done.peak)
        for path in (root / "events").rglob("*"):
            if path.is_file():
                _add(found, path)
        return found


def _add(found: Measured, path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if DONE not in line:
                continue
            metrics = json.loads(line).get("Task Metrics")
            if not metrics:
                continue
            found.tasks += 1
            found.work += metrics["Executor Run Time"] / 1000
            found.shuffled += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            found.result += metrics["Result Size"]
            found.spilled += metrics["Disk Bytes Spilled"]


def lines(found: list[Measured]) -> list[str]:
    """The figures, and what follows from them for a thousand times as many."""
    small, large = found
    a_row = (large.work - small.work) / (large.interviews - small.interviews)
    fixed = max(0.0, large.seconds - large.work / (os.cpu_count() or 1))
    shuffled = large.shuffled / large.interviews
    export = large.export / large.interviews
    return [
        "# On Spark",
        "",
        "Written by `python -m benchmarks.on_spark`: one run a size, `make indicators`, Spark on this machine alone.",
        "",
        "| interviews | export, MB | seconds | core seconds | tasks | shuffled, MB | spilled, MB | results, MB |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {one.interviews:,} | {one.export / MB:,.0f} | {one.seconds:.0f} | {one.work:.0f} | {one.tasks:,} | "
            f"{one.shuffled / MB:.1f} | {one.spilled / MB:.1f} | {one.result / MB:.1f} |"
            for one in found
        ),
        "",
        f"Each interview more costs {a_row * 1e6:.0f} µs of one core and {shuffled:.0f} shuffled bytes; {export:.0f} "
        f"bytes are read. Seconds that no task explains, for starting, planning and the driver: {fixed:.0f}.",
        "",
        f"## Reckoned for {TARGET:,} respondents",
        "",
        f"An export of {TARGET * export / GB:,.0f} GB. Nodes of {CORES} cores as fast as these; the driver reads the "
        "export once by itself, to check how it is written, at the speed at which it is checked here.",
        "",
        "| nodes | minutes in tasks | shuffled by each node, GB |",
        "|---|---|---|",
        *(
            f"| {nodes} | {TARGET * a_row / (nodes * CORES) / 60:.0f} | {TARGET * shuffled / nodes / GB:.1f} |"
            for nodes in NODES
        ),
        "",
        f"This run: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}.",
    ]


def main() -> None:
    text = "\n".join(lines([measure(size) for size in SIZES])) + "\n"
    Path(__file__).with_name("on_spark.md").write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    main()
