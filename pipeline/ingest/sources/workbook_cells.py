"""Reads the sheets of a workbook by python-calamine. Runs in the reading process, see `worker`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ingest.sources.answers import moment, number

if TYPE_CHECKING:
    import pyarrow as pa
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
    import pyarrow as pa
    import pyarrow.compute as pc

    if sheet.start is None:
        return
    # The library leaves out what is blank above and to the left of the first cell.
    row, first_column = sheet.start[0] + 1, sheet.start[1]
    rows = sheet.iter_rows()
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        columns = [_texts(column) for column in zip(*some, strict=True)]
        is_filled = reduce(pc.or_, map(pc.is_valid, columns))
        kept = [column.filter(is_filled) for column in columns]
        numbers = pa.array(range(row, row + len(some)), pa.int64()).filter(is_filled)
        if len(numbers):
            yield [*([pa.nulls(len(numbers), pa.string())] * first_column), *kept], numbers
        row += len(some)


def _texts(column: Sequence[object]) -> pa.Array:
    """Cells as text, null where they are blank. Most columns are text, and those are fast."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = pa.array(column, pa.string())
    except pa.ArrowException:
        texts = pa.array([cell if type(cell) is str else _text(cell) for cell in column], pa.string())
    is_blank = pc.or_(pc.equal(texts, ""), pc.utf8_is_space(texts))
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), texts)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number(cell)
    if isinstance(cell, date | time | timedelta):
        return moment(cell)
    return str(cell)
