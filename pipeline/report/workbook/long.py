"""Every released estimate, a row each: the codes of `estimates.csv`, with what they mean beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from pipeline.disclose.released import Value
from pipeline.report.edition import Edition
from pipeline.report.glossary import meaning
from pipeline.report.workbook.book import Book
from pipeline.report.workbook.flat import PLAIN, Entry, Flat, Number
from pipeline.tables import ESTIMATES
from pipeline.vocabulary import GROUPS

_LABELLED = ("indicator", "route", "group", "level")
_IN_PERCENT = {"share", "ci_low", "ci_high", "wilson_low", "wilson_high", "bound_low", "bound_high"}
_FORMS = {
    **{column.name: PLAIN["count"] for column in ESTIMATES.columns if column.type == "count"},
    **{column.name: "0.0" for column in ESTIMATES.columns if column.type == "number"},
    **dict.fromkeys(_IN_PERCENT, PLAIN["percent"]),
}


def write_estimates(book: Book) -> None:
    """The sheet of estimates, and one on what its columns mean."""
    text = book.text
    heads = [head for name in ESTIMATES.names for head in _heads(name, book)]
    title = text.say("workbook.estimates_title")
    note = text.say("workbook.estimates_note", file=book.edition.file_name(f"{ESTIMATES.name}.csv"))
    table = Flat("estimates", (), title, note, tuple(heads), tuple(_rows(book.edition)))
    book.table(text.say("workbook.sheet_estimates"), table, [note])
    _write_columns(book)


def _heads(name: str, book: Book) -> list[str]:
    return [name, book.text.say("workbook.col_label", column=name)] if name in _LABELLED else [name]


def _rows(edition: Edition) -> Iterator[tuple[Entry, ...]]:
    label = cache(_label(edition))
    place = {name: at for at, name in enumerate(edition.released.estimates.columns)}
    columns, group_at = [(name, place[name]) for name in ESTIMATES.names], place["group"]
    for values in edition.released.estimates.values:
        row: list[Entry] = []
        for name, at in columns:
            value = values[at]
            row.append(_entry(name, value))
            if name in _LABELLED:
                row.append(label(name, str(values[group_at]), str(value)))
        yield tuple(row)


def _label(edition: Edition) -> Callable[[str, str, str], str]:
    """What a reader sees for a code in a column; that of a level depends on its group."""
    text = edition.text

    def label(name: str, group: str, word: str) -> str:
        if name == "level":
            return text.level(group, word)
        if name == "group":
            return ", ".join(text.say(f"variable.{one}") for one in GROUPS[word] or (word,))
        return text.say(f"{name}.{word}")

    return label


def _entry(name: str, value: Value) -> Entry:
    """A value as the CSV has it: a number as a number, and nothing where that is empty."""
    if value is None or value == "":
        return None
    return Number(float(value), _FORMS[name]) if name in _FORMS else str(value)


def _write_columns(book: Book) -> None:
    text = book.text
    heads = tuple(text.say(f"workbook.col_{name}") for name in ("column", "meaning"))
    rows = tuple((column.name, meaning(column, book.edition)) for column in ESTIMATES.columns)
    title = text.say("workbook.columns_title")
    book.table(
        text.say("workbook.sheet_columns"),
        Flat("columns", (), title, "", heads, rows),
        [text.say("workbook.columns_note")],
    )
