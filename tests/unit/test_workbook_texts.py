"""What a workbook makes of texts that a spreadsheet could compute, of names and numbers, in any process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.door import release
from pipeline.disclose.policy import INTERNAL
from pipeline.engine import Engine
from pipeline.errors import DeclarationError
from pipeline.manifest import Provenance
from pipeline.report.citation import citation
from pipeline.report.edition import Edition
from pipeline.report.grid import Told
from pipeline.report.text import load_text
from pipeline.report.workbook import workbook
from pipeline.report.workbook.book import Book
from pipeline.report.workbook.flat import Number, flat, ratio_form
from pipeline.wave import load_wave
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.waves import respondents, write_wave

LABELS = {"NGA": "=1+1", "SYR": "@SUM(A1)", "GMB": "+cmd|' /C calc'!A0", "IRQ": "-2"}
MORE = "".join(f'\n[overrides.answers.country.{code}.label]\nen = "{label}"\n' for code, label in LABELS.items())
SOURCE = Provenance("2016-10", {"export.csv": "0" * 64}, {}, {}, "", {}, "0.1.0", "", "")
TITLE = "=HYPERLINK(1) & more"


def people() -> list[dict[str, str]]:
    """Twenty of each of four nationalities on two routes."""
    met = ({"survey_country": "ITA", "departure_country": "LBY"}, {"survey_country": "GRC"})
    rows = []
    for number in range(160):
        answer = {"unpaid_work": "yes_me" if number % 3 else "no", "nationality": list(LABELS)[number // 2 % 4]}
        rows.append({**met[number % 2], **answer, "monitoring_point": f"PNT-{number % 12:03d}"})
    return respondents(rows)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Results:
    raw = tmp_path_factory.mktemp("labels")
    write_wave(raw, people(), more=MORE, title=f'"{TITLE}"')
    return run_wave(raw, engine)


@pytest.fixture(scope="module")
def edition(results: Results) -> Edition:
    released = release(results.estimates, results.ingested.ledger, INTERNAL)
    return Edition(released, results.wave, load_text("en", results.wave.questionnaire))


@pytest.fixture(scope="module")
def book(edition: Edition) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(edition, SOURCE)))


def test_labels_that_look_like_formulas_are_texts(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value in LABELS.values()} == {"s"}
    assert {str(cell.value) for cell in cells} >= set(LABELS.values())
    assert [cell for cell in cells if cell.data_type == "f"] == []


def test_a_title_that_looks_like_a_formula_is_a_text_also_where_it_is_printed(book: openpyxl.Workbook) -> None:
    assert TITLE in {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert TITLE in book.properties.title


def test_every_sheet_of_an_internal_edition_says_so(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert "internal, not for release" in sheet["A2"].value
        assert "internal, not for release" in sheet.oddHeader.right.text
    said = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert not [words for words in ("withheld to protect", "rounded to the nearest") if words in said]


@pytest.mark.parametrize("word", ["=1+1", "+x", "-x", "@x", "\tx"])
def test_a_word_of_tables_that_begins_like_a_formula_is_refused(tmp_path: Path, word: str) -> None:
    escaped = word.replace("\t", "\\t")
    write_wave(tmp_path, people(), more=f'[overrides.answers.sex.other]\nmeans = "{escaped}"\n')
    error = refusal(DeclarationError, 2, lambda: load_wave(tmp_path, "2016-10"))
    assert "begins like a formula" in error.what
    assert "answers.sex" in error.what


# --- citation -------------------------------------------------------------------------------------------------------


def test_a_doi_is_told_only_where_the_wave_file_gives_one(tmp_path: Path, edition: Edition) -> None:
    assert "doi" not in citation(edition).lower()
    write_wave(tmp_path, people(), doi='"10.12345/fms-2016-10"')
    with_doi = SimpleNamespace(**{**edition.__dict__, "wave": load_wave(tmp_path, "2016-10"), "stamps": []})
    assert citation(with_doi).endswith(" https://doi.org/10.12345/fms-2016-10")


@pytest.mark.parametrize(
    "doi", ["https://doi.org/10.12345/x", "doi:10.12345/x", "10.12345", '10.12345/a\\"b', "11.1/x"]
)
def test_what_is_no_doi_is_refused(tmp_path: Path, doi: str) -> None:
    write_wave(tmp_path, people(), doi=f'"{doi}"')
    error = refusal(DeclarationError, 2, lambda: load_wave(tmp_path, "2016-10"))
    assert "doi" in error.what


# --- names and numbers ----------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_names_of_sheets_are_ones_that_excel_takes(names: list[str]) -> None:
    book = SimpleNamespace(listed=[])
    for name in names:
        book.listed.append((Book._free(book, name), ""))
    found = [name for name, _ in book.listed]
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert 0 < len(name) <= 31
        assert not set("[]:*?/\\'") & set(name)


def test_a_cell_of_the_page_becomes_columns_of_numbers(edition: Edition) -> None:
    rows = [
        ["first"],
        [
            "a",
            Told("1.5 (1.2 to 2.0)", "ratio", 1.5, 1.2, 2.0),
            Told("† 3–9%", "percent", 0.03, 0.09, mark="unreliable"),
        ],
        ["second"],
        ["b", "–", ""],
    ]
    table = {"kind": "x", "of": [], "title": "", "note": "", "columns": ["Level", "Ratio", "Interval"], "rows": rows}
    made = flat(table, edition)
    assert made.heads == (
        *("Group", "Level", "Ratio", "Ratio, low", "Ratio, high"),
        *("Interval, low", "Interval, high", "Interval, mark"),
    )
    numbers = (Number(1.5, "0.0"), Number(1.2, "0.0"), Number(2.0, "0.0"))
    assert made.rows[0] == ("first", "a", *numbers, Number(0.03, "0%"), Number(0.09, "0%"), "†")
    assert made.rows[1] == ("second", "b", "–", None, None, None, None, None)


@pytest.mark.parametrize(("told", "number"), [
    (Told("<1%", "percent", 0.0), Number(0.0, '"<1%"')),
    (Told("0%", "percent", 0.0), Number(0.0, "0%")),
    (Told("<0.001", "p", 10**-7.3), Number(5.01e-08, '"<0.001"')),
    (Told("0.04", "p", 10**-1.4), Number(0.0398, "0.00")),
    (Told("+7", "points", 0.07), Number(7, '+0;"−"0;0')),
    (Told("2,770", "count", 2770), Number(2770, "#,##0")),
])  # fmt: skip
def test_a_number_is_shown_as_on_the_page(edition: Edition, told: Told, number: Number) -> None:
    table = {"kind": "x", "of": [], "title": "", "note": "", "columns": ["A", "B"], "rows": [["a", told]]}
    made = flat(table, edition)
    assert made.rows[0][1] == number


def test_ratios_have_two_digits() -> None:
    assert [ratio_form(value) for value in (0.21, 1.5, 46)] == ["0.00", "0.0", "0"]


# --- the same again -------------------------------------------------------------------------------------------------

_TWICE = """
import pickle, sys, hashlib
from pipeline.report.edition import Edition
from pipeline.report.workbook import workbook
released, wave, text, source = pickle.load(open(sys.argv[1], "rb"))
print(hashlib.sha256(workbook(Edition(released, wave, text), source)).hexdigest())
"""


def test_the_bytes_are_the_same_in_any_process_with_any_seed_zone_and_language(
    edition: Edition, tmp_path: Path
) -> None:
    import pickle

    kept = tmp_path / "edition.pickle"
    kept.write_bytes(pickle.dumps((edition.released, edition.wave, edition.text, SOURCE)))
    ways = ({"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LANG": "fr_FR"})
    found = {
        subprocess.run(
            [sys.executable, "-c", _TWICE, str(kept)], env={**os.environ, **way}, capture_output=True, check=True
        ).stdout
        for way in ways
    }
    assert len(found) == 1
    assert workbook(edition, SOURCE) == workbook(edition, SOURCE)
