"""A small table, and one way to take in a file: opened, its sheet found, its records as an engine reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine import ROW, CannotParse, Engine
from pipeline.ingest.findings import Finding
from pipeline.ingest.read import records_of
from pipeline.ingest.records import records_in, rewritten
from pipeline.ingest.sheet import Delimited, Sheet, Source
from pipeline.ingest.sources import data_sheet, open_source, why_unparsable
from tests.support.exports import Small

MARK = "E77"
"""Stands in every row, and must stand in no message."""

TABLE = Small(
    ("uuid", "survey_date", "age", "sex", "enumerator"),
    (
        ("u1", "2016-07-15", "30", "male", MARK),
        ("u2", "2016-07-16", "", "female", MARK),
        ("u3", "2016-07-17", "19", "décliné", MARK),
    ),
)
ROWS = [[cell or None for cell in row] for row in TABLE.rows]
MOST_UNPACKED = 20_000_000


def knows(header: str) -> bool:
    return header in TABLE.header


@dataclass(frozen=True)
class Taken:
    """rows: the cells of each record, None for a blank one. said: the checks that found something → what they say."""

    source: Source
    sheet: Sheet
    rows: list[list[str | None]]
    findings: list[Finding]

    @property
    def said(self) -> Mapping[str, str]:
        return {finding.check: finding.message for finding in self.findings}


TakeIn = Callable[..., Taken]


def take_in(path: Path, scratch: Path, engine: Engine, chosen: str | None = None, most: int = MOST_UNPACKED) -> Taken:
    source = open_source(path, scratch, knows, most)
    sheet, noticed = data_sheet(source, knows, chosen)
    try:
        rows = _rows(sheet, engine)
    except CannotParse:
        wrong = why_unparsable(sheet)
        if wrong is not None:
            raise wrong from None
        rows = _rows(rewritten(sheet, scratch), engine)
    if isinstance(sheet.records, Delimited):
        assert records_in(sheet, len(rows)) == len(rows)
    return Taken(source, sheet, rows, [*source.findings, *noticed])


def _rows(sheet: Sheet, engine: Engine) -> list[list[str | None]]:
    names = [f"{place}" for place in range(len(sheet.header))]
    records = (
        engine.frame(records_of(sheet, names, engine).order_by(ROW).select(*names)).astype(object).to_numpy().tolist()
    )
    return [[cell if isinstance(cell, str) else None for cell in record] for record in records]
