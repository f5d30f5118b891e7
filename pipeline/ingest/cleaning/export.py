"""What the questions and answers of a log stand for in one export."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from pipeline.ingest.answers import Answers, ticked
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.folding import fold, unmangled
from pipeline.ingest.layout import Layout
from pipeline.ingest.meanings import WHOLE_NUMBER, kind_of_missing
from pipeline.questionnaire import AnswerColumn, CodeColumn, DateColumn, IntegerColumn, ManyColumn
from pipeline.wave import DayOrder

if TYPE_CHECKING:
    import ibis.expr.types as ir

_WHOLE = re.compile(WHOLE_NUMBER)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=$|[T ])")
_DAY_IN_PARTS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:[T ][0-9]{1,2}:[0-9]{2}.*)?")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_DAY_ZERO = date(1899, 12, 30)

Meaning = Callable[[str], Hashable]
"""What a text under some header means, None if nothing."""


@dataclass(frozen=True)
class Cleanable:
    """One export to which a log is applied.

    table: its records as text under their headers, with `engine.ROW`. uuid: the header with the submission's
    identifier, None if there is none. find: a question as people call it → its header; none if there is no such
    question, several if nobody can say which, one that the table does not hold if nothing needs it. meaning: header and
    text → something that is equal for two ways to write one answer, None for what is no answer there. questions: what
    questions are called, for hints.
    """

    table: ir.Table
    uuid: str | None
    find: Callable[[str], tuple[str, ...]]
    meaning: Callable[[str, str], Hashable]
    questions: tuple[str, ...] = ()


def cleanable(table: ir.Table, layout: Layout, codebook: Codebook) -> Cleanable:
    """An export as it was read, before the columns of form versions are merged."""
    meanings = _meanings(layout, codebook)
    return Cleanable(
        table=table,
        uuid=layout.columns.get("submission_uuid"),
        find=partial(_find, layout=layout, codebook=codebook),
        meaning=lambda header, text: meanings[header](text) if header in meanings else text,
        questions=_called(layout),
    )


def _called(layout: Layout) -> tuple[str, ...]:
    """Headers, with and without their groups, and our names."""
    needed = [*layout.columns.values(), *layout.children.values(), *(h for hs in layout.also.values() for h in hs)]
    alone = [re.split(r"[/.:]", unmangled(header))[-1] for header in layout.columns.values()]
    return tuple(dict.fromkeys([*needed, *alone, *layout.columns]))


def _find(question: str, *, layout: Layout, codebook: Codebook) -> tuple[str, ...]:
    if question in layout.names:
        return (question,)
    if question in codebook.questionnaire.columns:
        return _headers(layout, question, "")
    targets = [found.known.target for found in codebook.find(question)]
    if targets:
        needed = [
            header for target in targets if target.column for header in _headers(layout, target.column, target.word)
        ]
        return tuple(dict.fromkeys(needed)) if any(target.column for target in targets) else (question,)
    key = fold(unmangled(question))
    return tuple(name for name in layout.names if fold(unmangled(name)) == key)


def _headers(layout: Layout, column: str, word: str) -> tuple[str, ...]:
    header = layout.children.get((column, word)) if word else layout.columns.get(column)
    return () if header is None else (header, *layout.also.get(header, ()))


# --- what an answer means -------------------------------------------------------------------------------------------


def _meanings(layout: Layout, codebook: Codebook) -> dict[str, Meaning]:
    """Header → the meaning of its texts. Keys of the platform have none: there a text means itself."""
    meanings: dict[str, Meaning] = {}
    for name in codebook.questionnaire.columns:
        of_column = _meaning_of(name, codebook, layout.dates)
        for header in _headers(layout, name, ""):
            if of_column is not None:
                meanings[header] = of_column
    for name, word in layout.children:
        for header in _headers(layout, name, word):
            meanings[header] = partial(_tick, word=word, answers=codebook.answers(name))
    return meanings


def _meaning_of(name: str, codebook: Codebook, order: DayOrder) -> Meaning | None:
    column = codebook.questionnaire.columns[name]
    if isinstance(column, AnswerColumn):
        return partial(_answer, answers=codebook.answers(name))
    if isinstance(column, ManyColumn):
        return partial(_several, answers=codebook.answers(name))
    if isinstance(column, IntegerColumn):
        return partial(_number, column=column)
    if isinstance(column, DateColumn):
        return partial(_day, order=order)
    if isinstance(column, CodeColumn):
        return partial(_code, pattern=column.pattern)
    return None


def _answer(text: str, answers: Answers) -> Hashable:
    return answers.meaning(text).word


def _several(text: str, answers: Answers) -> Hashable:
    chosen = answers.chosen(text)
    return None if chosen.unknown else chosen.words


def _tick(text: str, word: str, answers: Answers) -> Hashable:
    return ticked(text, word, answers)


def _number(text: str, column: IntegerColumn) -> Hashable:
    if (kind := kind_of_missing(column, text)) is not None:
        return kind
    return int(re.split("[.,]", text)[0]) if _WHOLE.match(text) else None


def _code(text: str, pattern: str) -> Hashable:
    return text if re.search(pattern, text) else None


def _day(text: str, order: DayOrder) -> Hashable:
    """The day, however it is written; day and month are never guessed."""
    try:
        if match := _ISO_DAY.match(text):
            return date.fromisoformat(match[0])
        if (match := _DAY_IN_PARTS.fullmatch(text)) and order != "year-month-day":
            first, second, year = map(int, match.groups())
            return date(year, second, first) if order == "day/month/year" else date(year, first, second)
    except ValueError:
        return None
    serial = _SERIAL.fullmatch(text)
    return _DAY_ZERO + timedelta(days=int(serial[1])) if serial else None
