"""The rows that field quality looks at, with what its measures need worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine
from pipeline.ingest.conditions import holds
from pipeline.ingest.exclude import EXCLUDED_BY
from pipeline.ingest.recode import FILE, ROW, UNKNOWN_MARK, part, status
from pipeline.questionnaire import AnswerColumn, CodeColumn, IntegerColumn, ManyColumn, Questionnaire
from pipeline.vocabulary import EXPERIENCE_WORDS, MISSING_WORDS, Experience, Missing, Rule
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir

COPIES = (str(Rule.REMOVED_BY_LOG), str(Rule.DUPLICATE))
"""Rows that are another row again, or that the analysts have struck out: no work of an enumerator."""

START, END = "interview_start", "interview_end"
ID = "id"
_ZONE = r"[0-9](Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_BEGINS_WITH_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True)
class Interviews:
    """Records that are no copies.

    answers: all their columns. rows: one row each with `id` (counting in the order of file and row), file, row, and:
    day, point, enumerator, country, version (NULL where not known), interviewed, refused, repeat, started, ended, sent
    (seconds, UTC), start_day, end_day (by the clock of the tablet, as text), age, dont_know, declined, answered, yes.
    there: which of these hold something somewhere.
    """

    answers: ir.Table
    rows: ir.Table
    there: frozenset[str]
    total: int
    interviewed: int


def prepare(received: ir.Table, wave: Wave, engine: Engine) -> Interviews:
    """The records of a wave, ready to be measured. `received` has at least file, row and excluded_by."""
    q = wave.questionnaire
    answers = received.filter(~received[EXCLUDED_BY].isin(COPIES))
    rows = engine.hold(answers.select(**_keys(answers), **_times(answers), **_said(answers, q)))
    held = [name for name in rows.columns if name not in (ID, FILE, ROW)]
    found = engine.frame(
        rows.aggregate(
            total=rows.count(),
            met=rows["interviewed"].sum(),
            **{f"n_{name}": rows[name].notnull().sum() for name in held},
        )
    )
    counts = found.fillna(0).iloc[0]
    there = frozenset(name for name in held if counts[f"n_{name}"])
    return Interviews(answers, rows, there, int(counts["total"]), int(counts["met"]))


def compared(q: Questionnaire, columns: Iterable[str]) -> dict[str, list[str]]:
    """Each question put to the person, and the columns of closed answers to it that are there."""
    there = set(columns)
    questions: dict[str, list[str]] = {}
    for name, column in q.columns.items():
        if name in _of_the_visit(q):
            continue
        if isinstance(column, AnswerColumn):
            found = [name]
        elif isinstance(column, ManyColumn):
            found = [part(name, word) for word in q.words(name)]
        else:
            continue
        if there.issuperset(found):
            questions[name] = found
    return questions


def _of_the_visit(q: Questionnaire) -> set[str]:
    """Questions that come before the interview, or are not put to the person."""
    settled = {c.column for e in q.exclusions if e.rule in (Rule.NO_CONSENT, Rule.REPEAT_RESPONDENT) for c in e.when}
    return settled | {"survey_country"}


def rule_holds(q: Questionnaire, rule: Rule, table: ir.Table) -> ir.BooleanValue | None:
    """Whether a declared rule of exclusion holds, or None where it cannot be told."""
    for exclusion in q.exclusions:
        if exclusion.rule is rule and all(c.column in table.columns for c in exclusion.when):
            return holds(exclusion.when, table)
    return None


def was_interviewed(q: Questionnaire, table: ir.Table) -> ir.BooleanValue:
    """Whether the interview was held: the person consented and had not taken part before."""
    stopped = [rule_holds(q, rule, table) for rule in (Rule.NO_CONSENT, Rule.REPEAT_RESPONDENT)]
    return ~reduce(or_, [test for test in stopped if test is not None], ibis.literal(False))


def _keys(table: ir.Table) -> dict[str, ir.Value]:
    place = ibis.row_number().over(ibis.window(order_by=[FILE, ROW]))
    date = table["survey_date"] if "survey_date" in table.columns else ibis.null("date")
    return {
        ID: place,
        FILE: table[FILE],
        ROW: table[ROW].cast("int64"),
        "day": date,
        "point": known(table, "monitoring_point"),
        "enumerator": known(table, "enumerator"),
        "country": known(table, "survey_country"),
        "version": _text(table, "form_version"),
    }


def known(table: ir.Table, column: str) -> ir.Value:
    """A declared code or answer; NULL where it is missing, unknown, or the column is not there."""
    if column not in table.columns:
        return ibis.null("string")
    value = table[column]
    if not value.type().is_string():
        return value
    return ibis.ifelse(value.isin(MISSING_WORDS) | value.startswith(UNKNOWN_MARK), ibis.null("string"), value)


def _text(table: ir.Table, column: str) -> ir.StringValue:
    return table[column].strip().nullif("") if column in table.columns else ibis.null("string")


def _times(table: ir.Table) -> dict[str, ir.Value]:
    start, end = _text(table, START), _text(table, END)
    return {
        "started": _seconds(start),
        "ended": _seconds(end),
        "sent": _seconds(_text(table, "submission_time")),
        "start_day": _day(start),
        "end_day": _day(end),
    }


def _seconds(stamp: ir.StringValue) -> ir.IntegerValue:
    """Seconds since 1970, UTC. A time without a zone is taken as UTC, whatever the machine's own zone is."""
    zoned = ibis.ifelse(stamp.re_search(_ZONE) & (stamp.length() > len("2016-09-30")), stamp, stamp + "Z")
    return zoned.try_cast("timestamp('UTC')").epoch_seconds()


def _day(stamp: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(stamp.re_search(_BEGINS_WITH_DAY), stamp.left(10), ibis.null("string"))


def _said(table: ir.Table, q: Questionnaire) -> dict[str, ir.Value]:
    refused, repeat = rule_holds(q, Rule.NO_CONSENT, table), rule_holds(q, Rule.REPEAT_RESPONDENT, table)
    unknown = ibis.null("boolean")
    words = [table[name] for name in first_columns(q, table)]
    items = [table[str(item)] for item in q.counted if str(item) in table.columns]
    return {
        "interviewed": was_interviewed(q, table),
        "refused": unknown if refused is None else refused,
        "repeat": unknown if repeat is None else repeat,
        "age": table["age"] if "age" in table.columns else ibis.null("int64"),
        "dont_know": _any([word == str(Missing.DONT_KNOW) for word in words]),
        "declined": _any([word == str(Missing.DECLINED) for word in words]),
        "answered": _any([item.isin(EXPERIENCE_WORDS) for item in items]),
        "yes": _any([item == str(Experience.YES) for item in items]),
    }


def _any(tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, tests).fill_null(False) if tests else ibis.null("boolean")


def first_columns(q: Questionnaire, table: ir.Table) -> dict[str, str]:
    """One column for each question put to the person, which says why there is no answer → the question."""
    firsts = {columns[0]: name for name, columns in compared(q, table.columns).items()}
    for name, column in q.columns.items():
        if isinstance(column, IntegerColumn) and status(name) in table.columns:
            firsts[status(name)] = name
    return firsts


def has_codes(q: Questionnaire, column: str) -> bool:
    """Whether a column is declared to hold codes or closed answers, so that its values may be shown."""
    return isinstance(q.columns.get(column), CodeColumn | AnswerColumn)
