"""Where made-up people are met: countries of interview, monitoring points, and the route that follows from rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.questionnaire import AnswerColumn
from pipeline.rehearsal import marginals as m
from pipeline.rehearsal.sample import BLANK, Picked, Rows, Sample, choices, choose
from pipeline.vocabulary import ROUTES

SMALLEST, LARGEST = 2, 60
"""Monitoring points in one country."""

AT_THE_POINT = ("arrival_area",)
"""Questions that everyone at a point answers alike, because it is where they arrived."""

ENUMERATORS_AT_A_POINT = 3


@dataclass(frozen=True)
class Places:
    """point: number of the monitoring point of each row. route: its place among the routes, the last one for none.

    names: the code of each point. enumerator: of each row.
    """

    point: Rows
    route: Rows
    names: tuple[str, ...]
    enumerator: Rows

    @property
    def points(self) -> int:
        """How many monitoring points there are."""
        return len(self.names)

    def codes(self, column: str, pattern: str) -> tuple[tuple[str, ...], Picked]:
        """The codes of a column without a list, and for each row which. Blank where ours do not fit the pattern."""
        if column == "monitoring_point":
            names, picked = self.names, self.point
        elif column == "enumerator":
            names = tuple(f"E{number:02d}" for number in range(1, int(self.enumerator.max()) + 2))
            picked = self.enumerator
        else:
            names, picked = (), np.full(len(self.point), BLANK, dtype=np.int64)
        if not all(re.search(pattern, name) for name in names):
            names, picked = (), np.full(len(self.point), BLANK, dtype=np.int64)
        return names, picked.astype(np.int16)


def draw_places(sample: Sample) -> Places:
    """Draws the country of interview, the point, and what else the route rules ask about; and applies these."""
    country = _countries(sample)
    sample.picked["survey_country"] = country.astype(np.int16)
    point, names, of_country = _points(sample, country)
    _rest_of_the_rules(sample, country, point, len(names))
    stream = sample.stream("enumerator")
    enumerator = _first_enumerator(of_country)[point] + stream.integers(0, ENUMERATORS_AT_A_POINT, sample.size)
    return Places(point, _routes(sample), names, enumerator)


def _countries(sample: Sample) -> Rows:
    """Countries that a route rule names; any country where none is named."""
    q = sample.questionnaire
    named = {word for r in q.routes for c in r.when if c.column == "survey_country" and c.is_ for word in c.is_}
    words = sample.words("survey_country")
    weights = [m.SURVEY_COUNTRY.get(word, m.REST) if not named or word in named else 0.0 for word in words]
    nobody_else = np.zeros(sample.size, dtype=np.int64)
    return sample.choose("survey_country", np.array([weights]), nobody_else).astype(np.int64)


def _points(sample: Sample, country: Rows) -> tuple[Rows, tuple[str, ...], Rows]:
    """The point of each row, the name of each point, and the country of each point. Points differ in size."""
    codes = [code for code, _ in choices(sample.questionnaire, "survey_country")]
    people = np.bincount(country, minlength=len(codes))
    several = np.clip(np.round(0.6 * np.sqrt(people)), SMALLEST, LARGEST).astype(np.int64)
    stream = sample.stream("size of a point")
    weights = stream.gamma(1.2, 1.0, (len(codes), LARGEST)) + 0.02
    weights[np.arange(LARGEST) >= several[:, np.newaxis]] = 0
    within = choose(sample.stream("point"), weights, country).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(several)[:-1]])
    names = tuple(f"{code}-{n:02d}" for code, many in zip(codes, several, strict=True) for n in range(1, many + 1))
    return before[country] + within, names, np.repeat(np.arange(len(codes)), several)


def _first_enumerator(of_country: Rows) -> Rows:
    """Enumerators work at several points of a country: neighbouring points share them."""
    return (np.arange(len(of_country)) // 2) * 2


def _rest_of_the_rules(sample: Sample, country: Rows, point: Rows, points: int) -> None:
    q = sample.questionnaire
    asked = {c.column for rule in q.routes for c in rule.when} - set(sample.picked)
    for name in (name for name in q.columns if name in asked and isinstance(q.columns[name], AnswerColumn)):
        if name in AT_THE_POINT:
            weights = sample.weights(name, m.PLAIN.get(name))[np.newaxis]
            of_point = sample.choose(name, weights, np.zeros(points, dtype=np.int64))
            sample.picked[name] = of_point[point]
        else:
            words = sample.words("survey_country")
            tables = [m.LAST_DEPARTURE.get(word, m.LAST_DEPARTURE[""]) for word in words]
            is_country = sample.words(name) == words
            weights = np.array([sample.weights(name, table if is_country else None) for table in tables])
            sample.picked[name] = sample.choose(name, weights, country)


def _routes(sample: Sample) -> Rows:
    """The first rule that holds; what has not been drawn yet does not hold."""
    route: NDArray[np.int64] = np.full(sample.size, len(ROUTES), dtype=np.int64)
    undecided = np.ones(sample.size, dtype=np.bool_)
    for rule in sample.questionnaire.routes:
        if all(condition.column in sample.picked for condition in rule.when):
            holds = undecided & sample.holds(rule.when)
            route[holds] = ROUTES.index(rule.route)
            undecided &= ~holds
    return route
