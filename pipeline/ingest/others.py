"""Looks at the tables of an export that are not the interviews: further files of an archive, further sheets."""

from __future__ import annotations

from pipeline.engine import CannotParse, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.anonymity import Seen, is_of_staff, seen_in_cells
from pipeline.ingest.anonymity.columns import Looked, look_at_columns
from pipeline.ingest.read import records_of
from pipeline.ingest.sheet import Cells, Sheet
from pipeline.ingest.sources import why_unparsable


def seen_in_sheet(sheet: Sheet, engine: Engine) -> list[Seen]:
    """What the gate has to judge of a table that nothing is taken from. ExportInvalid if it cannot be read."""
    if isinstance(sheet.records, Cells):
        return seen_in_cells(sheet)
    columns = [
        Looked(f"c{place}", header, sheet.labels.get(header, ""), of_staff=is_of_staff(header))
        for place, header in enumerate(sheet.header)
    ]
    try:
        records = records_of(sheet, [one.name for one in columns], engine)
    except CannotParse:
        raise why_unparsable(sheet) or _cannot_be_looked_at(sheet) from None
    bits = look_at_columns(records, columns, engine)
    return [
        Seen(sheet.file, sheet.name, one.header, one.label, bits[one.name], number)
        for number, one in enumerate(columns, start=1)
    ]


def _cannot_be_looked_at(sheet: Sheet) -> ExportInvalid:
    return ExportInvalid(
        "This table cannot be read, so that nobody can say whether it names people.",
        where=f'{sheet.file}, "{sheet.name}"',
        repair="Take it out of the archive; only the table with the interviews is needed.",
    )
