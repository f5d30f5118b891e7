"""Row numbers as text: short enough to read, whole enough to find every row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.places import GROUP
from pipeline.quality.results import Cause, CauseKind

if TYPE_CHECKING:
    import pandas as pd

MOST_SPANS = 100
MOST_GROUPS = 50
MOST_IN_A_GROUP = 20
MOST_CAUSES = 20


def causes_told(causes: Sequence[Cause], most: int = MOST_CAUSES) -> list[str]:
    """What many rows share, a line for each kind: `2 enumerators, of interviews: E01 90 of 100 (90%), E02 …`."""
    lines = []
    for kind, found in groupby(causes, key=lambda cause: cause.kind):
        several = list(found)
        shown = ", ".join(cause.counted for cause in several[:most])
        more = f" and {len(several) - most:,} more" if len(several) > most else ""
        lines.append(f"{named(kind, len(several))}, of {several[0].of}: {shown}{more}")
    return lines


def named(kind: CauseKind, n: int) -> str:
    """As `1 enumerator` or `3 monitoring points`."""
    name = "monitoring point" if kind == "point" else kind
    return f"{n:,} {name}{'s' if n != 1 else ''}"


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
    numbers = rows[GROUP].unique()
    shown = rows[rows[GROUP].isin(numbers[:most])]
    members = [
        (number, f"{file} {row}" if several else str(row))
        for file, row, number in shown[[FILE, ROW, GROUP]].itertuples(index=False)
    ]
    lines = []
    for _, found in groupby(members, key=lambda pair: pair[0]):
        first, *others = [name for _, name in found]
        left = len(others) - MOST_IN_A_GROUP
        more = f" and {left:,} more" if left > 0 else ""
        lines.append(f"{first} with {', '.join(others[:MOST_IN_A_GROUP])}{more}")
    return lines, len(numbers) - len(lines)
