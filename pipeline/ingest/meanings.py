"""What every text of an export means, found once on its distinct texts rather than on every cell.

A text that means nothing that the questionnaire knows is kept apart, counted, and stops the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pipeline.engine import Engine
from pipeline.ingest.answers import Answers, ticked
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.folding import BLANKS, fold_answer
from pipeline.ingest.layout import Layout
from pipeline.questionnaire import AnswerColumn, CodeColumn, IntegerColumn, ManyColumn, Questionnaire
from pipeline.vocabulary import Missing

if TYPE_CHECKING:
    import ibis.expr.types as ir

WHOLE_NUMBER = r"^-?[0-9]{1,9}([.,]0+)?$"
"""A whole number, as people or spreadsheets write it."""

T = TypeVar("T")

_WHOLE = re.compile(WHOLE_NUMBER)
_NO_FRACTION = re.compile("[.,]0+$")


@dataclass(frozen=True)
class Unknown:
    """A text that means nothing, or that could mean several things. column: ours. rows: how many have it.

    cell: the whole cell, where the text is what is left of several answers; else the text.
    """

    column: str
    header: str
    text: str
    rows: int
    cell: str
    either: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meanings:
    """Text → meaning, for the texts that are there.

    words: column → text → our word, for closed questions and codes. chosen: column → text → our words, for questions
    with several answers. ticks: (column, word) → text → yes, no or "". missing: number column → text → kind of missing.
    numbers: number column → text → number.
    """

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    chosen: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    ticks: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()


def find_meanings(table: ir.Table, layout: Layout, codebook: Codebook, engine: Engine) -> Meanings:
    """The meaning of every text in the coded columns of an export."""
    q = codebook.questionnaire
    coded = [header for name, header in layout.columns.items() if _is_coded(q, name)]
    tally = engine.tally(table, [*coded, *layout.children.values()])
    answers = {
        name: codebook.answers(name)
        for name, column in q.columns.items()
        if isinstance(column, AnswerColumn | ManyColumn)
    }
    found = Meanings()
    unknown = [*_read_columns(layout, q, answers, tally, found), *_read_children(layout, answers, tally, found)]
    return replace(found, unknown=tuple(unknown))


def _is_coded(q: Questionnaire, name: str) -> bool:
    return isinstance(q.columns[name], AnswerColumn | ManyColumn | CodeColumn | IntegerColumn)


def _read_columns(
    layout: Layout, q: Questionnaire, answers: dict[str, Answers], tally: dict[str, dict[str, int]], into: Meanings
) -> Iterator[Unknown]:
    for name, header in layout.columns.items():
        column = q.columns[name]
        for text, rows in tally.get(header, {}).items():
            if not text.strip():
                continue
            unread = text
            either: tuple[str, ...] = ()
            if isinstance(column, AnswerColumn):
                meaning = answers[name].meaning(text)
                known = _keep(into.words, name, text, meaning.word)
                either = meaning.either
            elif isinstance(column, CodeColumn):
                known = _keep(into.words, name, text, _code(column, text.strip()))
            elif isinstance(column, IntegerColumn):
                known = _keep(into.missing, name, text, kind_of_missing(column, text)) or _keep(
                    into.numbers, name, text, _number(text)
                )
            else:
                chosen = answers[name].chosen(text)
                into.chosen.setdefault(name, {})[text] = chosen.words
                known = not chosen.unknown
                unread = chosen.unknown
            if not known:
                yield Unknown(name, header, unread, rows, text, either)


def _keep(into: dict[str, dict[str, T]], name: str, text: str, meaning: T | None) -> bool:
    if meaning is not None:
        into.setdefault(name, {})[text] = meaning
    return meaning is not None


def _number(text: str) -> int | None:
    return int(_NO_FRACTION.sub("", text)) if _WHOLE.search(text) else None


def _code(column: CodeColumn, text: str) -> str | None:
    if text in BLANKS:
        return str(Missing.NO_ANSWER)
    return text if re.search(column.pattern, text) else None


def kind_of_missing(column: IntegerColumn, text: str) -> str | None:
    """Why there is no number, where the questionnaire knows this text for that; else None."""
    kinds = {fold_answer(said): str(kind) for said, kind in column.missing.items()}
    return kinds.get(fold_answer(text))


def _read_children(
    layout: Layout, answers: dict[str, Answers], tally: dict[str, dict[str, int]], into: Meanings
) -> Iterator[Unknown]:
    for (name, word), header in layout.children.items():
        for text, rows in tally.get(header, {}).items():
            tick = ticked(text, word, answers[name])
            if tick is None:
                yield Unknown(name, header, text, rows, text)
            else:
                into.ticks.setdefault((name, word), {})[text] = tick
