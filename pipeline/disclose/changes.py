"""A wave beside an earlier one, from what both have released: it tells nothing that the two releases do not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.disclose.cells import rounded_share
from pipeline.stats.limits import difference_from_limits
from pipeline.tables import CHANGES, conform, plain_rows
from pipeline.vocabulary import ALL, COMMON_CORE, WITHHELD, Derived

Row = dict[str, Any]
INDICATORS = (str(Derived.AT_LEAST_ONE_COMMON), *map(str, COMMON_CORE))
"""What is set side by side: what every instrument asks."""

_SHARE = ("share", "ci_low", "ci_high")
_DIFFERENCE = ("difference", "difference_low", "difference_high")


@dataclass(frozen=True)
class Before:
    """An earlier wave. released: texts of its released estimates. broken: route → why it may not be compared there."""

    wave: str
    released: Sequence[Mapping[str, str]]
    broken: Mapping[str, tuple[str, ...]]


def changes(released: pd.DataFrame, before: Before | None) -> pd.DataFrame:
    """`tables.CHANGES` from released estimates and those of an earlier wave; without a row where there is none.

    On a route on which nobody was interviewed in one of the two there is nothing to set side by side.
    """
    rows = list(_rows(released, before)) if before is not None else []
    return conform(pd.DataFrame(rows, columns=CHANGES.names), CHANGES)


def _rows(released: pd.DataFrame, before: Before) -> Iterator[Row]:
    now = _of_all(dict(zip(released.columns, row, strict=True)) for row in plain_rows(released))
    then = _of_all({name: text or None for name, text in row.items()} for row in before.released)
    for route, broken in before.broken.items():
        for indicator in INDICATORS:
            key = indicator, route
            if key in now and key in then:
                yield _row(now[key], then[key], before.wave, "|".join(broken))


def _of_all(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Indicator and route → the row of all respondents, where anyone was asked. A number withheld is of somebody."""
    whole = (row for row in rows if (row["group"], row["level"]) == (ALL, ALL))
    return {(row["indicator"], row["route"]): row for row in whole if row["asked"] is None or int(row["asked"])}


def _row(now: Row, then: Row, earlier: str, broken: str) -> Row:
    sides = [[_number(row[name]) for name in _SHARE] for row in (now, then)]
    found = difference_from_limits(*((share, low, high) for share, low, high in sides))
    shown = np.full(3, not broken and not np.isnan(sides).any())
    hidden = any(row["suppressed"] for row in (now, then))
    return {
        **{name: now[name] for name in ("wave", "indicator", "route", "answered", "yes", "reliable")},
        "earlier_wave": earlier,
        **{f"earlier_{name}": None if then[name] is None else int(then[name]) for name in ("answered", "yes")},
        **dict(zip(("earlier_share", "earlier_low", "earlier_high"), sides[1], strict=True)),
        **dict(zip(_SHARE, sides[0], strict=True)),
        **dict(zip(_DIFFERENCE, rounded_share([float(end) for end in found], shown), strict=True)),
        "earlier_reliable": then["reliable"] or "",
        "break_before": broken,
        "suppressed": WITHHELD if hidden else "",
    }


def _number(value: str | float | None) -> float:
    return math.nan if value is None else float(value)
