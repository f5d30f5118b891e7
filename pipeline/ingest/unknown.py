"""Cells that the questionnaire cannot read: what each finding may show of them, and the nearest known answer.

An unknown answer is shown where that is harmless, without row numbers; one that is not shown is told by row. What
stands where a number or a code is expected is never shown.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from pipeline.ingest.anonymity import bits_of, is_closed, looks_identifying
from pipeline.ingest.answers import Answers
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.folding import fold_answer
from pipeline.ingest.layout import Layout
from pipeline.ingest.meanings import Meanings, Unknown
from pipeline.ingest.rowchecks import CellCheck
from pipeline.questionnaire import AnswerColumn, CodeColumn, IntegerColumn, ManyColumn, Questionnaire

VALUE_PRINTED = 40
"""A text longer than this is not shown; it may be free text."""

DIGITS_PRINTED = 4
ROWS_PRINTED = 11
_SHORT_CODE = re.compile(r"(?=[a-z_]*[0-9])(?![a-z0-9_]*[a-z]{3})[a-z0-9]+(_[a-z0-9]+)*")
"""A code with a digit, such as `lt_2w`, and without three letters on end, which could be of a name."""

_CODE_PRINTED = 10

VALUES_LISTED = 10
ANSWERS_LISTED = 12
NEAR = 0.75
"""How alike two answers must be for one to be proposed for the other (difflib's ratio)."""

NEAR_PRINTED = 0.85
"""How alike a known answer a text must be to be shown for that. Amina is not as near Armenia."""


@dataclass(frozen=True)
class _Answer:
    """An unknown answer to a closed question. cells: those in which it stands; either: what it could mean."""

    column: str
    text: str
    rows: int
    cells: tuple[str, ...]
    either: tuple[str, ...]


def unknown_answers(meanings: Meanings, layout: Layout, codebook: Codebook) -> list[Finding]:
    """Unknown answers to closed questions that may be shown, the most frequent first, without row numbers."""
    findings: list[Finding] = []
    for header, unknowns in _closed(meanings, codebook.questionnaire).items():
        answers = codebook.answers(unknowns[0].column)
        shown = [unknown for unknown in unknowns if _may_print(unknown, answers)]
        repair = _repair(header, unknowns[0].column, layout, codebook.questionnaire)
        for unknown in shown[:VALUES_LISTED]:
            either = f" It could mean {' or '.join(unknown.either)}." if unknown.either else ""
            message = (
                f'Unknown answer "{unknown.text}", in {_rows(unknown.rows)}.{either}{_hint(unknown.text, answers)}'
            )
            findings.append(_finding(message, repair, layout, header, unknown.rows))
        rest = sum(unknown.rows for unknown in shown[VALUES_LISTED:])
        if rest:
            message = f"And {len(shown) - VALUES_LISTED:,} more unknown answers, in {_rows(rest)}."
            findings.append(_finding(message, repair, layout, header, rest))
    return findings


def hidden_answers(meanings: Meanings, layout: Layout, codebook: Codebook) -> list[CellCheck]:
    """Unknown answers to closed questions that may not be shown: their length, and the rows in which they stand."""
    checks = []
    for header, unknowns in _closed(meanings, codebook.questionnaire).items():
        answers = codebook.answers(unknowns[0].column)
        hidden = [unknown for unknown in unknowns if not _may_print(unknown, answers)]
        if not hidden:
            continue
        lengths = sorted({len(unknown.text) for unknown in hidden})
        span = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
        told = "Unknown answer" if len(hidden) == 1 else f"{len(hidden):,} unknown answers"
        message = f"{told} of {span} characters, not shown because so few gave {'it' if len(hidden) == 1 else 'them'}."
        repair = _repair(header, unknowns[0].column, layout, codebook.questionnaire)
        finding = _finding(message, repair, layout, header)
        checks.append(CellCheck(header, tuple(cell for unknown in hidden for cell in unknown.cells), finding))
    return checks


def unreadable(meanings: Meanings, layout: Layout, q: Questionnaire) -> list[CellCheck]:
    """Cells that are no whole number, or no code of the declared form: told by row, without what stands there."""
    checks = []
    for name in dict.fromkeys(unknown.column for unknown in meanings.unknown):
        column, header = q.columns[name], layout.header_of(name)
        cells = [unknown.cell for unknown in meanings.unknown if unknown.column == name]
        if isinstance(column, IntegerColumn):
            message, repair = "This is no whole number.", "A whole number in digits is expected, or blank."
        elif isinstance(column, CodeColumn):
            message = "This is no code of the declared form."
            repair = f"A code of the form {column.pattern} is expected."
        else:
            continue
        repair += " Mend it with the cleaning log."
        finding = Finding(Severity.ERROR, "unreadable", message, repair, file=layout.file, column=header)
        checks.append(CellCheck(header, tuple(cells), finding))
    return checks


def _closed(meanings: Meanings, q: Questionnaire) -> dict[str, list[_Answer]]:
    """Header → its unknown answers, the most frequent first. One that stands in several cells counts once for all."""
    cells: dict[tuple[str, str], list[Unknown]] = {}
    for unknown in meanings.unknown:
        if isinstance(q.columns[unknown.column], AnswerColumn | ManyColumn):
            cells.setdefault((unknown.header, unknown.text), []).append(unknown)
    closed: dict[str, list[_Answer]] = {}
    for (header, text), of_text in cells.items():
        rows, whole = sum(unknown.rows for unknown in of_text), tuple(unknown.cell for unknown in of_text)
        answer = _Answer(of_text[0].column, text, rows, whole, of_text[0].either)
        closed.setdefault(header, []).append(answer)
    return {header: sorted(answers, key=lambda a: (-a.rows, a.text)) for header, answers in closed.items()}


def _finding(message: str, repair: str, layout: Layout, header: str, rows: int = 0) -> Finding:
    return Finding(Severity.ERROR, "unknown_answer", message, repair, file=layout.file, column=header, rows=rows)


def _repair(header: str, column: str, layout: Layout, q: Questionnaire) -> str:
    if header in layout.children.values():
        return "1 and 0, TRUE and FALSE, yes and no, or the answer’s own label are expected, or blank."
    spec = q.columns[column]
    if not isinstance(spec, AnswerColumn | ManyColumn):
        raise TypeError(f"{column} is not a closed question")
    codes = [code for code, answer in q.answers[spec.answers].items() if answer.label] or list(q.answers[spec.answers])
    more = f" and {len(codes) - ANSWERS_LISTED} more" if len(codes) > ANSWERS_LISTED else ""
    return (
        f"Known answers: {', '.join(codes[:ANSWERS_LISTED])}{more}, or their labels. A mistake: mend it with the "
        "cleaning log. An answer of the form: say in wave.toml what it means, under "
        f'[overrides.answers.{spec.answers}] as "the answer" = {{ means = "{codes[0]}" }}.'
    )


def _hint(text: str, answers: Answers) -> str:
    """The nearest answer that is known, by its code or label: ` Did you mean "Homme" (male)?`."""
    near = _nearest(text, answers)
    if near is None:
        return ""
    word = answers.meaning(near).word or near
    return f' Did you mean "{near}"?' if fold_answer(near) == fold_answer(word) else f' Did you mean "{near}" ({word})?'


def _nearest(text: str, answers: Answers, cutoff: float = NEAR) -> str | None:
    known: dict[str, str] = {}
    for answer in answers.texts:
        known.setdefault(fold_answer(answer), answer)
    close = difflib.get_close_matches(fold_answer(text), [key for key in known if key], n=1, cutoff=cutoff)
    return known[close[0]] if close else None


def _may_print(unknown: _Answer, answers: Answers) -> bool:
    """Whether an unknown answer may be shown: said by many, yes or no or the like, a short code, or near a known one.

    Anything else, such as a name or a number that one person gave, is told by its length.
    """
    text = unknown.text
    if not is_harmless(text) or sum(character.isdigit() for character in text) > DIGITS_PRINTED:
        return False
    if unknown.rows >= ROWS_PRINTED or is_closed(bits_of(text)):
        return True
    is_code = len(text) <= _CODE_PRINTED and _SHORT_CODE.fullmatch(text)
    return bool(is_code) or _nearest(text, answers, NEAR_PRINTED) is not None


def is_harmless(text: str) -> bool:
    """Whether a text is short and has nothing in it that could identify a person."""
    return len(text) <= VALUE_PRINTED and text.isprintable() and not looks_identifying(text)


def _rows(n: int) -> str:
    return f"{n:,} row{'s' if n != 1 else ''}"
