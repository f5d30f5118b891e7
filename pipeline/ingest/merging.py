"""One column for each question that stands in an export more than once: versions of the form, or name and label."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, Engine
from pipeline.ingest.answers import NOT_TICKED, ticked
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.folding import BLANKS
from pipeline.ingest.layout import Layout
from pipeline.ingest.read import Read
from pipeline.questionnaire import AnswerColumn

if TYPE_CHECKING:
    import ibis.expr.types as ir

Meaning = Callable[[str], str]


def merge_versions(read: Read, codebook: Codebook, engine: Engine) -> Read:
    """One column for each question that form versions called by several names.

    A person has an answer under one name at the most, or the same one under each; where two names have different ones,
    nobody knows which holds. Of two versions of the form, which a program may have noted twice, the first holds.
    """
    table, findings = read.table, list(read.findings)
    version = read.layout.header_of("form_version")
    for first, others in read.layout.also.items():
        for other in others if first in table.columns else ():
            one, another = (ibis.ifelse(table[name].isin(BLANKS), None, table[name]) for name in (first, other))
            if first in read.layout.lumped:
                one = ibis.ifelse(one.lower().isin(NOT_TICKED) & another.notnull(), another, one)
            elif first != version:
                both = table.select(ROW, one=one, another=another)
                rows = _rows_that_differ(both, _meaning_in(first, read.layout, codebook), engine)
                findings += [_two_answers(read.layout, first, other, rows)] if rows else []
            merged = ibis.coalesce(one, another, table[first]).name(first)
            kept = [merged if name == first else table[name] for name in table.columns if name != other]
            table = engine.keep(table.select(*kept))
    return Read(read.layout, table, read.seen, tuple(findings))


def _rows_that_differ(both: ir.Table, meaning: Meaning | None, engine: Engine) -> tuple[int, ...]:
    """Where the two columns of one question say different things; Male and male are the same."""
    differing = both.filter((both.one != both.another).fill_null(False))
    if meaning is not None:
        pairs = engine.frame(differing.select("one", "another").distinct())
        alike = [
            pair for pair in zip(pairs["one"], pairs["another"], strict=True) if meaning(pair[0]) == meaning(pair[1])
        ]
        same = [(differing.one == one) & (differing.another == another) for one, another in alike]
        differing = differing.filter(~reduce(or_, same, ibis.literal(False)))
    return tuple(int(row) for row in engine.frame(differing.select(ROW).order_by(ROW))[ROW])


def _meaning_in(header: str, layout: Layout, codebook: Codebook) -> Meaning | None:
    """What a text in this column means, where it is that of a closed question."""
    for name, of in layout.columns.items():
        if of == header and isinstance(codebook.questionnaire.columns[name], AnswerColumn):
            answers = codebook.answers(name)
            return lambda text: answers.meaning(text).word or text
    for (name, word), of in layout.children.items():
        if of == header:
            offered = codebook.answers(name)
            return lambda text: ticked(text, word, offered) or text
    return None


def _two_answers(layout: Layout, first: str, other: str, rows: tuple[int, ...]) -> Finding:
    return Finding(
        Severity.ERROR,
        "two_answers",
        f'These rows have one answer here and another in "{other}", which is the same question.',
        "Find out which one holds and blank the other one with the cleaning log.",
        file=layout.file,
        column=first,
        rows=len(rows),
        row_numbers=rows,
    )
