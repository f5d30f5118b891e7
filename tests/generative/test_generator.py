"""The random waves reach everything that the other tests in this folder claim to have tried."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.vocabulary import DIMENSIONS, MISSING_WORDS, RULES
from tests.generative.strategies import CHANGES, LOG_STYLES, MOST_PEOPLE, Q, RandomWave, on_disk, waves
from tests.support import oracle

EXAMPLES = 60
"""At the most: none is looked at once everything is reached. What is drawn depends on which modules are loaded."""
EVENT_COUNTRIES = [str(item.event_country) for item in Q.indicators]
Reached = dict[str, set[str]]
"""Our column → the codes that random waves hold in it; and `word of <column>` → what these become."""


def test_random_waves_reach_all_that_is_claimed(tmp_path_factory: pytest.TempPathFactory) -> None:
    reached = what_they_reach(tmp_path_factory)
    assert never_in(reached) == {}


def never_in(reached: Reached) -> dict[str, list[str]]:
    """What is claimed and was not reached, by name."""
    never = {name: sorted(claimed - reached[name]) for name, claimed in claims()}
    return {name: missed for name, missed in never.items() if missed}


def claims() -> Iterator[tuple[str, set[str]]]:
    """What must be reached, by name in `Reached`."""
    for name, column in Q.columns.items():
        if column.kind == "answer" and name not in ("survey_country", *EVENT_COUNTRIES):
            yield name, {*Q.answers[column.answers], ""}
    yield "survey_country", {country for rule in Q.routes for test in rule.when for country in test.is_}
    yield "any country of an event", {*Q.answers["country"], ""}
    yield "column of a log", {*CHANGES, "a column of reasons", ""}
    yield "change type", {"change_response", "blank_response", "remove_survey", "no_action"}
    yield "chains of changes", {"yes"}
    yield "style of a log", {text for style in LOG_STYLES for text in style}
    yield "reasons", {*Q.answers["reasons"], "", "three at once"}
    yield "word of excluded_by", {*RULES[1:-1], ""}
    yield "word of unpaid_work", set(MISSING_WORDS)
    yield "word of unpaid_work_country", {"no_answer", "not_asked"}
    yield "word of reasons", {"no_answer", "not_asked"}
    for dimension in DIMENSIONS:
        if dimension != "survey_country":
            yield f"word of {dimension}", set(Q.levels(dimension))


def what_they_reach(folders: pytest.TempPathFactory) -> Reached:
    found: Reached = defaultdict(set)

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(waves(least=MOST_PEOPLE))
    def look(random: RandomWave) -> None:
        if never_in(found):
            look_at(random)

    def look_at(random: RandomWave) -> None:
        for entry in random.log:
            column = entry.get("column", "")
            found["column of a log"].add("a column of reasons" if "/" in column else column)
            found["change type"].add(entry["change type"])
            found["style of a log"] |= {*random.log_style}
        changed = Counter((entry["uuid"], entry["column"]) for entry in random.log if "column" in entry)
        found["chains of changes"] |= {"yes" for n in changed.values() if n > 1}
        for row in random.rows:
            for column, code in row.items():
                found[column].add(code)
        for person in oracle.people(on_disk(random, folders.mktemp("wave")), random.files, random.log):
            for column, word in person.items():
                found[f"word of {column}"].add(str(word))
        found["reasons"] |= {"three at once" for reasons in found["reasons"] if len(reasons.split()) == 3}
        found["any country of an event"] = set().union(*(found[name] for name in EVENT_COUNTRIES))

    look()
    return found
