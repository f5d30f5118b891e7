"""From the words of an export to ours, keeping the kinds of missing apart.

An answer that the questionnaire does not know stays visible behind `UNKNOWN_MARK`, so that `check` can count it and
stop the run. A blank becomes `not_asked` only where the questionnaire says that the question was not put; otherwise
the person was asked and gave no answer.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.ingest.conditions import holds
from pipeline.ingest.read import Layout
from pipeline.questionnaire import (
    Answer,
    AnswerColumn,
    CodeColumn,
    DateColumn,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.vocabulary import MISSING_WORDS, Missing

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNKNOWN_MARK = "?"
FILE = "file"
ROW = "row"
NO, YES = "no", "yes"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_WHOLE_NUMBER = r"^-?[0-9]{1,9}$"
_CHILD_ANSWERS = {"1": YES, "0": NO, "TRUE": YES, "FALSE": NO, "true": YES, "false": NO}


def status(column: str) -> str:
    """Name of the column that says whether a number or date was given, or why not."""
    return f"{column}_status"


def part(column: str, word: str) -> str:
    """Name of the yes/no column for one answer of a question with several."""
    return f"{column}_{word}"


def recode(table: ir.Table, layout: Layout, questionnaire: Questionnaire) -> ir.Table:
    """The rows of one export in our words: keys, `file`, `row`, and one column for each question.

    Numbers and dates have a second column, `<name>_status`: `given`, a kind of missing, or an unknown answer behind
    its mark.
    """
    given = table.select(
        **{FILE: ibis.literal(layout.path.name), ROW: table[ROW_IN_FILE]}, **_first_pass(table, layout, questionnaire)
    )
    return given.select(*_second_pass(given, layout, questionnaire))


def _first_pass(table: ir.Table, layout: Layout, questionnaire: Questionnaire) -> dict[str, ir.Value]:
    """Every column in our words; blanks are NULL still, because who was asked depends on other answers."""
    columns: dict[str, ir.Value] = {}
    for name, column in questionnaire.columns.items():
        text = _text(table, layout.columns.get(name))
        if isinstance(column, AnswerColumn):
            columns[name] = _word(text, questionnaire.answers[column.answers])
        elif isinstance(column, ManyColumn):
            columns.update(_parts(name, column, table, layout, questionnaire))
        elif isinstance(column, IntegerColumn):
            columns.update(_integer(name, column, text))
        elif isinstance(column, DateColumn):
            columns.update(_date(name, text))
        elif isinstance(column, CodeColumn):
            columns[name] = ibis.ifelse(text.re_search(column.pattern), text, ibis.literal(UNKNOWN_MARK) + text)
        else:
            columns[name] = text
    return columns


def _second_pass(given: ir.Table, layout: Layout, questionnaire: Questionnaire) -> list[ir.Value]:
    """The blanks divided into those who were not asked and those who did not answer."""
    columns: list[ir.Value] = [given[FILE], given[ROW]]
    for name, column in questionnaire.columns.items():
        if isinstance(column, KeyColumn):
            columns.append(given[name])
            continue
        there = name in layout.columns or any(key == name for key, _ in layout.children)
        asked = holds(questionnaire.condition(column.asked_if), given) if there else ibis.literal(False)
        blank = ibis.ifelse(asked, str(Missing.NO_ANSWER), str(Missing.NOT_ASKED))
        if isinstance(column, ManyColumn):
            words = questionnaire.words(name)
            columns.extend(given[part(name, word)].fill_null(blank).name(part(name, word)) for word in words)
        elif isinstance(column, IntegerColumn | DateColumn):
            columns.append(given[name])
            columns.append(given[status(name)].fill_null(blank).name(status(name)))
        else:
            columns.append(given[name].fill_null(blank).name(name))
    return columns


def _text(table: ir.Table, header: str | None) -> ir.StringValue:
    """A column as text without surrounding white space; blank cells and absent columns are NULL."""
    if header is None:
        return ibis.null("string")
    return table[header].strip().nullif("")


def _codes(answers: dict[str, Answer]) -> dict[str, str]:
    """Each code as exports write it → our word."""
    return {code: answer.word for key, answer in answers.items() for code in (key, *answer.aliases)}


def _word(text: ir.StringValue, answers: dict[str, Answer]) -> ir.StringValue:
    return text.cases(*_codes(answers).items(), else_=ibis.literal(UNKNOWN_MARK) + text)


def _integer(name: str, column: IntegerColumn, text: ir.StringValue) -> dict[str, ir.Value]:
    """The number, NULL where none was given, and its status. The guard comes first: casts differ between engines."""
    is_number = text.re_search(_WHOLE_NUMBER)
    declared_missing = text.isin(list(column.missing)) if column.missing else ibis.literal(False)
    number = ibis.ifelse(is_number & ~declared_missing, text, ibis.null("string")).try_cast("int64")
    branches = [(text == code, ibis.literal(str(missing))) for code, missing in column.missing.items()]
    why = ibis.cases(
        *branches,
        (text.isnull(), ibis.null("string")),
        (is_number, ibis.literal("given")),
        else_=ibis.literal(UNKNOWN_MARK) + text,
    )
    return {name: number, status(name): why}


def _date(name: str, text: ir.StringValue) -> dict[str, ir.Value]:
    written = ibis.ifelse(text.re_search(_ISO_DATE), text, ibis.null("string"))
    day = written.try_cast("date")
    why = ibis.cases(
        (text.isnull(), ibis.null("string")),
        (day.notnull(), ibis.literal("given")),
        else_=ibis.literal(UNKNOWN_MARK) + text,
    )
    return {name: day, status(name): why}


def _parts(
    name: str, column: ManyColumn, table: ir.Table, layout: Layout, questionnaire: Questionnaire
) -> dict[str, ir.Value]:
    """yes or no for each answer of a question with several; NULL where nothing was chosen or said.

    The string of codes counts where there is one; its 0/1 columns serve where there is none. A chosen code that stands
    for no answer, such as "prefer not to say", is the reason why the others are missing.
    """
    answers = questionnaire.answers[column.answers]
    chosen = _text(table, layout.columns.get(name))
    by_word: dict[str, list[str]] = {}
    for code, word in _codes(answers).items():
        by_word.setdefault(word, []).append(code)
    why_missing = [(_says(chosen, codes), word) for word, codes in by_word.items() if word in MISSING_WORDS]
    parts: dict[str, ir.Value] = {}
    for word in questionnaire.words(name):
        if name in layout.columns:
            said = ibis.ifelse(_says(chosen, by_word[word]), YES, NO)
            parts[part(name, word)] = ibis.cases((chosen.isnull(), ibis.null("string")), *why_missing, else_=said)
        else:
            child = _text(table, layout.children.get((name, word)))
            unknown = ibis.literal(UNKNOWN_MARK) + child
            parts[part(name, word)] = child.cases(*_CHILD_ANSWERS.items(), else_=unknown)
    return parts


def _says(chosen: ir.StringValue, codes: list[str]) -> ir.BooleanValue:
    """Whether one of these codes is in a string of codes; never NULL."""
    padded = ibis.literal(" ") + chosen + " "
    return reduce(or_, [padded.contains(f" {code} ") for code in codes]).fill_null(False)


def unknown_codes(table: ir.Table, header: str, answers: dict[str, Answer]) -> ir.StringValue:
    """What is left of a string of codes once every known code is taken out; empty where all are known."""
    left = ibis.literal(" ") + _text(table, header).re_replace(" +", "  ") + " "
    for code in _codes(answers):
        left = left.replace(f" {code} ", " ")
    return left.strip().nullif("")
