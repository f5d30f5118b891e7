"""Reads the records of an export, once: what is needed is kept as text, everything else is only looked at by the gate.

Columns that nothing needs are gone after this step; they are never held beside what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, CannotParse, Engine, NotAmong, Words
from pipeline.errors import ExportInvalid
from pipeline.ingest.anonymity import Seen, asks_for_more, glance, is_of_staff, suspicion
from pipeline.ingest.findings import Finding
from pipeline.ingest.layout import Layout
from pipeline.ingest.records import records_in, rewritten
from pipeline.ingest.rows import KIND, kind_of_row, set_aside
from pipeline.ingest.sheet import Columnar, Delimited, Sheet
from pipeline.ingest.sources import blank_lines, why_unparsable
from pipeline.questionnaire import Questionnaire

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir

_BITS = "(bits of {})"
_UNTRIMMED = "(untrimmed)"


@dataclass(frozen=True)
class Read:
    """One export, read. table: the respondents' needed columns as text, and `ROW`. seen: what the gate has to judge."""

    layout: Layout
    table: ir.Table
    seen: tuple[Seen, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Wanted:
    """What to keep of an export, and what to tell the engine about it.

    columns: ours. words: header → the texts that it is expected to hold. closed: header → every text that the form
    offers there, for columns that are only looked at.
    """

    columns: frozenset[str]
    words: Words
    closed: Mapping[str, frozenset[str]]


def read(layout: Layout, wanted: Wanted, q: Questionnaire, engine: Engine, scratch: Path) -> Read:
    """The records of an export. ExportInvalid for a record that does not fit, by row number."""
    scan = _Scan(layout, wanted, q, engine)
    sheet = layout.sheet
    try:
        staged = scan.run(sheet)
    except CannotParse:
        wrong = why_unparsable(sheet)
        if wrong is not None:
            raise wrong from None
        # Each record is whole, but written in a way that the engine does not take: it is written again, the usual way.
        sheet = rewritten(sheet, scratch)
        staged = scan.run(sheet)
    table, findings = set_aside(staged, layout, engine)
    return Read(layout, table.select(*scan.kept, ROW), _seen(staged, scan, sheet), tuple(findings))


@dataclass(frozen=True)
class _Scan:
    """One pass over the records of an export."""

    layout: Layout
    wanted: Wanted
    questionnaire: Questionnaire
    engine: Engine

    @property
    def kept(self) -> list[str]:
        """The headers that something needs."""
        layout = self.layout
        ours = [header for name, header in layout.columns.items() if name in self.wanted.columns]
        return [of for header in (*ours, *layout.children.values()) for of in (header, *layout.also.get(header, ()))]

    @property
    def looked_at(self) -> list[str]:
        """The headers that only the gate looks at."""
        kept = set(self.kept)
        return [name for name in self.layout.names if name not in kept]

    def run(self, sheet: Sheet) -> ir.Table:
        """What is kept, and what the gate and the check on rows find, computed together."""
        records = records_of(sheet, self.layout.names, self.engine)
        marks = {KIND: kind_of_row(records, self.layout, self.questionnaire)}
        marks |= {_BITS.format(n): glance(records[n]) for n in self.looked_at}
        row = [records[ROW]] if ROW in records.columns else []
        words = {name: self.wanted.words[name] for name in self.kept if name in self.wanted.words}
        try:
            staged = self._stage(records.mutate(marks).select(*self.kept, *row, *marks), words, sheet)
        except NotAmong:
            staged = self._stage(records.mutate(marks).select(*self.kept, *row, *marks), {}, sheet)
        return _counted(self._trimmed(staged), sheet, self.engine)

    def closely(self, sheet: Sheet, names: list[str]) -> dict[str, int]:
        """What the gate finds in these columns. A second pass, which few exports need."""
        records = records_of(sheet, self.layout.names, self.engine)
        marks = {KIND: kind_of_row(records, self.layout, self.questionnaire)}
        marks |= {
            _BITS.format(n): suspicion(records[n], self.wanted.closed.get(n), of_staff=is_of_staff(n)) for n in names
        }
        staged = self.engine.stage(records.select(**marks), first_row=sheet.header_row + 1, words={})
        return _bits_in(staged, names, self.engine)

    def _stage(self, records: ir.Table, words: Words, sheet: Sheet) -> ir.Table:
        """Computed once. Texts that must be among some words have no white space to look for."""
        free = [records[name] for name in self.kept if name not in words]
        marked = records.mutate(
            **{_UNTRIMMED: reduce(or_, [_is_untrimmed(text) for text in free], ibis.literal(False))}
        )
        return self.engine.stage(marked, first_row=sheet.header_row + 1, words=words)

    def _trimmed(self, staged: ir.Table) -> ir.Table:
        """Without white space around texts. It is seldom there, and taking it off a million cells costs seconds."""
        if not int(self.engine.frame(staged.aggregate(n=staged[_UNTRIMMED].fill_null(False).sum()))["n"].fillna(0)[0]):
            return staged
        return self.engine.hold(staged.mutate(**{name: staged[name].strip().nullif("") for name in self.kept}))


def _is_untrimmed(text: ir.StringValue) -> ir.BooleanValue:
    """Whether white space stands at an end. In front, all of it sorts before the first printed sign."""
    return ((text < "!") | text.endswith(" ")).fill_null(False)


def records_of(sheet: Sheet, names: Sequence[str], engine: Engine) -> ir.Table:
    """The records of a sheet as the engine reads them, one column of text for each name; `ROW` where it is known."""
    if isinstance(sheet.records, Delimited):
        return engine.read_csv(sheet.records.path, sheet.records.dialect, names)
    if isinstance(sheet.records, Columnar):
        return engine.read_parquet(sheet.records.path, names)
    return engine.read_cells(sheet.records.table, names)


def _counted(staged: ir.Table, sheet: Sheet, engine: Engine) -> ir.Table:
    """The same rows, once it is sure that none is lost, with the row numbers that a spreadsheet shows."""
    if not isinstance(sheet.records, Delimited):
        return staged
    there = int(engine.frame(staged.aggregate(n=staged.count()))["n"][0])
    expected = records_in(sheet, there)
    if there != expected:
        raise ExportInvalid(
            f"This file holds {expected} records, of which {there} could be read.",
            where=sheet.file,
            repair="Download the export again; if it stays so, save it as XLSX and use that.",
        )
    blank = blank_lines(sheet)
    if not blank:
        return staged
    # Engines skip blank lines; a spreadsheet shows them. Count them back in, so that row numbers are the analyst's: a
    # record has as many blank lines above it as there are with (their row - blank lines above them) up to its number.
    above = ibis.literal([row - earlier for earlier, row in enumerate(blank)], type="array<int64>")
    return staged.mutate(**{ROW: staged[ROW] + above.filter(lambda place: place <= staged[ROW]).length()})


def _seen(staged: ir.Table, scan: _Scan, sheet: Sheet) -> tuple[Seen, ...]:
    """What the gate saw in the columns that are not kept, apart from question texts and tags."""
    layout = scan.layout
    header_of = dict(zip(layout.names, layout.sheet.header, strict=True))
    label_of = {name: layout.sheet.labels.get(header, "") for name, header in header_of.items()}
    bits = _bits_in(staged, scan.looked_at, scan.engine)
    asking = [name for name, found in bits.items() if asks_for_more(found, header_of[name], label_of[name])]
    if asking:
        bits |= scan.closely(sheet, asking)
    return tuple(
        Seen(
            file=layout.file,
            sheet=layout.sheet.name,
            header=header_of[name],
            label=label_of[name],
            bits=bits[name],
            number=layout.names.index(name) + 1,
        )
        for name in scan.looked_at
    )


def _bits_in(staged: ir.Table, names: list[str], engine: Engine) -> dict[str, int]:
    """What was marked in the cells of these columns, together."""
    if not names:
        return {}
    rows = staged.filter(~staged[KIND].isin(["question_texts", "tags"]).fill_null(False))
    bits = {str(place): rows[_BITS.format(name)].bit_or() for place, name in enumerate(names)}
    found = engine.frame(rows.aggregate(**bits)).iloc[0].fillna(0)
    return {name: int(found[str(place)]) for place, name in enumerate(names)}
