"""What missing answers could change: bounds, shares by four rules, and differences of routes under suppositions."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.nonresponse import ASSUMED, bounds, nonresponse, tipping
from pipeline.tables import COUNTS, ESTIMATES, NONRESPONSE, conform
from pipeline.vocabulary import ROUTES

# --- bounds ---------------------------------------------------------------------------------------------------------


def test_every_missing_answer_a_no_or_a_yes() -> None:
    # 10 yes, 30 no, 10 without an answer: from 10 in 50 to 20 in 50.
    assert np.allclose(bounds(10, 10, 50), (0.2, 0.4))


def test_without_missing_answers_both_are_the_share() -> None:
    assert np.allclose(bounds(10, 0, 40), (0.25, 0.25))


def test_when_nobody_answered_anything_is_possible() -> None:
    assert np.allclose(bounds(0, 7, 7), (0, 1))


def test_nobody_asked_has_no_bounds() -> None:
    assert np.isnan(bounds([0], [0], [0])).all()


def test_they_hold_the_share_of_those_who_answered() -> None:
    rng = np.random.default_rng(1)
    asked = rng.integers(1, 100, 500)
    answered = rng.integers(1, asked + 1)
    yes = rng.integers(0, answered + 1)
    low, high = bounds(yes, asked - answered, asked)
    assert (low <= yes / answered + 1e-12).all()
    assert (high >= yes / answered - 1e-12).all()


# --- shares by four rules -------------------------------------------------------------------------------------------

INDICATORS = ("unpaid_work", "at_least_one")
MEASURES = ("asked", "answered", "yes", "undecided", "complete", "complete_yes")
Met = tuple[str, str, str, tuple[int, ...]]
"""Indicator, route, point, people by measure."""


@st.composite
def waves(draw: st.DrawFn) -> list[Met]:
    """A few points on each route but one, at some of which nobody answered or even was asked."""
    met = []
    for indicator in INDICATORS:
        for route in ("central", "eastern", "western"):
            for number in range(draw(st.integers(1, 3))):
                complete, others, silent = (draw(st.integers(0, 9)) for _ in range(3))
                complete_yes, others_yes = draw(st.integers(0, complete)), draw(st.integers(0, others))
                undecided = draw(st.integers(0, others - others_yes + silent))
                answered = complete + others
                sizes = (answered + silent, answered, complete_yes + others_yes, undecided, complete, complete_yes)
                met.append((indicator, route, f"p{number}", sizes))
    return met


def counts_of(met: list[Met]) -> pd.DataFrame:
    """Everyone once among all, once among women, and once in a cross; the table must not count anyone twice."""
    rows = [
        {"indicator": indicator, "route": route, "monitoring_point": point, "group": group, "level": level, "family": 0}
        | dict(zip(MEASURES, sizes, strict=True))
        for indicator, route, point, sizes in [*met, *((i, "western_african", "", (0,) * 6) for i in INDICATORS)]
        for group, level in (("all", "all"), ("sex", "female"), ("transit_by_sex", "unknown|female"))
    ]
    return conform(pd.DataFrame(rows), COUNTS)


def per(part: float, of: float) -> float:
    return part / of if of else math.nan


def by_loops(met: list[Met], indicator: str, route: str) -> dict[str, float]:
    n: Counter[str] = Counter()
    for name, on, _, sizes in met:
        if (name, on) == (indicator, route):
            n.update(dict(zip(MEASURES, sizes, strict=True)))
    counts = {name: n[name] for name in MEASURES if name != "undecided"}
    return counts | {
        "share": per(n["yes"], n["answered"]),
        "bound_low": per(n["yes"], n["asked"]),
        "bound_high": per(n["yes"] + n["undecided"], n["asked"]),
        "complete_share": per(n["complete_yes"], n["complete"]),
    }


@given(waves())
@settings(max_examples=40)
def test_four_rules_are_what_loops_find(met: list[Met]) -> None:
    frame = nonresponse(counts_of(met), "w")
    whole, groups = frame[frame["group"] == "all"], frame[frame["group"] != "all"]
    assert len(whole) == len(INDICATORS) * len(ROUTES)
    # Of groups, at least one indicator; of a single one, complete cases are those who answered.
    assert {tuple(row) for row in groups[["indicator", "route", "group", "level"]].to_numpy()} == {
        ("at_least_one", route, "sex", "female") for route in ROUTES
    }
    assert len(groups) == len(ROUTES)
    for place, row in frame.set_index(["indicator", "route"]).iterrows():
        expected = by_loops(met, *place)
        found = {name: math.nan if pd.isna(row[name]) else float(row[name]) for name in expected}
        assert found == pytest.approx(expected, nan_ok=True)


def test_where_everyone_answered_everything_all_rules_give_one_share() -> None:
    met = [("unpaid_work", "central", f"p{n}", (20, 20, 5, 0, 20, 5)) for n in range(3)]
    row = nonresponse(counts_of(met), "w").iloc[0]
    assert {row[name] for name in ("share", "bound_low", "bound_high", "complete_share")} == {0.25}


def test_rules_differ_where_people_skipped_questions() -> None:
    # Of 50 asked, 40 answered something and 10 of them reported one; 30 answered everything, 6 of them reported one.
    # 15 of the 40 others may have one that they did not tell.
    row = nonresponse(counts_of([("at_least_one", "central", "p0", (50, 40, 10, 15, 30, 6))]), "w").iloc[0]
    shares = [row[name] for name in ("share", "bound_low", "bound_high", "complete_share")]
    assert shares == pytest.approx([0.25, 0.2, 0.5, 0.2])


def test_an_empty_table_has_no_rows() -> None:
    frame = nonresponse(conform(pd.DataFrame(columns=COUNTS.names), COUNTS), "w")
    assert frame.empty
    assert list(frame.columns) == NONRESPONSE.names


# --- suppositions ---------------------------------------------------------------------------------------------------

Bounds = dict[tuple[str, str], tuple[float, float]]
"""Indicator and route → least and greatest share."""
LIMITS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda both: (min(both), max(both)))
PAIR = ["indicator", "first", "second"]


@st.composite
def limits(draw: st.DrawFn) -> Bounds:
    """Two or three routes have bounds; nobody was met on the others."""
    routes = ROUTES[: draw(st.integers(1, 3))]
    return {(indicator, route): draw(LIMITS) for indicator in INDICATORS for route in routes}


def estimates_of(of: Bounds, withheld: tuple[str, str] | None = None) -> pd.DataFrame:
    """Estimates of whole routes, and of women on them, that nobody asks for."""
    rows = [
        {"wave": "w", "indicator": place[0], "route": place[1], "group": group, "level": level}
        | {"bound_low": low, "bound_high": high, "suppressed": "withheld" if place == withheld else ""}
        for place, (low, high) in of.items()
        for group, level in (("sex", "female"), ("all", "all"))
    ]
    return conform(pd.DataFrame(rows, columns=ESTIMATES.names), ESTIMATES)


def found(of: Bounds) -> dict[tuple[str, str, str, float, float], tuple[float, float, float]]:
    frame = tipping(estimates_of(of))
    keys = frame[[*PAIR, "first_assumed", "second_assumed"]].itertuples(index=False, name=None)
    numbers = frame[["first_share", "second_share", "difference"]].to_numpy(float, na_value=math.nan)
    return dict(zip(keys, map(tuple, numbers.tolist()), strict=True))


@given(limits())
@settings(max_examples=40)
def test_suppositions_are_what_loops_find(of: Bounds) -> None:
    expected = {}
    for indicator in INDICATORS:
        for first, second in combinations(ROUTES, 2):
            for a in ASSUMED:
                for b in ASSUMED:
                    (low, high), (least, most) = (of.get((indicator, r), (math.nan,) * 2) for r in (first, second))
                    one, other = (1 - a) * low + a * high, (1 - b) * least + b * most
                    expected[indicator, first, second, a, b] = (one, other, one - other)
    rows = found(of)
    assert rows.keys() == expected.keys()
    for key, numbers in expected.items():
        assert rows[key] == pytest.approx(numbers, abs=1e-12, nan_ok=True)


@given(limits())
@settings(max_examples=20)
def test_at_both_ends_differences_are_those_of_the_bounds(of: Bounds) -> None:
    rows = found({**of, **{(i, "eastern"): (0.25, 0.75) for i in INDICATORS}})
    for indicator in INDICATORS:
        low, high = of[indicator, "central"]
        assert rows[indicator, "central", "eastern", 0, 0][2] == pytest.approx(low - 0.25)
        assert rows[indicator, "central", "eastern", 1, 1][2] == pytest.approx(high - 0.75)
        assert rows[indicator, "central", "eastern", 0, 1][2] == pytest.approx(low - 0.75)


@given(LIMITS, LIMITS)
@settings(max_examples=20)
def test_swapped_routes_change_the_sign(one: tuple[float, float], other: tuple[float, float]) -> None:
    of, turned = (
        found({("unpaid_work", "central"): first, ("unpaid_work", "eastern"): second})
        for first, second in ((one, other), (other, one))
    )
    for a in ASSUMED:
        for b in ASSUMED:
            key, swapped = (("unpaid_work", "central", "eastern", *some) for some in ((a, b), (b, a)))
            assert of[key][2] == pytest.approx(-turned[swapped][2], abs=1e-12)


def test_a_conclusion_tips_where_the_difference_changes_its_sign() -> None:
    # The first may be 30, 35, … 50%; the second 20, 24.5, … 38%.
    rows = found({("unpaid_work", "central"): (0.3, 0.5), ("unpaid_work", "eastern"): (0.2, 0.38)})
    of_pair = {key[3:]: numbers[2] for key, numbers in rows.items() if key[1:3] == ("central", "eastern")}
    behind = {assumed for assumed, difference in of_pair.items() if difference < 0}
    assert behind == {(0.0, 0.75), (0.0, 1.0), (0.25, 1.0)}


def test_a_side_that_is_withheld_marks_every_row_it_is_in() -> None:
    of = {("unpaid_work", route): (0.2, 0.3) for route in ("central", "eastern", "western")}
    frame = tipping(estimates_of(of, ("unpaid_work", "eastern")))
    is_in = (frame["first"] == "eastern") | (frame["second"] == "eastern")
    assert (frame["suppressed"] == "withheld").tolist() == is_in.tolist()


def test_without_estimates_there_are_no_suppositions() -> None:
    assert tipping(estimates_of({})).empty
