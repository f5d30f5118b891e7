"""The tables of `headers.md`: which header stands for which of our columns, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.form import Form, read_form
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.lineage import lineage
from pipeline.ingest.sheet import Cells, Sheet
from pipeline.questionnaire import Questionnaire
from pipeline.wave import load_questionnaire, load_wave
from tests.support.exports import write_xlsx
from tests.support.messages import refusal
from tests.support.tables import Row, Section, read_sections
from tests.support.waves import FILE, HEADERS, NAME, write_texts

SECTIONS = read_sections(Path(__file__).parent / "headers.md")
Q = load_questionnaire("fms-2016")
FORM = Path(__file__).parents[2] / "data" / "raw" / "2016-10" / "fms_2016_form.xlsx"


@dataclass(frozen=True)
class Headers:
    """A section, understood: the headers in question, and a codebook to look them up in."""

    rows: list[Row]
    sheet: Sheet
    codebook: Codebook


def understood(section: Section, folder: Path) -> Headers:
    *of_form, rows = section.tables
    codebook = Codebook(_questionnaire(section.toml, folder), _form(section, of_form, folder))
    rows = [{**row, "header": row["header"].replace("␠", " ").replace("⏎", "\n")} for row in rows]
    headers = [row["header"] for row in rows]
    return Headers(rows, _sheet([*headers, *_others(headers, section.without, codebook)]), codebook)


def _questionnaire(toml: str, folder: Path) -> Questionnaire:
    if not toml:
        return Q
    write_texts(folder, {FILE: ""}, more=toml)
    return load_wave(folder, NAME).questionnaire


def _form(section: Section, tables: list[list[Row]], folder: Path) -> Form | None:
    if "With the form of the wave." in section.text:
        return read_form(FORM)
    if not tables:
        return None
    survey, choices = (*tables, [{"list_name": "", "name": ""}])[:2]
    path = folder / "form.xlsx"
    write_xlsx(path, {"survey": _cells(survey), "choices": _cells(choices)})
    return read_form(path)


def _cells(table: list[Row]) -> list[list[str]]:
    return [list(table[0]), *(list(row.values()) for row in table)]


def _others(headers: list[str], without: list[str], codebook: Codebook) -> list[str]:
    """The usual headers of the columns that every export needs, but for those that are in question."""
    columns = codebook.questionnaire.columns
    found = {one.known.target.column for header in headers for one in codebook.find(header)}
    left = [name for name, column in columns.items() if column.required and name not in {*found, *without}]
    return [HEADERS[name] for name in left]


def _sheet(headers: list[str]) -> Sheet:
    return Sheet("export.csv", "", tuple(headers), Cells(pa.table({})))


@pytest.mark.parametrize("section", [s for s in SECTIONS if not s.refused], ids=str)
def test_headers(section: Section, tmp_path: Path) -> None:
    headers = understood(section, tmp_path)
    layout = lay_out(headers.sheet, headers.codebook)
    doubtful = {1 + layout.names.index(finding.column) for finding in layout.findings}
    found = [
        {
            "header": match.header,
            "column": match.column,
            "rule": match.rule,
            "warning": "yes" if match.place in doubtful else "",
        }
        for match in layout.matches[: len(headers.rows)]
    ]
    assert [{name: row[name] for name in headers.rows[0]} for row in found] == headers.rows
    assert doubtful == {place for place, row in enumerate(headers.rows, start=1) if row.get("warning")}
    assert_lineage_is_complete(layout)


def assert_lineage_is_complete(layout: Layout) -> None:
    """Each header stands in it once, in the order of the file, used or not; and what is used is what is told."""
    table = lineage([layout])
    assert list(table["header"]) == list(layout.sheet.header)
    assert list(table["place"]) == list(range(1, len(layout.names) + 1))
    used = {name for name, column in zip(layout.names, table["column"], strict=True) if column}
    first = {*layout.columns.values(), *layout.children.values()}
    assert used == {*first, *(other for others in layout.also.values() for other in others)}
    assert {*layout.unused} == {*layout.names} - used
    assert (table["rule"] != "").all()


@pytest.mark.parametrize("section", [s for s in SECTIONS if s.refused], ids=str)
def test_refused_headers(section: Section, tmp_path: Path) -> None:
    headers = understood(section, tmp_path)
    error = refusal(ExportInvalid, 3, lambda: lay_out(headers.sheet, headers.codebook))
    assert [text for text in section.refused if text not in str(error)] == []


def test_lineage_of_several_files(tmp_path: Path) -> None:
    """Each file has its own lines, also for headers that are the same."""
    codebook = understood(SECTIONS[0], tmp_path).codebook
    files = {"a.csv": ["age", "sex", "x"], "b.csv": ["x", "age"]}
    layouts = [
        lay_out(Sheet(file, "", (*headers, *_others(headers, [], codebook)), Cells(pa.table({}))), codebook)
        for file, headers in files.items()
    ]
    table = lineage(layouts)
    found = {file: list(lines["header"])[: len(files[str(file)])] for file, lines in table.groupby("file")}
    assert found == files
    assert list(table["file"].drop_duplicates()) == list(files)
    assert len(table) == sum(len(layout.names) for layout in layouts)
    assert list(table[table["header"] == "x"]["place"]) == [3, 1]
