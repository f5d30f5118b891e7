"""Looks at the columns that are kept: what should be an answer, a number or a code can be an identifier all the same.

Nothing is said about their names, which the questionnaire declares. Cells that are what the questionnaire expects are
no identifiers; others are looked at like those of any column.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from pipeline.ingest.anonymity.columns import bits_of_texts, bits_together, glances
from pipeline.ingest.anonymity.gate import Place, Seen
from pipeline.ingest.anonymity.names import is_of_staff
from pipeline.ingest.anonymity.patterns import LONG_NUMBER
from pipeline.ingest.anonymity.values import FILLED, LOOK_CLOSER, bits_of, suspicion
from pipeline.questionnaire import AnswerColumn, CodeColumn, IntegerColumn, ManyColumn

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from pipeline.engine import Engine
    from pipeline.ingest.codebook import Codebook
    from pipeline.ingest.layout import Layout

_LONG_NUMBER = re.compile(r"^\s*[0-9]{7,}\s*$")
"""No answer to a question for a number is as long; numbers of phones are."""


def seen_in_kept(table: ir.Table, layout: Layout, codebook: Codebook, engine: Engine) -> tuple[Seen, ...]:
    """What the kept columns of an export show. table: its respondents' needed columns as text."""
    columns = {header: name for header, name in _kept(layout).items() if header in table.columns}
    answered = [header for header, name in columns.items() if _is_counted(codebook, name)]
    others = [header for header in columns if header not in answered]
    closed = {name: _answers(codebook, name) for name in {columns[header] for header in answered}}
    bits = {
        header: reduce(or_, (_bits(text, columns[header], codebook, closed[columns[header]]) for text in texts), 0)
        for header, texts in engine.tally(table, answered).items()
    }
    few = [name for name in others if engine.is_few(table, name)]
    bits |= {name: bits_of_texts(texts) for name, texts in engine.tally(table, few).items()}
    many = [name for name in others if name not in few]
    bits |= glances(table, many, engine)
    closer = [name for name in many if bits[name] & LOOK_CLOSER]
    bits |= bits_together(table, dict.fromkeys(closer, suspicion), engine)
    return tuple(
        Seen(
            file=layout.file,
            sheet=layout.sheet.name,
            header=layout.sheet.header[layout.names.index(header)],
            label=columns[header],
            bits=bits[header],
            number=layout.names.index(header) + 1,
            place=Place.KEPT,
        )
        for header in columns
    )


def _kept(layout: Layout) -> dict[str, str]:
    """Header → our name, for every column that gives one of ours."""
    first = {header: name for name, header in layout.columns.items()}
    first |= {header: name for (name, _), header in layout.children.items()}
    return {of: name for header, name in first.items() for of in (header, *layout.also.get(header, ()))}


def _is_counted(codebook: Codebook, name: str) -> bool:
    """Whether few different texts are expected, so that each is looked at once."""
    return isinstance(codebook.questionnaire.columns[name], AnswerColumn | ManyColumn | CodeColumn | IntegerColumn)


def _answers(codebook: Codebook, name: str) -> frozenset[str]:
    """Every text that is an answer to this question; none where it is no closed question."""
    is_closed = isinstance(codebook.questionnaire.columns[name], AnswerColumn | ManyColumn)
    return frozenset(codebook.answers(name).texts) if is_closed else frozenset()


def _bits(text: str, name: str, codebook: Codebook, closed: frozenset[str]) -> int:
    column = codebook.questionnaire.columns[name]
    if isinstance(column, CodeColumn):
        is_code = re.search(column.pattern, text.strip())
        return FILLED if is_code else bits_of(text, of_staff=_is_of_staff(name, column))
    if isinstance(column, IntegerColumn):
        is_long = column.possible[1] < 10**6 and _LONG_NUMBER.match(text)
        return FILLED if text in column.missing else bits_of(text) | (LONG_NUMBER if is_long else 0)
    return bits_of(text, closed)


def _is_of_staff(name: str, column: CodeColumn) -> bool:
    return any(is_of_staff(called) for called in (name, *column.headers, *column.wording.values()))
