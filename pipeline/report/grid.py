"""What tables are made of: released values as text, in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.report.edition import Cell, Edition, Interval

Row = list[str]
Table = dict[str, Any]
"""title, note, columns, rows, and `align`: one letter a column, l or r. A row with one cell is a subheading.

widths: of the columns in millimetres, 0 for one that takes what is left; without it all but the first are alike.
"""

WIDE = 30
"""Millimetres that a number with its interval needs."""


def table(
    edition: Edition,
    title: str,
    columns: str,
    align: str,
    rows: list[Row],
    *,
    note: str = "",
    widths: Sequence[int] = (),
) -> Table:
    """A table. columns: keys of their heads; title and note: their text."""
    heads = [edition.text.say(f"report.col_{name}") for name in columns.split()]
    return {"title": title, "columns": heads, "align": align, "rows": rows, "note": note, "widths": list(widths)}


def count(edition: Edition, number: int | None) -> str:
    """A count, or the mark for withheld."""
    return edition.text.say("format.withheld") if number is None else edition.text.count(number)


def share(edition: Edition, cell: Cell) -> str:
    """A share, the mark for withheld, or nothing where the base is too small."""
    return edition.percent(cell, short=True) if cell.share is not None or cell.withheld else ""


def interval(edition: Edition, cell: Cell) -> str:
    """The interval, with a mark where it says that the share is not firm enough to be relied on."""
    if cell.low is None or cell.high is None:
        return ""
    told = edition.text.interval(cell.low, cell.high)
    return told if cell.is_firm else edition.text.say("format.unreliable", interval=told)


def times(edition: Edition, found: Interval | None) -> str:
    """A ratio with its interval, or the mark for withheld."""
    return edition.text.times(*found) if found else edition.text.say("format.withheld")


def likely(edition: Edition, found: Interval | None) -> str:
    """A probability with its interval, or the mark for withheld."""
    if found is None:
        return edition.text.say("format.withheld")
    number, low, high = found
    told = edition.text.percent(number)
    return edition.text.say("format.share_interval", share=told, interval=edition.text.interval(low, high))
