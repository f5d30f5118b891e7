"""Row numbers as text: short enough to read, whole enough to find every row."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.places import GROUP

if TYPE_CHECKING:
    import pandas as pd

MOST_SPANS = 300
MOST_GROUPS = 100
MOST_IN_A_GROUP = 20


def rows_by_file(rows: pd.DataFrame, most: int = MOST_SPANS) -> list[tuple[str, str]]:
    """(file, its rows) with rows in a row joined: `2, 5–9, 12`, and how many more there are."""
    return [(str(file), _spans(sorted({int(row) for row in found}), most)) for file, found in rows.groupby(FILE)[ROW]]


def _spans(rows: list[int], most: int) -> str:
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])]
    shown = [f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs[:most]]
    left = sum(len(run) for run in runs[most:])
    return ", ".join(shown) + (f" and {left:,} more" if left else "")


def groups(rows: pd.DataFrame, most: int = MOST_GROUPS) -> tuple[list[str], int]:
    """Rows that belong together, as `3 with 17, 20`, with their file where there are several; and how many more."""
    several = rows[FILE].nunique() > 1
    shown = rows[rows[GROUP] <= most]
    named = [
        (number, f"{file} {row}" if several else str(row))
        for file, row, number in shown[[FILE, ROW, GROUP]].itertuples(index=False)
    ]
    lines = []
    for _, found in groupby(named, key=lambda pair: pair[0]):
        first, *others = [name for _, name in found]
        left = len(others) - MOST_IN_A_GROUP
        more = f" and {left:,} more" if left > 0 else ""
        lines.append(f"{first} with {', '.join(others[:MOST_IN_A_GROUP])}{more}")
    return lines, int(rows[GROUP].max()) - len(lines)
