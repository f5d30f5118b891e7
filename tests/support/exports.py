"""Writes one small table in any format that an export may come in.

A table is a header and rows of text; an empty cell is a blank one. `FORMATS` has a writer for each format: given a path
without an ending, it writes the file and gives its path.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[str]]
Cell = str | int | float | bool | None | Any


@dataclass(frozen=True)
class Small:
    """A small table of text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def text(
    table: Small, delimiter: str = ";", newline: str = "\r\n", quoting: Any = csv.QUOTE_ALL, quotechar: str = '"'
) -> str:
    """The table as delimited text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting, quotechar=quotechar)
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return out.getvalue()


def write_csv(path: Path, table: Small, encoding: str = "utf-8-sig", **options: Any) -> Path:
    """As KoboToolbox writes CSV, unless options of `text` or an encoding say otherwise."""
    path.write_bytes(text(table, **options).encode(encoding))
    return path


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
    comments: Mapping[tuple[str, str], str] | None = None,
) -> Path:
    """A workbook. Sheets are rows of cells: text, numbers, days, and formulas as `("=1/0", "#DIV/0!")`.

    comments: (sheet, cell such as B2) → text.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        if properties:
            workbook.set_properties(dict(properties))
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write_cell(sheet, place, column, cell, day, moment)
            for (of, cell), comment in (comments or {}).items():
                if of == name:
                    sheet.write_comment(cell, comment)
    return path


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, day: Any, moment: Any) -> None:
    import datetime

    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, tuple):
        sheet.write_formula(row, column, cell[0], None, cell[1])
    elif isinstance(cell, datetime.datetime):
        sheet.write_datetime(row, column, cell, moment)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write(row, column, cell)


def write_table_xlsx(path: Path, table: Small, sheet: str = "data") -> Path:
    """The table as the only sheet of a workbook, all cells text."""
    return write_xlsx(path, {sheet: [table.header, *table.rows]})


def write_sav(path: Path, table: Small, **options: Any) -> Path:
    """The table as text variables of SPSS, named as R names them: `X_uuid`, `profile.age`. options: of pyreadstat."""
    import pyreadstat

    names = [re.sub(r"[^0-9A-Za-z._]", ".", name) for name in table.header]
    names = [f"X{name}" if re.match(r"[0-9_.]", name) else name for name in names]
    pyreadstat.write_sav(_frame(Small(tuple(names), table.rows)), str(path), **options)
    return path


def write_zsav(path: Path, table: Small) -> Path:
    """The same, compressed."""
    return write_sav(path, table, compress=True)


def write_dta(path: Path, table: Small, **options: Any) -> Path:
    """The table as text variables of Stata, whose names have letters, digits, `_`. options: those of pyreadstat."""
    import pyreadstat

    names = tuple(re.sub(r"\W", "_", name)[:32] for name in table.header)
    pyreadstat.write_dta(_frame(Small(names, table.rows)), str(path), **options)
    return path


def write_parquet(path: Path, table: Small) -> Path:
    """The table as text columns; a blank cell is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.header)
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    pq.write_table(pa.table(arrays, names=list(table.header)), path)
    return path


def write_gz(path: Path, content: bytes, members: int = 1) -> Path:
    """The content in a gzip file of several members, one after the other."""
    size = -(-len(content) // members)
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    path.write_bytes(b"".join(gzip.compress(piece, mtime=0) for piece in pieces))
    return path


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def with_parts(path: Path, target: Path, parts: Mapping[str, bytes]) -> Path:
    """A copy of a workbook in which these parts are added or replaced."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return write_zip(target, {**kept, **parts})


def _frame(table: Small) -> Any:
    import pandas as pd

    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.header)
    return pd.DataFrame(dict(zip(table.header, map(list, columns), strict=True)), dtype="object")


def _packed_csv(path: Path, table: Small) -> Path:
    return write_gz(path, text(table).encode(), members=2)


def _zipped_csv(path: Path, table: Small) -> Path:
    return write_zip(path, {"interviews.csv": text(table).encode()})


def _packed_workbook(path: Path, table: Small) -> Path:
    inner = write_table_xlsx(path.with_suffix(".inner"), table)
    content = inner.read_bytes()
    inner.unlink()
    return write_gz(path, content)


FORMATS: dict[str, tuple[str, Callable[[Path, Small], Path]]] = {
    "CSV as KoboToolbox writes it": (".csv", write_csv),
    "workbook": (".xlsx", write_table_xlsx),
    "SPSS": (".sav", write_sav),
    "SPSS, compressed": (".zsav", write_zsav),
    "Stata": (".dta", write_dta),
    "Parquet": (".parquet", write_parquet),
    "CSV in gzip": (".csv.gz", _packed_csv),
    "CSV in zip": (".zip", _zipped_csv),
    "workbook in gzip": (".xlsx.gz", _packed_workbook),
}
"""What it is → the ending of its name, and what writes it."""


def write(path: Path, table: Small, form: str) -> Path:
    """Writes a table in one of `FORMATS`. path: without an ending."""
    ending, writer = FORMATS[form]
    return writer(path.with_name(path.name + ending), table)
