"""What `report` takes from ten thousand interviews to ten million: seconds, and memory at its largest.

The shipped, synthetic wave over and over, with identifiers of its own in each copy. Whole processes, one run a size but
for the smallest. Run it by `python -m benchmarks.growth`.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.million import NAME, run, write_wave

SIZES = {10_000: 3, 100_000: 3, 1_000_000: 1, 10_000_000: 1}
"""Interviews → runs."""

FLOOR, LARGE = 11, 10_000_000
"""How many times as long ten times as many interviews may take at the most, from a million on."""

MEMORY = 3000
"""Megabytes that ten million interviews may need at the most."""


@dataclass(frozen=True)
class Measured:
    """megabytes: of the export. seconds: median. peak: megabytes of the largest process at its largest."""

    interviews: int
    megabytes: float
    seconds: float
    peak: float


def measure(sizes: dict[int, int] = SIZES) -> list[Measured]:
    """Each size in a folder of its own, which is deleted afterwards."""
    return [_of(size, runs) for size, runs in sizes.items()]


def _of(size: int, runs: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        megabytes = write_wave(root, size).stat().st_size / 1e6
        done = []
        for _ in range(runs):
            shutil.rmtree(root / "data" / "processed", ignore_errors=True)
            done.append(run([sys.executable, "-m", "pipeline", "report", "--wave", NAME, "--root", str(root)]))
            print(f"{size:,} interviews: {done[-1].seconds:.1f} s, {done[-1].peak:,.0f} MB")
    return Measured(size, megabytes, statistics.median(one.seconds for one in done), max(one.peak for one in done))


def ratio(found: list[Measured]) -> float:
    """How many times as long ten million take as a million."""
    seconds = {one.interviews: one.seconds for one in found}
    return seconds[LARGE] / seconds[LARGE // 10]


def lines(found: list[Measured]) -> list[str]:
    """The part of the results on growth."""
    verdict = ["kept" if ratio(found) <= FLOOR else "missed", "kept" if found[-1].peak <= MEMORY else "missed"]
    return [
        "`make report` as waves grow, whole processes:",
        "",
        "| interviews | export, MB | seconds | peak MB |",
        "|---|---|---|---|",
        *(f"| {one.interviews:,} | {one.megabytes:,.0f} | {one.seconds:.1f} | {one.peak:,.0f} |" for one in found),
        "",
        f"Ten million take {ratio(found):.1f} times as long as a million; at most {FLOOR} times are aimed at: "
        f"{verdict[0]}. They need {found[-1].peak:,.0f} MB; at most {MEMORY:,} MB are aimed at: {verdict[1]}.",
    ]


def main() -> None:
    print("\n".join(lines(measure())))


if __name__ == "__main__":
    main()
