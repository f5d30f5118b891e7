"""What is taken of what an analyst was given: the export, its form, its logs; and why the rest was left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import CannotReadOrWrite, ExportInvalid, UsageError
from pipeline.onboarding.gather import Gathered, gather
from tests.support.exports import write_xlsx, write_zip
from tests.support.messages import refusal
from tests.support.six_layouts import FORM, LAYOUTS
from tests.support.waves import export_text, respondents, write_export, write_log


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def full(given: Path) -> Path:
    """A folder as it comes: an export for each of two countries, form, log, and what lies about."""
    for country in ("greece", "italy"):
        write_export(given / f"{country}.csv", export_text(respondents([{}])))
    shutil.copyfile(LAYOUTS / FORM, given / FORM)
    write_log(given, [])
    (given / "~$greece.xlsx").write_bytes(b"lock")
    (given / ".DS_Store").write_bytes(b"")
    (given / "terms of reference.pdf").write_bytes(b"%PDF-1.7")
    (given / "photos").mkdir()
    (given / "wave.toml").write_text("synthetic = true\n", encoding="utf-8")
    return given


def left(gathered: Gathered) -> dict[str, str]:
    return {one.name: one.why for one in gathered.left}


def test_a_folder(full: Path, scratch: Path) -> None:
    gathered = gather(full, scratch)
    assert gathered.folder == full
    assert gathered.tables == ("greece.csv", "italy.csv")
    assert gathered.forms == (FORM,)
    assert gathered.logs == ("cleaning.csv",)
    assert gathered.is_synthetic
    assert set(left(gathered)) == {"terms of reference.pdf", "photos", "wave.toml"}


def test_a_file_and_what_lies_beside_it(full: Path, scratch: Path) -> None:
    gathered = gather(full / "italy.csv", scratch)
    assert gathered.tables == ("italy.csv",)
    assert gathered.forms == (FORM,)
    assert gathered.logs == ("cleaning.csv",)
    assert gathered.left == ()


def test_a_file_alone(given: Path, scratch: Path) -> None:
    write_export(given / "italy.csv", export_text(respondents([{}])))
    assert gather(given / "italy.csv", scratch) == Gathered(given, ("italy.csv",))


def test_an_archive_of_several_tables_is_a_folder(given: Path, scratch: Path) -> None:
    files = {"round/a.csv": b"x", "round/form.xlsx": (LAYOUTS / FORM).read_bytes(), "round/cleaning.csv": b"y"}
    gathered = gather(write_zip(given / "round.zip", files), scratch)
    assert gathered.folder.is_relative_to(scratch)
    assert (gathered.tables, gathered.forms, gathered.logs) == (("a.csv",), (FORM,), ("cleaning.csv",))


def test_an_archive_of_one_table_is_an_export(given: Path, scratch: Path) -> None:
    path = write_zip(given / "export.zip", {"a.csv": b"x", "photos/1.jpg": b"y"})
    assert gather(path, scratch) == Gathered(given, ("export.zip",))


def test_a_workbook_is_no_archive(given: Path, scratch: Path) -> None:
    path = write_xlsx(given / "export.xlsx", {"survey": [["a"]], "data": [["b"]]})
    assert gather(path, scratch) == Gathered(given, ("export.xlsx",))


def test_a_workbook_with_its_form_in_it_is_both(given: Path, scratch: Path) -> None:
    path = write_xlsx(given / "data.xlsx", {"survey": [["type", "name"]], "choices": [["name"]], "data": [["_uuid"]]})
    both = Gathered(given, ("data.xlsx",), ("data.xlsx",))
    assert gather(given, scratch) == gather(path, scratch) == both


def test_nothing_there(given: Path, scratch: Path) -> None:
    error = refusal(CannotReadOrWrite, 6, lambda: gather(given / "export.csv", scratch))
    assert str(given / "export.csv") in error.where


def test_a_folder_without_a_table(given: Path, scratch: Path) -> None:
    (given / "readme.docx").write_bytes(b"x")
    refusal(UsageError, 2, lambda: gather(given, scratch))


def test_an_archive_with_a_name_twice(given: Path, scratch: Path) -> None:
    path = write_zip(given / "round.zip", {"italy/data.csv": b"x", "greece/data.csv": b"y"})
    error = refusal(UsageError, 2, lambda: gather(path, scratch))
    assert 'called "data.csv"' in error.what


def test_an_archive_that_leads_out_of_itself(given: Path, scratch: Path) -> None:
    path = write_zip(given / "round.zip", {"../a.csv": b"x", "b.csv": b"y"})
    refusal(ExportInvalid, 3, lambda: gather(path, scratch))
    assert not (scratch.parent / "a.csv").exists()


@pytest.mark.parametrize("name", ["cleaning.csv", "~$export.csv", ".export.csv"])
def test_an_export_that_is_called_like_something_else(name: str, given: Path, scratch: Path) -> None:
    write_export(given / name, export_text(respondents([{}])))
    refusal(UsageError, 2, lambda: gather(given / name, scratch))


def test_a_broken_workbook_is_no_form(given: Path, scratch: Path) -> None:
    (given / "broken.xlsx").write_bytes((LAYOUTS / FORM).read_bytes()[:2000])
    write_export(given / "italy.csv", export_text(respondents([{}])))
    assert gather(given / "italy.csv", scratch).forms == ()
