"""The anonymity gate: what could identify a person is refused, by column and kind, and never by a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid, NotAnonymised
from pipeline.ingest.anonymity import judge, seen_in_texts
from pipeline.ingest.sources import data_sheet, open_source
from tests.support.exports import write_xlsx
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.tables import Row
from tests.support.waves import FILE, NAME, export_text, respondents, wave_toml

Run = Callable[..., Results]

TABLE = Path(__file__).parents[1] / "spec" / "anonymity_columns.md"
PEOPLE = 4
LISTED = 50
"""Columns in one export, fewer than a refusal lists."""


def _lines() -> list[Row]:
    """Every line of every table in the file."""
    lines = []
    for text in TABLE.read_text(encoding="utf-8").splitlines():
        if text.startswith("|") and not re.match(r"\| column |\|---", text):
            column, cells, outcome, kind = (cell.strip() for cell in text.strip("|").split("|"))
            lines.append({"column": column, "cells": cells, "outcome": outcome, "kind": kind})
    return lines


LINES = _lines()
REFUSED = [line for line in LINES if line["outcome"] == "refused"]
BATCHES = [REFUSED[first : first + LISTED] for first in range(0, len(REFUSED), LISTED)]


def cells_of(line: Row) -> list[str]:
    return {"(blank)": [], "(harmless)": ["Zq7"]}.get(line["cells"], line["cells"].split(" ; "))


def export_with(columns: dict[str, list[str]]) -> str:
    """An export of four people with more columns, filled in from the second person on."""
    rows = respondents([{}] * PEOPLE)
    for header, cells in columns.items():
        for row, cell in zip(rows[1:], cells, strict=False):
            row[header] = cell
    return export_text(rows, extra=columns)


def refused(run: Callable[[], object]) -> list[str]:
    """The lines of a refusal, one for each place."""
    error = refusal(NotAnonymised, 4, run)
    assert "Nothing was written" in error.what
    return [line for line in error.what.splitlines() if line.startswith("  - ")]


def test_the_table_is_long_enough_to_mean_something() -> None:
    outcomes = [line["outcome"] for line in LINES]
    assert set(outcomes) == {"refused", "warned", "passes"}
    assert outcomes.count("refused") >= 60
    assert outcomes.count("passes") >= 60


@pytest.mark.parametrize("lines", BATCHES, ids=lambda lines: f"from {lines[0]['column']}")
def test_columns_that_are_refused(lines: list[Row], run_export: Run) -> None:
    columns = {line["column"]: cells_of(line) for line in lines}
    told = refused(lambda: run_export(export_with(columns)))
    assert len(told) == len(lines)
    for line, said in zip(lines, told, strict=True):
        is_shown = line["cells"] != "(blank)"
        assert said.startswith(f'  - {FILE}, column "{line["column"]}": ' if is_shown else f"  - {FILE}, column ")
        assert line["kind"] in said
        assert [cell for cell in cells_of(line) if cell in said] == []


def test_columns_that_are_let_past(run_export: Run) -> None:
    lines = [line for line in LINES if line["outcome"] != "refused"]
    results = run_export(export_with({line["column"]: cells_of(line) for line in lines}))
    warned = {
        finding.column: finding.message for finding in results.ingested.findings if finding.check == "could_identify"
    }
    expected = {line["column"]: line["kind"] for line in lines if line["outcome"] == "warned"}
    assert set(warned) == set(expected)
    assert [column for column, kind in expected.items() if kind not in warned[column]] == []
    assert results.ledger["analysed"] == PEOPLE
    assert not {line["column"] for line in lines} & set(results.respondents.columns)


def test_a_column_is_refused_for_its_name_and_for_its_cells(run_export: Run) -> None:
    (line,) = refused(lambda: run_export(export_with({"phone": ["+39 333 1234567"]})))
    assert line == f'  - {FILE}, column "phone": its name suggests a phone number; there are phone numbers in it'


def test_one_cell_of_thousands_is_enough(run_export: Run) -> None:
    rows = respondents([{}] * 10_000)
    rows[-1]["remarkable"] = "amina.k@example.org"
    (line,) = refused(lambda: run_export(export_text(rows, extra=["remarkable"])))
    assert line == f'  - {FILE}, column "remarkable": there are e-mail addresses or accounts in it'


def test_a_header_that_is_an_identifier_is_told_by_its_place(run_export: Run) -> None:
    header = "Tel 0039 333 1234567"
    (line,) = refused(lambda: run_export(export_with({"harmless": ["a"], header: ["yes"]})))
    assert re.fullmatch(rf"  - {FILE}, column \d+: there are phone numbers where its name should be", line)


# --- columns that are kept, and what is no column -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        ("age", "3331234567", "numbers as long"),
        ("age", "22345678", "numbers as long"),
        ("age", "+39 333 1234567", "phone numbers"),
        ("nationality", "amina.k@example.org", "e-mail addresses"),
        ("enumerator", "Fatima Diallo", "names of people"),
        ("monitoring_point", "37.50213, 15.08719", "map coordinates"),
        ("education", "she was held in a house by the sea for three weeks without any water", "long free text"),
        ("reasons", "war 0039 333 1234567", "phone numbers"),
        ("survey_date", "amina.k@example.org", "e-mail addresses"),
        ("form_version", "192.168.1.20 amina.k@example.org", "e-mail addresses"),
        ("submission_id", "+39 333 1234567", "phone numbers"),
    ],
)
def test_columns_that_are_kept_are_looked_at(column: str, cell: str, kind: str, run_rows: Run) -> None:
    (line,) = refused(lambda: run_rows({}, {column: cell}))
    assert kind in line
    assert "it is used, so it cannot be allowed" in line
    assert cell not in line


def test_a_sheet_of_a_repeat_group_may_have_the_columns_of_the_platform(tmp_path: Path, engine: Engine) -> None:
    sheet = [["companion", "_index", "_parent_table_name", "_parent_index"], ["sister", "1", "FMS Libya 2016", "1"]]
    results = workbook_with(tmp_path, engine, {"companions": sheet})
    assert results.ledger["analysed"] == PEOPLE


def test_names_of_sheets_are_looked_at_and_not_repeated(tmp_path: Path, engine: Engine) -> None:
    told = refused(lambda: workbook_with(tmp_path, engine, {"0039 333 1234567": [["a", "b", "c", "d"], ["1"] * 4]}))
    assert [line for line in told if "333" in line] == []
    assert "there are phone numbers in it" in told[0]


def test_names_of_sheets_are_not_repeated_by_what_is_refused_before(tmp_path: Path) -> None:
    data = [["survey_date", "age", "sex", "nationality"], ["2016-07-15", "30", "male", "NGA"]]
    write_xlsx(tmp_path / FILE, {"0039 333 1234567": data, "second": data})
    source = open_source(tmp_path / FILE, tmp_path, lambda _: True, 10**8)
    error = refusal(ExportInvalid, 3, lambda: data_sheet(source, lambda _: True, None))
    assert "Several sheets could hold the interviews" in error.what
    assert "333" not in str(error)


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_value_labels_that_no_record_uses_are_looked_at(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"export.{ending}"
    write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
    labels = {"sex": {1: "male", 2: "amina.k@example.org"}}
    write(pd.DataFrame({"sex": [1.0, 1.0]}), str(path), variable_value_labels=labels)
    properties = open_source(path, tmp_path, lambda _: True, 10**8).properties
    told = refused(lambda: judge(seen_in_texts(path.name, properties), []))
    assert told == [f'  - {path.name}, value labels of "sex": there are e-mail addresses or accounts in it']


@pytest.mark.parametrize("hidden", [(), ("people",)])
def test_further_sheets_are_looked_at(hidden: tuple[str, ...], tmp_path: Path, engine: Engine) -> None:
    sheet = [["respondent", "surname", "q1", "q2"], ["1", "Diallo", "a", "amina.k@example.org"]]
    told = refused(lambda: workbook_with(tmp_path, engine, {"people": sheet}, hidden=hidden))
    assert [line.split("column ")[1].split(":")[0] for line in told] == ['"surname"', '"q2"']
    assert "Diallo" not in "".join(told)


def test_properties_and_comments_are_looked_at(tmp_path: Path, engine: Engine) -> None:
    told = refused(
        lambda: workbook_with(
            tmp_path,
            engine,
            {},
            properties={"subject": "amina.k@example.org"},
            comments={("data", "A2"): "her number is +39 333 1234567"},
        )
    )
    assert sorted(line.split(": ")[1] for line in told) == [
        "there are e-mail addresses or accounts in it",
        "there are phone numbers in it",
    ]


def workbook_with(folder: Path, engine: Engine, sheets: dict[str, list[list[str]]], **options: Any) -> Results:
    """A wave whose export is a workbook with the usual people, and further sheets."""
    lines = [line.strip().strip('"').split('";"') for line in export_text(respondents([{}] * PEOPLE)).splitlines()]
    wave = folder / NAME
    wave.mkdir()
    write_xlsx(wave / "export.xlsx", {"data": lines, **sheets}, **options)
    (wave / "wave.toml").write_text(wave_toml(["export.xlsx"]), encoding="utf-8")
    return run_wave(folder, engine)


# --- the list of allowed columns ------------------------------------------------------------------------------------

ALLOWED = '[[allowed_columns]]\ncolumn = "{}"\nreason = "Holds the model of the tablet, not a number"\n'


def _findings(results: Results, check: str) -> list[tuple[str, str]]:
    found = [finding for finding in results.ingested.findings if finding.check == check]
    return [(finding.column, finding.message + finding.repair) for finding in found]


def test_an_allowed_column_passes_and_is_dropped_all_the_same(run_export: Run) -> None:
    results = run_export(export_with({"phone": ["Zq7"]}), ALLOWED.format("phone"))
    assert results.ledger["analysed"] == PEOPLE
    assert not results.respondents.isin(["Zq7"]).any(axis=None)
    ((column, message),) = _findings(results, "allowed_column")
    assert column == "phone"
    assert "Holds the model of the tablet" in message


def test_allowing_one_column_allows_no_other(run_export: Run) -> None:
    columns = {"phone": ["Zq7"], "phone_2": ["Zq7"], "email": ["Zq7"]}
    assert len(refused(lambda: run_export(export_with(columns), ALLOWED.format("phone")))) == 2


def test_an_allowed_column_that_no_export_has_is_a_warning(run_export: Run) -> None:
    results = run_export(export_with({"phone_model": ["Zq7"]}), ALLOWED.format("phone_modell"))
    ((column, message),) = _findings(results, "allowed_column_absent")
    assert column == "phone_modell"
    assert 'Did you mean "phone_model"?' in message


def test_a_misspelt_allowed_column_does_not_let_the_other_past(run_export: Run) -> None:
    (line,) = refused(lambda: run_export(export_with({"phone": ["Zq7"]}), ALLOWED.format("fone")))
    assert 'column "phone"' in line


def test_a_header_that_is_an_identifier_cannot_be_allowed(run_export: Run) -> None:
    header = "Tel 0039 333 1234567"
    (line,) = refused(lambda: run_export(export_with({header: ["yes"]}), ALLOWED.format(header)))
    assert "phone numbers where its name should be" in line


def test_a_name_for_an_allowed_column_is_not_repeated_if_it_is_an_identifier(run_export: Run) -> None:
    results = run_export(export_with({}), ALLOWED.format("Tel 0039 333 1234567"))
    ((column, message),) = _findings(results, "allowed_column_absent")
    assert "333" not in column + message
