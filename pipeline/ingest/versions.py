"""Which versions of the form the records come from, and which questions a version seems to have left out."""

from __future__ import annotations

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
    findings = [_table(by_file, telling)]
    if len({version for of_file in by_file.values() for version in of_file if version}) > 1:
        findings += _unanswered(counted, q, engine)
    return findings


def _table(by_file: dict[str, dict[str, int]], layouts: Sequence[Layout]) -> Finding:
    """Records by version, for each file that says so."""
    several = len(layouts) > 1
    parts = [f"{file}: {_listed(counts)}" if several else _listed(counts) for file, counts in by_file.items()]
    return Finding(
        Severity.NOTE,
        "form_version",
        f"Records by version of the form: {'; '.join(parts)}.",
        "If a version left questions out, list them in wave.toml under [overrides.form_versions].",
        file="" if several else layouts[0].file,
        column="" if several else layouts[0].header_of(VERSION),
        rows=sum(rows for counts in by_file.values() for rows in counts.values()),
    )


def _listed(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{rows} of {_shown(version)}" for version, rows in ordered[:VERSIONS_LISTED]]
    rest = ordered[VERSIONS_LISTED:]
    if rest:
        told.append(f"{sum(rows for _, rows in rest)} of {len(rest)} more versions")
    return ", ".join(told)


def _shown(version: str) -> str:
    if not version:
        return "none"
    may_show = len(version) <= NAME_SHOWN and version.isprintable() and not looks_identifying(version)
    return f'"{version}"' if may_show else f"a version of {len(version)} characters"


def _unanswered(received: ir.Table, q: Questionnaire, engine: Engine) -> list[Finding]:
    """A version that left a question out has to be declared, or its people count as asked without an answer."""
    told = {name: _told_by(name, q) for name in q.columns}
    answers = {name: received[column] for name, column in told.items() if column}
    sums = {f"answered {name}": (~said.isin(_SAID_NOTHING)).sum() for name, said in answers.items()}
    sums |= {f"blank {name}": (said == str(Missing.NO_ANSWER)).sum() for name, said in answers.items()}
    counts = engine.frame(received.group_by(VERSION).agg(**sums).order_by(VERSION)).fillna({VERSION: ""})
    findings = []
    for of_version in counts.to_dict("records"):
        version = of_version[VERSION]
        silent = [n for n in answers if not of_version[f"answered {n}"] and of_version[f"blank {n}"] >= ENOUGH]
        missed = [name for name in silent if counts[f"answered {name}"].sum()]
        if version and missed:
            findings.append(_left_out(_shown(version), missed))
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
