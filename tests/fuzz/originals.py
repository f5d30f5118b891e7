"""The files that are damaged: the shipped export, and one small wave in every format. Each has marks planted in it.

A mark stands for what a person said. It is in cells only, so that a message which holds a piece of one has quoted a
cell.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path

from tests.support import exports
from tests.support.exports import Small
from tests.support.waves import HEADERS, REASONS, respondents

MARK = "Zwqxj"
PIECES = re.compile("zwq|wqx|qxj", re.IGNORECASE)
"""Pieces of a mark, since damage may cut one in two."""

SHIPPED = Path(__file__).parents[2] / "data" / "raw" / "2016-10" / "fms_2016_10.csv"
_MARKED = ("enumerator", "monitoring_point", "submission_uuid")
_REMARK = "remark"


def marked(table: Small) -> Small:
    """The table with a mark in each row: in codes, the key, and a column that nothing needs.

    Not in answers to closed questions: one that is not known is shown, so that the questionnaire can learn it.
    """
    places = {table.header.index(HEADERS[name]) for name in _MARKED}
    rows = (
        (*(f"{cell}{MARK}" if place in places else cell for place, cell in enumerate(row)), MARK) for row in table.rows
    )
    return Small((*table.header, _REMARK), tuple(rows))


def shipped() -> Small:
    """The shipped export."""
    header, *rows = csv.reader(io.StringIO(SHIPPED.read_text("utf-8-sig"), newline=""), delimiter=";")
    return Small(tuple(header), tuple(map(tuple, rows)))


def small() -> Small:
    """Twelve people, with line ends, quotation marks and letters of several scripts in their cells."""
    people = respondents([{"reasons": " ".join(REASONS[: place % 4])} for place in range(12)])
    people[1]["form_version"] = 'two\r\nlines, "quoted"; and more'
    people[2]["form_version"] = "été Ωμέγα عربي"
    names = list(people[0])
    return Small(tuple(HEADERS[name] for name in names), tuple(tuple(row[name] for name in names) for row in people))


def _shipped_csv(folder: Path) -> Path:
    return exports.write_csv(folder / "shipped.csv", marked(shipped()))


def _written(form: str) -> Callable[[Path], Path]:
    return lambda folder: exports.write(folder / "small", marked(small()), form)


def _plain_csv(folder: Path) -> Path:
    return exports.write_csv(folder / "plain.csv", marked(small()), "utf-8", delimiter=",", quoting=csv.QUOTE_MINIMAL)


def _wide_csv(folder: Path) -> Path:
    return exports.write_csv(folder / "wide.csv", marked(small()), "utf-16", delimiter="\t")


def _typed_workbook(folder: Path) -> Path:
    """A workbook as Excel writes one: a page to read first, days, numbers, errors, a comment, a hidden sheet."""
    table = marked(small())
    age, day = table.header.index(HEADERS["age"]), table.header.index(HEADERS["survey_date"])
    rows: list[list[exports.Cell]] = [list(row) for row in table.rows]
    for row in rows:
        row[age], row[day] = int(str(row[age])), datetime.date.fromisoformat(str(row[day]))
    rows[3][table.header.index(HEADERS["travel_mode"])] = ("=1/0", "#DIV/0!")
    return exports.write_xlsx(
        folder / "typed.xlsx",
        {"README": [["Read me first"]], "interviews": [table.header, *rows], "old": [["a", "b"], ["1", MARK]]},
        hidden=("old",),
        properties={"author": MARK},
        comments={("interviews", "C3"): MARK},
    )


def _labelled(writer: Callable[..., Path], name: str) -> Callable[[Path], Path]:
    """SPSS or Stata as survey teams write it: numbers with labels."""
    sexes = {1: "male", 2: "female"}

    def write(folder: Path) -> Path:
        table = marked(small())
        place = table.header.index(HEADERS["sex"])
        rows = tuple((*row[:place], 1 + number % 2, *row[place + 1 :]) for number, row in enumerate(table.rows))
        column = "profile.sex" if name.endswith(".sav") else "profile_sex"
        return writer(folder / name, Small(table.header, rows), variable_value_labels={column: sexes})

    return write


ORIGINALS: dict[str, Callable[[Path], Path]] = {
    "the shipped export": _shipped_csv,
    "CSV, quoted where needed": _plain_csv,
    "CSV in UTF-16": _wide_csv,
    "workbook": _typed_workbook,
    "SPSS": _labelled(exports.write_sav, "small.sav"),
    "SPSS, compressed": _written("SPSS, compressed"),
    "Stata": _labelled(exports.write_dta, "small.dta"),
    "Parquet": _written("Parquet"),
    "CSV in gzip": _written("CSV in gzip"),
    "CSV in zip": _written("CSV in zip"),
}
