"""Rows of a sheet that are no respondents: tags, question texts, headers again, blank lines, totals.

They are known by what they are, never by where they stand: a rule about "the second row" would one day take the first
respondent. Taken out rows are told by number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


NOT_ANSWERS = ("question_texts", "tags")
"""The kinds of row whose cells nobody has answered, so that the anonymity gate need not look at them."""


def others_than_respondents(records: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> dict[int, str]:
    """Row number → why the row is no respondent, in the order of the file."""
    # A test of every row, then of those that fail it: nearly none do, and the other tests are made of all columns.
    marked = _holds(records[layout.columns[_marked(layout)]], _DIGIT)
    odd = records.filter(~marked)
    if not int(engine.frame(odd.aggregate(n=odd.count()))["n"][0]):
        return {}
    kinds = odd.select(ROW, **{KIND: kind_of_row(odd, layout, q)})
    found = engine.frame(kinds.filter(kinds[KIND].notnull()).order_by(ROW))
    return {int(row): kind for row, kind in zip(found[ROW], found[KIND], strict=True)}


def _marked(layout: Layout) -> str:
    """The column that tells a respondent. Without the platform's columns, whoever has a date is one."""
    return "submission_uuid" if "submission_uuid" in layout.columns else "survey_date"


def kind_of_row(table: ir.Table, layout: Layout, q: Questionnaire) -> ir.StringValue:
    """NULL for a respondent, else a word of `_SAID`. table: rows without a submission, and without white space."""
    cells = [table[name] for name in layout.names]
    day, consent = (_cell(table, layout, name) for name in ("survey_date", "consent"))
    nothing = ibis.coalesce(*cells).isnull()
    tags = _folded(and_, [cell.startswith("#").fill_null(True) for cell in cells])
    repeated = zip(cells, layout.sheet.header, strict=True)
    header = _folded(and_, [(cell == text.strip()).fill_null(True) for cell, text in repeated])
    total = _folded(or_, [cell.re_search(_TOTAL).fill_null(False) for cell in cells])
    no_interview = ~_holds(day, _DAY) & ~consent.isin(_texts(q, "consent")).fill_null(False)
    return ibis.cases(
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
    filled = {name: _cell(table, layout, name) for name in expected}
    in_words = reduce(and_, [~_holds(filled[name], form) for name, form in expected.items()])
    several = reduce(add, [cell.notnull().cast("int64") for cell in filled.values()]) > 1
    closed = [name for name, column in q.columns.items() if isinstance(column, AnswerColumn) and name in layout.columns]
    answers = [_cell(table, layout, name).isin(_texts(q, name)).fill_null(False) for name in closed]
    return in_words & several & ~reduce(or_, answers, ibis.literal(False))


def _holds(cell: ir.StringValue, form: str) -> ir.BooleanValue:
    return cell.re_search(form).fill_null(False)


def _texts(q: Questionnaire, name: str) -> list[str]:
    """Every text that the questionnaire knows as an answer to a closed question."""
    column = q.columns[name]
    answers = q.answers[column.answers].items() if isinstance(column, AnswerColumn) else ()
    return [text for code, answer in answers for text in (code, *answer.aliases, *answer.label.values())]


def _cell(table: ir.Table, layout: Layout, column: str) -> ir.StringValue:
    """A column of ours as text, NULL where it is blank or not there."""
    name = layout.columns.get(column)
    return ibis.null("string") if name is None else table[name]


def set_aside(kinds: Mapping[int, str], layout: Layout) -> tuple[Finding, ...]:
    """A finding for each kind of row that is no respondent. kinds: row number → kind."""
    findings = []
    for kind, (severity, message) in _SAID.items():
        rows = tuple(row for row, of in kinds.items() if of == kind)
        if rows:
            repair = "Look at these rows: if one is an interview, its submission and date are missing."
            findings.append(
                Finding(
                    severity, "not_a_respondent", message, repair, file=layout.file, rows=len(rows), row_numbers=rows
                )
            )
    return tuple(findings)
