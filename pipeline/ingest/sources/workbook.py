"""Excel workbooks (XLSX): every sheet as text, with the row numbers that Excel shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import ROW
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sheet import Cells, Sheet, Source
from pipeline.ingest.sources.exchange import read_rows
from pipeline.ingest.sources.guard import ask, get_ready
from pipeline.ingest.sources.header import check_width, filled, first_header, named, on_rows_above
from pipeline.ingest.sources.kind import Kind
from pipeline.ingest.sources.opening import Opening, shown
from pipeline.ingest.sources.parts import Parts, check_size, look_through
from pipeline.ingest.sources.properties import properties_of, sheet_parts

if TYPE_CHECKING:
    import pyarrow as pa

_TITLE_ROWS = 10
"""Rows among which the header is looked for. Those above it are titles."""


def read_workbook(path: Path, opening: Opening) -> Source:
    """Every sheet of a workbook that holds something, hidden ones too, and the text of its properties and comments.

    Errors: ExportInvalid for a workbook that is damaged, empty, too large, or holds macros or links to the outside.
    """
    get_ready()
    parts = look_through(path, opening)
    try:
        part_of = sheet_parts(parts)
        properties = properties_of(parts)
    except ValueError:
        raise opening.refused(
            "A part of this workbook is damaged.", "Open it in Excel, let Excel repair it, and save it again."
        ) from None
    for name, part in part_of.items():
        if part in parts.grids:
            check_size(parts.grids[part], name, opening)
    sheets, findings = _sheets(parts, part_of, opening)
    if not sheets:
        raise opening.refused("This workbook is empty: no sheet has a cell in it.", "Export the data again.")
    return Source(opening.file, sheets, properties, tuple(findings))


def _sheets(parts: Parts, part_of: dict[str, str], opening: Opening) -> tuple[tuple[Sheet, ...], list[Finding]]:
    answer, folder = ask("workbook", parts.copy, Kind.WORKBOOK, opening)
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for place, about in enumerate(answer["sheets"]):
        name = about["name"]
        rows = read_rows(folder / f"{place}.arrow")
        if not about["rows"]:
            findings.append(opening.noticed(Severity.NOTE, "empty_sheet", f'The sheet "{shown(name)}" is empty.'))
            continue
        sheet, above = _sheet(rows, name, opening)
        sheets.append(replace(sheet, hidden=about["hidden"]))
        findings += on_rows_above(above, len(sheet.header), opening, name)
        grid = parts.grids.get(part_of.get(name, ""))
        findings += _findings(sheet, grid.errors if grid else set(), opening)
    return tuple(sheets), findings


def _sheet(rows: pa.Table, name: str, opening: Opening) -> tuple[Sheet, dict[int, int]]:
    """The rows of a sheet with their header found, and how many cells of the rows above it are filled."""
    cells = rows.drop_columns([ROW])
    check_width(cells.num_columns, opening, name)
    first = [list(row.values()) for row in cells.slice(0, _TITLE_ROWS).to_pylist()]
    place, _ = first_header(first, opening.knows)
    header, below = named(first[place]), cells.slice(place + 1)
    # Columns without a name and without a cell are room that someone left between tables, or before one.
    kept = [i for i, cell in enumerate(first[place]) if cell or below.column(i).null_count < below.num_rows]
    table = below.select(kept).rename_columns([f"c{i}" for i in range(len(kept))])
    numbers = rows.column(ROW)
    above = filled((numbers[i].as_py(), first[i]) for i in range(place))
    sheet = Sheet(
        file=opening.file,
        name=f"{opening.member}/{name}" if opening.member else name,
        header=tuple(header[i] for i in kept),
        records=Cells(table.append_column(ROW, numbers.slice(place + 1))),
        header_row=numbers[place].as_py(),
    )
    return sheet, above


def _findings(sheet: Sheet, errors: set[int], opening: Opening) -> list[Finding]:
    findings = []
    below = sorted(row for row in errors if row > sheet.header_row)
    if below:
        findings.append(
            opening.noticed(
                Severity.WARNING,
                "cells_with_errors",
                f'The sheet "{shown(sheet.name)}" has cells with an error such as #N/A. They count as blank.',
                "Mend the formulas in the workbook, or replace them by their values.",
                below,
            )
        )
    return findings
