"""Draws made-up people for a questionnaire: who they are, how they came, what they say happened.

People at one monitoring point are made alike, the longer a journey the more is reported, and nobody answers what the
form would not have asked them. Everything else is invented (`marginals.py`). The same questionnaire, size and seed give
the same people, however they are written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipeline.questionnaire import (
    AnswerColumn,
    CodeColumn,
    DateColumn,
    IntegerColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.rehearsal import marginals as m
from pipeline.rehearsal.places import Places, draw_places
from pipeline.rehearsal.sample import BLANK, Picked, Rows, Sample, choices
from pipeline.rehearsal.submissions import Submissions, draw_submissions
from pipeline.vocabulary import ROUTES, TRANSIT_BINS, Experience, Missing

ALIKE_EVERYWHERE = ("consent", "previous_participation")
"""Questions that people at one point do not answer more alike than others."""


@dataclass(frozen=True)
class Closed:
    """Answers with one code each: `codes` as the form has them, and for each row the place of its code."""

    codes: tuple[str, ...]
    picked: Picked


@dataclass(frozen=True)
class Several:
    """Answers with several codes each: a row for each person, a column for each code. Nothing chosen is a blank."""

    codes: tuple[str, ...]
    chosen: NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """Rows of an export before they are written.

    numbers: -1 is a blank. older: questions that the older version of the form did not put.
    """

    questionnaire: Questionnaire
    closed: Mapping[str, Closed]
    several: Mapping[str, Several]
    numbers: Mapping[str, NDArray[np.int32]]
    days: Mapping[str, NDArray[np.datetime64]]
    submissions: Submissions
    older: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.submissions.number)


def draw_people(q: Questionnaire, *, size: int, seed: int, fieldwork: tuple[date, date], tidy: bool = False) -> People:
    """As many rows as `size`, with duplicates, edits and mistakes among them unless `tidy`."""
    sample = Sample(q, size, seed)
    places = draw_places(sample)
    for name in ALIKE_EVERYWHERE:
        _plain(sample, name)
    cells = _cells(places)
    _draw_answers(sample, places, cells)
    chosen = {name: _several(sample, name, cells) for name, c in q.columns.items() if isinstance(c, ManyColumn)}
    submissions = draw_submissions(sample, fieldwork, tidy=tidy)
    older = () if tidy else older_form_lacks(q)
    chosen = _skip(sample, chosen, submissions.is_older, older)
    _impossible_ages(sample, tidy=tidy)
    return _as_submitted(sample, places, chosen, submissions, older)


def older_form_lacks(q: Questionnaire) -> tuple[str, ...]:
    """The question that the older version of the form did not put.

    The last question of the interview that is no indicator's, hangs on none, and has no other hanging on it.
    """
    indicators = {name for item in q.indicators for name in (str(item.indicator), item.event_country)}
    needed = {c.column for column in q.columns.values() for c in q.condition(column.asked_if)}
    needed |= {c.column for rule in q.routes for c in rule.when}
    possible = []
    for name, column in q.columns.items():
        hangs_on = {condition.column for condition in q.condition(column.asked_if)}
        if isinstance(column, AnswerColumn) and hangs_on and not hangs_on & indicators:
            possible.append(name)
    return tuple([name for name in possible if name not in indicators | needed][-1:])


@dataclass(frozen=True)
class Cells:
    """People who were met at one point and are on one route. of_row: the cell of each row."""

    of_row: Rows
    point: Rows
    route: Rows


def _cells(places: Places) -> Cells:
    pairs = places.point * (len(ROUTES) + 1) + places.route
    found, of_row = np.unique(pairs, return_inverse=True)
    return Cells(of_row.astype(np.int64), found // (len(ROUTES) + 1), found % (len(ROUTES) + 1))


# --- answers --------------------------------------------------------------------------------------------------------


def _draw_answers(sample: Sample, places: Places, cells: Cells) -> None:
    """Every closed question and number, as if everyone had been asked everything."""
    q = sample.questionnaire
    experiences = {str(item.indicator) for item in q.indicators}
    for name, column in q.columns.items():
        if isinstance(column, IntegerColumn):
            sample.numbers[name] = _number(sample, name, column)
        elif not isinstance(column, AnswerColumn) or name in sample.picked or name in experiences:
            continue
        elif name == "departure_country" and "nationality" in sample.picked:
            sample.picked[name] = _departure(sample, cells)
        elif name == "year_outside_origin" and "transit" in sample.picked:
            sample.picked[name] = _year_outside(sample)
        else:
            sample.picked[name] = _by_route(sample, name, cells)
    _experiences(sample, places)


def _plain(sample: Sample, name: str) -> None:
    if name in sample.questionnaire.columns:
        weights = sample.weights(name, m.PLAIN[name])[np.newaxis]
        sample.picked[name] = sample.choose(name, weights, np.zeros(sample.size, dtype=np.int64))


def _table(sample: Sample, name: str, route: str) -> m.Weights | None:
    events = {item.event_country for item in sample.questionnaire.indicators}
    by_route = m.EVENT_COUNTRY if name in events else m.BY_ROUTE.get(name)
    if by_route is None:
        return m.PLAIN.get(name)
    return by_route.get(route) or next(iter(by_route.values()))


def _route_weights(sample: Sample, name: str) -> NDArray[np.float64]:
    """A row for each route, and a last one for people on none."""
    return np.array([sample.weights(name, _table(sample, name, route)) for route in (*ROUTES, "")])


def _by_route(sample: Sample, name: str, cells: Cells) -> Picked:
    """An answer by the weights of the route, moved for each point."""
    weights = _route_weights(sample, name)[cells.route]
    points = int(cells.point.max()) + 1
    stream = sample.stream(f"{name}, by point")
    if name == "transit":
        steps = np.arange(weights.shape[1]) - 2
        tilt = np.exp(stream.normal(0, m.ALIKE_IN_JOURNEY, points)[:, np.newaxis] * steps)
    else:
        tilt = np.exp(stream.normal(0, m.ALIKE_IN_ANSWERS, (points, weights.shape[1])))
    return sample.choose(name, weights * tilt[cells.point], cells.of_row)


def _departure(sample: Sample, cells: Cells) -> Picked:
    """Most set out from their own country."""
    elsewhere = _by_route(sample, "departure_country", cells)
    stays = sample.stream("departure from home").random(sample.size) < 0.7
    same_list = sample.words("departure_country") == sample.words("nationality")
    return np.where(stays & same_list, sample.picked["nationality"], elsewhere).astype(np.int16)


def _year_outside(sample: Sample) -> Picked:
    name = "year_outside_origin"
    step = _steps(sample, unknown=2).astype(np.int64)
    weights = np.array([sample.weights(name, {"yes": share, "no": 1 - share}) for share in m.A_YEAR_OUTSIDE])
    return sample.choose(name, weights, step)


def _steps(sample: Sample, unknown: float) -> NDArray[np.float32]:
    """Journey time as a number from 0, the shortest, to 4."""
    words = sample.words("transit")
    numbers = [TRANSIT_BINS.index(word) if word in TRANSIT_BINS else unknown for word in words]
    return np.array([*numbers, unknown], dtype=np.float32)[sample.picked["transit"]]


def _number(sample: Sample, name: str, column: IntegerColumn) -> NDArray[np.int32]:
    stream = sample.stream(name)
    if name != "age":
        return stream.integers(column.possible[0], column.possible[1], sample.size, endpoint=True, dtype=np.int32)
    age = m.AGE_FROM + np.floor(stream.gamma(m.AGE_SHAPE, m.AGE_SCALE, sample.size))
    age = np.minimum(age, m.OLDEST).astype(np.int32)
    which = stream.random(sample.size)
    children = stream.integers(8, 14, sample.size, dtype=np.int32)
    age = np.where(which < m.UNDER_14, children, age)
    return np.where(which > 1 - m.AGE_UNKNOWN, np.int32(BLANK), age).astype(np.int32)


# --- experiences ----------------------------------------------------------------------------------------------------


def _experiences(sample: Sample, places: Places) -> None:
    """Answers to the indicator questions. A person, a point and a long journey make all of them more likely at once."""
    stream = sample.stream("experiences")
    alike = stream.normal(0, m.ALIKE_IN_EXPERIENCE, places.points)[places.point]
    person = (alike + stream.normal(0, m.FRAILTY, sample.size)).astype(np.float32)
    if "transit" in sample.picked:
        person += m.PER_STEP * (_steps(sample, unknown=1.5) - 1.5)
    for item in sample.questionnaire.indicators:
        name = str(item.indicator)
        at_point = sample.stream(f"{name}, by point").normal(0, m.ALIKE_IN_ONE_EXPERIENCE, places.points)
        shares = np.array([m.POSITIVE.get(route, m.POSITIVE["eastern"]).get(name, 0.05) for route in (*ROUTES, "")])
        middle = np.log(shares / (1 - shares)).astype(np.float32)
        odds = middle[places.route] + person + at_point[places.point].astype(np.float32)
        sample.picked[name] = _experience(sample, name, (1 / (1 + np.exp(-odds))).astype(np.float32))


def _experience(sample: Sample, name: str, probability: NDArray[np.float32]) -> Picked:
    stream = sample.stream(name)
    places = {word: sample.place_of(name, word) for word in (*Experience, Missing.DONT_KNOW, Missing.DECLINED)}
    picked = np.full(sample.size, places[Experience.NO] or 0, dtype=np.int16)
    if (family := places[Experience.FAMILY]) is not None:
        picked[stream.random(sample.size) < m.FAMILY] = family
    picked[stream.random(sample.size) < probability] = places[Experience.YES] or 0
    which = stream.random(sample.size)
    for step, word in enumerate((Missing.DONT_KNOW, Missing.DECLINED), start=1):
        if (place := places[word]) is not None:
            picked[(which < step * 2 * m.NO_ANSWER) & (which >= (step - 1) * 2 * m.NO_ANSWER)] = place
    return picked


def _several(sample: Sample, name: str, cells: Cells) -> NDArray[np.bool_]:
    """Each answer for itself; who would choose none chooses one."""
    words = sample.words(name)
    by_route = [_table(sample, name, route) or {} for route in (*ROUTES, "")]
    shares = np.array([[table.get(word, 0.02) for word in words] for table in by_route])[cells.route]
    stream = sample.stream(name)
    chosen = np.empty((sample.size, len(words)), dtype=np.bool_)
    for place in range(len(words)):
        chosen[:, place] = stream.random(sample.size) < shares[:, place][cells.of_row]
    none = np.flatnonzero(~chosen.any(axis=1))
    chosen[none, stream.integers(0, len(words), len(none))] = True
    return chosen


# --- what was not asked, and what cannot be -------------------------------------------------------------------------


def _skip(
    sample: Sample, chosen: dict[str, NDArray[np.bool_]], is_older: NDArray[np.bool_], older: tuple[str, ...]
) -> dict[str, NDArray[np.bool_]]:
    """Blanks what the form would not have asked, question by question in its order, and a few answers besides."""
    q = sample.questionnaire
    for name, column in q.columns.items():
        conditions = q.condition(column.asked_if)
        blank = ~sample.holds(conditions)
        if name in older:
            blank |= is_older
        if conditions and isinstance(column, AnswerColumn | ManyColumn):
            blank |= sample.stream(f"{name}, blank").random(sample.size) < m.BLANK
        if name in sample.picked:
            sample.picked[name][blank] = BLANK
        elif name in sample.numbers:
            sample.numbers[name][blank] = BLANK
        elif name in chosen:
            chosen[name][blank] = False
    return chosen


def _impossible_ages(sample: Sample, *, tidy: bool) -> None:
    age = sample.numbers["age"]
    given = np.flatnonzero(age >= 0)
    if tidy or len(given) < 50:
        return
    stream = sample.stream("impossible ages")
    column = sample.questionnaire.columns["age"]
    highest = column.possible[1] if isinstance(column, IntegerColumn) else 0
    rows = stream.choice(given, max(1, round(m.IMPOSSIBLE_AGES * sample.size)), replace=False)
    age[rows] = stream.integers(highest + 5, highest + 80, len(rows), dtype=np.int32)


def _as_submitted(
    sample: Sample,
    places: Places,
    chosen: dict[str, NDArray[np.bool_]],
    submissions: Submissions,
    older: tuple[str, ...],
) -> People:
    """The rows as they come in: a copy, and an edit, hold the answers of the submission that they come from."""
    q, source = sample.questionnaire, submissions.source
    closed = {
        name: Closed(tuple(code for code, _ in choices(q, name)), picked[source])
        for name, picked in sample.picked.items()
    }
    for name, column in q.columns.items():
        if isinstance(column, CodeColumn):
            codes, picked = places.codes(name, column.pattern)
            closed[name] = Closed(codes, picked[source])
    numbers = {name: number[source] for name, number in sample.numbers.items()}
    # Who corrects a submission changes something: here the age, by a year.
    edited = submissions.is_edit & (numbers["age"] >= 0)
    numbers["age"] = numbers["age"] + edited.astype(np.int32)
    return People(
        questionnaire=q,
        closed=closed,
        several={
            name: Several(tuple(code for code, _ in choices(q, name)), several[source])
            for name, several in chosen.items()
        },
        numbers=numbers,
        days={name: submissions.day for name, column in q.columns.items() if isinstance(column, DateColumn)},
        submissions=submissions,
        older=older,
    )
