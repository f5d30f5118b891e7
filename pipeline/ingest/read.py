"""Reads the records of an export: what is needed is kept as text, everything else is only looked at by the gate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, CannotParse, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.anonymity import Seen, is_of_staff
from pipeline.ingest.anonymity.columns import Looked, look_at_columns
from pipeline.ingest.findings import Finding
from pipeline.ingest.layout import Layout
from pipeline.ingest.records import records_in, rewritten
from pipeline.ingest.rows import NOT_ANSWERS, others_than_respondents, set_aside
from pipeline.ingest.sheet import Columnar, Delimited, Sheet
from pipeline.ingest.sources import blank_lines, why_unparsable
from pipeline.questionnaire import Questionnaire

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir


@dataclass(frozen=True)
class Read:
    """One export, read. table: the respondents' needed columns as text, and `ROW`. seen: what the gate has to judge."""

    layout: Layout
    table: ir.Table
    seen: tuple[Seen, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Wanted:
    """What to keep of an export, and what the gate should know about the rest.

    columns: ours. closed: header → every text that the form offers there, for columns that are only looked at.
    """

    columns: frozenset[str]
    closed: Mapping[str, frozenset[str]]


def read(layout: Layout, wanted: Wanted, q: Questionnaire, engine: Engine, scratch: Path) -> Read:
    """The records of an export. ExportInvalid for a record that does not fit, by row number."""
    records = read_records(layout.sheet, layout.names, engine, scratch)
    kinds = others_than_respondents(records, layout, q, engine)
    kept = _kept(layout, wanted)
    answers = without(records, [row for row, kind in kinds.items() if kind in NOT_ANSWERS])
    seen = _seen(engine.keep(answers), layout, kept, wanted, engine)
    table = engine.keep(without(records, kinds).select(*kept, ROW))
    # What only the gate looked at is not held beside what is kept.
    engine.forget(records)
    return Read(layout, table, seen, set_aside(kinds, layout))


def read_records(sheet: Sheet, names: Sequence[str], engine: Engine, scratch: Path) -> ir.Table:
    """Every record of a sheet under these names, with the row numbers that a spreadsheet shows.

    Errors: ExportInvalid for a record that does not fit, by row number, and if a record is lost.
    """
    try:
        return _counted(records_of(sheet, names, engine), sheet, engine)
    except CannotParse:
        wrong = why_unparsable(sheet)
        if wrong is not None:
            raise wrong from None
        # Each record is whole, but written in a way that the engine does not take: it is written again, the usual way.
        sheet = rewritten(sheet, scratch)
        return _counted(records_of(sheet, names, engine), sheet, engine)


def records_of(sheet: Sheet, names: Sequence[str], engine: Engine) -> ir.Table:
    """The records of a sheet as the engine reads them. CannotParse if it does not."""
    first = sheet.header_row + 1
    if isinstance(sheet.records, Delimited):
        return engine.read_csv(sheet.records.path, sheet.records.dialect, names, first)
    if isinstance(sheet.records, Columnar):
        return engine.read_parquet(sheet.records.path, names, first)
    return engine.read_cells(sheet.records.table, names)


def _counted(records: ir.Table, sheet: Sheet, engine: Engine) -> ir.Table:
    """The same records, once it is sure that none is lost, with blank lines counted in."""
    if not isinstance(sheet.records, Delimited) or engine.are_counted(records):
        return records
    there = int(engine.frame(records.aggregate(n=records.count()))["n"][0])
    expected = records_in(sheet, there)
    if expected != there:
        raise ExportInvalid(
            f"This file holds {expected} records, of which {there} could be read.",
            where=sheet.file,
            repair="Download the export again; if it stays so, save it as XLSX and use that.",
        )
    blank = blank_lines(sheet)
    if not blank:
        return records
    # Engines skip blank lines; a spreadsheet shows them. Count them back in, so that row numbers are the analyst's: a
    # record has as many blank lines above it as there are with (their row - blank lines above them) up to its number.
    above = ibis.literal([row - earlier for earlier, row in enumerate(blank)], type="array<int64>")
    row = records[ROW] + above.filter(lambda place: place <= records[ROW]).length()
    return engine.keep(records.select(*(records[name] for name in records.columns if name != ROW), row.name(ROW)))


def without(records: ir.Table, rows: Collection[int]) -> ir.Table:
    """The records but for these rows."""
    return records.filter(~records[ROW].isin(list(rows))) if rows else records


def _kept(layout: Layout, wanted: Wanted) -> list[str]:
    """The headers that something needs."""
    ours = [header for name, header in layout.columns.items() if name in wanted.columns]
    return [of for header in (*ours, *layout.children.values()) for of in (header, *layout.also.get(header, ()))]


def _seen(records: ir.Table, layout: Layout, kept: Sequence[str], wanted: Wanted, engine: Engine) -> tuple[Seen, ...]:
    """What the gate sees in the columns that are not kept."""
    header_of = dict(zip(layout.names, layout.sheet.header, strict=True))
    looked_at = [
        Looked(
            name,
            header_of[name],
            layout.sheet.labels.get(header_of[name], ""),
            wanted.closed.get(name),
            of_staff=is_of_staff(name),
        )
        for name in layout.names
        if name not in set(kept)
    ]
    bits = look_at_columns(records, looked_at, engine)
    return tuple(
        Seen(layout.file, layout.sheet.name, one.header, one.label, bits[one.name], layout.names.index(one.name) + 1)
        for one in looked_at
    )
