"""Reads the sheets of a workbook by python-calamine. Runs in the reading process, see `worker`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ingest.sources.answers import moment, number

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

    from pipeline.ingest.sources.exchange import Piece

_ROWS_AT_ONCE = 20_000


def read_sheets(path: Path, out: Path) -> dict[str, Any]:
    """Writes the rows of each sheet that are not blank as text to `out`/0.arrow, `out`/1.arrow, …

    Gives `sheets`: name, whether it is hidden, how many rows it has that are not blank.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    from pipeline.ingest.sources.exchange import write_rows

    sheets: list[dict[str, Any]] = []
    with CalamineWorkbook.from_path(str(path)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            width = sheet.end[1] + 1 if sheet.end else 0
            rows = write_rows(out / f"{len(sheets)}.arrow", width, _pieces(sheet))
            sheets.append({"name": about.name, "hidden": about.visible != SheetVisibleEnum.Visible, "rows": rows})
    return {"sheets": sheets}


def _pieces(sheet: CalamineSheet) -> Iterator[Piece]:
    """The rows of a sheet that are not blank, some at a time, since a sheet may have a million."""
    if sheet.start is None:
        return
    # The library leaves out what is blank above and to the left of the first cell.
    first_row, first_column = sheet.start
    rows = enumerate(sheet.iter_rows(), start=first_row + 1)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        texts = [(number, [cell if type(cell) is str else _text(cell) for cell in row]) for number, row in some]
        kept = [(number, row) for number, row in texts if any(cell and not cell.isspace() for cell in row)]
        columns = [[cell or None for cell in column] for column in zip(*(row for _, row in kept), strict=True)]
        if kept:
            yield [[None] * len(kept)] * first_column + columns, [number for number, _ in kept]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number(cell)
    if isinstance(cell, date | time | timedelta):
        return moment(cell)
    return str(cell)
