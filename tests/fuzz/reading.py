"""Reads a file as far as the pipeline does before it looks at answers, and keeps every text that a reader would see."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine import CannotParse, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.findings import Finding
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.read import records_of
from pipeline.ingest.records import records_in, rewritten
from pipeline.ingest.sheet import Delimited, Sheet
from pipeline.ingest.sources import blank_lines, data_sheet, open_source, why_unparsable
from tests.fuzz.originals import PIECES

MOST_UNPACKED = 100_000_000


def read_all(path: Path, scratch: Path, codebook: Codebook, engine: Engine) -> str:
    """What is said about the file, by findings or by a refusal; empty if there is nothing to say."""
    said: list[Finding] = []
    shows_cells = False
    try:
        source = open_source(path, scratch, codebook.knows, MOST_UNPACKED)
        said += source.findings
        sheet, noticed = data_sheet(source, codebook.knows, None)
        said += noticed
        # Names of columns are shown. Damage may have put a cell among them.
        shows_cells = any(PIECES.search(name) for name in sheet.header)
        layout = lay_out(sheet, codebook)
        _scan(layout, scratch, engine)
    except ExportInvalid as refusal:
        return "" if shows_cells else str(refusal)
    return "\n".join(f"{finding.message} {finding.repair}" for finding in said)


def _scan(layout: Layout, scratch: Path, engine: Engine) -> None:
    """Every record, as `read` has the engine read it, with all columns as they are."""
    try:
        there = _rows(layout, layout.sheet, engine)
    except CannotParse:
        wrong = why_unparsable(layout.sheet)
        if wrong is not None:
            raise wrong from None
        there = _rows(layout, rewritten(layout.sheet, scratch), engine)
    if isinstance(layout.sheet.records, Delimited):
        records_in(layout.sheet, there)
        blank_lines(layout.sheet)


def _rows(layout: Layout, sheet: Sheet, engine: Engine) -> int:
    records = records_of(sheet, layout.names, engine)
    return int(engine.frame(records.aggregate(n=records.count()))["n"][0])
