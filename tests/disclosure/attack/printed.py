"""What a printed number says of the count behind it. The numbers of the policy are those of every manifest.json."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from tests.disclosure.attack.system import Sum, System

ROUNDING = 5
FEWEST = 13
"""The fewest people who are shown: 11 and 12 would be printed as 10."""
SHARE_BASE = 50
ZERO_BASE = 50

Row = dict[str, str]


def rows_of(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def count(text: str) -> int | None:
    return int(Decimal(text)) if text else None


def percent(text: str) -> int | None:
    return int(Decimal(text) * 100) if text else None


def behind(printed: int) -> tuple[int, int]:
    """The least and the greatest count behind a printed one. No count from 1 to 12 is printed; a zero is a zero."""
    off = ROUNDING // 2
    return (max(printed - off, FEWEST), printed + off) if printed else (0, 0)


def say_count(system: System, what: Sum, text: str) -> None:
    """A count is printed, or nothing."""
    printed = count(text)
    if printed is not None:
        system.within(what, *behind(printed))


def say_share(system: System, part: Sum, base: Sum, text: str) -> None:
    """A share is printed to a whole percent, half up: (2p − 1) · base ≤ 200 · part < (2p + 1) · base."""
    p = percent(text)
    if p is None:
        return
    system.at_most((2 * p - 1) * base, 200 * part)
    system.at_most(200 * part + 1, (2 * p + 1) * base)
    system.within(base, least=SHARE_BASE)


def say_part(
    system: System,
    part: Sum,
    base: Sum,
    part_text: str,
    base_text: str,
    share_text: str,
    *,
    always_with_share: bool = True,
) -> None:
    """A part of a base is printed, with its share if the base is large enough; or nothing is said of the part.

    always_with_share: nothing but a small base leaves a share out.
    """
    say_count(system, base, base_text)
    printed = count(part_text)
    if printed is None or base.is_zero or count(base_text) == 0:
        return
    say_count(system, part, part_text)
    system.within(base - part, least=0 if printed == count(base_text) else FEWEST)
    if printed == 0:
        system.within(base, least=ZERO_BASE)
    if share_text:
        say_share(system, part, base, share_text)
    elif always_with_share:
        system.within(base, greatest=SHARE_BASE - 1)


def say_mean(system: System, part: Sum, base: Sum, text: str) -> None:
    """A mean is printed to two digits."""
    if not text:
        return
    mean = Decimal(text)
    off = Decimal(5).scaleb(mean.adjusted() - 2)
    system.within(part - float(mean - off) * base, least=-1e-6)
    system.within(part - float(mean + off) * base, greatest=1e-6)
