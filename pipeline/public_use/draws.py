"""The ledger of draws: what each has spent, what all have together, and how much may be spent."""

from __future__ import annotations

import csv
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import DisclosureBroken
from pipeline.manifest import sha256
from pipeline.public_use.tables import DRAWS
from pipeline.publish import reading

LEDGER = "draws.csv"
PUBLIC_USE_FILE = "public_use.csv"

MOST_EPSILON = 12.0
"""The most that all draws of a wave may spend: what IOM's Counter-Trafficking Data Collaborative spent on one file."""


@dataclass(frozen=True)
class Draw:
    """One draw: see `tables.DRAWS`."""

    number: int
    drawn_on: str
    epsilon: float
    delta: float
    resolution: int
    reason: str
    sha256: str


def total_epsilon(draws: list[Draw]) -> float:
    """ε of all draws together: they add up (basic composition)."""
    return math.fsum(draw.epsilon for draw in draws)


def total_delta(draws: list[Draw]) -> float:
    """δ of all draws together."""
    return math.fsum(draw.delta for draw in draws)


def check_ceiling(draws: list[Draw], epsilon: float) -> None:
    """DisclosureBroken if another draw would spend more than all draws of a wave may."""
    left = MOST_EPSILON - total_epsilon(draws)
    if epsilon <= left + 1e-9:
        return
    spent = f"{total_epsilon(draws):g} of at most {MOST_EPSILON:g} is spent" if draws else f"at most {MOST_EPSILON:g}"
    repair = f"Draw with ε of at most {left:g}." if left > 0.5 else "Use a file that was drawn already."
    raise DisclosureBroken(f"ε = {epsilon:g} is more than a wave may spend: {spent}.", where="EPSILON", repair=repair)


def read_draws(folder: Path) -> list[Draw]:
    """The draws of a wave so far. DisclosureBroken if files are there whose draws cannot be told."""
    path = folder / LEDGER
    if not path.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise _unknown(path, "There are files of a draw, but not the list of draws.")
        return []
    with reading(), path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        draws = [_draw(row) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise _unknown(path, "The list of draws cannot be read.") from None
    if not draws or [draw.number for draw in draws] != list(range(1, len(draws) + 1)):
        raise _unknown(path, "The list of draws has lost a line.")
    return draws


def check_file(folder: Path, last: Draw) -> None:
    """DisclosureBroken if the file is not the one that was drawn last."""
    path = folder / PUBLIC_USE_FILE
    with reading():
        is_the_one = sha256(path) == last.sha256
    if not is_the_one:
        raise DisclosureBroken(
            "This is not the file that was drawn.",
            where=str(path),
            repair="Put the file back as it was drawn; draws.csv has its SHA-256.",
        )


def write_draws(draws: list[Draw], folder: Path) -> None:
    """The ledger."""
    with (folder / LEDGER).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, DRAWS.names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**asdict(draw), "epsilon": repr(draw.epsilon), "delta": repr(draw.delta)} for draw in draws)


def _draw(row: dict[str, str]) -> Draw:
    draw = Draw(
        int(row["number"]),
        row["drawn_on"],
        float(row["epsilon"]),
        float(row["delta"]),
        int(row["resolution"]),
        row["reason"],
        row["sha256"],
    )
    if not (0 < draw.epsilon < math.inf and 0 < draw.delta < 1):
        raise ValueError(row["epsilon"])
    return draw


def _unknown(path: Path, what: str) -> DisclosureBroken:
    return DisclosureBroken(
        f"{what} What was spent on this wave is not known.", where=str(path), repair="Put it back from a copy."
    )
