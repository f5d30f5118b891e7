"""What a rehearsal writes: each layout as its program does, always the same bytes, and nothing that could be taken for
real."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import python_calamine

from pipeline.command_line import main
from pipeline.errors import CannotReadOrWrite, UsageError
from pipeline.rehearsal import LAYOUTS, MOST_ROWS, MOST_ROWS_OF, make_dummy_wave
from pipeline.wave import known_questionnaires, load_wave
from tests.support.messages import refusal
from tests.support.whole_run import REPOSITORY

SIZE = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a wave in this layout, in French where a layout may be in several languages."""
    raw = tmp_path_factory.mktemp("made")

    def of(layout: str) -> Path:
        if not (raw / layout).exists():
            make_dummy_wave(raw / layout, "fms-2016", layout=layout, size=SIZE, locale="fr")
        return raw / layout

    return of


def export_of(folder: Path) -> Path:
    return folder / tomllib.loads((folder / "wave.toml").read_text(encoding="utf-8"))["exports"][0]["file"]


# --- each layout is what its program writes -------------------------------------------------------------------------


def lines(content: bytes, encoding: str = "utf-8") -> list[str]:
    return content.decode(encoding).splitlines()


def is_kobo(content: bytes) -> bool:
    return content.startswith(b'\xef\xbb\xbf"start";"end";') and content.count(b"\r\n") == SIZE + 1


def is_ona(content: bytes) -> bool:
    header, texts, first = lines(content)[:3]
    return (
        ",intro.consent," in header
        and "journey.reasons.war" in header
        and "Pays de l’entretien" in texts
        and ",n/a," in first
        and {"TRUE", "FALSE"} <= set(first.split(","))
        and b"\r" not in content
    )


def is_r(content: bytes) -> bool:
    header, first = lines(content)[:2]
    named = header.startswith("X.U.FEFF.start,") and ",X_uuid," in header and ",intro.consent," in header
    return named and ",NA," in first


def is_utf16(content: bytes) -> bool:
    return content.startswith(b"\xff\xfe") and "\tPays de l’entretien\t" in content.decode("utf-16")


def is_latin1(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "Pays de l’entretien" in content.decode("cp1252")
    return False


TRAITS: dict[str, Callable[[bytes], bool]] = {
    "kobo_names": lambda content: is_kobo(content) and b'"intro/consent"' in content,
    "kobo_labels_en": lambda content: is_kobo(content) and b'"Country of the interview"' in content,
    "kobo_labels_fr": lambda content: is_kobo(content) and '"Pays de l’entretien"'.encode() in content,
    "kobo_names_hxl": lambda content: lines(content)[1].count("#") > 3 and "#country+code" in lines(content)[1],
    "ona_question_row": is_ona,
    "excel_r_mangled": is_r,
    "csv_gz": lambda content: is_kobo(gzip.decompress(content)),
    "several_files": lambda content: content.startswith(b'\xef\xbb\xbf"start";'),
    "utf16": is_utf16,
    "latin1": is_latin1,
}


@pytest.mark.parametrize("layout", TRAITS)
def test_delimited_text_is_as_its_program_writes_it(layout: str, made: Callable[[str], Path]) -> None:
    assert TRAITS[layout](export_of(made(layout)).read_bytes())


def test_every_layout_is_looked_at() -> None:
    assert set(LAYOUTS) - set(TRAITS) == {"kobo_xlsx", "spss", "stata", "parquet"}


def test_several_files_differ_in_their_columns(made: Callable[[str], Path]) -> None:
    files = [
        made("several_files") / e.file for e in load_wave(made("several_files").parent, "several_files").file.exports
    ]
    headers = [lines(file.read_bytes())[0].lstrip("\ufeff").split(";") for file in files]
    assert len(files) > 1
    assert len({len(header) for header in headers}) > 1
    assert len({header[0] for header in headers}) > 1
    assert sum(len(lines(file.read_bytes())) - 1 for file in files) == SIZE


@pytest.mark.parametrize("questionnaire", known_questionnaires())
def test_there_are_several_files_also_for_one_country(questionnaire: str, tmp_path: Path) -> None:
    written = make_dummy_wave(tmp_path / "wave", questionnaire, layout="several_files", size=SIZE)
    files = [path for path in written if path.suffix == ".csv"]
    assert 2 <= len(files) <= 3
    assert sum(len(lines(file.read_bytes())) - 1 for file in files) == SIZE


def test_a_workbook_has_a_page_to_read_first_and_a_repeated_group(made: Callable[[str], Path]) -> None:
    book = python_calamine.CalamineWorkbook.from_path(export_of(made("kobo_xlsx")))
    first, data, repeated = book.sheet_names
    assert first == "README"
    assert len(data) == 31
    assert "_parent_index" in book.get_sheet_by_name(repeated).to_python()[0]
    rows = book.get_sheet_by_name(data).to_python()
    day = rows[0].index("intro/survey_date")
    assert all(hasattr(row[day], "year") for row in rows[1:])


def test_spss_has_value_labels_and_user_missing_values(made: Callable[[str], Path]) -> None:
    _, about = pyreadstat.read_sav(export_of(made("spss")), metadataonly=True, user_missing=True)
    assert about.variable_value_labels["ct_held"] == {
        **{1.0: "Oui, moi-même", 2.0: "Non, mais un membre de ma famille voyageant avec moi", 3.0: "Non"},
        **{98.0: "Ne sait pas", 99.0: "Ne souhaite pas répondre"},
    }
    assert about.missing_ranges["ct_held"] == [{"lo": 98.0, "hi": 98.0}, {"lo": 99.0, "hi": 99.0}]
    assert about.column_names_to_labels["survey_country"] == "Pays de l’entretien"


def test_stata_has_value_labels_and_extended_missing_values(made: Callable[[str], Path]) -> None:
    _, about = pyreadstat.read_dta(export_of(made("stata")), metadataonly=True)
    labels = about.variable_value_labels["ct_held"]
    assert {labels["a"], labels["b"]} == {"Ne sait pas", "Ne souhaite pas répondre"}
    assert max(map(len, about.column_names)) <= 32


def test_parquet_keeps_numbers_and_days(made: Callable[[str], Path]) -> None:
    schema = pq.read_schema(export_of(made("parquet")))
    assert schema.field("profile/age").type == pa.int64()
    assert schema.field("intro/survey_date").type == pa.date32()
    assert schema.field("journey/reasons/war").type == pa.int8()


# --- the same seed gives the same bytes -----------------------------------------------------------------------------


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_gives_the_same_bytes(layout: str, made: Callable[[str], Path], tmp_path: Path) -> None:
    for name, seed in (("again", 1), ("other", 2)):
        make_dummy_wave(tmp_path / name / layout, "fms-2016", layout=layout, size=SIZE, seed=seed, locale="fr")
    first, again, other = (
        hashes(folder) for folder in (made(layout), *(tmp_path / n / layout for n in ("again", "other")))
    )
    assert again == first
    assert {name: other[name] for name in ("form.xlsx",)} == {"form.xlsx": first["form.xlsx"]}
    assert not set(other.values()) & {value for name, value in first.items() if name != "form.xlsx"}


@pytest.mark.parametrize("layout", ["spss", "stata", "kobo_xlsx"])
def test_no_file_says_when_it_was_made(layout: str, made: Callable[[str], Path]) -> None:
    content = export_of(made(layout)).read_bytes()
    if layout == "kobo_xlsx":
        with zipfile.ZipFile(export_of(made(layout))) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    now = datetime.now(UTC)
    for stamp in (f"{now:%d %b %y}", f"{now:%d %b %Y}", f"{now:%Y-%m-%d}"):
        assert stamp.encode() not in content


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    """Python orders some things by a number that each process draws for itself."""
    for number in "12":
        root = tmp_path / number
        words = ["--wave", "rehearsal", "--layout", "several_files", "--size", "60", "--questionnaire", "fms-2017"]
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "dummy-wave", *words, "--root", str(root)],
            env={**os.environ, "PYTHONHASHSEED": number},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    first, second = (hashes(tmp_path / number / "data" / "raw" / "rehearsal") for number in "12")
    assert first == second


# --- nothing can be taken for real ----------------------------------------------------------------------------------


def text_of(path: Path) -> str:
    """Everything that a program shows of a file besides its records."""
    if path.suffix == ".sav":
        return str(pyreadstat.read_sav(path, metadataonly=True)[1].file_label)
    if path.suffix == ".dta":
        return str(pyreadstat.read_dta(path, metadataonly=True)[1].file_label)
    if path.suffix == ".parquet":
        return str(pq.read_schema(path).metadata)
    if path.suffix == ".xlsx":
        book = python_calamine.CalamineWorkbook.from_path(path)
        return " ".join(str(book.get_sheet_by_name(name).to_python()[:2]) for name in book.sheet_names)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_says_that_it_is_synthetic(layout: str, made: Callable[[str], Path]) -> None:
    folder = made(layout)
    wave = load_wave(folder.parent, layout)
    assert wave.file.synthetic
    assert wave.file.status == "draft"
    assert "synthétiques" in wave.file.title
    assert "SYNTHETIC" in (folder / "wave.toml").read_text(encoding="utf-8")
    assert "SYNTHETIC" in text_of(folder / "form.xlsx")
    for export in wave.file.exports:
        assert export.file.startswith("synthetic_export")
        if not export.file.endswith((".csv", ".csv.gz")):
            said = text_of(folder / export.file).lower()
            assert "synthetic" in said or "synthétiques" in said


# --- what cannot be made --------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "a misspelt layout": ({"layout": "kobo_name"}, ('layout "kobo_name"', 'Did you mean "kobo_names"?', "stata")),
    "a layout that is none": ({"layout": "pdf"}, ('layout "pdf"', "spss")),
    "a misspelt questionnaire": (
        {"questionnaire": "fms-2018"},
        ('questionnaire "fms-2018"', "Did you mean", "fms-2018-west"),
    ),
    "nobody": ({"size": 0}, ("0 is not a number of interviews", f"{MOST_ROWS:,}")),
    "fewer than nobody": ({"size": -5}, ("-5 is not a number of interviews",)),
    "too many": ({"size": MOST_ROWS + 1}, ("is not a number of interviews", f"{MOST_ROWS:,}")),
    "more than a sheet holds": (
        {"layout": "kobo_xlsx", "size": MOST_ROWS_OF["kobo_xlsx"] + 1},
        ("is not a number of interviews", "1,048,575"),
    ),
    "a seed below zero": ({"seed": -1}, ("seed", "negative", "0")),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_told(case: str, tmp_path: Path) -> None:
    words, expected = WRONG[case]
    asked = {"questionnaire": "fms-2016", "size": 5, **words}
    error = refusal(UsageError, 2, lambda: make_dummy_wave(tmp_path / "new", **asked))
    assert [text for text in expected if text not in f"{error}"] == []
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["a wave", "überraschung", ".hidden", "-x"])
def test_a_name_that_no_wave_can_have(name: str, tmp_path: Path) -> None:
    error = refusal(UsageError, 2, lambda: make_dummy_wave(tmp_path / name, "fms-2016", size=5))
    assert error.where == "WAVE"
    assert not (tmp_path / name).exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("kept")
    (tmp_path / "file").write_text("kept")
    for name in ("taken", "file"):
        error = refusal(UsageError, 2, lambda name=name: make_dummy_wave(tmp_path / name, "fms-2016", size=5))
        assert str(tmp_path / name) in error.where
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["file", "notes.txt"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    written = make_dummy_wave(tmp_path / "new", "fms-2016", size=5)
    assert sorted(written) == sorted((tmp_path / "new").iterdir())


def test_a_wave_that_is_there_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["dummy-wave", "--wave", "rehearsal", "--size", "5", "--root", str(tmp_path)]
    assert main(words) == 0
    before = hashes(tmp_path / "data" / "raw" / "rehearsal")
    assert "make report WAVE=rehearsal" in capsys.readouterr().out
    assert main([*words, "--seed", "2"]) == CannotReadOrWrite.exit_code
    assert "another name" in capsys.readouterr().err
    assert hashes(tmp_path / "data" / "raw" / "rehearsal") == before


@pytest.mark.parametrize(("layout", "questionnaire"), list(zip(LAYOUTS, cycle(known_questionnaires()), strict=False)))
def test_the_smallest_wave_is_a_whole_one(layout: str, questionnaire: str, tmp_path: Path) -> None:
    make_dummy_wave(tmp_path / "one", questionnaire, layout=layout, size=1)
    assert load_wave(tmp_path, "one").file.synthetic
