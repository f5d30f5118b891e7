"""Which indicators are reported by the same respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.clustered import Points, described, interval
from pipeline.stats.proportion import share
from pipeline.tables import COOCCURRENCE, conform
from pipeline.vocabulary import ALL, ROUTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


KEY = ["route", "indicator", "other"]
MEASURES = ["answered", "yes", "yes_indicator", "yes_other"]


def cooccurrence(pairs: pd.DataFrame, points: Points, wave: str) -> pd.DataFrame:
    """How often two indicators are reported together, against what chance would do: `tables.COOCCURRENCE`.

    Estimates the share that reported both, among respondents who answered both; and its ratio to the product of both
    shares, which it would be if one said nothing about the other. Source: Tan, Kumar and Srivastava (2004), Information
    Systems 29, 293–313, where the ratio is called interest; intervals of the share as everywhere, over monitoring
    points. Assumes nothing on causes: pooled over routes, two indicators go together already because both are more
    frequent on one route.

    Parameters: `tables.PAIRS`; the points of each route. Returns a row for each route and pair, and for all routes.
    """
    rows = _everywhere(pairs)
    cells = _summed(pairs, rows)
    both = share(cells["yes"], cells["answered"])
    chance = share(cells["yes_indicator"], cells["answered"]) * share(cells["yes_other"], cells["answered"])
    found = interval(Points(rows, points.of_route, points.known), cells, KEY)
    frame = cells.assign(wave=wave, share=both, **described(found), ratio=times(both, chance), suppressed="")
    return conform(frame, COOCCURRENCE)


def of_all_routes(pairs: pd.DataFrame) -> pd.DataFrame:
    """The counts of each pair, on each route and on all of them: `KEY` and `MEASURES`. pairs: `tables.PAIRS`."""
    return _summed(pairs, _everywhere(pairs))


def _summed(pairs: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each route and pair. rows: `_everywhere`."""
    sums = rows.groupby(KEY, as_index=False, sort=False)[MEASURES].sum()
    names = pairs[KEY[1:]].drop_duplicates()
    grid = pd.concat([names.assign(route=route) for route in (*ROUTES, ALL)], ignore_index=True)
    return grid.merge(sums, on=KEY, how="left").fillna(dict.fromkeys(MEASURES, 0))


def _everywhere(pairs: pd.DataFrame) -> pd.DataFrame:
    """The rows with anyone; those of all routes once more, by route."""
    rows = pairs[pairs["answered"] > 0].assign(route_of_point=pairs["route"])
    return pd.concat([rows, rows.assign(route=ALL)], ignore_index=True)


def times(both: Floats, chance: Floats) -> Floats:
    """How many times as often as by chance; NaN where chance would be 0."""
    return np.asarray(np.divide(both, chance, out=np.full(len(both), np.nan), where=chance > 0))
