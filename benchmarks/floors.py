"""What is aimed at, and whether a run got worse than the one that was recorded.

Ratios are compared, of which a slow or busy machine moves both sides: one that is more than a fifth above what
`recorded.json` holds fails `make bench`. `make bench RECORD=1` records those of this run instead.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded.json")
WORSE = 1.2
"""How many times what was recorded a ratio may be."""


@dataclass(frozen=True)
class Floor:
    """One figure. most: what is aimed at, at the most. is_ratio: whether it is compared with what was recorded."""

    what: str
    measured: float
    most: float
    unit: str = ""
    is_ratio: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether it is no more than is aimed at."""
        return self.measured <= self.most


def lines(floors: list[Floor]) -> list[str]:
    """All floors as a table."""
    return [
        "| figure | measured | at most | |",
        "|---|---|---|---|",
        *(
            f"| {one.what} | {one.measured:,.2f}{one.unit} | {one.most:,g}{one.unit} | {_verdict(one)} |"
            for one in floors
        ),
    ]


def _verdict(floor: Floor) -> str:
    return "kept" if floor.is_kept else "**missed**"


def worse(floors: list[Floor]) -> list[str]:
    """What to say of each ratio that is worse than recorded. A ratio that was never recorded is recorded now."""
    ratios = {one.what: one.measured for one in floors if one.is_ratio}
    is_to_be_read = RECORDED.is_file() and not os.environ.get("RECORD")
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if is_to_be_read else {}
    kept = {what: recorded.get(what, round(now, 2)) for what, now in ratios.items()}
    RECORDED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8", newline="\n")
    return [
        f"{what}: {now:.2f}, recorded were {kept[what]:.2f}" for what, now in ratios.items() if now > WORSE * kept[what]
    ]
