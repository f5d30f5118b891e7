"""Writes made-up people as files of statistics programs: SPSS, Stata, Parquet.

SPSS and Stata keep numbers with labels: choices are numbered from 1 in the order of the form, and the answers that
stand for none are missing by the user's own definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipeline.questionnaire import Answer
from pipeline.rehearsal.delimited import blocks, r_name
from pipeline.rehearsal.fields import Field, Style, fields_of
from pipeline.rehearsal.people import People
from pipeline.rehearsal.sample import choices
from pipeline.vocabulary import Missing

if TYPE_CHECKING:
    import pandas as pd

Locale = Literal["en", "fr"]
SPSS_MISSING = {Missing.DONT_KNOW: 98.0, Missing.DECLINED: 99.0}
STATA_MISSING = {Missing.DONT_KNOW: "a", Missing.DECLINED: "b"}
STATA_NAME = 32
TITLE = "Synthetic rehearsal: no person is in it"
ROW_GROUP = 100_000

# Where the two formats keep the moment at which they were written. It is set to a fixed one.
_SAV_MOMENT = (slice(92, 109), b"01 Jan 0000:00:00")
_DTA_MOMENT = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)


def write_spss(people: People, folder: Path, locale: Locale) -> list[Path]:
    """A `.sav` file with value labels and user-missing codes."""
    import pyreadstat

    path = folder / "synthetic_export.sav"
    fields = {r_name(_joined(f, ".")): f for f in fields_of(people)}
    labels = {name: _value_labels(people, f, SPSS_MISSING, locale) for name, f in fields.items() if f.kind == "answer"}
    missing: dict[str, list[Any]] = {
        name: [code for code in SPSS_MISSING.values() if code in labelled] for name, labelled in labels.items()
    }
    pyreadstat.write_sav(
        _frame(people, fields, SPSS_MISSING),
        path,
        file_label=TITLE,
        column_labels={name: field.labels.get(locale, "") for name, field in fields.items()},
        variable_value_labels=labels,
        missing_ranges={name: codes for name, codes in missing.items() if codes},
    )
    content = bytearray(path.read_bytes())
    content[_SAV_MOMENT[0]] = _SAV_MOMENT[1]
    path.write_bytes(content)
    return [path]


def write_stata(people: People, folder: Path, locale: Locale) -> list[Path]:
    """A `.dta` file with value labels and extended missing values."""
    import pyreadstat

    path = folder / "synthetic_export.dta"
    fields = {re.sub(r"\W", "_", _joined(f, "_"))[:STATA_NAME]: f for f in fields_of(people)}
    labels = {name: _value_labels(people, f, STATA_MISSING, locale) for name, f in fields.items() if f.kind == "answer"}
    letters = {name: [code for code in STATA_MISSING.values() if code in labelled] for name, labelled in labels.items()}
    frame = _frame(people, fields, STATA_MISSING)
    pyreadstat.write_dta(
        frame.iloc[_numbers_first(frame)],
        path,
        file_label=TITLE,
        column_labels={name: field.labels.get(locale, "")[:80] for name, field in fields.items()},
        variable_value_labels=labels,
        missing_user_values={name: codes for name, codes in letters.items() if codes},
    )
    content = path.read_bytes()
    path.write_bytes(_DTA_MOMENT.sub(b"<timestamp>\x1101 Jan 2000 00:00</timestamp>", content, count=1))
    return [path]


def write_parquet(people: People, folder: Path, _: Locale) -> list[Path]:
    """A Parquet file: text by name, numbers as numbers, dates as dates, NULL for a blank."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "synthetic_export.parquet"
    style, kinds = Style(), {"date": pa.date32(), "integer": pa.int64(), "number": pa.int64(), "child": pa.int8()}
    fields = {field.header(style): field for field in fields_of(people)}
    schema = pa.schema({name: kinds.get(field.kind, pa.string()) for name, field in fields.items()}, {"title": TITLE})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in blocks(np.arange(people.size), ROW_GROUP):
            texts = [[cell or None for cell in field.cells(rows, style)] for field in fields.values()]
            columns = [pa.array(cells, pa.string()).cast(kind) for cells, kind in zip(texts, schema.types, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
    return [path]


COLUMNAR: dict[str, Callable[[People, Path, Locale], list[Path]]] = {
    "spss": write_spss,
    "stata": write_stata,
    "parquet": write_parquet,
}


def _joined(field: Field, separator: str) -> str:
    """A name without the group: variables have short names."""
    name = field.name.rpartition("/")[2]
    return f"{name}{separator}{field.child}" if field.child else name


def _numbered(answers: list[tuple[str, Answer]], missing: dict[Missing, Any]) -> list[Any]:
    """The number of each answer: from 1, or the code for its kind of missing."""
    numbers: list[Any] = []
    for _, answer in answers:
        given = sum(isinstance(number, float) and number < 90 for number in numbers) + 1
        numbers.append(float(given) if answer.missing is None else missing[answer.missing])
    return numbers


def _value_labels(people: People, field: Field, missing: dict[Missing, Any], locale: Locale) -> dict[Any, str]:
    answers = choices(people.questionnaire, field.column)
    numbers = _numbered(answers, missing)
    return {number: answer.label.get(locale, code) for number, (code, answer) in zip(numbers, answers, strict=True)}


def _frame(people: People, fields: dict[str, Field], missing: dict[Missing, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: _values(people, field, missing) for name, field in fields.items()})


def _numbers_first(frame: pd.DataFrame) -> list[int]:
    """The rows in an order in which each column begins with a number, where it has one.

    The library takes a column of numbers and letters for text if there is no number in the first hundred rows.
    """
    mixed = [frame[name] for name in frame.columns if frame[name].dtype == object]
    with_number = (np.flatnonzero([isinstance(value, float) for value in column]) for column in mixed)
    first = sorted({int(places[0]) for places in with_number if len(places)})
    return [*first, *sorted(set(range(len(frame))) - set(first))]


def _values(people: People, field: Field, missing: dict[Missing, Any]) -> Any:
    """A column as its program keeps it: numbers with labels, whole numbers, dates or text."""
    import pandas as pd

    if field.kind == "answer":
        numbers = [*_numbered(choices(people.questionnaire, field.column), missing), None]
        values = np.array(numbers, dtype=object)[people.closed[field.column].picked]
        return pd.Series(values, dtype=object if any(isinstance(n, str) for n in numbers) else "float64")
    if field.kind == "date":
        return pd.Series(people.days[field.column].astype("datetime64[s]").astype(object)).dt.date
    cells = field.cells(np.arange(people.size), Style())
    if field.kind in ("integer", "number", "child"):
        return pd.Series([float(cell) if cell else None for cell in cells], dtype="float64")
    return pd.Series(cells, dtype=object)
