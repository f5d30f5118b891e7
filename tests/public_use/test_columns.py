"""Which columns a public-use file has, and in which words: never more than a stranger may know."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.public_use.columns import ANY, CHARACTERISTICS, MISSING, analysed, characteristics, columns
from pipeline.public_use.tables import PUBLIC_USE
from pipeline.rehearsal import make_dummy_wave
from pipeline.vocabulary import DIMENSIONS, ROUTE, ROUTES, Indicator, Missing
from pipeline.wave import known_questionnaires, load_questionnaire, load_wave
from tests.support.run import Results, run

NEVER = {"monitoring_point", "survey_country", "survey_date", "file", "row", "age", "nationality", "departure_country"}
NO_ANSWER = {str(word) for word in Missing} | {"unknown"}


@pytest.fixture(scope="module", params=known_questionnaires())
def ingested(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Results:
    raw = tmp_path_factory.mktemp("raw")
    make_dummy_wave(raw / "wave", request.param, size=200)
    return run(load_wave(raw, "wave"), engine)


@pytest.mark.parametrize("name", known_questionnaires())
def test_columns_are_characteristics_then_indicators_and_nothing_else(name: str) -> None:
    q = load_questionnaire(name)
    found = list(columns(q))
    asked = [str(item.indicator) for item in q.indicators]
    assert found == [*CHARACTERISTICS, *asked, ANY]
    assert not NEVER & set(found)
    assert set(found) <= set(PUBLIC_USE.names)
    assert set(PUBLIC_USE.names) == {*CHARACTERISTICS, *map(str, Indicator), ANY}
    assert set(CHARACTERISTICS) <= {ROUTE, *DIMENSIONS}


@pytest.mark.parametrize("name", known_questionnaires())
def test_words_are_those_of_the_released_tables_and_one_for_no_answer(name: str) -> None:
    q = load_questionnaire(name)
    for column, words in columns(q).items():
        assert words[-1] == MISSING
        assert len(set(words)) == len(words)
        assert not NO_ANSWER & set(words)
        if column == ROUTE:
            assert words[:-1] == list(ROUTES)
        elif column in CHARACTERISTICS:
            assert words[:-1] == q.levels(column)
        else:
            assert words == ["yes", "no", MISSING]


def slowly(person: dict[str, object], results: Results) -> dict[str, str]:
    """What the file would say of a person, with plain loops."""
    q = results.wave.questionnaire
    said = {}
    for name in characteristics(q):
        said[name] = MISSING if person[name] in NO_ANSWER else str(person[name])
    for item in q.indicators:
        answer = person[str(item.indicator)]
        said[str(item.indicator)] = {"yes": "yes", "no": "no", "family": "no"}.get(str(answer), MISSING)
    counted = [said[str(indicator)] for indicator in q.counted]
    said[ANY] = "yes" if "yes" in counted else "no" if "no" in counted else MISSING
    return said


def test_analysed_respondents_are_said_in_these_words(ingested: Results, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "respondents.parquet"
    engine.write_parquet(ingested.ingested.respondents, path, ["file", "row"])
    people = ingested.respondents
    expected = [slowly(person, ingested) for person in people[people["excluded_by"] == ""].to_dict("records")]
    found = analysed(path, ingested.wave.questionnaire, engine)
    key = list(columns(ingested.wave.questionnaire))
    assert list(found.columns) == key
    assert 0 < len(found) < len(people)
    as_rows = sorted(map(tuple, found[key].to_numpy().tolist()))
    assert as_rows == sorted(tuple(one[name] for name in key) for one in expected)


def test_yes_and_no_are_the_counts_of_the_estimates(shipped: Results, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "respondents.parquet"
    engine.write_parquet(shipped.ingested.respondents, path, ["file", "row"])
    found = analysed(path, shipped.wave.questionnaire, engine)
    for indicator in (*(str(i.indicator) for i in shipped.wave.questionnaire.indicators), ANY):
        for route in ("all", "central", "eastern"):
            answers = found[indicator] if route == "all" else found.loc[found["route"] == route, indicator]
            measures = shipped.counts[indicator, route, "all", "all"]
            assert (answers == "yes").sum() == measures["yes"]
            assert answers.isin(["yes", "no"]).sum() == measures["answered"]
