"""The workbook in LibreOffice, which is other code than what wrote it: every cell, and the charts with their words."""

from __future__ import annotations

import csv
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.support.whole_run import Run

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Commas, double quotes, UTF-8, from the first line, each sheet as a file of its own."""
DESCRIBED = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc"


def converted(book: Path, to: str, folder: Path) -> Path:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("No LibreOffice is on this machine, so the workbook was not opened in it.")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", to, "--outdir", str(folder / "made"), str(book)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    return folder / "made"


@pytest.mark.long
def test_every_cell_reads_the_same(shipped_run: Run, tmp_path: Path) -> None:
    made = converted(shipped_run.reports / "annex.xlsx", ALL_SHEETS, tmp_path)
    book = openpyxl.load_workbook(shipped_run.reports / "annex.xlsx")
    assert {path.name for path in made.iterdir()} == {f"annex-{sheet.title}.csv" for sheet in book}
    for sheet in book:
        with (made / f"annex-{sheet.title}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for row in sheet.iter_rows():
            for cell in row:
                line = rows[cell.row - 1] if cell.row <= len(rows) else []
                shown = line[cell.column - 1] if cell.column <= len(line) else ""
                assert _is_shown(cell.value, shown), (sheet.title, cell.coordinate, cell.value, shown)


def _is_shown(value: object, shown: str) -> bool:
    """Whether a cell is shown as it is: a number to as many digits as there are."""
    if not isinstance(value, int | float):
        return shown == ("" if value is None else str(value))
    digits = shown.removesuffix("%").replace(",", "").replace("−", "-").lstrip("+")
    step = 10.0 ** -len(digits.partition(".")[2]) / (100 if shown.endswith("%") else 1)
    return abs(float(digits) / (100 if shown.endswith("%") else 1) - value) <= step / 2 + 1e-9


@pytest.mark.long
def test_both_charts_are_there_with_their_words(shipped_run: Run, tmp_path: Path) -> None:
    made = converted(shipped_run.reports / "annex.xlsx", "ods", tmp_path)
    with zipfile.ZipFile(made / "annex.ods") as archive:
        charts = [name for name in archive.namelist() if name.startswith("Object") and name.endswith("content.xml")]
        told = [one.text or "" for one in ElementTree.fromstring(archive.read("content.xml")).iter(DESCRIBED)]
    assert len(charts) == 2
    assert len([text for text in told if "%" in text]) == 2, told
