"""Interviews that are nearly the same: same point, day, age, sex and nationality, and nearly every answer.

Pairs are looked for only within such a block, so that the work grows with the number of interviews and not with its
square. Method: share of equal answers, after Kuriakose and Robbins, Statistical Journal of the IAOS 32 (2016); on why
a high share is no proof: Simmons, Mercer, Schwarzer and Kennedy, in the same volume.
"""

from __future__ import annotations

from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine
from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.interviews import Interviews, compared, known, was_interviewed
from pipeline.quality.limits import Limits
from pipeline.quality.places import PLACE, connected, in_groups, nowhere
from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import MISSING_WORDS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

BLOCK = ("monitoring_point", "survey_date", "age", "sex", "nationality")
NEEDED = ("survey_date", "age")
"""Without these, a block would hold people who have little in common."""

_ID, _SIZE = "id", "size"


def near_duplicates(interviews: Interviews, q: Questionnaire, limits: Limits, engine: Engine) -> pd.DataFrame | None:
    """File, row and group of interviews that are alike. None where a column that blocks need is not there."""
    table = interviews.answers
    if not set(NEEDED) <= set(table.columns):
        return None
    block = [name for name in BLOCK if name in table.columns]
    answers = [c for name, columns in compared(q, table.columns).items() if name not in BLOCK for c in columns]
    if len(answers) < limits.alike_questions:
        return None
    blocks = engine.hold(_blocks(table.filter(was_interviewed(q, table)), block, answers))
    largest = int(engine.frame(blocks.aggregate(size=blocks[_SIZE].max().fill_null(0)))["size"][0])
    if not largest:
        return nowhere()
    edges = _compared(blocks, block, answers, limits)
    if largest > limits.alike_block:
        edges = edges.union(_all_the_same(blocks, block, answers, limits))
    return _groups(engine.frame(edges), blocks, engine)


def _blocks(table: ir.Table, block: list[str], answers: list[str]) -> ir.Table:
    """The interviews that share a block with another one, with its size. Who did not say where to belong is in none."""
    complete = table.filter([known(table, name).notnull() for name in block])
    sizes = complete.group_by(block).agg(**{_SIZE: complete.count()})
    several = complete.inner_join(sizes.filter(sizes[_SIZE] > 1), block)
    number = ibis.row_number().over(ibis.window(order_by=[FILE, ROW]))
    return several.select(FILE, ROW, *block, *answers, _SIZE, **{_ID: number})


def _compared(blocks: ir.Table, block: list[str], answers: list[str], limits: Limits) -> ir.Table:
    """Pairs in small blocks with so many answers the same, as (later, its earliest twin)."""
    small = blocks.filter(blocks[_SIZE] <= limits.alike_block)
    twin = small.view()
    pairs = small.inner_join(twin, [*block, small[_ID] > twin[_ID]], rname="twin_{name}")
    # Two questions that neither was asked, or neither answered, say nothing.
    said = [~(pairs[a].isin(MISSING_WORDS) & pairs[f"twin_{a}"].isin(MISSING_WORDS)) for a in answers]
    same = [test & (pairs[a] == pairs[f"twin_{a}"]) for a, test in zip(answers, said, strict=True)]
    shared, equal = _count(said), _count(same)
    alike = (shared >= limits.alike_questions) & (equal * 100 >= shared * limits.alike_percent)
    found = pairs.filter(alike)
    return found.group_by(_ID).agg(twin=found[f"twin_{_ID}"].min())


def _count(tests: list[ir.BooleanValue]) -> ir.IntegerValue:
    return reduce(add, [test.cast("int64") for test in tests])


def _all_the_same(blocks: ir.Table, block: list[str], answers: list[str], limits: Limits) -> ir.Table:
    """In large blocks, interviews with every answer the same, as (later, the earliest of them)."""
    large = blocks.filter(blocks[_SIZE] > limits.alike_block)
    said = _count([~large[a].isin(MISSING_WORDS) for a in answers])
    large = large.filter(said >= limits.alike_questions)
    first = large.group_by([*block, *answers]).agg(twin=large[_ID].min())
    joined = large.inner_join(first, reduce(and_, [large[n] == first[n] for n in (*block, *answers)]))
    found = joined.select(large[_ID], first["twin"])
    return found.filter(found["twin"] < found[_ID])


def _groups(edges: pd.DataFrame, blocks: ir.Table, engine: Engine) -> pd.DataFrame:
    """Rows in groups: whoever is like somebody in a group belongs to it."""
    if edges.empty:
        return nowhere()
    members = connected(edges[_ID], edges["twin"])
    places = engine.frame(blocks.select(_ID, FILE, ROW).rename({PLACE: _ID}))
    return in_groups(members, places)
