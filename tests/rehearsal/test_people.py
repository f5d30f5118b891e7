"""The people that are drawn: the same by the same seed, asked what the form asks, and as varied as a survey round."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.questionnaire import AnswerColumn, ManyColumn, Questionnaire
from pipeline.rehearsal.marginals import FIELDWORK
from pipeline.rehearsal.people import People, draw_people
from pipeline.rehearsal.sample import choices
from pipeline.rehearsal.submissions import APPROVED, STATUSES, TINY
from pipeline.vocabulary import TRANSIT_BINS
from pipeline.wave import known_questionnaires, load_questionnaire

QUESTIONNAIRES = {name: load_questionnaire(name) for name in known_questionnaires()}


def draw(q: Questionnaire, size: int, seed: int = 1, *, tidy: bool = False) -> People:
    return draw_people(q, size=size, seed=seed, fieldwork=FIELDWORK[q.questionnaire], tidy=tidy)


def words(people: People, name: str) -> list[str]:
    """Our word for each row's answer; "" for a blank."""
    known = [answer.word for _, answer in choices(people.questionnaire, name)]
    return [known[place] if place >= 0 else "" for place in people.closed[name].picked]


def is_blank(people: People, name: str) -> np.ndarray:
    if name in people.several:
        return ~people.several[name].chosen.any(axis=1)
    return (people.closed[name].picked if name in people.closed else people.numbers[name]) < 0


@given(st.sampled_from(list(QUESTIONNAIRES)), st.integers(1, 80), st.integers(0, 2**40))
def test_nobody_answers_what_the_form_does_not_ask(questionnaire: str, size: int, seed: int) -> None:
    q = QUESTIONNAIRES[questionnaire]
    people = draw(q, size, seed)
    assert people.size == size
    for name, column in q.columns.items():
        for condition in q.condition(column.asked_if):
            answers = words(people, condition.column)
            is_put = [
                answer in condition.is_ if condition.is_ is not None else answer not in (condition.is_not or ())
                for answer in answers
            ]
            assert is_blank(people, name)[~np.array(is_put)].all(), name


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
@pytest.mark.parametrize("size", [1, 20, 300])
def test_the_same_seed_draws_the_same_people(questionnaire: str, size: int) -> None:
    q = QUESTIONNAIRES[questionnaire]
    assert _bytes(draw(q, size, 7)) == _bytes(draw(q, size, 7))
    assert _bytes(draw(q, size, 7)) != _bytes(draw(q, size, 8))


def _bytes(people: People) -> bytes:
    arrays = [*(closed.picked for closed in people.closed.values()), *people.numbers.values(), people.submissions.uuid]
    return b"".join(array.tobytes() for array in arrays)


def test_a_question_more_or_less_changes_no_other_answer() -> None:
    q = QUESTIONNAIRES["fms-2017"]
    without = q.model_copy(
        update={"columns": {name: column for name, column in q.columns.items() if name != "marital_status"}}
    )
    whole, less = draw(q, 200), draw(without, 200)
    assert set(whole.closed) - set(less.closed) == {"marital_status"}
    for name, closed in less.closed.items():
        assert (closed.picked == whole.closed[name].picked).all(), name


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
def test_every_answer_of_the_form_and_a_blank_occur(questionnaire: str) -> None:
    q = QUESTIONNAIRES[questionnaire]
    people = draw(q, 30_000)
    # Interviews are held only in the countries that a route rule names, and where someone arrived hangs on the point.
    # What happened to few people can have happened in few countries.
    few = {"survey_country", "arrival_area"}
    few |= {name for name, c in q.columns.items() if {x.column for x in q.condition(c.asked_if)} & experiences(q)}
    for name, column in q.columns.items():
        if isinstance(column, ManyColumn):
            assert people.several[name].chosen.any(axis=0).all(), name
        elif isinstance(column, AnswerColumn) and name not in few:
            offered = {answer.word for _, answer in choices(q, name)}
            blank = {""} if column.asked_if else set()
            assert set(words(people, name)) == offered | blank, name


def experiences(q: Questionnaire) -> set[str]:
    """The indicator questions, and those on the country of an event."""
    return {str(name) for item in q.indicators for name in (item.indicator, item.event_country) if name}


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
def test_everyone_is_on_a_route_and_every_route_has_people(questionnaire: str) -> None:
    q = QUESTIONNAIRES[questionnaire]
    people = draw(q, 20_000)
    on_a_route = np.zeros(people.size, dtype=bool)
    for rule in q.routes:
        holds = [np.isin(words(people, c.column), c.is_) for c in rule.when]
        assert np.logical_and.reduce(holds).any(), rule.route
        on_a_route |= np.logical_and.reduce(holds)
    assert on_a_route.all()


def test_the_longer_the_journey_the_more_is_reported() -> None:
    people = draw(QUESTIONNAIRES["fms-2016"], 20_000, tidy=True)
    positive = np.any([np.array(words(people, str(i))) == "yes" for i in people.questionnaire.counted], axis=0)
    transit = np.array(words(people, "transit"))
    shares = [positive[transit == step].mean() for step in TRANSIT_BINS]
    assert shares == sorted(shares)
    assert shares[-1] > 2 * shares[0]


def test_people_at_one_point_are_alike() -> None:
    """Shares differ between points of one route by more than people drawn one by one would."""
    people = draw(QUESTIONNAIRES["fms-2015"], 20_000, tidy=True)
    held = np.array(words(people, "held_against_will")) == "yes"
    point = people.closed["monitoring_point"].picked
    large = [place for place in np.unique(point) if (point == place).sum() >= 100]
    shares = np.array([held[point == place].mean() for place in large])
    sizes = np.array([(point == place).sum() for place in large])
    one_by_one = (held.mean() * (1 - held.mean()) / sizes).mean()
    assert len(large) > 20
    assert shares.var() > 2 * one_by_one


# --- what is wrong with an export, so that a rehearsal shows what the pipeline does about it -------------------------


@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
@pytest.mark.parametrize("size", [TINY, 150, 3000])
def test_each_mistake_occurs_unless_the_wave_is_tidy(questionnaire: str, size: int) -> None:
    assert all(_mistakes(draw(QUESTIONNAIRES[questionnaire], size)).values())
    assert not any(_mistakes(draw(QUESTIONNAIRES[questionnaire], size, tidy=True)).values())


def test_a_tiny_wave_has_no_mistakes_but_those_of_its_people() -> None:
    mistakes = _mistakes(draw(QUESTIONNAIRES["fms-2016"], TINY - 1))
    assert not any(count for name, count in mistakes.items() if name not in ("older form", "impossible age"))


def _mistakes(people: People) -> dict[str, int]:
    s = people.submissions
    column = people.questionnaire.columns["age"]
    first, last = FIELDWORK[people.questionnaire.questionnaire]
    days: list[date] = [day.astype(object) for day in people.days["survey_date"]]
    return {
        "copy": people.size - len(np.unique(s.uuid, axis=0)),
        "edit": int(s.is_edit.sum()),
        "not approved": sum(STATUSES[place] != APPROVED for place in s.status),
        "older form": int(s.is_older.sum()),
        "impossible age": int((people.numbers["age"] > column.possible[1]).sum()),
        "impossible day": sum(not first <= day <= last for day in days),
    }
