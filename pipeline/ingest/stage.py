"""The ingest stage: export files → respondents, ledger, findings, lineage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.anonymity import Seen, judge, seen_in_texts
from pipeline.ingest.anonymity.kept import seen_in_kept
from pipeline.ingest.check import Checked, check
from pipeline.ingest.cleaning.apply import apply_log
from pipeline.ingest.cleaning.export import cleanable
from pipeline.ingest.cleaning.log import CleaningLog, load_log
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.exclude import (
    COPY_KEYS,
    EXCLUDED_BY,
    RULES_HELD,
    derive,
    derived_words,
    exclude,
    find_copies,
    findings_on_rows,
    ledger,
)
from pipeline.ingest.findings import Finding, stop_on_errors
from pipeline.ingest.form import read_form
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.lineage import lineage
from pipeline.ingest.meanings import Meanings, find_meanings
from pipeline.ingest.merging import merge_versions
from pipeline.ingest.others import seen_in_sheet
from pipeline.ingest.read import Read, Wanted, read
from pipeline.ingest.recode import FILE, IS_COPY, ROW, Recoding, keys_of, recode, together, translated, words_held
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.ingest.versions import version_findings
from pipeline.inputs import fetch, is_remote
from pipeline.questionnaire import CodeColumn, KeyColumn, Questionnaire
from pipeline.wave import Export, Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Ingested:
    """What an export has become.

    respondents: every row received, in our words, with the rule that took it out. received: the same with the keys of
    the platform, for checks on fieldwork. lineage: where each column came from. cleaning: the log's entries by type.
    findings: what was noticed on the way.
    """

    respondents: ir.Table
    received: ir.Table
    ledger: pd.DataFrame
    lineage: pd.DataFrame
    cleaning: dict[str, int]
    findings: list[Finding]


def ingest(wave: Wave, engine: Engine, scratch: Path, *, with_keys: bool = False) -> Ingested:
    """Reads, gates, recodes, checks and excludes.

    scratch: an empty folder that only we can read, for exports that must be unpacked or rewritten. with_keys: whether
    the columns that only checks on fieldwork need are kept.

    Errors: ExportInvalid with every error found, NotAnonymised. Nothing but scratch has been written then.
    """
    q = wave.questionnaire
    codebook = codebook_of(wave)
    log = _load_log(wave, scratch)
    opened = [_open(export, wave, codebook, engine, scratch) for export in wave.file.exports]
    layouts = [one.layout for one in opened]
    findings = [finding for one in opened for finding in one.findings]
    wanted = [_wanted(layout, codebook, with_keys) for layout in layouts]
    reads = [read(layout, want, q, engine, scratch) for layout, want in zip(layouts, wanted, strict=True)]
    in_kept = [seen_in_kept(one.table, one.layout, codebook, engine) for one in reads]
    seen = chain(*(one.seen for one in opened), *(one.seen for one in reads), *in_kept)
    findings += judge(list(seen), wave.file.allowed_columns)
    reads, of_log = _cleaned(reads, log, codebook, engine)
    findings += of_log
    merged = [merge_versions(one, codebook, engine) for one in reads]
    understood = _understood(merged, codebook, engine, with_keys=with_keys)
    excluded = _received(understood, wave, engine)
    for one in understood:
        in_file = excluded if len(reads) == 1 else excluded.filter(excluded[FILE] == one.read.layout.file)
        findings += [
            *one.read.findings,
            *check(Checked(one.read, one.meanings, one.translated, in_file), codebook, engine),
        ]
    findings += version_findings(excluded, layouts, q, engine)
    stop_on_errors(findings)
    findings += findings_on_rows(excluded, wave, layouts, engine)
    stop_on_errors(findings)
    for one in understood:
        engine.forget(one.translated)
        engine.forget(one.read.table)
    respondents = _kept(excluded, q)
    counts = dict(log.counts) if log else {}
    return Ingested(respondents, excluded, ledger(excluded, wave, engine), lineage(layouts), counts, findings)


def codebook_of(wave: Wave) -> Codebook:
    """The names of columns and answers, from the questionnaire and the wave's form."""
    form = read_form(wave.folder / wave.file.form) if wave.file.form else None
    return Codebook(wave.questionnaire, form)


@dataclass(frozen=True)
class _Opened:
    """An export whose columns are known, and what the gate has to judge besides them."""

    layout: Layout
    seen: tuple[Seen, ...]
    findings: tuple[Finding, ...]


def _open(export: Export, wave: Wave, codebook: Codebook, engine: Engine, scratch: Path) -> _Opened:
    path = fetch(export.file, scratch) if is_remote(export.file) else wave.folder / export.file
    source = open_source(path, scratch, codebook.knows, _limit(wave), export.file)
    sheet, noticed = data_sheet(source, codebook.knows, export.sheet)
    others = [other for other in source.sheets if other is not sheet]
    seen = seen_in_texts(source.file, source.properties)
    seen += [one for other in others for one in seen_in_sheet(other, engine)]
    return _Opened(lay_out(sheet, codebook, export.dates), tuple(seen), (*source.findings, *noticed))


def _limit(wave: Wave) -> int:
    return wave.file.max_unpacked_mb * _MEGABYTE


def _load_log(wave: Wave, scratch: Path) -> CleaningLog | None:
    named = [path.name for path in wave.input_files]
    return load_log(wave.folder, scratch, _limit(wave), named)


def _cleaned(
    reads: list[Read], log: CleaningLog | None, codebook: Codebook, engine: Engine
) -> tuple[list[Read], list[Finding]]:
    """The exports with the cleaning log's changes in them. A log with a mistake in it changes nothing."""
    if log is None:
        return reads, []
    tables, applied = apply_log([cleanable(one.table, one.layout, codebook) for one in reads], log, engine)
    stop_on_errors(list(applied.findings))
    cleaned = [replace(one, table=engine.keep(table)) for one, table in zip(reads, tables, strict=True)]
    return cleaned, list(applied.findings)


def _wanted(layout: Layout, codebook: Codebook, with_keys: bool) -> Wanted:
    q = codebook.questionnaire
    fieldwork = set(_keys(q)) - {*COPY_KEYS, *FINDING_KEYS, *q.tested}
    looked_at = dict(zip(layout.names, layout.sheet.header, strict=True))
    offered = {name: codebook.offered(looked_at[name]) for name in layout.unused}
    return Wanted(
        columns=frozenset(q.columns) if with_keys else frozenset(q.columns) - fieldwork,
        closed={name: texts for name, texts in offered.items() if texts},
    )


FINDING_KEYS = ("form_version", "validation_status")
"""The platform's columns that findings are about."""


@dataclass(frozen=True)
class _Understood:
    """An export with what its texts mean. translated: its records with that; how: how these are recoded."""

    read: Read
    meanings: Meanings
    how: Recoding
    translated: ir.Table


def _understood(reads: list[Read], codebook: Codebook, engine: Engine, *, with_keys: bool) -> list[_Understood]:
    q = codebook.questionnaire
    keys = together([keys_of(one.table, one.layout, COPY_KEYS) for one in reads])
    copies = find_copies(keys, engine, may_be_edited=any("root_uuid" in one.layout.columns for one in reads))
    meanings = [find_meanings(one.table, one.layout, codebook, engine) for one in reads]
    held = words_held(meanings, q)
    files = {FILE: sorted(one.layout.file for one in reads)}
    words = {**files, **RULES_HELD, **held, **derived_words(q, held)}
    carried = [name for name in _keys(q) if with_keys or name in FINDING_KEYS or name in q.tested]
    understood = []
    for one, meaning in zip(reads, meanings, strict=True):
        how = Recoding(one.layout, q, carried, words)
        marked = engine.mark(one.table, IS_COPY, copies.get(one.layout.file, ()))
        understood.append(_Understood(one, meaning, how, translated(marked, how, meaning, engine)))
    return understood


def _received(understood: list[_Understood], wave: Wave, engine: Engine) -> ir.Table:
    """Every row received in our words, with the rule that takes it out, computed once for all exports together."""
    recoded = [_recoded(one, engine) for one in understood]
    return engine.hold(exclude(together(recoded), wave, engine), understood[0].how.held)


def _recoded(one: _Understood, engine: Engine) -> ir.Table:
    return engine.step(derive(recode(one.translated, one.how, engine), one.how.questionnaire), one.how.held)


def _keys(q: Questionnaire) -> list[str]:
    return [name for name, column in q.columns.items() if isinstance(column, KeyColumn)]


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
