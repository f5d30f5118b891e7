"""The rules of the public policy in plain loops over one row at a time: slow, obvious, and written on its own.

It knows nothing of `pipeline.disclose`. Numbers of the policy are written out here on purpose.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor


def printed_count(n: int) -> int:
    """To the nearest 5."""
    return 5 * floor(Fraction(n, 5) + Fraction(1, 2))


def may_show(n: int) -> bool:
    """11 people or more, and not printed below 15."""
    return n >= 11 and printed_count(n) >= 15


def may_show_part(part: int, base: int) -> bool:
    if not may_show(base) or not may_show(base - part):
        return False
    return may_show(part) or (part == 0 and base >= 50)


def printed_share(part: int, base: int) -> float | None:
    """A whole percent, half up; only for a base of 50 or more."""
    if base < 50:
        return None
    return floor(Fraction(100 * part, base) + Fraction(1, 2)) / 100


def released_part(part: int, base: int) -> dict[str, float | int | str | None]:
    """What a reader gets for a part of a base."""
    shown = may_show_part(part, base)
    return {
        "part": printed_count(part) if shown else None,
        "base": printed_count(base) if may_show(base) else None,
        "share": printed_share(part, base) if shown else None,
        "suppressed": "" if shown else "withheld",
    }
