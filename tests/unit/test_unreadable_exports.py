"""Exports that cannot be read: what the refusal says, and that it quotes no cell."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.errors import CannotReadOrWrite, ExportInvalid
from pipeline.ingest.read import look_at
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.waves import FILE, HEADERS, export_text, respondents, write_wave

MARK = "E77"
"""Stands in every row, and must stand in no message."""

ROWS = respondents([{"enumerator": MARK}] * 3)
TEXT = export_text(ROWS)
LINES = TEXT.removesuffix("\r\n").split("\r\n")
BOM = b"\xef\xbb\xbf"

Run = Callable[..., Results]


def refused(run: Run, content: str | bytes) -> ExportInvalid:
    error = refusal(ExportInvalid, 3, lambda: run(content))
    assert MARK not in str(error)
    assert FILE in str(error)
    return error


def with_line(number: int, line: str) -> str:
    """The export with another line at this row."""
    return "\r\n".join([*LINES[: number - 1], line, *LINES[number:], ""])


@pytest.mark.parametrize(
    "content", [b"", BOM, b"\r\n\r\n", BOM + b" \r\n"], ids=["nothing", "BOM", "line ends", "blanks"]
)
def test_an_empty_file(content: bytes, run_export: Run) -> None:
    error = refused(run_export, content)
    assert "empty" in error.what
    assert "again" in error.repair


def test_a_file_that_begins_with_blank_lines_is_not_called_empty(run_export: Run) -> None:
    error = refused(run_export, "\r\n\r\n" + TEXT)
    assert "empty" not in error.what
    assert "first row" in error.what


@pytest.mark.parametrize("delimiter", ["^", ":", " "])
def test_a_delimiter_that_is_none(delimiter: str, run_export: Run) -> None:
    error = refused(run_export, TEXT.replace('";"', f'"{delimiter}"'))
    assert "None of the expected columns is in the first row" in error.what
    assert "semicolon, comma, tab, pipe" in error.repair
    assert "_uuid, survey_date" in error.repair


def test_missing_columns(run_export: Run) -> None:
    error = refused(run_export, export_text(ROWS, without=["consent", "sex"]))
    assert '2 columns are missing: "consent", "sex"' in error.what
    assert "required = false" in error.repair


def test_the_same_header_twice(run_export: Run) -> None:
    error = refused(run_export, TEXT.replace('"profile/sex"', '"profile/age"'))
    assert '"profile/age" is there 2 times' in error.what
    assert "columns 7, 8" in error.where


def test_the_same_header_twice_in_other_letters(run_export: Run) -> None:
    error = refused(run_export, TEXT.replace('"profile/sex"', '"Profile/AGE"'))
    assert "is there 2 times" in error.what


def test_two_candidates_for_a_column(run_export: Run) -> None:
    error = refused(run_export, export_text(ROWS, extra=["household/age"]))
    assert 'Two columns could be "age": "profile/age" and "household/age"' in error.what


@pytest.mark.parametrize(
    "line", [LINES[2] + f';"{MARK}"', LINES[2].rsplit(";", 1)[0]], ids=["one cell more", "one cell fewer"]
)
def test_a_ragged_row(line: str, run_export: Run) -> None:
    error = refused(run_export, with_line(3, line))
    assert f"A row has more or fewer cells than the header, which has {len(HEADERS)}" in error.what
    assert error.where == f"{FILE}, rows 3"


def test_ragged_rows_are_counted(run_export: Run) -> None:
    short = [line.rsplit(";", 1)[0] for line in LINES[1:]]
    error = refused(run_export, "\r\n".join([LINES[0], *short]))
    assert error.what.startswith("3 rows have")
    assert error.where == f"{FILE}, rows 2, 3, 4"


def test_a_file_cut_off_within_a_cell(run_export: Run) -> None:
    error = refused(run_export, BOM + TEXT.encode()[:-30])
    assert "ends in the middle" in error.what
    assert "row 4" in error.where
    assert "cut off" in error.repair


def test_a_file_cut_off_between_cells(run_export: Run) -> None:
    whole_cells = TEXT[: TEXT.rindex(";")]
    error = refused(run_export, BOM + whole_cells.encode())
    assert error.where == f"{FILE}, rows 4"


def test_a_quotation_mark_too_many(run_export: Run) -> None:
    error = refused(run_export, with_line(3, LINES[2].replace(f'"{MARK}"', f'"{MARK}" "')))
    assert "quotation marks" in error.what
    assert "row 3" in error.where


@pytest.mark.parametrize("rows", [1, 400], ids=["near the header", "far from the header"])
def test_latin_1(rows: int, run_export: Run) -> None:
    text = export_text(respondents([*([{}] * rows), {"enumerator": MARK, "form_version": "Été"}]))
    error = refused(run_export, text.encode("latin-1"))
    assert "not UTF-8" in error.what
    assert "UTF-8" in error.repair


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding: str, run_export: Run) -> None:
    error = refused(run_export, ("" if encoding == "utf-16" else "\ufeff").encode(encoding) + TEXT.encode(encoding))
    assert "not UTF-8" in error.what


def test_a_workbook_called_csv(run_export: Run, shipped: Results) -> None:
    workbook = shipped.wave.folder / str(shipped.wave.file.form)
    error = refused(run_export, workbook.read_bytes())
    assert "workbook" in error.what
    assert "CSV" in error.repair


def test_a_compressed_file_called_csv(run_export: Run) -> None:
    assert "not UTF-8" in refused(run_export, gzip.compress(TEXT.encode())).what


def test_a_file_that_cannot_be_opened(shipped: Results, tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    error = refusal(CannotReadOrWrite, 6, lambda: look_at(tmp_path / FILE, shipped.wave.questionnaire))
    assert FILE in error.where


def test_a_bad_file_among_good_ones_stops_all(tmp_path: Path, engine: Engine) -> None:
    folder = write_wave(tmp_path, {"a.csv": ROWS, "b.csv": ROWS})
    (folder / "b.csv").write_bytes(b"")
    error = refusal(ExportInvalid, 3, lambda: run_wave(tmp_path, engine))
    assert error.where == "b.csv"
