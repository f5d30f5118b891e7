"""Writes made-up people as a workbook of KoboToolbox: a page to read first, the interviews, a repeated group."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from pipeline.rehearsal.delimited import blocks
from pipeline.rehearsal.fields import Field, Style, fields_of
from pipeline.rehearsal.forms import COMPANIONS, REPEAT, form_id, workbook
from pipeline.rehearsal.people import People

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

SHEET_NAME = 31
"""Characters that a sheet's name can have; longer names of forms are cut."""

README = {
    "en": "SYNTHETIC REHEARSAL DATA. A computer made these interviews up. They describe no person, and nothing in them "
    "may be quoted as a finding.",
    "fr": "DONNÉES DE RÉPÉTITION SYNTHÉTIQUES. Un ordinateur a inventé ces entretiens. Ils ne décrivent personne, et "
    "rien n’en peut être cité comme un résultat.",
}


def write_workbook(people: People, folder: Path, locale: Literal["en", "fr"]) -> list[Path]:
    """One workbook: README, the interviews by name, and the companions that some people named."""
    path = folder / "synthetic_export.xlsx"
    with workbook(path) as book:
        readme = book.add_worksheet("README")
        readme.write_string(0, 0, README[locale])
        _write_interviews(book, book.add_worksheet(_sheet_name(people)), fields_of(people), people.size)
        _write_companions(book.add_worksheet(REPEAT), people)
    return [path]


def _sheet_name(people: People) -> str:
    return f"{form_id(people.questionnaire)}_synthetic_rehearsal_of_the_form"[:SHEET_NAME]


def _write_interviews(book: xlsxwriter.Workbook, sheet: Worksheet, fields: list[Field], size: int) -> None:
    style = Style()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [field.header(style) for field in fields])
    row = 0
    for block in blocks(np.arange(size)):
        columns = [field.cells(block, style) for field in fields]
        for cells in zip(*columns, strict=True):
            row += 1
            for place, (field, cell) in enumerate(zip(fields, cells, strict=True)):
                if not cell:
                    continue
                if field.kind == "date":
                    sheet.write_datetime(row, place, date.fromisoformat(cell), day)
                elif field.kind in ("integer", "number", "child"):
                    sheet.write_number(row, place, int(cell))
                else:
                    sheet.write_string(row, place, cell)


def _write_companions(sheet: Worksheet, people: People) -> None:
    """The repeated group: a row for each companion, with the row of the interview that it belongs to."""
    sheet.write_row(0, 0, [f"{REPEAT}/companion", "_index", "_parent_table_name", "_parent_index"])
    parents = np.flatnonzero(people.submissions.number % 5 == 0)
    for row, parent in enumerate(parents.tolist(), start=1):
        companion = COMPANIONS[parent % len(COMPANIONS)][0]
        sheet.write_row(row, 0, [companion, row, _sheet_name(people), parent + 1])
