"""Looks at the tables of an export that are not the interviews: further files of an archive, further sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engine import ROW, CannotParse, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.anonymity import Seen, is_of_staff, seen_in_cells, suspicion
from pipeline.ingest.sheet import Cells, Delimited, Sheet
from pipeline.ingest.sources import why_unparsable

if TYPE_CHECKING:
    import ibis.expr.types as ir


def seen_in_sheet(sheet: Sheet, engine: Engine) -> list[Seen]:
    """What the gate has to judge of a table that nothing is taken from. ExportInvalid if it cannot be read."""
    if isinstance(sheet.records, Cells):
        return seen_in_cells(sheet)
    names = [f"c{place}" for place in range(len(sheet.header))]
    try:
        records = _records(sheet, names, engine)
        bits = records.select(
            **{
                name: suspicion(records[name], None, of_staff=is_of_staff(header))
                for name, header in zip(names, sheet.header, strict=True)
            }
        )
        staged = engine.stage(bits, first_row=sheet.header_row + 1, words={})
    except CannotParse:
        raise why_unparsable(sheet) or _cannot_be_looked_at(sheet) from None
    found = engine.frame(staged.aggregate(**{name: staged[name].bit_or() for name in names})).iloc[0].fillna(0)
    return [
        Seen(sheet.file, sheet.name, header, sheet.labels.get(header, ""), int(found[name]), number)
        for number, (header, name) in enumerate(zip(sheet.header, names, strict=True), start=1)
    ]


def _records(sheet: Sheet, names: list[str], engine: Engine) -> ir.Table:
    if isinstance(sheet.records, Delimited):
        return engine.read_csv(sheet.records.path, sheet.records.dialect, names)
    if isinstance(sheet.records, Cells):
        return engine.read_cells(sheet.records.table, names).drop(ROW)
    return engine.read_parquet(sheet.records.path, names)


def _cannot_be_looked_at(sheet: Sheet) -> ExportInvalid:
    return ExportInvalid(
        "This table cannot be read, so that nobody can say whether it names people.",
        where=f'{sheet.file}, "{sheet.name}"',
        repair="Take it out of the archive; only the table with the interviews is needed.",
    )
