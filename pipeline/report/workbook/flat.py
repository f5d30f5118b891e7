"""A table of the report as a sheet has it: a number a cell, a heading for every column, no row that only heads others.

What a page writes into one cell, such as a share with its interval, stands in several columns here. The subheadings of
a page become a first column of their own, so that rows can be sorted and filtered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.report.edition import Edition
from pipeline.report.grid import Form, Told
from pipeline.report.text import Text

PLAIN: dict[Form, str] = {"count": "#,##0", "percent": "0%", "points": '+0;"−"0;0'}
_ENDS = {1: ("",), 2: ("low", "high"), 3: ("", "low", "high")}
"""How many numbers a text has → what each column of them is."""


class Number(NamedTuple):
    """A number and the form that a workbook shows it in."""

    value: float
    form: str


Entry = str | Number | None


@dataclass(frozen=True)
class Flat:
    """A sheet's table. kind, of, title, note: as in `grid.Table`. forms: of the numbers that are in it."""

    kind: str
    of: tuple[str, ...]
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Column:
    """A column of the page, and what it takes in a sheet. parts: numbers to a cell, at most."""

    head: str
    parts: int
    is_marked: bool


def flat(table: dict[str, Any], edition: Edition) -> Flat:
    """A table of the report, laid out for a sheet."""
    text = edition.text
    grouped = _grouped(table["rows"])
    columns = [_column(head, place, grouped) for place, head in enumerate(_distinct(table["columns"], text))]
    has_groups = any(group for group, _ in grouped)
    heads = [text.say("workbook.col_group")] if has_groups else []
    heads += [head for column in columns for head in _heads(column, text)]
    rows = []
    for group, cells in grouped:
        entries = [entry for cell, column in zip(cells, columns, strict=True) for entry in _entries(cell, column, text)]
        rows.append((group or None, *entries) if has_groups else tuple(entries))
    return Flat(
        table["kind"],
        tuple(table["of"]),
        table["title"],
        table["note"],
        tuple(heads),
        tuple(rows),
        frozenset(cell.form for _, cells in grouped for cell in cells if isinstance(cell, Told)),
    )


def _grouped(rows: list[list[str]]) -> list[tuple[str, list[str]]]:
    """Each row with the subheading that it stands under; nothing where there is none."""
    group, found = "", []
    for row in rows:
        if len(row) == 1:
            group = row[0]
        else:
            found.append((group, row))
    return found


def _distinct(heads: list[str], text: Text) -> list[str]:
    """Heads of which none stands twice: where one would, the head to its left is put before it."""
    return [
        text.labelled(heads[place - 1], head) if place and heads.count(head) > 1 else head
        for place, head in enumerate(heads)
    ]


def _column(head: str, place: int, grouped: list[tuple[str, list[str]]]) -> _Column:
    told = [cell for _, cells in grouped if isinstance(cell := cells[place], Told)]
    return _Column(head, max((len(cell.numbers) for cell in told), default=1), any(cell.mark for cell in told))


def _heads(column: _Column, text: Text) -> list[str]:
    heads = [text.say(f"workbook.col_{end}", column=column.head) if end else column.head for end in _ENDS[column.parts]]
    return [*heads, text.say("workbook.col_mark", column=column.head)] if column.is_marked else heads


def _entries(cell: str, column: _Column, text: Text) -> list[Entry]:
    """What one cell of the page puts into the columns of a sheet; what it lacks stays empty."""
    if not isinstance(cell, Told):
        return [cell or None, *[None] * (column.parts - 1 + column.is_marked)]
    numbers: list[Entry] = [_number(value, cell, text) for value in cell.numbers]
    numbers += [None] * (column.parts - len(numbers))
    if column.is_marked:
        numbers.append(text.say(f"workbook.mark_{cell.mark}") if cell.mark else None)
    return numbers


def _number(value: float, cell: Told, text: Text) -> Number:
    """A number as it is shown: what only rounds to 0%, or is under the least p that is written, says so."""
    inexact = [text.say(f"format.{key}") for key in ("under_one_percent_short", "over_99_percent_short", "p_under")]
    if len(cell.numbers) == 1 and str(cell) in inexact:
        shown = '"' + str(cell).replace('"', "") + '"'
        return Number(float(f"{value:.3g}"), shown)
    if cell.form == "points":
        return Number(round(value * 100), PLAIN["points"])
    if cell.form == "p":
        # Three digits, because the last bits of a power are not the same on every machine.
        return Number(float(f"{value:.3g}"), "0.000" if value < 0.01 else "0.00")
    return Number(value, PLAIN.get(cell.form) or ratio_form(value))


def ratio_form(value: float) -> str:
    """The form of a number of two digits."""
    if value < 1:
        return "0.00"
    return "0.0" if value < 10 else "0"
