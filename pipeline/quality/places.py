"""Where rows are: file and row number, and nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.recode import FILE, ROW

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

GROUP = "group"
TOLD = "told"
PLACE = "place"
Places = dict[str, "pd.DataFrame"]
"""Queue → file, row and group of each row in it. Rows of one group belong together; 0 stands alone."""


def rows_where(tests: dict[str, ir.BooleanValue], table: ir.Table, engine: Engine) -> Places:
    """The rows where each test holds. One pass counts for all tests; only hits are looked up."""
    if not tests:
        return {}
    counts = engine.frame(table.aggregate(**{name: test.fill_null(False).sum() for name, test in tests.items()}))
    totals = counts.fillna(0).iloc[0]
    return {
        name: alone(engine.frame(table.filter(test).select(FILE, ROW).order_by([FILE, ROW])))
        if totals[name]
        else nowhere()
        for name, test in tests.items()
    }


def alone(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that do not belong together."""
    return frame[[FILE, ROW]].assign(**{GROUP: 0})


def nowhere() -> pd.DataFrame:
    """No row."""
    import pandas as pd

    return pd.DataFrame({FILE: pd.Series(dtype="str"), ROW: pd.Series(dtype="int64"), GROUP: pd.Series(dtype="int64")})


def connected(one: pd.Series[int], other: pd.Series[int]) -> pd.DataFrame:
    """Places that are linked, directly or through others: `place` and `group`, counted from the first place on."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    places, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    links = np.ones(len(one), dtype=np.int8)
    graph = coo_array((links, (ends[: len(one)], ends[len(one) :])), shape=(len(places), len(places)))
    _, labels = connected_components(graph, directed=False)
    return pd.DataFrame({PLACE: places, GROUP: pd.factorize(labels)[0] + 1})


def in_groups(members: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """File, row and group of each member. `places` has file and row of each place."""
    rows = members.merge(places, on=PLACE).sort_values([GROUP, PLACE])
    return rows[[FILE, ROW, GROUP]].reset_index(drop=True)
