"""The ingest stage: export files → respondents, ledger, findings, lineage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.anonymity import judge
from pipeline.ingest.check import check
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.exclude import EXCLUDED_BY, derive, exclude, findings_on_rows, ledger
from pipeline.ingest.findings import Finding, stop_on_errors
from pipeline.ingest.form import read_form
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.lineage import lineage
from pipeline.ingest.meanings import answers_of, find_meanings, texts_expected
from pipeline.ingest.read import Read, Wanted, merge_versions, read
from pipeline.ingest.recode import FILE, ROW, recode, words_held
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.questionnaire import AnswerColumn, CodeColumn, KeyColumn, Questionnaire
from pipeline.wave import Export, Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Ingested:
    """What an export has become.

    respondents: every row received, in our words, with the rule that took it out. received: the same with the keys of
    the platform, for checks on fieldwork. lineage: where each column came from. findings: what was noticed on the way.
    """

    respondents: ir.Table
    received: ir.Table
    ledger: pd.DataFrame
    lineage: pd.DataFrame
    findings: list[Finding]


def ingest(wave: Wave, engine: Engine, scratch: Path, *, with_keys: bool = False) -> Ingested:
    """Reads, gates, recodes, checks and excludes.

    scratch: an empty folder that only we can read, for exports that must be unpacked or rewritten. with_keys: whether
    the columns that only checks on fieldwork need are kept.

    Errors: ExportInvalid with every error found, NotAnonymised. Nothing but scratch has been written then.
    """
    q = wave.questionnaire
    codebook = codebook_of(wave)
    findings: list[Finding] = []
    layouts = [_lay_out(export, wave, codebook, scratch, findings) for export in wave.file.exports]
    reads = [read(layout, _wanted(layout, codebook, with_keys), q, engine, scratch) for layout in layouts]
    findings += judge([seen for one in reads for seen in one.seen], wave.file.allowed_columns)
    parts: list[ir.Table] = []
    for one in reads:
        merged = merge_versions(one, engine)
        recoded, found = _recode(merged, codebook, engine)
        findings += [*merged.findings, *found]
        parts.append(recoded)
    stop_on_errors(findings)
    received = reduce(lambda above, below: above.union(below), parts)
    excluded = engine.hold(exclude(received, wave, engine))
    findings += findings_on_rows(excluded, wave, layouts, engine)
    stop_on_errors(findings)
    respondents = _kept(excluded, q).order_by([FILE, ROW])
    return Ingested(respondents, excluded, ledger(excluded, wave, engine), lineage(layouts), findings)


def codebook_of(wave: Wave) -> Codebook:
    """The names of columns and answers, from the questionnaire and the wave's form."""
    form = read_form(wave.folder / wave.file.form) if wave.file.form else None
    return Codebook(wave.questionnaire, form)


def _lay_out(export: Export, wave: Wave, codebook: Codebook, scratch: Path, findings: list[Finding]) -> Layout:
    limit = wave.file.max_unpacked_mb * _MEGABYTE
    source = open_source(wave.folder / export.file, scratch, codebook.knows, limit)
    sheet, noticed = data_sheet(source, codebook.knows, export.sheet)
    findings += [*source.findings, *noticed]
    return lay_out(sheet, codebook, export.dates)


def _wanted(layout: Layout, codebook: Codebook, with_keys: bool) -> Wanted:
    q = codebook.questionnaire
    answers = {name: answers_of(codebook, name) for name, c in q.columns.items() if isinstance(c, AnswerColumn)}
    fieldwork = {name for name, c in q.columns.items() if isinstance(c, KeyColumn) and name not in NEEDED_KEYS}
    looked_at = dict(zip(layout.names, layout.sheet.header, strict=True))
    offered = {name: codebook.offered(looked_at[name]) for name in layout.unused}
    return Wanted(
        columns=frozenset(q.columns) if with_keys else frozenset(q.columns) - fieldwork,
        words=texts_expected(layout, answers),
        closed={name: texts for name, texts in offered.items() if texts},
    )


NEEDED_KEYS = ("submission_uuid", "root_uuid", "submission_id", "submission_time", "form_version", "validation_status")
"""The platform's columns that exclusions and findings need."""


def _recode(one: Read, codebook: Codebook, engine: Engine) -> tuple[ir.Table, list[Finding]]:
    q = codebook.questionnaire
    meanings = find_meanings(one.table, one.layout, codebook, engine)
    expression = derive(recode(one.table, one.layout, meanings, q), q)
    recoded = engine.hold(expression, words_held(meanings, q))
    return recoded, check(one, recoded, meanings, q, engine)


def _kept(excluded: ir.Table, q: Questionnaire) -> ir.Table:
    """Without the keys of the platform and the codes that nothing after this stage needs."""
    dropped = [
        name
        for name, column in q.columns.items()
        if isinstance(column, KeyColumn) or (isinstance(column, CodeColumn) and not column.keep)
    ]
    first = [FILE, ROW, EXCLUDED_BY, "route"]
    rest = [name for name in excluded.columns if name not in dropped and name not in first]
    return excluded.select(*first, *rest)
