"""The ingest stage: export files → respondents, ledger, findings, lineage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.anonymity import Seen, judge, seen_in_texts
from pipeline.ingest.anonymity.kept import seen_in_kept
from pipeline.ingest.check import check
from pipeline.ingest.cleaning.apply import apply_log
from pipeline.ingest.cleaning.export import cleanable
from pipeline.ingest.cleaning.log import CleaningLog, load_log
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.exclude import (
    COPY_KEYS,
    EXCLUDED_BY,
    RULES_HELD,
    derive,
    exclude,
    find_copies,
    findings_on_rows,
    ledger,
)
from pipeline.ingest.findings import Finding, stop_on_errors
from pipeline.ingest.form import read_form
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.lineage import lineage
from pipeline.ingest.meanings import Meanings, find_meanings, texts_expected
from pipeline.ingest.merging import merge_versions
from pipeline.ingest.others import seen_in_sheet
from pipeline.ingest.read import Read, Wanted, read
from pipeline.ingest.recode import FILE, ROW, keys_of, recode, with_chosen, words_held
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.ingest.versions import version_findings
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
    wanted = [_wanted(layout, codebook, with_keys, has_log=log is not None) for layout in layouts]
    reads = [read(layout, want, q, engine, scratch) for layout, want in zip(layouts, wanted, strict=True)]
    in_kept = [seen_in_kept(one.table, one.layout, codebook, engine) for one in reads]
    seen = chain(*(one.seen for one in opened), *(one.seen for one in reads), *in_kept)
    findings += judge(list(seen), wave.file.allowed_columns)
    reads, of_log = _cleaned(reads, log, codebook, engine)
    findings += of_log
    understood = [_understand(merge_versions(one, codebook, engine), codebook, engine) for one in reads]
    excluded = _received(understood, wave, engine)
    for one in understood:
        in_file = excluded if len(reads) == 1 else excluded.filter(excluded[FILE] == one.read.layout.file)
        findings += [*one.read.findings, *check(one.read, in_file, one.meanings, codebook, engine)]
    findings += version_findings(excluded, layouts, q, engine)
    stop_on_errors(findings)
    findings += findings_on_rows(excluded, wave, layouts, engine)
    stop_on_errors(findings)
    respondents = _kept(excluded, q).order_by([FILE, ROW])
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
    source = open_source(wave.folder / export.file, scratch, codebook.knows, _limit(wave))
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
    cleaned = [replace(one, table=table) for one, table in zip(reads, tables, strict=True)]
    return cleaned, list(applied.findings)


def _wanted(layout: Layout, codebook: Codebook, with_keys: bool, *, has_log: bool) -> Wanted:
    q = codebook.questionnaire
    answers = {name: codebook.answers(name) for name, c in q.columns.items() if isinstance(c, AnswerColumn)}
    fieldwork = {name for name, c in q.columns.items() if isinstance(c, KeyColumn) and name not in NEEDED_KEYS}
    looked_at = dict(zip(layout.names, layout.sheet.header, strict=True))
    offered = {name: codebook.offered(looked_at[name]) for name in layout.unused}
    return Wanted(
        columns=frozenset(q.columns) if with_keys else frozenset(q.columns) - fieldwork,
        # A log may put an answer into a column that is not among those that the column is expected to hold.
        words={} if has_log else texts_expected(layout, answers),
        closed={name: texts for name, texts in offered.items() if texts},
    )


NEEDED_KEYS = ("submission_uuid", "root_uuid", "submission_id", "submission_time", "form_version", "validation_status")
"""The platform's columns that exclusions and findings need."""


@dataclass(frozen=True)
class _Understood:
    """An export, what its texts mean, and the keys that tell copies among all exports."""

    read: Read
    keys: ir.Table
    meanings: Meanings


def _understand(one: Read, codebook: Codebook, engine: Engine) -> _Understood:
    meanings = find_meanings(one.table, one.layout, codebook, engine)
    table = with_chosen(one.table, one.layout, meanings, codebook.questionnaire, engine)
    keys = keys_of(one.table, one.layout, COPY_KEYS)
    return _Understood(replace(one, table=table), keys, meanings)


def _received(understood: list[_Understood], wave: Wave, engine: Engine) -> ir.Table:
    """Every row received in our words, with the rule that takes it out, computed once for all exports together."""
    q = wave.questionnaire
    copies = find_copies(_together([one.keys for one in understood]), engine)
    recoded = [derive(recode(one.read.table, one.read.layout, one.meanings, q), q) for one in understood]
    held = words_held([one.meanings for one in understood], q)
    files = {FILE: sorted(one.read.layout.file for one in understood)}
    return engine.hold(exclude(_together(recoded), copies, wave, engine), {**files, **RULES_HELD, **held})


def _together(parts: list[ir.Table]) -> ir.Table:
    return reduce(lambda above, below: above.union(below), parts)


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
