"""Whom the model of factors is about: respondents of whom every factor is known, at levels with enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import ROUTE, ROUTES, Derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINT = "monitoring_point"

FEWEST_OF_LEVEL = 15
"""Fewest positive and fewest other respondents at a level that is in the model."""

LEAST_KNOWN = 0.5
"""Smallest share of respondents of whom a factor must be known, for all others are left out of the model with it."""


@dataclass(frozen=True)
class Data:
    """The respondents of a model.

    rows: factors, monitoring point, answered, yes; levels: of each factor in the model, its reference first; left_out:
    respondents with a valid answer who are not in it.
    """

    rows: pd.DataFrame
    levels: dict[str, list[str]]
    left_out: int

    @cached_property
    def point(self) -> NDArray[np.str_]:
        """The monitoring point of each row; the same code on two routes is two points."""
        return (self.rows[ROUTE] + " " + self.rows[POINT]).to_numpy(str)

    @cached_property
    def points(self) -> int:
        """How many monitoring points there are."""
        return len(set(self.point))

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Factor and level of each column of a design after the intercept."""
        return [(name, level) for name, levels in self.levels.items() for level in levels[1:]]

    @cached_property
    def own_design(self) -> Floats:
        """The design of the rows themselves."""
        return self.design(self.rows)

    def design(self, rows: pd.DataFrame) -> Floats:
        """The design of rows: an intercept and a column for each level but the reference."""
        columns = [(rows[name] == level).to_numpy(float) for name, level in self.columns]
        return np.column_stack([np.ones(len(rows)), *columns])

    def set_to(self, design: Floats, factor: str, level: str) -> Floats:
        """A design in which everybody is at one level of a factor."""
        changed = design.copy()
        for place, (name, word) in enumerate(self.columns, start=1):
            if name == factor:
                changed[:, place] = float(word == level)
        return changed

    @property
    def events_per_coefficient(self) -> float:
        """Positive respondents to each coefficient, or others, of whom there are fewer."""
        yes, answered = self.rows["yes"].sum(), self.rows["answered"].sum()
        return float(min(yes, answered - yes) / max(len(self.columns), 1))


def model_data(profiles: pd.DataFrame, q: Questionnaire) -> Data:
    """The respondents of whom every factor is known, at levels that hold enough of both answers.

    profiles: `tables.PROFILES`, exact. Factors that are known of fewer than half, or are left
    with a single level, are not in the model.
    """
    of = profiles[profiles["indicator"] == str(Derived.AT_LEAST_ONE)]
    key = [*dict.fromkeys([ROUTE, *q.factors]), POINT]
    rows = of.groupby(key, as_index=False)[["answered", "yes"]].sum()
    # Among all, at first: a question that was put to few must not take everybody else with it.
    declared = {name: declared_levels(q, name) for name in q.factors}
    levels = {name: _with_enough(rows, name, words) for name, words in declared.items() if _is_known(rows, name, words)}
    while True:
        levels = {name: words for name, words in levels.items() if len(words) > 1}
        known = rows[rows[list(levels)].isin(levels).all(axis=1)] if levels else rows
        kept = {name: _with_enough(known, name, words) for name, words in levels.items()}
        if kept == levels:
            break
        levels = kept
    with_reference = {
        name: _reference_first(known, name, words, q.factors[name].reference) for name, words in levels.items()
    }
    return Data(known.reset_index(drop=True), with_reference, int(rows["answered"].sum() - known["answered"].sum()))


def _is_known(rows: pd.DataFrame, name: str, levels: list[str]) -> bool:
    return bool(rows.loc[rows[name].isin(levels), "answered"].sum() >= LEAST_KNOWN * rows["answered"].sum())


def declared_levels(q: Questionnaire, factor: str) -> list[str]:
    """The levels of a factor that is declared, in order."""
    return list(ROUTES) if factor == ROUTE else q.levels(factor)


def _with_enough(rows: pd.DataFrame, name: str, levels: list[str]) -> list[str]:
    sums = rows.groupby(name)[["answered", "yes"]].sum().reindex(levels, fill_value=0)
    fewer = np.minimum(sums["yes"], sums["answered"] - sums["yes"])
    return [level for level, people in zip(levels, fewer, strict=True) if people >= FEWEST_OF_LEVEL]


def _reference_first(rows: pd.DataFrame, name: str, levels: list[str], declared: str) -> list[str]:
    """The declared reference, or where it is left out the level with most respondents, before the others."""
    people = rows.groupby(name)["answered"].sum()
    reference = declared if declared in levels else max(levels, key=lambda level: people[level])
    return [reference, *(level for level in levels if level != reference)]
