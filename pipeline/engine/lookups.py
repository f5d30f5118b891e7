"""Replacing the texts of columns by what they mean, as expressions that every engine can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.coded import Translation

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    FromArrow = Callable[[pa.Table], ir.Table]


def looked_up(table: ir.Table, new: Mapping[str, Translation], from_arrow: FromArrow) -> ir.Table:
    """The table with new columns for columns of many texts: a join for each, at the same cost whatever their number.

    from_arrow: makes a small table in memory one of the engine's. Rows may come in another order.
    """
    import pyarrow as pa

    by_source: dict[str, dict[str, Translation]] = {}
    for name, one in new.items():
        by_source.setdefault(one.source, {})[name] = one
    for place, (source, several) in enumerate(by_source.items()):
        texts = list(dict.fromkeys(text for one in several.values() for text in one.values))
        key = f"(text {place})"
        columns = {n: t.array(map(t.values.get, texts)) for n, t in several.items()}
        lookup = from_arrow(pa.table({key: pa.array(texts, pa.string()), **columns}))
        joined = table.left_join(lookup, [(source, key)])
        nothing = {n: joined[n].fill_null(False) if t.kind == "yes or no" else joined[n] for n, t in several.items()}
        table = joined.select(*table.columns, **nothing)
    return table


def in_place(table: ir.Table, one: Translation) -> ir.Value:
    """A new column as a test of each text, one after the other; for few texts, which need no join."""
    import ibis

    column = table[one.source]
    if one.kind == "yes or no":
        return column.isin([text for text, value in one.values.items() if value]).fill_null(False)
    texts_of: dict[object, list[str]] = {}
    for text, value in one.values.items():
        if value is not None:
            texts_of.setdefault(value, []).append(text)
    kind = {"text": "string", "number": "int64", "day": "date"}[one.kind]
    cases = [(column.isin(texts), ibis.literal(value, kind)) for value, texts in texts_of.items()]
    return ibis.cases(*cases, else_=ibis.null(kind)) if cases else ibis.null(kind)
