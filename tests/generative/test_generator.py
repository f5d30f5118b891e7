"""The random waves reach everything that the other tests in this folder claim to have tried."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.vocabulary import DIMENSIONS, MISSING_WORDS, RULES, TRANSIT_BINS
from tests.generative.strategies import MOST_PEOPLE, Q, RandomWave, on_disk, waves
from tests.support import oracle

EXAMPLES = 30
EVENT_COUNTRIES = [str(item.event_country) for item in Q.indicators]
NO_RULE_YET = {"removed_by_log", "not_approved"}
"""Lines of the ledger that nothing can fill: there is no cleaning log, and no filter on approval."""


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Our column → the codes that the random waves hold in it; and `word of <column>` → what these become."""
    found: dict[str, set[str]] = defaultdict(set)

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(waves(least=MOST_PEOPLE))
    def look(random: RandomWave) -> None:
        wave = on_disk(random, tmp_path_factory.mktemp("wave"))
        for row in random.rows:
            for column, code in row.items():
                found[column].add(code)
        for person in oracle.people(wave, random.files):
            for column, word in person.items():
                found[f"word of {column}"].add(str(word))

    look()
    return found


def test_it_reaches_every_code_of_every_closed_question(reached: dict[str, set[str]]) -> None:
    elsewhere = {"survey_country", *EVENT_COUNTRIES}
    closed = {name: column for name, column in Q.columns.items() if column.kind == "answer" and name not in elsewhere}
    never = {name: sorted({*Q.answers[column.answers], ""} - reached[name]) for name, column in closed.items()}
    assert {name: codes for name, codes in never.items() if codes} == {}


def test_it_reaches_every_country_of_an_event(reached: dict[str, set[str]]) -> None:
    assert {*Q.answers["country"], ""} == set().union(*(reached[name] for name in EVENT_COUNTRIES))
    assert all({"LBY", ""} <= reached[name] for name in EVENT_COUNTRIES)


def test_it_reaches_every_country_with_a_route(reached: dict[str, set[str]]) -> None:
    routed = {country for rule in Q.routes for condition in rule.when for country in condition.is_}
    assert reached["survey_country"] == routed


def test_it_reaches_every_reason_alone_and_with_others(reached: dict[str, set[str]]) -> None:
    assert {*Q.answers["reasons"], ""} <= reached["reasons"]
    assert any(len(codes.split()) == 3 for codes in reached["reasons"])


def test_it_reaches_every_rule(reached: dict[str, set[str]]) -> None:
    assert reached["word of excluded_by"] == {*RULES[1:-1], ""} - NO_RULE_YET


def test_it_reaches_every_kind_of_missing(reached: dict[str, set[str]]) -> None:
    assert set(MISSING_WORDS) <= reached["word of unpaid_work"]
    assert {"no_answer", "not_asked"} <= reached["word of unpaid_work_country"]
    assert {"no_answer", "not_asked"} <= reached["word of reasons"]


def test_it_reaches_every_level(reached: dict[str, set[str]]) -> None:
    declared = {dimension: set(Q.levels(dimension)) for dimension in DIMENSIONS if dimension != "survey_country"}
    never = {dimension: levels - reached[f"word of {dimension}"] for dimension, levels in declared.items()}
    assert {dimension: levels for dimension, levels in never.items() if levels} == {}
    assert declared["transit"] == set(TRANSIT_BINS)
