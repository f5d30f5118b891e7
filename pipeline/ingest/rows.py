"""Rows of a sheet that are no respondents: tags, question texts, blank lines, totals.

They are known by what they are, never by where they stand: a rule about "the second row" would one day take the first
respondent. Taken out rows are told by number.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, Engine
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout
from pipeline.questionnaire import IntegerColumn, Questionnaire

if TYPE_CHECKING:
    import ibis.expr.types as ir

KIND = "(kind of row)"
"""Name of the column that says why a row is no respondent; empty for respondents."""

_DIGIT = "[0-9]"
_TOTAL = (
    r"(?i)^\s*(grand )?(totals?|totaux|total général|totale|totali|totales|somme|sum|suma|σύνολο|المجموع|إجمالي)\b?"
)

_SAID = {
    "blank": (Severity.NOTE, "These rows are blank; they were set aside."),
    "tags": (Severity.NOTE, "These rows hold HXL tags (#country …); they were set aside."),
    "question_texts": (Severity.NOTE, "These rows hold the texts of the questions; they were set aside."),
    "total": (Severity.WARNING, "These rows hold totals and no interview; they were set aside."),
}


def kind_of_row(table: ir.Table, layout: Layout, q: Questionnaire) -> ir.StringValue:
    """NULL for a respondent, else a word of `_SAID`. Only rows without a submission or a date are looked at closely."""
    cells = [table[name].strip().nullif("") for name in layout.names]
    marks = [layout.columns[name] for name in ("submission_uuid", "survey_date") if name in layout.columns]
    whole = [layout.columns[n] for n, c in q.columns.items() if isinstance(c, IntegerColumn) and n in layout.columns]
    filled = {name: table[name].strip().nullif("") for name in {*marks, *whole}}
    has_digit = {name: cell.re_search(_DIGIT) for name, cell in filled.items()}
    is_respondent = has_digit[marks[0]].fill_null(False)
    in_words = reduce(and_, [~has_digit[name].fill_null(False) for name in has_digit])
    several = reduce(lambda a, b: a + b, [cell.notnull().cast("int64") for cell in filled.values()]) >= 2
    nothing = ibis.coalesce(*cells).isnull()
    tags = reduce(and_, [cell.startswith("#").fill_null(True) for cell in cells])
    consent = filled_or_null(table, layout, "consent")
    no_interview = reduce(and_, [filled[name].isnull() for name in marks]) & consent.isnull()
    total = reduce(or_, [cell.re_search(_TOTAL).fill_null(False) for cell in cells])
    return ibis.cases(
        (is_respondent, ibis.null("string")),
        (nothing, "blank"),
        (tags, "tags"),
        (in_words & several, "question_texts"),
        (no_interview & total, "total"),
        else_=ibis.null("string"),
    )


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
