"""Looks at the tables of an export that are not the interviews: further files of an archive, further sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pipeline.engine import CannotParse, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.anonymity import Seen, asks_for_more, glance, is_of_staff, seen_in_cells, suspicion
from pipeline.ingest.read import records_of
from pipeline.ingest.sheet import Cells, Sheet
from pipeline.ingest.sources import why_unparsable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    Look = Callable[["ir.StringValue"], "ir.IntegerValue"]


def seen_in_sheet(sheet: Sheet, engine: Engine) -> list[Seen]:
    """What the gate has to judge of a table that nothing is taken from. ExportInvalid if it cannot be read."""
    if isinstance(sheet.records, Cells):
        return seen_in_cells(sheet)
    names = [f"c{place}" for place in range(len(sheet.header))]
    labels = [sheet.labels.get(header, "") for header in sheet.header]
    bits = _bits_in(sheet, names, dict.fromkeys(names, glance), engine)
    asking = {
        name: partial(suspicion, of_staff=is_of_staff(header))
        for name, header, label in zip(names, sheet.header, labels, strict=True)
        if asks_for_more(bits[name], header, label)
    }
    bits |= _bits_in(sheet, names, asking, engine)
    return [
        Seen(sheet.file, sheet.name, header, label, bits[name], number)
        for number, (name, header, label) in enumerate(zip(names, sheet.header, labels, strict=True), start=1)
    ]


def _bits_in(sheet: Sheet, names: list[str], looks: Mapping[str, Look], engine: Engine) -> dict[str, int]:
    """What all cells of each of these columns show together."""
    if not looks:
        return {}
    try:
        records = records_of(sheet, names, engine)
        marks = records.select(**{name: look(records[name]) for name, look in looks.items()})
        staged = engine.stage(marks, first_row=sheet.header_row + 1, words={})
    except CannotParse:
        raise why_unparsable(sheet) or _cannot_be_looked_at(sheet) from None
    found = engine.frame(staged.aggregate(**{name: staged[name].bit_or() for name in looks})).iloc[0].fillna(0)
    return {name: int(found[name]) for name in looks}


def _cannot_be_looked_at(sheet: Sheet) -> ExportInvalid:
    return ExportInvalid(
        "This table cannot be read, so that nobody can say whether it names people.",
        where=f'{sheet.file}, "{sheet.name}"',
        repair="Take it out of the archive; only the table with the interviews is needed.",
    )
