"""How far the public-use file is from what is released: never from exact numbers, which a comparison would tell."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.public_use.columns import ANY, MISSING, NO, YES, characteristics, indicators
from pipeline.public_use.tables import QUALITY
from pipeline.publish import reading
from pipeline.questionnaire import Questionnaire
from pipeline.tables import DISTRIBUTIONS, ESTIMATES, conform
from pipeline.vocabulary import ALL, GROUPS, ROUTE

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[str, str, str]
"""Route, level, word."""


def quality(rows: pd.DataFrame, released: Path, q: Questionnaire) -> pd.DataFrame:
    """Every released share that the public-use file has as well, beside its own: `tables.QUALITY`.

    released: the folder of the release. A share that is withheld, or whose base is too small to have one, is left out.
    """
    import pandas as pd

    compared = [*_estimates(rows, released, q), *_distributions(rows, released, q)]
    frame = pd.DataFrame(compared, columns=QUALITY.names[:-1]).assign(difference=None)
    for name in ("released", "synthetic"):
        frame[name] = frame[name].astype("Float64")
    frame["difference"] = (frame["synthetic"] - frame["released"]).round(4)
    return conform(frame, QUALITY)


def _estimates(rows: pd.DataFrame, released: Path, q: Questionnaire) -> Iterator[tuple[object, ...]]:
    there, asked = set(characteristics(q)), {*indicators(q), ANY}
    groups = {group: crossed for group, crossed in GROUPS.items() if set(crossed) <= there}
    tables = {(group, i): _counted(rows, crossed, i) for group, crossed in groups.items() for i in asked}
    for row in _shares(released / f"{ESTIMATES.name}.csv"):
        key = (row["group"], row["indicator"])
        if key in tables and not _is_missing(row["level"]):
            counts = tables[key]
            yes, no = (counts.get((row["route"], row["level"], word), 0) for word in (YES, NO))
            place = (row["indicator"], row["route"], row["group"], row["level"])
            yield ESTIMATES.name, *place, float(row["share"]), _share(yes, yes + no), yes + no


def _distributions(rows: pd.DataFrame, released: Path, q: Questionnaire) -> Iterator[tuple[object, ...]]:
    tables = {name: _counted(rows, (), name) for name in characteristics(q) if name != ROUTE}
    for row in _shares(released / f"{DISTRIBUTIONS.name}.csv"):
        if row["variable"] in tables and not _is_missing(row["level"]):
            counts = tables[row["variable"]]
            known = sum(n for (route, _, word), n in counts.items() if route == row["route"] and word != MISSING)
            there = counts.get((row["route"], ALL, row["level"]), 0)
            place = (row["level"], row["route"], row["variable"], row["level"])
            yield DISTRIBUTIONS.name, *place, float(row["share"]), _share(there, known), known


def _shares(path: Path) -> list[dict[str, str]]:
    """The rows of a released table that have a share."""
    with reading(), path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["share"] and not row["suppressed"]]


def _is_missing(level: str) -> bool:
    """Whether a level is one of the kinds of missing, which the file does not tell apart."""
    return bool({"declined", "unknown"} & set(level.split("|")))


def _counted(rows: pd.DataFrame, crossed: Sequence[str], of: str) -> dict[Cell, int]:
    """Rows of the file by route, level and word; `all` routes together as well."""
    level = reduce(lambda one, other: one + "|" + other, [rows[name] for name in crossed]) if crossed else ALL
    keyed = rows[[ROUTE]].assign(level=level, word=rows[of])
    found: dict[Cell, int] = {}
    for route, at, word, n in keyed.value_counts().reset_index().itertuples(index=False):
        found[route, at, word] = n
        found[ALL, at, word] = found.get((ALL, at, word), 0) + n
    return found


def _share(part: int, base: int) -> float | None:
    return round(part / base, 4) if base else None
