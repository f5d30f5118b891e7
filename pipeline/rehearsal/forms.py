"""Writes the XLSForm of a questionnaire: survey, choices and settings, in English and French."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.questionnaire import (
    AnswerColumn,
    Column,
    Condition,
    DateColumn,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.rehearsal.fields import form_versions
from pipeline.rehearsal.sample import choices

if TYPE_CHECKING:
    import xlsxwriter

LANGUAGES = {"en": "English (en)", "fr": "Français (fr)"}
REPEAT = "companions"
MADE = datetime(2000, 1, 1)
"""What a workbook says of when it was made: a fixed day, so that the same wave gives the same bytes."""

Line = list[str]


def write_form(q: Questionnaire, path: Path, *, repeat: bool = False) -> None:
    """The XLSForm of a questionnaire. repeat: with a group of questions that is repeated for each companion."""
    with workbook(path) as book:
        for name, lines in {"survey": _survey(q, repeat=repeat), "choices": _choices(q, repeat=repeat)}.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
        sheet = book.add_worksheet("settings")
        sheet.write_row(0, 0, ["form_id", "form_title", "version", "default_language"])
        title = f"SYNTHETIC REHEARSAL: {q.title['en']}"
        sheet.write_row(1, 0, [form_id(q), title, form_versions(q)[1], LANGUAGES["en"]])


def workbook(path: Path) -> xlsxwriter.Workbook:
    """A new workbook that writes text as it is, and whose bytes do not depend on the day."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True},
    )
    book.set_properties({"title": "Synthetic rehearsal: no person is in it", "author": "", "created": MADE})
    return book


def form_id(q: Questionnaire) -> str:
    """The name of the form on the platform."""
    return q.questionnaire.replace("-", "_")


def _survey(q: Questionnaire, *, repeat: bool) -> Iterator[Line]:
    yield ["type", "name", *(f"label::{name}" for name in LANGUAGES.values()), "relevant"]
    yield ["start", "start", "", "", ""]
    yield ["end", "end", "", "", ""]
    group = ""
    for name, column in q.columns.items():
        if isinstance(column, KeyColumn):
            continue
        if (column.group or "") != group:
            if group:
                yield ["end_group", "", "", "", ""]
            group = column.group or ""
            if group:
                yield ["begin_group", group, group, group, ""]
        labels = [column.wording.get("en", ""), column.wording.get("fr", "")]
        yield [_type(column), column.headers[0], *labels, _relevant(q, name)]
    if group:
        yield ["end_group", "", "", "", ""]
    if repeat:
        yield ["begin_repeat", REPEAT, "Companions", "Accompagnants", ""]
        yield ["select_one companion", "companion", "Who is it?", "Qui est-ce ?", ""]
        yield ["end_repeat", "", "", "", ""]


def _type(column: Column) -> str:
    if isinstance(column, AnswerColumn):
        return f"select_one {column.answers}"
    if isinstance(column, ManyColumn):
        return f"select_multiple {column.answers}"
    if isinstance(column, IntegerColumn):
        return "integer"
    return "date" if isinstance(column, DateColumn) else "text"


def _relevant(q: Questionnaire, name: str) -> str:
    """When the question is put, as XPath."""
    return " and ".join(_test(q, condition) for condition in q.condition(q.columns[name].asked_if))


def _test(q: Questionnaire, condition: Condition) -> str:
    column = q.columns[condition.column]
    question = f"${{{column.headers[0]}}}"
    if condition.below is not None:
        return f"{question} < {condition.below}"
    if condition.missing is not None or not isinstance(column, AnswerColumn):
        return f"{question} {'=' if condition.missing else '!='} ''"
    words = condition.is_ if condition.is_ is not None else condition.is_not or ()
    codes = [code for code, answer in choices(q, condition.column) if answer.word in words]
    if condition.is_ is None:
        return " and ".join(f"{question} != '{code}'" for code in codes)
    tests = " or ".join(f"{question} = '{code}'" for code in codes)
    return f"({tests})" if len(codes) > 1 else tests


def _choices(q: Questionnaire, *, repeat: bool) -> Iterator[Line]:
    yield ["list_name", "name", *(f"label::{name}" for name in LANGUAGES.values())]
    lists = {c.answers: n for n, c in q.columns.items() if isinstance(c, AnswerColumn | ManyColumn)}
    for name, column in lists.items():
        for code, answer in choices(q, column):
            yield [name, code, answer.label.get("en", code), answer.label.get("fr", code)]
    if repeat:
        for code, english, french in COMPANIONS:
            yield ["companion", code, english, french]


COMPANIONS = (
    ("spouse", "Spouse", "Conjoint"),
    ("child", "Child", "Enfant"),
    ("other", "Another person", "Autre personne"),
)
