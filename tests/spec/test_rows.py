"""The tables of `rows.md`: which rows of an export are respondents."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine import ROW, Engine
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.findings import Finding
from pipeline.ingest.layout import lay_out
from pipeline.ingest.read import Read, Wanted, read
from pipeline.ingest.sheet import Sheet
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.wave import load_questionnaire
from tests.support.tables import Row, Section, read_sections
from tests.support.waves import HEADERS, export_text, respondent, write_export

SECTIONS = read_sections(Path(__file__).parent / "rows.md")
CODEBOOK = Codebook(load_questionnaire("fms-2016"))
NOTES = ("the rest", "is", "why")
KINDS = {
    "are blank": "blank",
    "hold HXL tags": "tags",
    "repeat the header": "header",
    "hold the texts of the questions": "question_texts",
    "hold totals": "total",
}
"""What a finding says of rows → what the tables call them."""


def row_of(number: int, row: Row) -> Row:
    """A row of an export as the table describes it: what it names, and the rest."""
    named = {name: cell.replace("␠", " ") for name, cell in row.items() if name not in NOTES and cell}
    return {**rest(row["the rest"], number), **named}


def rest(kind: str, number: int) -> Row:
    if kind == "usual":
        return respondent(number)
    if kind == "tags":
        return {name: f"#meta+{name}" for name in HEADERS}
    if kind == "headers":
        return dict(HEADERS)
    texts = {"texts": "en", "textes": "fr"}
    if kind in texts:
        wordings = {name: column.wording for name, column in CODEBOOK.questionnaire.columns.items()}
        return {name: wordings.get(name, {}).get(texts[kind], HEADERS[name]) for name in HEADERS}
    assert kind == "blank", kind
    return {}


def read_rows(rows: list[Row], folder: Path, engine: Engine) -> Read:
    write_export(folder / "export.csv", export_text(rows))
    (folder / "scratch").mkdir()
    source = open_source(folder / "export.csv", folder / "scratch", CODEBOOK.knows, 10**7)
    sheet, _ = data_sheet(source, CODEBOOK.knows, None)
    return read_sheet(sheet, folder / "scratch", engine)


def read_sheet(sheet: Sheet, scratch: Path, engine: Engine) -> Read:
    wanted = Wanted(frozenset(CODEBOOK.questionnaire.columns), {})
    return read(lay_out(sheet, CODEBOOK), wanted, CODEBOOK.questionnaire, engine, scratch)


def kind_of(finding: Finding) -> str:
    (kind,) = (kind for said, kind in KINDS.items() if said in finding.message)
    return kind


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_rows(section: Section, tmp_path: Path, engine: Engine) -> None:
    (rows,) = section.tables
    done = read_rows([row_of(number, row) for number, row in enumerate(rows, start=1)], tmp_path, engine)
    kinds = {number: kind_of(finding) for finding in done.findings for number in finding.row_numbers}
    kinds |= dict.fromkeys(engine.frame(done.table.select(ROW))[ROW], "respondent")
    assert [{**row, "is": kinds[number]} for number, row in enumerate(rows, start=2)] == rows
    assert sum(finding.rows for finding in done.findings) == sum(row["is"] != "respondent" for row in rows)
    assert all(finding.file == "export.csv" and finding.repair for finding in done.findings)
