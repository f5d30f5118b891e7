"""One table written in many ways comes to the same cells."""

from __future__ import annotations

import csv
import datetime
import decimal
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import exports
from tests.support.exports import FORMATS, Small, text
from tests.unit.sources.bad_files import written
from tests.unit.sources.taking_in import MARK, ROWS, TABLE, TakeIn

TEXT = text(TABLE)
BARE: dict[str, Any] = {"quoting": csv.QUOTE_MINIMAL}

WAYS: dict[str, bytes] = {
    "byte order mark": TEXT.encode("utf-8-sig"),
    "line feeds": text(TABLE, newline="\n").encode(),
    "carriage returns": text(TABLE, newline="\r").encode(),
    "line ends of two kinds": TEXT.replace("\r\n", "\n", 2).encode(),
    "no line end at the end": TEXT.removesuffix("\r\n").encode(),
    "commas": text(TABLE, delimiter=",", **BARE).encode(),
    "tabs": text(TABLE, delimiter="\t", **BARE).encode(),
    "pipes": text(TABLE, delimiter="|", **BARE).encode(),
    "carets": text(TABLE, delimiter="^", **BARE).encode(),
    "an unusual delimiter": text(TABLE, delimiter="¦", **BARE).encode(),
    "single quotes": text(TABLE, quotechar="'").encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without its mark": TEXT.encode("utf-16-le"),
    "UTF-16, the other way round": TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "Windows-1252": TEXT.encode("cp1252"),
    "line that tells Excel the delimiter": b"sep=;\r\n" + TEXT.encode(),
    "line that tells Excel another delimiter": b"sep=,\r\n" + TEXT.encode(),
    "titles above": b"Flow monitoring\r\n\r\n" + TEXT.encode(),
    "blank lines at the end": TEXT.encode() + b"\r\n\r\n",
    "end of file of DOS": TEXT.encode() + b"\x1a",
    "gzip": gzip.compress(TEXT.encode()),
    "zip in gzip": gzip.compress(written(exports.write_zip, {"e.csv": TEXT.encode()})),
    "zip with a page to read first": written(
        exports.write_zip, {"a/read me.txt": b"Hello", "a/e.csv": TEXT.encode(), "__MACOSX/a/._e.csv": b"x"}
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_delimited_text(way: str, tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "export"
    path.write_bytes(WAYS[way])
    found = taken(path)
    assert found.sheet.header == TABLE.header
    assert found.rows == ROWS


@pytest.mark.parametrize("form", FORMATS)
def test_format(form: str, tmp_path: Path, taken: TakeIn) -> None:
    assert taken(exports.write(tmp_path / "export", TABLE, form)).rows == ROWS


CELLS = {
    "a line end": "two\r\nlines",
    "a quotation mark": 'a "word"',
    "the delimiter": "a; b",
    "a comma as decimal sign": "12,5",
    "a long text": "x" * 70_000,
    "several scripts": "Ωμέγα عربي",
}


WRITTEN = [(cell, form) for cell in CELLS for form in FORMATS if not (cell == "a long text" and "workbook" in form)]
"""A cell of Excel holds 32,767 characters."""


@pytest.mark.parametrize(("cell", "form"), WRITTEN)
def test_a_cell_with(cell: str, form: str, tmp_path: Path, taken: TakeIn) -> None:
    table = Small(TABLE.header, (("u1", "2016-07-15", "30", "male", CELLS[cell]),))
    assert taken(exports.write(tmp_path / "export", table, form)).rows[0][4] == CELLS[cell]


@pytest.mark.parametrize("mark", ['""', '\\"'], ids=["doubled", "after a backslash"])
def test_quotation_marks_in_a_cell(mark: str, tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "e.csv"
    path.write_text(TEXT.replace(f'"{MARK}"', f'"a {mark}; b"'), encoding="utf-8", newline="")
    assert [row[4] for row in taken(path).rows] == ['a "; b'] * 3


def test_a_line_end_in_the_header(tmp_path: Path, taken: TakeIn) -> None:
    header = ("uuid", "survey_date", "age", "sex", "enumerator\r\n(code)")
    found = taken(exports.write_csv(tmp_path / "e.csv", Small(header, TABLE.rows)))
    assert (found.sheet.header, found.rows) == (header, ROWS)


def test_a_delimiter_at_the_end_of_each_row(tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(TEXT.replace("\r\n", ";\r\n").encode())
    assert taken(path).rows == [[*row, None] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "content"),
    [("e.xlsx", TEXT.encode()), ("e.csv", gzip.compress(TEXT.encode())), ("e.dta", written(exports.write_sav, TABLE))],
    ids=["text", "gzip", "SPSS"],
)
def test_a_name_that_says_something_else(name: str, content: bytes, tmp_path: Path, taken: TakeIn) -> None:
    (tmp_path / name).write_bytes(content)
    found = taken(tmp_path / name)
    assert found.rows == ROWS
    assert f'called "{Path(name).suffix}"' in found.said["file_kind"]


def test_rows_above_the_header_are_told(tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(b"Flow monitoring\r\n\r\n" + TEXT.encode())
    found = taken(path)
    assert found.said["above_header"].startswith("Row 1 was set aside")
    assert found.sheet.header_row == 3


def test_an_interview_above_the_header_is_a_warning(tmp_path: Path, taken: TakeIn) -> None:
    rows = [TABLE.rows[0], TABLE.header, *TABLE.rows[1:]]
    found = taken(exports.write_xlsx(tmp_path / "e.xlsx", {"data": rows}))
    assert [str(f.severity) for f in found.findings if f.check == "above_header"] == ["warning"]
    assert MARK not in found.said["above_header"]


def test_values_of_a_workbook(tmp_path: Path, taken: TakeIn) -> None:
    day, moment = datetime.date(2016, 7, 15), datetime.datetime(2016, 7, 15, 9, 30)
    rows = [("u1", day, 30, True, 0.22), ("u2", moment, 30.5, False, ("=1/0", "#DIV/0!")), ("u3", 42_566, None, "", "")]
    found = taken(exports.write_xlsx(tmp_path / "e.xlsx", {"data": [TABLE.header, *rows]}))
    assert found.rows == [
        ["u1", "2016-07-15", "30", "TRUE", "0.22"],
        ["u2", "2016-07-15T09:30:00", "30.5", "FALSE", None],
        ["u3", "42566", None, None, None],
    ]
    assert next(f.row_numbers for f in found.findings if f.check == "cells_with_errors") == (3,)


def test_sheets_of_a_workbook(tmp_path: Path, taken: TakeIn) -> None:
    sheets: dict[str, Any] = {
        "README": [["Read me first"]],
        "blank": [],
        "companions": [["_parent_index", "age", "sex"], ["1", "12", "male"]],
        "data": [TABLE.header, *TABLE.rows],
    }
    found = taken(exports.write_xlsx(tmp_path / "e.xlsx", sheets, hidden=("data",)))
    assert (found.sheet.name, found.rows) == ("data", ROWS)
    aside = [f.message for f in found.findings if f.check in ("sheet_set_aside", "empty_sheet")]
    assert len(aside) == 3
    assert any("repeat group" in message for message in aside)
    assert "hidden_sheet" in found.said


def _sav(path: Path) -> Path:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"uuid": ["u1", "u2", "u3"], "age": [30.0, 99.0, None], "sex": [1.0, 2.0, 99.0]})
    labels = {"sex": {1: "male", 2: "female", 99: "declined"}}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels, missing_ranges={"sex": [99], "age": [99]})
    return path


def _dta(path: Path) -> Path:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"uuid": ["u1", "u2", "u3"], "age": [30, "a", None], "sex": [1, 2, "b"]}, dtype="object")
    labels = {"sex": {1: "male", 2: "female", "b": "declined"}}
    pyreadstat.write_dta(
        frame, path, variable_value_labels=labels, missing_user_values={"age": ["a"], "sex": ["b"]}, version=15
    )
    return path


@pytest.mark.parametrize(("write", "missing"), [(_sav, "99"), (_dta, ".a")], ids=["SPSS", "Stata"])
def test_labels_and_missing_values(write: Callable[[Path], Path], missing: str, tmp_path: Path, taken: TakeIn) -> None:
    found = taken(write(tmp_path / "export"))
    assert found.rows == [["u1", "30", "male"], ["u2", missing, "female"], ["u3", None, "declined"]]


def test_values_of_parquet(tmp_path: Path, taken: TakeIn) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    moment = datetime.datetime(2016, 7, 15, 9, 30)
    columns = {
        "uuid": pa.array(["u1", ""]).dictionary_encode(),
        "survey_date": pa.array([moment, None], pa.timestamp("ns")),
        "age": pa.array([30.0, float("nan")]),
        "sex": pa.array([True, None]),
        "with a zone": pa.array([moment, None], pa.timestamp("us", "Europe/Rome")),
        "decimal": pa.array([decimal.Decimal("12.50"), None]),
        "short": pa.array([0.22, None], pa.float32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "e.parquet")
    found = taken(tmp_path / "e.parquet")
    assert found.rows == [
        ["u1", "2016-07-15T09:30:00", "30", "TRUE", "2016-07-15T09:30:00+00:00", "12.5", "0.22"],
        [None] * 7,
    ]
