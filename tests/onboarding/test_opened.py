"""Which of the files are exports, which form is theirs, and how they are encoded. No engine is needed for that."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.onboarding.gather import gather
from pipeline.onboarding.look import lenient
from pipeline.onboarding.opened import Opened, open_all
from pipeline.questionnaire import Questionnaire
from pipeline.wave import known_questionnaires, load_questionnaire
from tests.support.exports import write_gz, write_xlsx
from tests.support.messages import refusal
from tests.support.six_layouts import FORM, LAYOUTS
from tests.support.waves import export_text, respondents, write_export


@cache
def instruments() -> dict[str, Questionnaire]:
    return {name: lenient(load_questionnaire(name)) for name in known_questionnaires()}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def opened(source: Path, scratch: Path) -> Opened:
    return open_all(gather(source, scratch), instruments(), None, scratch)


TEXT = export_text(respondents([{"cost": "coût"}]))


@pytest.mark.parametrize(("encoding", "called"), [("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")])
def test_the_encoding_of_text(encoding: str, called: str, given: Path, scratch: Path) -> None:
    (given / "export.csv").write_text(TEXT, encoding=encoding)
    assert opened(given / "export.csv", scratch).encodings == {"export.csv": called}


def test_what_is_packed_has_no_encoding(given: Path, scratch: Path) -> None:
    path = write_gz(given / "export.csv.gz", TEXT.encode())
    assert opened(path, scratch).encodings == {}


def test_the_form_of_which_most_questions_are_there(given: Path, scratch: Path) -> None:
    write_export(given / "export.csv", TEXT)
    shutil.copyfile(LAYOUTS / FORM, given / "b.xlsx")
    survey = [["type", "name", "label"], ["text", "sex", "Sex"], ["text", "water", "Water"], ["text", "well", "Well"]]
    write_xlsx(given / "a.xlsx", {"survey": survey, "choices": [["list_name", "name"]]})
    found = opened(given / "export.csv", scratch)
    assert found.form == "b.xlsx"
    assert [one.name for one in found.left] == ["a.xlsx"]


def test_a_form_of_something_else_is_not_taken(given: Path, scratch: Path) -> None:
    write_export(given / "export.csv", TEXT)
    survey = [["type", "name", "label"], ["text", "water", "Water"], ["text", "well", "Well"]]
    write_xlsx(given / "a.xlsx", {"survey": survey, "choices": [["list_name", "name"]]})
    found = opened(given / "export.csv", scratch)
    assert found.form is None
    assert [one.name for one in found.left] == ["a.xlsx"]


def test_two_forms_that_fit_alike_are_a_question(given: Path, scratch: Path) -> None:
    write_export(given / "export.csv", TEXT)
    for name in ("v1.xlsx", "v2.xlsx"):
        shutil.copyfile(LAYOUTS / FORM, given / name)
    error = refusal(UsageError, 2, lambda: opened(given, scratch))
    assert "v1.xlsx, v2.xlsx" in error.what


def test_no_table_of_several_is_an_export(given: Path, scratch: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (given / name).write_text("point;district\nA;B\n", encoding="utf-8")
    error = refusal(UsageError, 2, lambda: opened(given, scratch))
    assert error.where == "a.csv, b.csv"
    assert "XLSForm" in error.repair


def test_a_workbook_with_its_form_in_it(given: Path, scratch: Path) -> None:
    survey = [["type", "name", "label"], ["text", "sex", "Sex"], ["text", "age", "Age"]]
    data = [line.split(";") for line in TEXT.replace('"', "").splitlines()]
    path = write_xlsx(given / "all.xlsx", {"survey": survey, "choices": [["list_name", "name"]], "data": data})
    found = opened(path, scratch)
    assert found.form == "all.xlsx"
    assert [sheet.name for sheet in found.sheets] == ["data"]
    assert found.left == ()
