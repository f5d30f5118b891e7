"""Rows of a sheet that are no respondents: tags, question texts, headers again, blank lines, totals.

They are known by what they are, never by where they stand: a rule about "the second row" would one day take the first
respondent. Taken out rows are told by number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, Engine
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout
from pipeline.ingest.meanings import WHOLE_NUMBER
from pipeline.questionnaire import AnswerColumn, IntegerColumn, Questionnaire

if TYPE_CHECKING:
    import ibis.expr.types as ir

KIND = "(kind of row)"
"""Name of the column that says why a row is no respondent; empty for respondents."""

_DIGIT = "[0-9]"
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{5}([.,][0-9]+)?$)"
_TOTAL = (
    r"(?i)^\s*(grand |sub-?|sous-)?"
    r"(totals?|totaux|total général|totale|totali|totales|somme|sum|suma|σύνολο|المجموع|إجمالي)([^\p{L}]|$)"
)

_SAID = {
    "blank": (Severity.NOTE, "These rows are blank; they were set aside."),
    "tags": (Severity.NOTE, "These rows hold HXL tags (#country …); they were set aside."),
    "header": (Severity.NOTE, "These rows repeat the header; they were set aside."),
    "question_texts": (Severity.NOTE, "These rows hold the texts of the questions; they were set aside."),
    "total": (Severity.WARNING, "These rows hold totals and no interview; they were set aside."),
}


def kind_of_row(table: ir.Table, layout: Layout, q: Questionnaire) -> ir.StringValue:
    """NULL for a respondent, else a word of `_SAID`. Only rows without a submission are looked at closely."""
    cells = [table[name].strip().nullif("") for name in layout.names]
    day, consent = (filled_or_null(table, layout, name) for name in ("survey_date", "consent"))
    # Without the platform's columns, whoever has a date is a respondent.
    marked = "submission_uuid" if "submission_uuid" in layout.columns else "survey_date"
    nothing = ibis.coalesce(*cells).isnull()
    tags = _folded(and_, [cell.startswith("#").fill_null(True) for cell in cells])
    repeated = zip(cells, layout.sheet.header, strict=True)
    header = _folded(and_, [(cell == text.strip()).fill_null(True) for cell, text in repeated])
    total = _folded(or_, [cell.re_search(_TOTAL).fill_null(False) for cell in cells])
    no_interview = ~_holds(day, _DAY) & ~consent.isin(_texts(q, "consent")).fill_null(False)
    return ibis.cases(
        # The first test is made of every row, and white space does not change it: taking it off would cost seconds.
        (_holds(table[layout.columns[marked]], _DIGIT), ibis.null("string")),
        (nothing, "blank"),
        (tags, "tags"),
        (header, "header"),
        (_is_in_words(table, layout, q), "question_texts"),
        (no_interview & total, "total"),
        else_=ibis.null("string"),
    )


def _folded(operation: Callable[..., ir.BooleanValue], tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    """All tests in one, half by half: nested one in another, those of a thousand columns would be too deep."""
    half = len(tests) // 2
    return operation(_folded(operation, tests[:half]), _folded(operation, tests[half:])) if half else tests[0]


def _is_in_words(table: ir.Table, layout: Layout, q: Questionnaire) -> ir.BooleanValue:
    """Whether there are words where a number, a day and a key are expected, and no answer that the form offers.

    Someone whose age and day are written oddly has given other answers; a row of question texts holds none.
    """
    kinds = {"submission_uuid": _DIGIT, "survey_date": _DAY}
    kinds |= {name: WHOLE_NUMBER for name, column in q.columns.items() if isinstance(column, IntegerColumn)}
    expected = {name: form for name, form in kinds.items() if name in layout.columns}
    filled = {name: filled_or_null(table, layout, name) for name in expected}
    in_words = reduce(and_, [~_holds(filled[name], form) for name, form in expected.items()])
    several = reduce(add, [cell.notnull().cast("int64") for cell in filled.values()]) > 1
    closed = [name for name, column in q.columns.items() if isinstance(column, AnswerColumn) and name in layout.columns]
    answers = [filled_or_null(table, layout, name).isin(_texts(q, name)).fill_null(False) for name in closed]
    return in_words & several & ~reduce(or_, answers, ibis.literal(False))


def _holds(cell: ir.StringValue, form: str) -> ir.BooleanValue:
    return cell.re_search(form).fill_null(False)


def _texts(q: Questionnaire, name: str) -> list[str]:
    """Every text that the questionnaire knows as an answer to a closed question."""
    column = q.columns[name]
    answers = q.answers[column.answers].items() if isinstance(column, AnswerColumn) else ()
    return [text for code, answer in answers for text in (code, *answer.aliases, *answer.label.values())]


def filled_or_null(table: ir.Table, layout: Layout, column: str) -> ir.StringValue:
    """A column of ours as text, NULL where it is blank or not there."""
    name = layout.columns.get(column)
    return ibis.null("string") if name is None else table[name].strip().nullif("")


def set_aside(staged: ir.Table, layout: Layout, engine: Engine) -> tuple[ir.Table, list[Finding]]:
    """The respondents, and a finding for each kind of other row."""
    others = engine.frame(staged.filter(staged[KIND].notnull()).select(KIND, ROW).order_by(ROW))
    findings = []
    for kind, (severity, message) in _SAID.items():
        rows = tuple(int(row) for row in others.loc[others[KIND] == kind, ROW])
        if rows:
            repair = "Look at these rows: if one is an interview, its submission and date are missing."
            findings.append(
                Finding(
                    severity, "not_a_respondent", message, repair, file=layout.file, rows=len(rows), row_numbers=rows
                )
            )
    if not len(others):
        return staged, findings
    return staged.filter(staged[KIND].isnull()), findings
