"""Reads SPSS and Stata files by pyreadstat. Runs in the reading process, see `worker`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ingest.sources.answers import Texts, moment, number

if TYPE_CHECKING:
    from pipeline.ingest.sources.exchange import Piece

_SPSS_BEGINS = datetime(1582, 10, 14)
_STATA_BEGINS = datetime(1960, 1, 1)
_FLOAT_DIGITS = 7
"""Decimal digits that Stata's `float` keeps. Stata shows 0.22 for what is 0.2199999988079071 as a double."""
_SPSS_DATE = re.compile(r"(?:DATE|ADATE|EDATE|JDATE|SDATE)\d")
_SPSS_MOMENT = re.compile(r"(?:DATETIME|YMDHMS)\d")
_SPSS_TIME = re.compile(r"(?:TIME|DTIME|MTIME)\d")
_STATA_DATE = re.compile(r"%-?t?d")
_STATA_MOMENT = re.compile(r"%-?t[cC]")
_STATA_MONTH = re.compile(r"%-?tm")
_ROWS_AT_ONCE = 250_000
_EXTENDED_MISSING = re.compile(r"[a-z]")

Convert = Callable[[float], str]


def read_labelled(path: Path, out: Path, kind: str, most_columns: int) -> dict[str, Any]:
    """Writes the records as text to `out`/0.arrow. kind: sav or dta.

    Gives `width`, `header`, `labels` (name → label of the variable), `rows`, `notes` (what else is written in it); only
    `width` if there are too many columns.
    """
    import pyreadstat

    from pipeline.ingest.sources.exchange import write_rows

    read: Callable[..., Any] = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    _, about = read(str(path), metadataonly=True, output_format="dict")
    width = len(about.column_names)
    if width > most_columns:
        return {"width": width}

    def read_some(rows: int) -> dict[str, list[Any]]:
        columns, _ = read(
            str(path),
            user_missing=True,
            disable_datetime_conversion=True,
            output_format="dict",
            row_offset=rows,
            row_limit=_ROWS_AT_ONCE,
        )
        return dict(columns)

    rows = write_rows(out / "0.arrow", width, _pieces(read_some, about, kind))
    notes = [("file label", about.file_label), *(("note", note) for note in about.notes), *_value_labels(about)]
    return {
        "width": width,
        "header": list(about.column_names),
        "labels": {name: label for name, label in about.column_names_to_labels.items() if label},
        "rows": rows,
        "notes": [(place, text) for place, text in notes if text],
    }


def _value_labels(about: Any) -> Iterator[tuple[str, str]]:
    """Every value label, with its place: no record may use it, and it may name somebody all the same."""
    of = {name: variable for variable, name in about.variable_to_label.items()}
    for name, labels in about.value_labels.items():
        place = f'value labels of "{of[name]}"' if name in of else "value labels"
        yield from ((place, label) for label in labels.values())


def _pieces(read_some: Callable[[int], dict[str, list[Any]]], about: Any, kind: str) -> Iterator[Piece]:
    """The records, some at a time, since values take much more room in Python than in the file."""
    texts = [
        (name, Texts(_reader(name, about, kind), about.variable_value_labels.get(name, {})))
        for name in about.column_names
    ]
    rows = 0
    more = _ROWS_AT_ONCE if texts else 0
    while more == _ROWS_AT_ONCE:
        columns = read_some(rows)
        more = len(columns[texts[0][0]])
        # The names of the variables count as row 1, as they do where such a file is shown as a table.
        yield [[text[value] for value in columns[name]] for name, text in texts], range(rows + 2, rows + more + 2)
        rows += more


def _reader(name: str, about: Any, kind: str) -> Callable[[object], str | None]:
    """Value of a variable → its text."""
    storage = about.readstat_variable_types.get(name)
    convert = _converter(about.original_variable_types.get(name) or "", kind, storage)

    def text_of(value: object) -> str | None:
        if isinstance(value, int | float):
            return None if math.isnan(value) else _converted(value, convert)
        if storage != "string" and isinstance(value, str) and _EXTENDED_MISSING.fullmatch(value):
            return f".{value}"
        return None if value is None else str(value)

    return text_of


def _converted(value: float, convert: Convert) -> str:
    try:
        return convert(value)
    except (OverflowError, ValueError):
        # No calendar has such a day: it is a code of the questionnaire, or a mistake to be shown as it is.
        return number(value)


def _converter(form: str, kind: str, storage: str | None) -> Convert:
    """How a number is written, by the format that the file gives the variable."""
    if kind == "sav":
        return _spss(form)
    if _STATA_DATE.match(form):
        return lambda value: moment((_STATA_BEGINS + timedelta(days=value)).date())
    if _STATA_MOMENT.match(form):
        return lambda value: moment(_STATA_BEGINS + timedelta(milliseconds=value))
    if _STATA_MONTH.match(form):
        return lambda value: f"{date(1960 + int(value // 12), int(value % 12) + 1, 1):%Y-%m}"
    if storage == "float":
        return lambda value: number(value, _FLOAT_DIGITS)
    return number


def _spss(form: str) -> Convert:
    if _SPSS_DATE.match(form):
        return lambda value: moment((_SPSS_BEGINS + timedelta(seconds=value)).date())
    if _SPSS_MOMENT.match(form):
        return lambda value: moment(_SPSS_BEGINS + timedelta(seconds=value))
    if _SPSS_TIME.match(form):
        return lambda value: moment(timedelta(seconds=value))
    return number
