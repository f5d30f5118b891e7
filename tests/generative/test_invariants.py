"""What must hold of every wave, and what must not change when only the form of a wave changes."""

from __future__ import annotations

import random as chance
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.questionnaire import Questionnaire
from pipeline.tabulate import MEASURES
from pipeline.vocabulary import ALL, GROUPS, PROFILE
from tests.generative.strategies import APPROVED, Q, RandomWave, on_disk, waves
from tests.support.profiles import whole_runs
from tests.support.run import Results, run
from tests.support.waves import Row, respondent

Run = Callable[[RandomWave], Results]


@pytest.fixture(scope="module")
def run_random(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return lambda random: run(on_disk(random, tmp_path_factory.mktemp("wave")), engine)


@whole_runs(one_in=3)
@given(random=waves())
def test_counts_add_up(random: RandomWave, run_random: Run) -> None:
    results = run_random(random)
    assert results.ledger["received"] == len(random.rows) == sum(results.ledger.values()) - results.ledger["received"]
    n = results.estimates.every_table()["estimates"]
    assert (n["yes"] <= n["answered"]).all()
    assert (n["answered"] <= n["asked"]).all()
    assert (n["asked"] <= results.ledger["analysed"]).all()
    n = results.tabulated.counts
    assert (n["complete_yes"] <= n[["yes", "complete"]].min(axis=1)).all()
    assert (n["complete"] <= n["answered"]).all()
    assert (n["yes"] + n["undecided"] <= n["asked"]).all()
    assert (n["yes"] + n["family"] <= n["answered"]).all()
    assert_margins(results.tabulated.counts)
    assert_profiles(results.tabulated.profiles, results.tabulated.counts)
    assert_pairs(results.tabulated.pairs, results.tabulated.counts)
    assert_shares(results.estimates.distributions)


def assert_margins(counts: pd.DataFrame) -> None:
    """Levels sum to all, also those of crosses; routes sum to all routes; at every monitoring point."""
    at = ["indicator", "monitoring_point"]
    whole = _sums(counts[counts["group"] == ALL], [*at, "route"])
    for group, levels in counts.groupby("group"):
        assert _sums(levels, [*at, "route"]).equals(whole), group
    is_all = counts["route"] == ALL
    assert _sums(counts[~is_all], [*at, "group", "level"]).equals(_sums(counts[is_all], [*at, "group", "level"]))
    assert {*counts["group"]} == {*GROUPS}


def _sums(counts: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The measures summed over all else; without points where nobody is, which a cell may or may not list."""
    sums = counts.groupby(key)[list(MEASURES)].sum()
    return sums[(sums != 0).any(axis=1)]


def assert_profiles(profiles: pd.DataFrame, counts: pd.DataFrame) -> None:
    """Summed over all else, they are the counts of each group that is made of their characteristics."""
    at = ["indicator", "route", "monitoring_point"]
    groups = [group for group, crossed in GROUPS.items() if set(crossed) <= set(PROFILE)]
    assert len(groups) > len(PROFILE)
    for group in groups:
        levels = [profiles[name] for name in GROUPS[group]]
        named = profiles.assign(level=reduce(lambda above, below: above + "|" + below, levels) if levels else ALL)
        counted = counts[(counts["group"] == group) & (counts["route"] != ALL) & (counts["answered"] > 0)]
        assert _summed(named, [*at, "level"]).equals(_summed(counted, [*at, "level"])), group


def _summed(cells: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return cells.groupby(key)[["answered", "yes"]].sum()


def assert_pairs(pairs: pd.DataFrame, counts: pd.DataFrame) -> None:
    """Every pair at every point; what two indicators have in common lies between what their margins allow."""
    key = ["indicator", "route", "monitoring_point"]
    alone = counts[counts["group"] == ALL].set_index(key)[["answered", "yes"]].to_dict("index")
    points = pairs[["route", "monitoring_point"]].drop_duplicates()
    indicators = [str(item.indicator) for item in Q.indicators]
    expected = [(*at, *pair) for pair in combinations(indicators, 2) for at in points.itertuples(index=False)]
    assert list(pairs[["route", "monitoring_point", "indicator", "other"]].itertuples(index=False)) == expected
    for row in pairs.itertuples():
        for name, yes in ((row.indicator, row.yes_indicator), (row.other, row.yes_other)):
            of_one = alone[name, row.route, row.monitoring_point]
            assert 0 <= of_one["yes"] - yes <= of_one["answered"] - row.answered
        assert max(0, row.yes_indicator + row.yes_other - row.answered) <= row.yes
        assert row.yes <= min(row.yes_indicator, row.yes_other)


def assert_shares(distributions: pd.DataFrame) -> None:
    """No more respondents than their base."""
    assert (distributions["respondents"] <= distributions["base"]).all()


@whole_runs(one_in=3)
@given(random=waves(), order=st.randoms(use_true_random=False))
def test_rows_shuffled(random: RandomWave, order: chance.Random, run_random: Run) -> None:
    shuffled = {file: order.sample(rows, len(rows)) for file, rows in random.files.items()}
    assert_same_results(run_random(random), run_random(replace(random, files=shuffled)))


@whole_runs(one_in=3)
@given(random=waves(least=2), part=st.floats(0, 1))
def test_one_file_split_in_two(random: RandomWave, part: float, run_random: Run) -> None:
    rows = random.rows
    cut = 1 + round(part * (len(rows) - 2))  # A file without records is refused.
    whole, split = {"a.csv": rows}, {"a.csv": rows[:cut], "b.csv": rows[cut:]}
    one, two = replace(random, files=whole, more=""), replace(random, files=split, more="")
    assert_same_results(run_random(one), run_random(two))


ONE_MORE = {
    "invalid": {"age": "111"},
    "repeat_respondent": {"previous_participation": "yes"},
    "no_consent": {"consent": ""},
    "under_14": {"age": "13"},
    "age_unknown": {"age": ""},
}


@whole_runs(one_in=3)
@given(random=waves(), rule=st.sampled_from(list(ONE_MORE)))
def test_one_more_excluded_person(random: RandomWave, rule: str, run_random: Run) -> None:
    first, *others = random.files
    one_more = respondent(900, unpaid_work="yes_me", validation_status=APPROVED, **ONE_MORE[rule])
    with_one_more = {first: [*random.files[first], one_more], **{file: random.files[file] for file in others}}
    before, after = run_random(random), run_random(replace(random, files=with_one_more))
    assert_same_tables(before, after)
    assert after.ledger == {**before.ledger, "received": before.ledger["received"] + 1, rule: before.ledger[rule] + 1}


@whole_runs(one_in=3)
@given(random=waves())
def test_codes_renamed_with_the_questionnaire(
    random: RandomWave, run_random: Run, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = {file: [_renamed(row) for row in rows] for file, rows in random.files.items()}
    renamed = replace(random, files=files, log=tuple(map(_renamed_entry, random.log)))
    wave = on_disk(renamed, tmp_path_factory.mktemp("wave")).model_copy(update={"questionnaire": _with_new_codes(Q)})
    assert_same_results(run_random(random), run(wave, engine))


def _with_new_codes(q: Questionnaire) -> Questionnaire:
    lists = {name: {_new(code): answer for code, answer in answers.items()} for name, answers in q.answers.items()}
    return q.model_copy(update={"answers": lists})


def _renamed(row: Row) -> Row:
    """The row in the new codes; without 0/1 columns, whose headers are codes too."""
    closed = {name for name, column in Q.columns.items() if column.kind in ("answer", "many")}
    return {
        column: " ".join(_new(code) for code in text.split()) if column in closed else text
        for column, text in row.items()
        if not column.startswith("reasons/")
    }


def _renamed_entry(entry: Row) -> Row:
    """An entry of the log in the new codes; those of 0/1 columns do nothing, for these columns are gone."""
    column = entry.get("column", "")
    if column.startswith("reasons/"):
        return {"uuid": entry["uuid"], "change type": "no_action"}
    if not column:
        return entry
    old, new = (_renamed({column: entry[which]})[column] for which in ("old value", "new value"))
    return {**entry, "old value": old, "new value": new}


def _new(code: str) -> str:
    return f"new_{code}_code"


def assert_same_results(one: Results, other: Results) -> None:
    assert one.ledger == other.ledger
    assert_same_tables(one, other)


def assert_same_tables(one: Results, other: Results) -> None:
    """Equal to the last digit and in the same order, as they go to disk."""
    for table in ("counts", "profiles", "pairs"):
        pd.testing.assert_frame_equal(getattr(one.tabulated, table), getattr(other.tabulated, table))
    assert one.estimates.analysed == other.estimates.analysed
    tables = other.estimates.every_table()
    for name, table in one.estimates.every_table().items():
        pd.testing.assert_frame_equal(table, tables[name])
