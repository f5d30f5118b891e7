"""Checks on recoded answers. All of them run; each gives findings; errors stop the run afterwards, together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from pipeline.declared import nearest
from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.engine import Engine
from pipeline.ingest.anonymity import looks_identifying
from pipeline.ingest.conditions import holds
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.read import Layout
from pipeline.ingest.recode import ROW, UNKNOWN_MARK, part, status, unknown_codes
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


def check(received: ir.Table, recoded: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> list[Finding]:
    """Every finding on one export. `received` is its text, `recoded` the same rows in our words."""
    return [
        *_unused_columns(layout),
        *_absent_columns(layout, q),
        *_unknown_answers(recoded, layout, q, engine),
        *_unknown_in_many(received, layout, q, engine),
        *_found(_parts_disagree(received, layout, q), received, ROW_IN_FILE, engine),
        *_found([*_answered_unasked(recoded, layout, q), *_blank_keys(recoded, layout)], recoded, ROW, engine),
    ]


def _unused_columns(layout: Layout) -> list[Finding]:
    return [
        Finding(
            Severity.NOTE,
            "unused_column",
            "The questionnaire does not know this column; it was dropped.",
            file=layout.path.name,
            column=header,
        )
        for header in layout.unused
    ]


def _absent_columns(layout: Layout, q: Questionnaire) -> list[Finding]:
    with_children = {name for name, _ in layout.children}
    return [
        Finding(
            Severity.WARNING,
            "absent_column",
            f"The export has no column for {name}; everyone counts as not asked.",
            repair="Nothing, if this round did not ask it. Otherwise export the question too.",
            file=layout.path.name,
            column=column.headers[0],
        )
        for name, column in q.columns.items()
        if name not in layout.columns and name not in with_children and not isinstance(column, KeyColumn | CodeColumn)
    ]


def _coded_columns(layout: Layout, q: Questionnaire) -> dict[str, tuple[str, str]]:
    """Our columns that may hold an unknown answer → the question that they belong to, and the header in the file."""
    coded: dict[str, tuple[str, str]] = {}
    for name, column in q.columns.items():
        if isinstance(column, AnswerColumn | CodeColumn):
            coded[name] = name, layout.header_of(name)
        elif isinstance(column, IntegerColumn | DateColumn):
            coded[status(name)] = name, layout.header_of(name)
        elif isinstance(column, ManyColumn):
            for word in q.words(name):
                coded[part(name, word)] = name, layout.children.get((name, word), layout.header_of(name))
    return coded


def _unknown_answers(recoded: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> list[Finding]:
    coded = _coded_columns(layout, q)
    counts = _totals(recoded, {name: recoded[name].startswith(UNKNOWN_MARK) for name in coded}, engine)
    findings: list[Finding] = []
    for name, (question, header) in coded.items():
        if counts[name]:
            unknown = recoded.filter(recoded[name].startswith(UNKNOWN_MARK))
            answers = unknown.select(answer=unknown[name].substr(1))
            found = _unknown_in(q.columns[question], answers, q, engine)
            findings.extend(replace(finding, file=layout.path.name, column=header) for finding in found)
    return findings


def _unknown_in(column: Column, answers: ir.Table, q: Questionnaire, engine: Engine) -> list[Finding]:
    """One finding for each unknown value, the most frequent first. Values only, without row numbers."""
    tally = engine.frame(answers.group_by("answer").agg(rows=answers.count()).order_by(["rows", "answer"]))
    known = list(q.answers[column.answers]) if isinstance(column, AnswerColumn | ManyColumn) else []
    findings = []
    for value, rows in list(tally.itertuples(index=False))[::-1][:VALUES_LISTED]:
        may_print = bool(known) and _may_print(value, int(rows), known)
        shown = f'"{value}"' if may_print else f"of {len(value)} characters"
        hint = nearest(value, known) if may_print else ""
        message = f"Unknown answer {shown}, in {rows} row{'s' if rows != 1 else ''}.{hint}"
        repair = _unknown_repair(column, known)
        findings.append(Finding(Severity.ERROR, "unknown_answer", message, repair, rows=int(rows)))
    if len(tally) > VALUES_LISTED:
        rest = tally.iloc[:-VALUES_LISTED]
        message = f"And {len(rest)} more unknown answers, in {rest['rows'].sum()} rows."
        findings.append(Finding(Severity.ERROR, "unknown_answer", message, rows=int(rest["rows"].sum())))
    return findings


def _unknown_repair(column: Column, known: list[str]) -> str:
    if isinstance(column, DateColumn):
        return "Dates are written year-month-day, as 2016-09-30."
    if isinstance(column, IntegerColumn):
        return "A whole number in digits is expected, or blank."
    if isinstance(column, CodeColumn):
        return f"A code of the form {column.pattern} is expected."
    return (
        f"Known answers: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}. If it is an answer of the form, add "
        "it to the questionnaire or to [overrides] in wave.toml; if it is a mistake, mend the export."
    )


def _may_print(value: str, rows: int, known: list[str]) -> bool:
    """Whether an unknown answer may be shown: it must look like a code, be near a known one, or be said by many.

    Anything else, such as a name or a number that one person gave, is told by its length.
    """
    if len(value) > VALUE_PRINTED or not value.isprintable() or looks_identifying(value):
        return False
    if sum(character.isdigit() for character in value) > DIGITS_PRINTED:
        return False
    return bool(_CODE.fullmatch(value)) or bool(nearest(value, known)) or rows >= ROWS_PRINTED


def _unknown_in_many(received: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> list[Finding]:
    findings: list[Finding] = []
    for name, column in q.columns.items():
        if isinstance(column, ManyColumn) and name in layout.columns:
            left = unknown_codes(received, layout.columns[name], q.answers[column.answers])
            answers = received.select(answer=left)
            if _totals(answers, {"left": answers["answer"].notnull()}, engine)["left"]:
                answers = answers.filter(answers["answer"].notnull())
                found = _unknown_in(column, answers, q, engine)
                header = layout.columns[name]
                findings.extend(replace(finding, file=layout.path.name, column=header) for finding in found)
    return findings


def _parts_disagree(received: ir.Table, layout: Layout, q: Questionnaire) -> list[RowCheck]:
    """A question with several answers, given as a string of codes and as 0/1 columns, must say the same twice."""
    checks: list[RowCheck] = []
    for (name, word), header in layout.children.items():
        column = q.columns[name]
        if name not in layout.columns or not isinstance(column, ManyColumn):
            continue
        answers = q.answers[column.answers].items()
        codes = [code for key, answer in answers if answer.word == word for code in (key, *answer.aliases)]
        text = received[layout.columns[name]]
        padded = " " + text.strip() + " "
        chosen = reduce(or_, [padded.contains(f" {code} ") for code in codes])
        flagged = received[header].strip().upper().isin(["1", "TRUE"])
        finding = Finding(
            Severity.ERROR,
            "answers_disagree",
            f'The column says otherwise than "{layout.columns[name]}".',
            repair="Mend the export: the two must say the same for each person.",
            file=layout.path.name,
            column=header,
        )
        checks.append(RowCheck(text.notnull() & received[header].notnull() & (chosen != flagged), finding))
    return checks


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
                file=layout.path.name,
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
        file=layout.path.name,
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
