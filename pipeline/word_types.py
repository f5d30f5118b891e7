"""Makes a query keep words as an enumerated type from where they arise, not only at its end.

A cast around an expression is moved into its branches: `CAST(CASE … THEN 'yes' ELSE x END AS t)` becomes
`CASE … THEN CAST('yes' AS t) ELSE CAST(x AS t) END`, which is the same. Constants are then cast once for all rows, and
what is of the type already is not cast at all; forty columns of a million texts would take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlglot.expressions as sge


def hold_as(query: sge.Expression, types: Mapping[str, str]) -> None:
    """Casts every column of these names, in the query and within it, to its type. types: column → name of the type."""
    import sqlglot.expressions as sge

    for select in query.find_all(sge.Select):
        for column in select.expressions:
            kind = types.get(column.alias_or_name)
            if kind and isinstance(column, sge.Alias):
                # What stands in several columns may be one and the same object.
                column.set("this", _cast(column.this.copy(), kind))


def _cast(value: sge.Expression, kind: str) -> sge.Expression:
    import sqlglot.expressions as sge

    branches: dict[type[sge.Expression], tuple[str, ...]] = {
        sge.Case: ("default",),
        sge.If: ("true", "false"),
        sge.Coalesce: ("this",),
        sge.Paren: ("this",),
    }
    if isinstance(value, sge.Cast) and isinstance(value.this, sge.Null):
        value = value.this
    if type(value) not in branches:
        return sge.Cast(this=value, to=sge.DataType.build(kind, udt=True))
    for place in branches[type(value)]:
        if value.args.get(place) is not None:
            value.set(place, _cast(value.args[place], kind))
    if isinstance(value, sge.Case):
        for branch in value.args["ifs"]:
            branch.set("true", _cast(branch.args["true"], kind))
    if isinstance(value, sge.Coalesce):
        value.set("expressions", [_cast(one, kind) for one in value.expressions])
    return value
