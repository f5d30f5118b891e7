"""Rows come from counts alone, and follow them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.public_use.columns import ANY
from pipeline.public_use.noise import Noisy, count_with_noise, joined
from pipeline.public_use.rows import at_least_one, draw_rows
from tests.public_use.conftest import COUNTED, population


def counted_exactly(people: pd.DataFrame) -> Noisy:
    """Counts without any noise, with plain loops."""
    frame = joined(people)
    single = {name: dict(sorted(frame[name].value_counts().items())) for name in frame.columns}
    pairs: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for one, other in combinations(frame.columns, 2):
        of: dict[tuple[str, str], int] = {}
        for a, b in zip(frame[one], frame[other], strict=True):
            of[a, b] = of.get((a, b), 0) + 1
        pairs[one, other] = of
    return Noisy(len(people), single, pairs)


def rows_of(noisy: Noisy, people: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    return draw_rows(noisy, COUNTED, list(people.columns), np.random.default_rng(seed))


@given(st.integers(300, 3000), st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_without_noise_every_pair_has_its_share(many: int, seed: int) -> None:
    people = population(many, seed)
    rows = rows_of(counted_exactly(people), people)
    assert list(rows.columns) == list(people.columns)
    assert len(rows) == many
    # Route and transit are counted together, so that the pair of both and a third is a pair here.
    for first in (["route", "transit"], ["sex"], ["unpaid_work"]):
        for other in {"forced_work", "sex", ANY} - set(first):
            exact, drawn = (frame.groupby([*first, other]).size() / many for frame in (people, rows))
            assert exact.sub(drawn, fill_value=0).abs().max() < 0.01 + 5 / many


@given(st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_at_least_one_is_what_the_indicators_of_the_row_say(seed: int) -> None:
    people = population(1500, seed)
    rows = rows_of(count_with_noise(people, 4.0, 11), people)
    for row in rows.to_dict("records"):
        answers = [row[name] for name in COUNTED]
        assert row[ANY] == ("yes" if "yes" in answers else "no" if "no" in answers else "missing")


def test_rows_hold_only_words_that_were_counted() -> None:
    people = population(1500, 1)
    noisy = count_with_noise(people, 4.0, 11)
    rows = rows_of(noisy, people)
    assert len(rows) == noisy.rows
    drawn = joined(rows)
    for name in noisy.columns:
        assert set(drawn[name]) <= set(noisy.single[name])


def test_the_same_counts_and_numbers_give_the_same_rows() -> None:
    """Nothing but the counts goes in."""
    people = population(500, 1)
    noisy = counted_exactly(people)
    pd.testing.assert_frame_equal(rows_of(noisy, people), rows_of(noisy, people))
    assert not rows_of(noisy, people, 2).equals(rows_of(noisy, people, 3))


def test_pairs_that_noise_has_taken_away_leave_rows_to_draw() -> None:
    people = population(500, 1)
    exact = counted_exactly(people)
    bare = Noisy(exact.rows, exact.single, {pair: {} for pair in exact.pairs})
    rows = rows_of(bare, people)
    assert len(rows) == 500
    assert (rows["sex"] == "male").mean() == pytest.approx((people["sex"] == "male").mean(), abs=0.08)


def test_at_least_one_that_no_indicator_allows_leaves_rows_to_draw() -> None:
    people = population(500, 1)
    exact = counted_exactly(people)
    single = exact.single | {ANY: {"missing": 500}, **{name: {"no": 300, "yes": 200} for name in COUNTED}}
    rows = rows_of(Noisy(500, single, {pair: {} for pair in exact.pairs}), people)
    assert len(rows) == 500
    assert set(rows[ANY]) == {"no", "yes"}


def test_who_answered_nothing_is_missing() -> None:
    frame = pd.DataFrame({"unpaid_work": ["missing", "no", "yes"], "forced_work": ["missing", "missing", "no"]})
    assert at_least_one(frame, COUNTED).tolist() == ["missing", "no", "yes"]
