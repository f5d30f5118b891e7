"""Small exact tables for the door: what an analyst has of made-up people, and what a reader is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from pipeline.aside import Done
from pipeline.disclose import shares
from pipeline.disclose.door import release
from pipeline.disclose.intervals import with_intervals
from pipeline.disclose.policy import PUBLIC, Policy
from pipeline.disclose.released import Released
from pipeline.stats.estimate import Estimates
from pipeline.stats.inference import Inferred
from pipeline.tables import ESTIMATED, ESTIMATES, LEDGER, Table, conform

Row = dict[str, Any]

MET = {"central", "eastern", "all"}
"""Routes on which someone was met; on the others nobody was."""

WHOLE_ROUTE = (400, 1000, 1000)


def exact_table(of: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """A table of these rows; columns that a row does not name are empty."""
    shared = {"wave": "w", "suppressed": ""}
    return conform(pd.DataFrame([shared | row for row in rows], columns=of.names), of)


_EMPTY = {table.name: exact_table(table, ()) for table in ESTIMATED}


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table as plain values, None where there is none."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]


def cell(indicator: str, route: str, level: str, people: tuple[int, int, int], **more: object) -> Row:
    """A row of exact estimates. level: `all`, or `group/level`. people: yes, answered, asked."""
    yes, answered, asked = people
    group, _, of_group = level.partition("/")
    return {
        "indicator_set": "s",
        "indicator": indicator,
        "route": route,
        "group": group,
        "level": of_group or level,
        "asked": asked,
        "answered": answered,
        "yes": yes,
        "share": yes / answered if answered else None,
        "ci_method": "wilson",
        "bound_low": yes / asked if asked else None,
        "bound_high": (yes + asked - answered) / asked if asked else None,
        "reliable": "",
        **more,
    }


def over_points(deff: float | None, df: int) -> Row:
    """The same cell with an interval over monitoring points; none where the design effect is not known."""
    known = {"ci_method": "korn_graubard", "deff": deff, "df": df, "reliable": "yes"}
    return known if deff is not None else {}


def exact_estimates(cells: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Estimates on the central route from (yes, answered, asked); the first row is the whole route."""
    levels = ["all", *(f"nationality/level_{place}" for place in range(1, len(cells)))]
    rows = (cell("at_least_one", "central", level, of) for level, of in zip(levels, cells, strict=False))
    return exact_table(ESTIMATES, rows)


def released_estimates(exact: pd.DataFrame, policy: Policy = PUBLIC) -> pd.DataFrame:
    """What the door gives of these estimates."""
    return with_intervals(shares.estimates(exact, policy, MET), exact, policy)


def exact_of(**tables: pd.DataFrame) -> Estimates:
    """All exact tables: these, and empty ones for the others."""
    frames = _EMPTY | {"estimates": exact_estimates([WHOLE_ROUTE]), **tables}
    analysed = frames["estimates"].groupby("route")["asked"].max().to_dict()
    inferred = Inferred(**{each.name: frames[each.name] for each in fields(Inferred)})
    counted = {each.name: frames[each.name] for each in fields(Estimates) if each.name in frames}
    return Estimates(**counted, analysed=analysed, inferred=Done(inferred))


def released_from(checks: Iterable[tuple[str, str]] = (), **tables: pd.DataFrame) -> Released:
    """What leaves by the door of these exact tables."""
    return release(exact_of(**tables), exact_table(LEDGER, ()), PUBLIC, checks)


@st.composite
def cells(draw: st.DrawFn) -> tuple[int, int, int]:
    """Yes, answered and asked: of few people or of many, few of them or nearly all positive."""
    asked = draw(st.one_of(st.integers(0, 130), st.integers(0, 4000)))
    answered = draw(st.integers(max(0, asked - 40), asked))
    yes = draw(st.one_of(st.integers(0, min(answered, 20)), st.integers(0, answered), st.just(answered)))
    return yes, answered, asked


FEW = settings(max_examples=25)
"""For tests whose every example is a table of several rows."""

DEFF = st.one_of(st.just(0.0), st.floats(0.3, 9), st.floats(0.3, 9))
"""Design effects; 0 is that of points which all have the same share."""

SIZES = st.one_of(st.integers(0, 16), st.integers(40, 60), st.integers(0, 2000))
"""How many people a group has: too few to show, about as many as a share needs, or any."""


def pairs_of(exact: pd.DataFrame, released: pd.DataFrame) -> Iterator[tuple[Row, Row]]:
    """Each exact row, and what is released of it."""
    return zip(rows_of(exact), rows_of(released), strict=True)
