"""The ingest stage: export files → respondents, ledger, findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.anonymity import pass_gate
from pipeline.ingest.check import check
from pipeline.ingest.exclude import EXCLUDED_BY, derive, exclude, findings_on_rows, ledger
from pipeline.ingest.findings import Finding, stop_on_errors
from pipeline.ingest.read import load, look_at
from pipeline.ingest.recode import FILE, ROW, recode
from pipeline.questionnaire import CodeColumn, KeyColumn, Questionnaire
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd


@dataclass(frozen=True)
class Ingested:
    """Every row received, in our words, with the rule that took it out; and what was found on the way."""

    respondents: ir.Table
    ledger: pd.DataFrame
    findings: list[Finding]


def ingest(wave: Wave, engine: Engine) -> Ingested:
    """Reads, gates, recodes, checks and excludes.

    Errors: ExportInvalid with every error found, NotAnonymised. Nothing has been written when they are raised.
    """
    q = wave.questionnaire
    parts: list[ir.Table] = []
    findings: list[Finding] = []
    layouts = [look_at(wave.folder / export.file, q) for export in wave.file.exports]
    tables = [load(layout, engine) for layout in layouts]
    for layout, table in zip(layouts, tables, strict=True):
        pass_gate(layout, table, wave, engine)
    for layout, table in zip(layouts, tables, strict=True):
        recoded = engine.hold(derive(recode(table, layout, q), q))
        findings.extend(check(table, recoded, layout, q, engine))
        parts.append(recoded)
    stop_on_errors(findings)
    received = reduce(lambda above, below: above.union(below), parts)
    excluded = engine.hold(exclude(received, wave, engine))
    findings.extend(findings_on_rows(excluded, wave, layouts, engine))
    stop_on_errors(findings)
    respondents = _kept(excluded, q).order_by([FILE, ROW])
    return Ingested(respondents, ledger(excluded, wave, engine), findings)


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
