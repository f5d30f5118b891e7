"""The columns of an export of made-up people: their headers, and their cells as text, for any part of the rows.

A style says how a program writes them: with names or with labels, what stands for a blank, how groups are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.questionnaire import (
    Answer,
    AnswerColumn,
    CodeColumn,
    Column,
    DateColumn,
    IntegerColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.rehearsal.people import People
from pipeline.rehearsal.sample import Rows, choices
from pipeline.rehearsal.submissions import STATUSES

Language = Literal["", "en", "fr"]
"""Labels in a language, or names."""

Kind = Literal["answer", "many", "child", "integer", "date", "code", "number", "text"]


@dataclass(frozen=True)
class Style:
    """How a program writes an export.

    language: of the labels, or "" for names. separator: between group, question and answer. blank: what is written
    where a question has no answer. flags: chosen and not chosen, in the columns of a question with several answers.
    """

    language: Language = ""
    separator: str = "/"
    blank: str = ""
    flags: tuple[str, str] = ("1", "0")


Cells = Callable[[Rows, Style], list[str]]


@dataclass(frozen=True)
class Field:
    """One column of an export. column: our name, or "" for what the platform adds. cells: its text for some rows."""

    column: str
    name: str
    kind: Kind
    cells: Cells
    group: str = ""
    child: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    child_labels: Mapping[str, str] = field(default_factory=dict)

    def header(self, style: Style) -> str:
        """Its header: `group/question/answer` by name, or the labels without the group."""
        if style.language and self.labels:
            parts = [self.labels[style.language], self.child_labels.get(style.language, self.child)]
            return style.separator.join(part for part in parts if part)
        return style.separator.join(part for part in (self.group, self.name, self.child) if part)


def fields_of(people: People) -> list[Field]:
    """Every column of the export, in the order of KoboToolbox: times, questions, then what the platform adds."""
    q = people.questionnaire
    known = {name: _platform(people, name, q.columns[name]) for name in _PLATFORM if name in q.columns}
    questions = [f for name, column in q.columns.items() for f in _question(people, name, column)]
    unused = {name: _unused(people, name) for name in q.unused}
    after = [unused[name] if name in unused else known.get(name) for name in _AFTER]
    return [
        *(known[name] for name in _BEFORE if name in known),
        *questions,
        *(f for f in after if f is not None and (f.column != "root_uuid" or people.submissions.is_edit.any())),
    ]


# --- questions ------------------------------------------------------------------------------------------------------


def _question(people: People, name: str, column: Column) -> list[Field]:
    labels: dict[str, str] = {str(language): text for language, text in column.wording.items()}
    group, header = column.group or "", column.headers[0]
    if isinstance(column, ManyColumn):
        whole = Field(name, header, "many", _joined(people, name), group, labels=labels)
        return [whole, *_children(people, name, whole)]
    if isinstance(column, AnswerColumn | CodeColumn):
        kind: Kind = "answer" if isinstance(column, AnswerColumn) else "code"
        return [Field(name, header, kind, _picked(people, name), group, labels=labels)]
    if isinstance(column, IntegerColumn):
        return [Field(name, header, "integer", _numbers(people, name), group, labels=labels)]
    if isinstance(column, DateColumn):
        return [Field(name, header, "date", _days(people, name), group, labels=labels)]
    return []


def _labels(answer: Answer) -> dict[str, str]:
    return {str(language): text for language, text in answer.label.items()}


def texts(answers: Sequence[tuple[str, Answer]], language: Language) -> list[str]:
    """What each answer is called in an export: its code, or its label."""
    return [answer.label.get(language, code) if language else code for code, answer in answers]


def _picked(people: People, name: str) -> Cells:
    closed = people.closed[name]
    is_answer = isinstance(people.questionnaire.columns[name], AnswerColumn)
    answers = choices(people.questionnaire, name) if is_answer else []

    def cells(rows: Rows, style: Style) -> list[str]:
        words = texts(answers, style.language) if is_answer else closed.codes
        return _looked_up([*words, style.blank], closed.picked[rows])

    return cells


def _looked_up(words: Sequence[str], places: NDArray[np.signedinteger]) -> list[str]:
    """The words at these places; -1 is the last one."""
    found: list[str] = np.array(words, dtype=object)[places].tolist()
    return found


def _joined(people: People, name: str) -> Cells:
    """The answers of a question with several, in one cell with spaces between them."""
    chosen = people.several[name].chosen
    powers = 1 << np.arange(chosen.shape[1])
    answers = choices(people.questionnaire, name)

    def cells(rows: Rows, style: Style) -> list[str]:
        words = texts(answers, style.language)
        sets = [" ".join(w for place, w in enumerate(words) if mask >> place & 1) for mask in range(1 << len(words))]
        sets[0] = style.blank
        return _looked_up(sets, chosen[rows] @ powers)

    return cells


def _children(people: People, name: str, whole: Field) -> list[Field]:
    chosen = people.several[name].chosen
    asked: NDArray[np.bool_] = np.asarray(chosen.any(axis=1))

    def of_answer(place: int) -> Cells:
        def cells(rows: Rows, style: Style) -> list[str]:
            yes, no = style.flags
            state = np.where(asked[rows], chosen[rows, place].astype(np.int8), np.int8(-1))
            return _looked_up([no, yes, style.blank], state)

        return cells

    return [
        Field(name, whole.name, "child", of_answer(i), whole.group, code, whole.labels, _labels(answer))
        for i, (code, answer) in enumerate(choices(people.questionnaire, name))
    ]


def _numbers(people: People, name: str) -> Cells:
    numbers = people.numbers[name]

    def cells(rows: Rows, style: Style) -> list[str]:
        return [str(number) if number >= 0 else style.blank for number in numbers[rows].tolist()]

    return cells


def _days(people: People, name: str) -> Cells:
    days = people.days[name]
    first = days.min()
    names = np.datetime_as_string(first + np.arange(int((days.max() - first).astype(int)) + 1)).tolist()

    def cells(rows: Rows, _: Style) -> list[str]:
        return _looked_up(names, (days[rows] - first).astype(np.int64))

    return cells


# --- the platform ---------------------------------------------------------------------------------------------------


_BEFORE = ("interview_start", "interview_end")
_AFTER = (
    *("submission_id", "submission_uuid", "submission_time", "validation_status", "_status", "_submitted_by"),
    *("form_version", "_index", "root_uuid"),
)
_PLATFORM = (*_BEFORE, *(name for name in _AFTER if not name.startswith("_")))
NUMBERS = ("submission_id", "_index")


def _platform(people: People, name: str, column: Column) -> Field:
    s = people.submissions
    versions = form_versions(people.questionnaire)
    makers: dict[str, Callable[[Rows], list[str]]] = {
        "interview_start": lambda rows: _stamps(s.opened[rows], ".000+02:00"),
        "interview_end": lambda rows: _stamps(s.closed[rows], ".000+02:00"),
        "submission_id": lambda rows: list(map(str, s.number[rows].tolist())),
        "submission_uuid": lambda rows: _uuids(s.uuid[rows]),
        "submission_time": lambda rows: _stamps(s.sent[rows]),
        "validation_status": lambda rows: _looked_up(STATUSES, s.status[rows]),
        "form_version": lambda rows: _looked_up(versions, 1 - s.is_older[s.source[rows]].astype(np.int8)),
        "root_uuid": lambda rows: [
            f"uuid:{key}" if edit else "" for key, edit in zip(_uuids(s.root[rows]), s.is_edit[rows], strict=True)
        ],
    }
    make = makers[name]
    kind: Kind = "number" if name in NUMBERS else "text"
    return Field(name, column.headers[0], kind, lambda rows, _: make(rows))


def _unused(people: People, name: str) -> Field:
    """A column that every export has and nothing needs."""
    if name == "_index":
        return Field("", name, "number", lambda rows, _: list(map(str, (rows + 1).tolist())))
    text = "submitted_via_web" if name == "_status" else ""
    return Field("", name, "text", lambda rows, _: [text] * len(rows))


def form_versions(q: Questionnaire) -> tuple[str, str]:
    """The older and the newer version of the rehearsed form."""
    stem = "".join(part.capitalize() for part in q.questionnaire.split("-"))
    return f"v{stem}a", f"v{stem}b"


def _stamps(times: NDArray[np.datetime64], zone: str = "") -> list[str]:
    return [text + zone for text in np.datetime_as_string(times, unit="s").tolist()]


def _uuids(keys: NDArray[np.uint8]) -> list[str]:
    text = keys.tobytes().hex()
    found = (text[start : start + 32] for start in range(0, len(text), 32))
    return [f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" for key in found]
