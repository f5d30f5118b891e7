"""What every text of an export means, found once on its distinct texts rather than on every cell.

A text that means nothing that the questionnaire knows is kept apart, counted, and stops the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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

_WHOLE = re.compile(WHOLE_NUMBER)
_DIGITS = re.compile("-?[0-9]{1,9}")


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
    plain: the number columns in which every text is a number in digits, or says why there is none.
    """

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    chosen: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    ticks: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    plain: frozenset[str] = frozenset()


def texts_expected(layout: Layout, answers: dict[str, Answers]) -> dict[str, list[str]]:
    """Header → every text that is known for it as it stands, for the questions with one answer."""
    return {
        header: answers[name].texts
        for name, header in layout.columns.items()
        if name in answers and header not in layout.also
    }


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
    plain = _in_digits(layout, q, tally, found.missing)
    return Meanings(found.words, found.chosen, found.ticks, found.missing, tuple(unknown), plain)


def _in_digits(
    layout: Layout, q: Questionnaire, tally: dict[str, dict[str, int]], missing: dict[str, dict[str, str]]
) -> frozenset[str]:
    numbers = {name: h for name, h in layout.columns.items() if isinstance(q.columns[name], IntegerColumn)}
    return frozenset(
        name
        for name, header in numbers.items()
        if all(text in missing.get(name, {}) or _DIGITS.fullmatch(text) for text in tally.get(header, {}))
    )


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
                known = _keep(into.missing, name, text, kind_of_missing(column, text))
                known = known or bool(_WHOLE.match(text.strip()))
            else:
                chosen = answers[name].chosen(text)
                into.chosen.setdefault(name, {})[text] = chosen.words
                known = not chosen.unknown
                unread = chosen.unknown
            if not known:
                yield Unknown(name, header, unread, rows, text, either)


def _keep(into: dict[str, dict[str, str]], name: str, text: str, word: str | None) -> bool:
    if word is not None:
        into.setdefault(name, {})[text] = word
    return word is not None


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
