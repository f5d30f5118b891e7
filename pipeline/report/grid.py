"""What tables are made of: released values as text, in rows, each with the numbers that it was written from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pipeline.report.edition import Cell, Edition, Interval

Row = list[str]
Table = dict[str, Any]
"""title, note, columns, rows, and `align`: one letter a column, l or r. A row with one cell is a subheading.

kind: a word for what it tells. of: the routes that it is on. Both name the sheet that a workbook has of it.
widths: of the columns in millimetres, 0 for one that takes what is left; without it all but the first are alike.
"""

WIDE = 30
"""Millimetres that a number with its interval needs."""

Form = Literal["count", "percent", "points", "ratio", "p"]
"""How a number is written: people; a share; a difference of shares; two digits; a p value."""


class Told(str):
    """What a page says, with the numbers behind it for those who go on calculating: a workbook.

    numbers: one; or one and the ends of its interval; or two ends alone. mark: what the text warns of, `unreliable` or
    `extrapolated`, as the catalogue has it under `workbook.mark_…`.
    """

    form: Form
    numbers: tuple[float, ...]
    mark: str

    def __new__(cls, text: str, form: Form, *numbers: float, mark: str = "") -> Told:
        """The text, which is all that a page takes of it."""
        told = super().__new__(cls, text)
        told.form, told.numbers, told.mark = form, numbers, mark
        return told


def table(
    edition: Edition,
    title: str,
    columns: str,
    align: str,
    rows: list[Row],
    *,
    kind: str,
    of: Sequence[str] = (),
    note: str = "",
    widths: Sequence[int] = (),
) -> Table:
    """A table. columns: keys of their heads; title and note: their text."""
    heads = [edition.text.say(f"report.col_{name}") for name in columns.split()]
    named = {"kind": kind, "of": list(of), "title": title, "note": note}
    return {**named, "columns": heads, "align": align, "rows": rows, "widths": list(widths)}


def tells(of: Table) -> bool:
    """Whether there is any number in a table."""
    return any(isinstance(cell, Told) for row in of["rows"] for cell in row)


def said_once(tables: Sequence[Table]) -> list[Table]:
    """Tables one below the other, in which a note that two of them share is said the first time alone."""
    before = ["", *(one["note"] for one in tables)]
    return [
        {**one, "note": "" if one["note"] == note else one["note"]} for one, note in zip(tables, before, strict=False)
    ]


def count(edition: Edition, number: int | None) -> str:
    """A count, or the mark for withheld."""
    return withheld(edition) if number is None else people(edition, number)


def people(edition: Edition, number: int) -> str:
    """A count that is there."""
    return Told(edition.text.count(number), "count", number)


def withheld(edition: Edition) -> str:
    """The mark for a number that is withheld."""
    return edition.text.say("format.withheld")


def share(edition: Edition, cell: Cell) -> str:
    """A share, the mark for withheld, or nothing where the base is too small."""
    if cell.share is None:
        return edition.percent(cell, short=True) if cell.withheld else ""
    return Told(edition.percent(cell, short=True), "percent", cell.share)


def percent(edition: Edition, number: float | None) -> str:
    """A whole percent, or the mark for withheld."""
    return withheld(edition) if number is None else Told(edition.text.percent(number), "percent", number)


def interval(edition: Edition, cell: Cell) -> str:
    """The interval, with a mark where it says that the share is not firm enough to be relied on."""
    if cell.low is None or cell.high is None:
        return ""
    told = edition.text.interval(cell.low, cell.high)
    if cell.is_firm:
        return Told(told, "percent", cell.low, cell.high)
    marked = edition.text.say("format.unreliable", interval=told)
    return Told(marked, "percent", cell.low, cell.high, mark="unreliable")


def bounds(edition: Edition, cell: Cell) -> str:
    """What missing answers could make of a share."""
    return "" if cell.bounds is None else Told(edition.text.interval(*cell.bounds), "percent", *cell.bounds)


def times(edition: Edition, found: Interval | None) -> str:
    """A ratio with its interval, or the mark for withheld."""
    return Told(edition.text.times(*found), "ratio", *found) if found else withheld(edition)


def times_alone(edition: Edition, ratio: float | None) -> str:
    """A ratio, or the mark for withheld."""
    return Told(edition.text.times_alone(ratio), "ratio", ratio) if ratio else withheld(edition)


def points(edition: Edition, found: Interval | None) -> str:
    """A difference of shares with its interval, or nothing."""
    return Told(edition.text.points(*found), "points", *found) if found else ""


def points_alone(edition: Edition, difference: float | None) -> str:
    """A difference of shares, or the mark for withheld."""
    if difference is None:
        return withheld(edition)
    return Told(edition.text.points_alone(difference), "points", difference)


def p_value(edition: Edition, log10_p: float | int | str | None) -> str:
    """A p value, or nothing."""
    return Told(edition.text.p_value(log10_p), "p", 10 ** float(log10_p)) if log10_p is not None else ""


def likely(edition: Edition, found: Interval | None) -> str:
    """A probability with its interval, or the mark for withheld."""
    if found is None:
        return withheld(edition)
    number, low, high = found
    told = edition.text.percent(number)
    both = edition.text.say("format.share_interval", share=told, interval=edition.text.interval(low, high))
    return Told(both, "percent", *found)


def extrapolated(edition: Edition, told: str) -> str:
    """The same, marked as one that rests on others."""
    marked = edition.text.say("format.extrapolated", number=told)
    return Told(marked, told.form, *told.numbers, mark="extrapolated") if isinstance(told, Told) else marked
