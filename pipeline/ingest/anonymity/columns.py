"""Looks at whole columns of records: at each text once where there are few, at each cell where there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.ingest.anonymity.gate import asks_for_more
from pipeline.ingest.anonymity.values import FILLED, OUTSIDE, are_usual, bits_of, glance, suspicion

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from pipeline.engine import Engine

    Look = Callable[["ir.StringValue"], "ir.IntegerValue"]


@dataclass(frozen=True)
class Looked:
    """A column to look at. name: in the table. header, label: what people call it. closed: every answer it offers."""

    name: str
    header: str
    label: str = ""
    closed: frozenset[str] | None = None
    of_staff: bool = False


@ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator]
def _together(bits: int) -> int:  # type: ignore[empty-body]
    """The bits of all rows together. Every engine has it; Ibis does not know that of every one."""


def look_at_columns(records: ir.Table, columns: Sequence[Looked], engine: Engine) -> dict[str, int]:
    """Name → what all cells of the column show together. records: as an engine keeps them."""
    few = [one for one in columns if engine.is_few(records, one.name)]
    tally = engine.tally(records, [one.name for one in few])
    bits = {one.name: bits_of_texts(tally[one.name], one.closed, of_staff=one.of_staff) for one in few}
    many = [one for one in columns if one.name not in bits]
    bits |= glances(records, [one.name for one in many], engine)
    asking = [one for one in many if asks_for_more(bits[one.name], one.header, one.label)]
    looks = {one.name: partial(suspicion, closed=one.closed, of_staff=one.of_staff) for one in asking}
    return bits | bits_together(records, looks, engine)


def glances(records: ir.Table, names: Sequence[str], engine: Engine) -> dict[str, int]:
    """What all cells of each of these columns show together, at a glance."""
    outlines = {name: engine.outline(records, name) for name in names}
    usual = {name: FILLED | OUTSIDE for name, outline in outlines.items() if outline and are_usual(*outline)}
    return usual | bits_together(records, {name: glance for name in names if name not in usual}, engine)


def bits_of_texts(texts: Iterable[str], closed: frozenset[str] | None = None, *, of_staff: bool = False) -> int:
    """What some texts show together."""
    return reduce(or_, (bits_of(text, closed, of_staff=of_staff) for text in texts), 0)


def bits_together(records: ir.Table, looks: Mapping[str, Look], engine: Engine) -> dict[str, int]:
    """What all cells of each of these columns show together, cell by cell."""
    if not looks:
        return {}
    bits = {str(n): _together(look(records[name])) for n, (name, look) in enumerate(looks.items())}
    found = engine.frame(records.aggregate(**bits)).iloc[0].fillna(0)
    return {name: int(found[str(n)]) for n, name in enumerate(looks)}
