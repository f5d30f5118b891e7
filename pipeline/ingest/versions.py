"""Which versions of the form the records come from, and which questions a version seems to have left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.anonymity import looks_identifying
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout
from pipeline.ingest.recode import FILE, part, status
from pipeline.questionnaire import AnswerColumn, DateColumn, IntegerColumn, ManyColumn, Questionnaire
from pipeline.vocabulary import Missing

if TYPE_CHECKING:
    import ibis.expr.types as ir

VERSION = "form_version"
VERSIONS_LISTED = 12
"""Versions told by name for each file, the most frequent first. Forms are seldom changed that often."""

NAME_SHOWN = 40
RECORDS_SHOWN = 11
"""Records that share a version of the form, from which on its name can be that of no single person."""

_CODE = re.compile(r"(?=.*[0-9])(?:\S+|(?!.*[^\W\d_]{3}).+)")
"""A name with a digit, in one piece or without three letters on end: `vK3xA`, `2 (2016-10-01 09:00)`."""

ENOUGH = 10
"""Asked people of whom none answers, from which on a version is thought not to have put the question."""

_SAID_NOTHING = (str(Missing.NO_ANSWER), str(Missing.NOT_ASKED))


def version_findings(received: ir.Table, layouts: Sequence[Layout], q: Questionnaire, engine: Engine) -> list[Finding]:
    """How many records each version has given, in one table; and questions that nobody with some version answered."""
    telling = [layout for layout in layouts if VERSION in layout.columns]
    if not telling:
        return []
    counted = received.filter(received[FILE].isin([layout.file for layout in telling]))
    counts = engine.frame(counted.group_by([FILE, VERSION]).agg(rows=counted.count()))
    by_file: dict[str, dict[str, int]] = {layout.file: {} for layout in telling}
    for file, version, rows in counts.itertuples(index=False):
        by_file[file][version if isinstance(version, str) else ""] = int(rows)
    findings = [_table(by_file, telling, q)]
    if len({version for of_file in by_file.values() for version in of_file if version}) > 1:
        findings += _unanswered(counted, q, engine)
    return findings


def may_show(version: str, records: int, q: Questionnaire) -> bool:
    """Whether a version of the form may be called by its name, which could be that of someone who typed it there.

    It may if it is declared, if it looks like one, or if enough records have it.
    """
    if len(version) > NAME_SHOWN or not version.isprintable() or looks_identifying(version):
        return False
    return version in q.form_versions or records >= RECORDS_SHOWN or bool(_CODE.fullmatch(version))


def _table(by_file: dict[str, dict[str, int]], layouts: Sequence[Layout], q: Questionnaire) -> Finding:
    """Records by version, for each file that says so."""
    several = len(layouts) > 1
    parts = [f"{file}: {_listed(counts, q)}" if several else _listed(counts, q) for file, counts in by_file.items()]
    return Finding(
        Severity.NOTE,
        "form_version",
        f"Records by version of the form: {'; '.join(parts)}.",
        "If a version left questions out, list them in wave.toml under [overrides.form_versions].",
        file="" if several else layouts[0].file,
        column="" if several else layouts[0].header_of(VERSION),
        rows=sum(rows for counts in by_file.values() for rows in counts.values()),
    )


def _listed(counts: dict[str, int], q: Questionnaire) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{rows} of {_shown(version, rows, q)}" for version, rows in ordered[:VERSIONS_LISTED]]
    rest = ordered[VERSIONS_LISTED:]
    if rest:
        told.append(f"{sum(rows for _, rows in rest)} of {len(rest)} more versions")
    return ", ".join(told)


def _shown(version: str, records: int, q: Questionnaire) -> str:
    if not version:
        return "none"
    if may_show(version, records, q):
        return f'"{version}"'
    return f"a version of {len(version)} character{'s' if len(version) != 1 else ''}"


def _unanswered(received: ir.Table, q: Questionnaire, engine: Engine) -> list[Finding]:
    """A version that left a question out has to be declared, or its people count as asked without an answer."""
    told = {name: _told_by(name, q) for name in q.columns}
    answers = {name: received[column] for name, column in told.items() if column}
    sums = {f"answered {name}": (~said.isin(_SAID_NOTHING)).sum() for name, said in answers.items()}
    sums["records"] = received.count()
    sums |= {f"blank {name}": (said == str(Missing.NO_ANSWER)).sum() for name, said in answers.items()}
    counts = engine.frame(received.group_by(VERSION).agg(**sums).order_by(VERSION)).fillna({VERSION: ""})
    findings = []
    for of_version in counts.to_dict("records"):
        version = of_version[VERSION]
        silent = [n for n in answers if not of_version[f"answered {n}"] and of_version[f"blank {n}"] >= ENOUGH]
        missed = [name for name in silent if counts[f"answered {name}"].sum()]
        if version and missed:
            findings.append(_left_out(_shown(version, int(of_version["records"]), q), missed))
    return findings


def _told_by(name: str, q: Questionnaire) -> str:
    """The column that says whether a question was answered; empty for what is no question."""
    column = q.columns[name]
    if isinstance(column, ManyColumn):
        return part(name, q.words(name)[0])
    if isinstance(column, IntegerColumn | DateColumn):
        return status(name)
    return name if isinstance(column, AnswerColumn) else ""


def _left_out(version: str, missed: Iterable[str]) -> Finding:
    names = ", ".join(f'"{name}"' for name in missed)
    key = version if version.startswith('"') else '"<version>"'
    return Finding(
        Severity.WARNING,
        "version_unanswered",
        f"Nobody whose record comes from form version {version} answered {names}, though others did.",
        "If this version did not put the question, say so in wave.toml, so that it counts as not asked: "
        f"[overrides.form_versions.{key}] not_asked = [{names}].",
    )
