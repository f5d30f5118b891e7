"""Checks on recoded answers. All of them run; each gives findings; errors stop the run afterwards, together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.declared import nearest
from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.engine import Engine
from pipeline.ingest.anonymity import looks_identifying
from pipeline.ingest.conditions import holds
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout, absent
from pipeline.ingest.meanings import Meanings, Unknown
from pipeline.ingest.read import Read
from pipeline.ingest.recode import ROW, UNKNOWN_MARK, disagreements, status
from pipeline.questionnaire import (
    AnswerColumn,
    CodeColumn,
    Column,
    DateColumn,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.vocabulary import MISSING_WORDS

if TYPE_CHECKING:
    import ibis.expr.types as ir

VALUE_PRINTED = 40
"""An unknown answer longer than this is described by its length; it may be free text."""

DIGITS_PRINTED = 4
ROWS_PRINTED = 11
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")

VALUES_LISTED = 10


@dataclass(frozen=True)
class RowCheck:
    """A test of every row, and the finding that it makes where it holds."""

    test: ir.BooleanValue
    finding: Finding


def check(read: Read, recoded: ir.Table, meanings: Meanings, q: Questionnaire, engine: Engine) -> list[Finding]:
    """Every finding on one export. `read` is its text, `recoded` the same rows in our words."""
    layout = read.layout
    return [
        *layout.findings,
        *_unused_columns(layout),
        *_absent_columns(layout, q),
        *_unknown_answers(meanings, layout, q),
        *_found(_unreadable(read.table, meanings, layout, q), read.table, ROW_IN_FILE, engine),
        *_found(_parts_disagree(read.table, layout, meanings), read.table, ROW_IN_FILE, engine),
        *_dates(recoded, layout, q, engine),
        *_form_versions(recoded, layout, engine),
        *_found([*_answered_unasked(recoded, layout, q), *_blank_keys(recoded, layout)], recoded, ROW, engine),
    ]


def _unused_columns(layout: Layout) -> list[Finding]:
    return [
        Finding(
            Severity.NOTE,
            "unused_column",
            "The questionnaire does not know this column; it was dropped.",
            file=layout.file,
            column=header,
        )
        for header in layout.unknown
    ]


def _absent_columns(layout: Layout, q: Questionnaire) -> list[Finding]:
    return [
        Finding(
            Severity.WARNING,
            "absent_column",
            f"The export has no column for {name}; everyone counts as not asked.",
            repair="Nothing, if this round did not ask it. Otherwise export the question too.",
            file=layout.file,
            column=q.columns[name].headers[0],
        )
        for name in absent(layout, q)
        if not isinstance(q.columns[name], KeyColumn | CodeColumn)
    ]


def _unknown_answers(meanings: Meanings, layout: Layout, q: Questionnaire) -> list[Finding]:
    """Unknown answers to closed questions, the most frequent first. Values only, without row numbers."""
    findings: list[Finding] = []
    closed = [
        unknown for unknown in meanings.unknown if isinstance(q.columns[unknown.column], AnswerColumn | ManyColumn)
    ]
    for header in dict.fromkeys(unknown.header for unknown in closed):
        of_header = sorted((u for u in closed if u.header == header), key=lambda u: (-u.rows, u.text))
        column = q.columns[of_header[0].column]
        found = _unknown_in(column, of_header, q)
        findings.extend(replace(finding, file=layout.file, column=header) for finding in found)
    return findings


def _unknown_in(column: Column, unknowns: list[Unknown], q: Questionnaire) -> list[Finding]:
    known = list(q.answers[column.answers]) if isinstance(column, AnswerColumn | ManyColumn) else []
    repair = (
        f"Known answers: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}. If it is an answer of the form, add "
        "it to the questionnaire or to [overrides] in wave.toml; if it is a mistake, mend it with the cleaning log."
    )
    findings = []
    for unknown in unknowns[:VALUES_LISTED]:
        may_print = _may_print(unknown.text, unknown.rows, known)
        shown = f'"{unknown.text}"' if may_print else f"of {len(unknown.text)} characters"
        hint = nearest(unknown.text, known) if may_print else ""
        either = f" It could mean {' or '.join(unknown.either)}." if unknown.either else ""
        rows = f"{unknown.rows} row{'s' if unknown.rows != 1 else ''}"
        message = f"Unknown answer {shown}, in {rows}.{either}{hint}"
        findings.append(Finding(Severity.ERROR, "unknown_answer", message, repair, rows=unknown.rows))
    if len(unknowns) > VALUES_LISTED:
        rest = unknowns[VALUES_LISTED:]
        rows_of_rest = sum(unknown.rows for unknown in rest)
        message = f"And {len(rest)} more unknown answers, in {rows_of_rest} rows."
        findings.append(Finding(Severity.ERROR, "unknown_answer", message, rows=rows_of_rest))
    return findings


def _may_print(value: str, rows: int, known: list[str]) -> bool:
    """Whether an unknown answer may be shown: it must look like a code, be near a known one, or be said by many.

    Anything else, such as a name or a number that one person gave, is told by its length.
    """
    if len(value) > VALUE_PRINTED or not value.isprintable() or looks_identifying(value):
        return False
    if sum(character.isdigit() for character in value) > DIGITS_PRINTED:
        return False
    return bool(_CODE.fullmatch(value)) or bool(nearest(value, known)) or rows >= ROWS_PRINTED


def _unreadable(received: ir.Table, meanings: Meanings, layout: Layout, q: Questionnaire) -> list[RowCheck]:
    """Cells that are no whole number, or no code of the declared form: told by row, without what stands there."""
    checks = []
    for name in dict.fromkeys(unknown.column for unknown in meanings.unknown):
        column, header = q.columns[name], layout.header_of(name)
        texts = [unknown.text for unknown in meanings.unknown if unknown.column == name]
        if isinstance(column, IntegerColumn):
            message, repair = "This is no whole number.", "A whole number in digits is expected, or blank."
        elif isinstance(column, CodeColumn):
            message, repair = (
                "This is no code of the declared form.",
                f"A code of the form {column.pattern} is expected.",
            )
        else:
            continue
        repair += " Mend it with the cleaning log."
        finding = Finding(Severity.ERROR, "unreadable", message, repair, file=layout.file, column=header)
        checks.append(RowCheck(received[header].isin(texts), finding))
    return checks


def _dates(recoded: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> list[Finding]:
    """Dates that cannot be read as declared."""
    checks = [
        RowCheck(
            recoded[status(name)].startswith(UNKNOWN_MARK),
            Finding(
                Severity.ERROR,
                "unreadable_date",
                f"This cannot be read as a date. Dates are expected as {layout.dates}, or as a spreadsheet's serial "
                "number from 1990 on.",
                'If day or month comes first here, say so in wave.toml under [[exports]]: dates = "day/month/year" or '
                '"month/day/year". It is never guessed: 3/5/2016 may be 3 May or 5 March.',
                file=layout.file,
                column=layout.header_of(name),
            ),
        )
        for name, column in q.columns.items()
        if isinstance(column, DateColumn) and name in layout.columns
    ]
    return _found(checks, recoded, ROW, engine)


def _form_versions(recoded: ir.Table, layout: Layout, engine: Engine) -> list[Finding]:
    """How many records each version of the form has given."""
    if "form_version" not in layout.columns:
        return []
    counted = engine.frame(recoded.group_by("form_version").agg(rows=recoded.count()).order_by("form_version"))
    findings = []
    for version, rows in counted.itertuples(index=False):
        text = version if isinstance(version, str) else ""
        shown = f'"{text}"' if text and len(text) <= VALUE_PRINTED and not looks_identifying(text) else "without a name"
        findings.append(
            Finding(
                Severity.NOTE,
                "form_version",
                f"{rows} records come from form version {shown}.",
                "If this version left questions out, list them in wave.toml under [overrides.form_versions].",
                file=layout.file,
                column=layout.header_of("form_version"),
                rows=int(rows),
            )
        )
    return findings


def _parts_disagree(received: ir.Table, layout: Layout, meanings: Meanings) -> list[RowCheck]:
    """A question with several answers, given as one text and as a column for each answer, must say the same twice."""
    return [
        RowCheck(
            disagrees,
            Finding(
                Severity.ERROR,
                "answers_disagree",
                f'The column says otherwise than "{layout.columns[name]}".',
                repair="The two must say the same for each person: mend one of them with the cleaning log.",
                file=layout.file,
                column=layout.children[name, word],
            ),
        )
        for (name, word), disagrees in disagreements(received, layout, meanings).items()
    ]


def _answered_unasked(recoded: ir.Table, layout: Layout, q: Questionnaire) -> list[RowCheck]:
    """Answers to questions that the form would not have put."""
    return [
        RowCheck(
            ~recoded[name].isin(MISSING_WORDS) & ~holds(q.condition(column.asked_if), recoded),
            Finding(
                Severity.WARNING,
                "answered_unasked",
                "There is an answer where the form would not have put the question; it is kept.",
                repair="Look at these rows: was the form changed, or was the export edited?",
                file=layout.file,
                column=layout.header_of(name),
            ),
        )
        for name, column in q.columns.items()
        if isinstance(column, AnswerColumn) and column.asked_if and name in layout.columns
    ]


def _blank_keys(recoded: ir.Table, layout: Layout) -> list[RowCheck]:
    finding = Finding(
        Severity.WARNING,
        "blank_uuid",
        "These rows have no submission identifier, so a duplicate among them cannot be seen.",
        repair="Export the data again with the platform's own columns.",
        file=layout.file,
        column=layout.header_of("submission_uuid"),
    )
    return [RowCheck(recoded["submission_uuid"].isnull(), finding)]


def _found(checks: list[RowCheck], table: ir.Table, row: str, engine: Engine) -> list[Finding]:
    """The findings of the checks that hold for some row. One pass counts them all; only hits are looked up."""
    if not checks:
        return []
    counts = _totals(table, {str(i): check.test for i, check in enumerate(checks)}, engine)
    findings: list[Finding] = []
    for i, row_check in enumerate(checks):
        if counts[str(i)]:
            hits = engine.frame(table.filter(row_check.test).select(row).order_by(row))
            rows = tuple(int(number) for number in hits[row])
            findings.append(replace(row_check.finding, rows=len(rows), row_numbers=rows))
    return findings


def _totals(table: ir.Table, tests: dict[str, ir.BooleanValue], engine: Engine) -> dict[str, int]:
    """For how many rows each test holds."""
    sums = {name: test.fill_null(False).sum() for name, test in tests.items()}
    totals = engine.frame(table.aggregate(**sums)).iloc[0].fillna(0)
    return {name: int(totals[name]) for name in tests}
