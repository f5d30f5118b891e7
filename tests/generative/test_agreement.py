"""On random waves the pipeline and the reference engine agree: person by person, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given

from pipeline.engine import Engine
from pipeline.vocabulary import PROFILE
from tests.generative.strategies import Q, RandomWave, on_disk, waves
from tests.support import oracle
from tests.support.profiles import whole_runs
from tests.support.run import run

PROFILED = ["indicator", "route", "monitoring_point", *PROFILE]
PAIRED = ["indicator", "other", "route", "monitoring_point"]
BOTH = ["answered", "yes", "yes_indicator", "yes_other"]


@whole_runs()
@given(random=waves())
def test_people_ledger_and_counts(random: RandomWave, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    results = run(on_disk(random, tmp_path_factory.mktemp("wave")), engine)
    people = oracle.people(results.wave, random.files, random.log)
    assert results.excluded_by == {oracle.place(person): person["excluded_by"] for person in people}
    assert results.ledger == oracle.ledger(people)
    assert not_zero(results.counts) == not_zero(oracle.counts(people, Q))
    tabulated = results.tabulated
    assert cells(tabulated.profiles, PROFILED, ["answered", "yes"]) == not_zero(oracle.profiles(people, Q))
    assert cells(tabulated.pairs, PAIRED, BOTH) == not_zero(oracle.pairs(people, Q))


@whole_runs(one_in=3)
@given(random=waves())
def test_distributions_events_and_numbers(
    random: RandomWave, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    results = run(on_disk(random, tmp_path_factory.mktemp("wave")), engine)
    people = oracle.people(results.wave, random.files, random.log)
    assert distributions(results.estimates.distributions) == not_none(oracle.distributions(people, Q))
    assert events(results.estimates.events) == oracle.events(people, Q)
    assert numbers(results.estimates.experience) == oracle.numbers(people, Q)


def not_zero(cells: Mapping[object, Mapping[str, int]]) -> dict[object, dict[str, int]]:
    """Only the cells and measures with anyone in them."""
    held = {cell: {measure: n for measure, n in measures.items() if n} for cell, measures in cells.items()}
    return {cell: measures for cell, measures in held.items() if measures}


def cells(table: pd.DataFrame, key: list[str], measures: list[str]) -> dict[object, dict[str, int]]:
    """The cells of a table, each of which may stand there once, with anyone in them."""
    rows = table.set_index(key)[measures].astype(int)
    assert rows.index.is_unique
    return not_zero(rows.to_dict("index"))


def not_none(people: Mapping[object, int]) -> dict[object, int]:
    return {key: n for key, n in people.items() if n}


def distributions(table: pd.DataFrame) -> dict[object, int]:
    """(variable, route, level) → respondents, with the base of known answers as a level of its own."""
    table = table[table["variable"] != "transit_over_6_months"]
    levels = table.set_index(["variable", "route", "level"])["respondents"]
    known = table[~table["level"].isin(["declined", "unknown"])]
    bases = known.assign(level="base").set_index(["variable", "route", "level"])["base"]
    return not_none({**levels.to_dict(), **bases.to_dict()})


def events(table: pd.DataFrame) -> dict[object, tuple[int, int]]:
    table = table[table["events"] > 0]
    keys = zip(table["indicator"], table["route"], table["country"], strict=True)
    return dict(zip(keys, zip(table["events"], table["people"], strict=True), strict=True))


def numbers(table: pd.DataFrame) -> dict[object, int]:
    of_numbers = table[table["measure"] == "number_of_indicators"]
    keys = zip(of_numbers["route"], of_numbers["level"].astype(int), strict=True)
    return not_none(dict(zip(keys, of_numbers["respondents"], strict=True)))
