"""The columns of `respondents.parquet` and the words in them, by instrument: made from the questionnaires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.dictionary.markdown import section, table
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
from pipeline.wave import known_questionnaires, load_questionnaire

_BEFORE = (
    ("`file`", "text", "The export file.", "all"),
    ("`row`", "count", "The row in that file, as a spreadsheet numbers it: the header is row 1.", "all"),
    ("`excluded_by`", "text", "The rule of the ledger that took the row out; empty if it is analysed.", "all"),
    ("`route`", "text", "The route, by the first route rule that holds; `unknown` if none does.", "all"),
)
_AFTER = (
    ("`age_group`", "text", "The age group; a kind of missing where there is no age; `unknown` below 14.", "all"),
    ("`region_of_origin`", "text", "The region of the nationality; a kind of missing where there is none.", "all"),
)
_STATUS = "Whether `{name}` was given: `given`, or a kind of missing."
_MOST_WORDS = 8


def respondents() -> str:
    """The section on respondents."""
    about = (
        "One row received, in our words. A question without an answer has one of the words `dont_know`, `declined`, "
        "`no_answer`, `not_asked`; a number or date is empty then, and its `_status` has the word. A question with "
        "several answers has a column for each, with `yes`, `no` or a kind of missing. The platform's keys and "
        "enumerator codes are not kept. Kept as `respondents.parquet`; never released."
    )
    rows = [*_BEFORE, *_questions(), *_AFTER]
    return section("respondents", about, table(("column", "type", "meaning", "instruments"), rows))


def answer_lists() -> str:
    """The section on answers: our word, the form's code and label."""
    lists: dict[str, dict[tuple[str, str], str]] = {}
    for q in _instruments().values():
        for name, answers in q.answers.items():
            for code, answer in answers.items():
                if answer.means:
                    lists.setdefault(name, {}).setdefault((answer.means, code), answer.label.get("en", ""))
    rows = [(name, f"`{word}`", f"`{code}`", label) for name, of in lists.items() for (word, code), label in of.items()]
    about = (
        "The words that answers have in our tables, with the code and the label of the form. Countries have the "
        "three letters of ISO 3166; XKX is what is commonly used for Kosovo."
    )
    return section("Answers", about, table(("list", "word", "code", "label"), rows))


def _instruments() -> Mapping[str, Questionnaire]:
    return {name: load_questionnaire(name) for name in known_questionnaires()}


def _questions() -> Iterator[tuple[str, str, str, str]]:
    instruments = _instruments()
    for name in dict.fromkeys(name for q in instruments.values() for name in q.columns):
        asking = {instrument: q for instrument, q in instruments.items() if name in q.columns}
        where = "all" if len(asking) == len(instruments) else ", ".join(asking)
        q = next(iter(asking.values()))
        for column, kind, meaning in _columns(name, q.columns[name], q):
            yield f"`{column}`", kind, meaning, where


def _columns(name: str, column: Column, q: Questionnaire) -> Iterator[tuple[str, str, str]]:
    """The columns that one question becomes."""
    wording = column.wording.get("en", "")
    if isinstance(column, KeyColumn) or (isinstance(column, CodeColumn) and not column.keep):
        return
    if isinstance(column, ManyColumn):
        for word in q.words(name):
            yield f"{name}_{word}", "text", f"{wording} Whether {word} was among the answers."
    elif isinstance(column, AnswerColumn):
        words = q.words(name)
        listed = ", ".join(f"`{word}`" for word in words) if len(words) <= _MOST_WORDS else f"list `{column.answers}`"
        yield name, "text", f"{wording} ({listed})"
    else:
        yield name, _type(column), wording
    if isinstance(column, DateColumn | IntegerColumn):
        yield f"{name}_status", "text", _STATUS.format(name=name)


def _type(column: Column) -> str:
    return "count" if isinstance(column, IntegerColumn) else "date" if isinstance(column, DateColumn) else "text"
