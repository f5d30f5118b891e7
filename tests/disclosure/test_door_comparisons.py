"""Comparisons that leave by the door: from printed numbers where they can be, and never from what is withheld."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from pipeline.disclose.comparisons import means, released_contrasts, released_tipping, stratified, trends
from pipeline.disclose.policy import PUBLIC
from pipeline.stats.contrast import pairs
from pipeline.tables import CONTRASTS, ESTIMATES, MEANS, STRATIFIED, TIPPING, TRENDS, Table
from pipeline.vocabulary import ROUTES, TRANSIT_BINS
from tests.disclosure import slow_door
from tests.disclosure.exact_tables import (
    DEFF,
    FEW,
    MET,
    SIZES,
    WHOLE_ROUTE,
    Row,
    cell,
    exact_table,
    over_points,
    pairs_of,
    released_estimates,
    released_from,
    rows_of,
)
from tests.disclosure.slow_door import hides_bin, hides_mean, printed_count, two_digits

INDICATORS = ("unpaid_work", "forced_work", "at_least_one")
Place = tuple[str, str, str]
"""Indicator, route, and `all` or group/level."""


@st.composite
def people(draw: st.DrawFn) -> tuple[int, int, int]:
    """Mostly enough of them for a share."""
    yes, others = draw(SIZES), draw(st.one_of(SIZES, st.integers(50, 2000)))
    return yes, yes + others, yes + others + draw(st.integers(0, 40))


# --- contrasts ------------------------------------------------------------------------------------------------------

COMPARED = (("central", "all"), ("eastern", "all"), ("central", "sex/female"), ("central", "sex/male"))


@st.composite
def exact_pairs(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimates of two routes and of both sexes on one; and exact contrasts, whose own numbers nobody may read."""
    rows = []
    for indicator, (route, level) in product(INDICATORS, COMPARED):
        points = over_points(draw(st.one_of(DEFF, DEFF, st.none())), draw(st.integers(0, 90)))
        rows.append(cell(indicator, route, level, draw(people()), **points))
    exact = exact_table(ESTIMATES, rows)
    unread = {column.name: 0.777 for column in CONTRASTS.columns if column.type == "number"}
    ties = pairs(exact).assign(**unread, wave="w", suppressed="", family="", first_answered=777, second_answered=777)
    ties["correlation"] = draw(st.one_of(st.just(0.0), st.none(), st.floats(-0.95, 0.95)))
    ties["df"] = draw(st.one_of(st.just(0), st.integers(1, 180)))
    return exact, exact_table(CONTRASTS, ties.to_dict("records"))


def sides_of(row: Row, printed: dict[Place, Row]) -> tuple[Row, Row]:
    """The printed estimates that a contrast is made from; rows of nothing where there is none."""
    nothing = dict.fromkeys(("share", "answered", "deff", "suppressed"))
    by_route = row["compared"] == "route"
    places = [
        (row["indicator"], row[side], "all") if by_route else (row["indicator"], row["route"], f"sex/{row[side]}")
        for side in ("first", "second")
    ]
    first, second = (printed.get(place, nothing) for place in places)
    return first, second


def printed_places(estimates: pd.DataFrame) -> dict[Place, Row]:
    return {
        (row["indicator"], row["route"], "all" if row["group"] == "all" else f"{row['group']}/{row['level']}"): row
        for row in rows_of(estimates)
    }


@given(exact_pairs())
@FEW
def test_contrasts_come_from_printed_numbers_only(exact: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    estimates = released_estimates(exact[0])
    printed = printed_places(estimates)
    families = defaultdict(list)
    for tie, row in pairs_of(exact[1], released_contrasts(exact[1], estimates, PUBLIC)):
        first, second = sides_of(row, printed)
        for side, name in product(("first", "second"), ("answered", "share")):
            assert row[f"{side}_{name}"] == {"first": first, "second": second}[side][name]
        correlation, df = tie["correlation"], tie["df"]
        expected = slow_door.contrast(first, second, correlation and float(f"{correlation:.2g}"), df)
        for name, may in slow_door.printed_contrast(expected).items():
            assert slow_door.without_dust(row[name]) in may, name
        over = expected["f"] is not None
        assert row["correlation"] in (two_digits(correlation) if over else {None})
        assert row["df"] == (df if over else None)
        is_withheld = "withheld" in (first["suppressed"], second["suppressed"])
        assert row["suppressed"] == ("withheld" if is_withheld else "")
        assert row["family"] == ("at_least_one" if row["indicator"] == "at_least_one" else "single")
        families[row["compared"], row["route"], row["family"]].append((expected["log10_p"], row["log10_p_holm"]))
    for tests in families.values():
        for expected, (_, found) in zip(slow_door.holm([p for p, _ in tests]), tests, strict=True):
            assert slow_door.without_dust(found) in two_digits(expected)


def one_contrast(
    first: tuple[int, int, int], second: tuple[int, int, int], deff: tuple[float, float] = (2.0, 2.0)
) -> Row:
    """Central against eastern, from yes, answered and asked of both, and their design effects."""
    routes = zip(("central", "eastern"), (first, second), deff, strict=True)
    rows = (cell("unpaid_work", route, "all", of, **over_points(each, 20)) for route, of, each in routes)
    exact = exact_table(ESTIMATES, rows)
    ties = exact_table(CONTRASTS, pairs(exact).assign(correlation=0.0, df=40).to_dict("records"))
    return rows_of(released_contrasts(ties, released_estimates(exact), PUBLIC))[0]


def test_where_points_of_one_side_do_not_differ_there_is_a_test_with_its_degrees_of_freedom_and_no_interval() -> None:
    row = one_contrast((100, 1000, 1000), (300, 1000, 1000), (0.0, 2.0))
    assert [row[name] for name in ("risk_difference", "risk_ratio")] == [None, None]
    assert [row[name] is None for name in ("f", "log10_p_holm")] == [False, False]
    assert (row["df"], row["correlation"]) == (40, 0)


@pytest.mark.parametrize(("smaller", "has_ratio"), [(49, True), (45, True), (44, False), (20, False)])
def test_there_is_a_ratio_only_where_both_printed_shares_are_5_percent_or_more(smaller: int, has_ratio: bool) -> None:
    ratios = slow_door.RATIOS
    for row in (
        one_contrast((smaller, 1000, 1000), (300, 1000, 1000)),
        one_contrast((300, 1000, 1000), (smaller, 1000, 1000)),
    ):
        assert [row[name] is not None for name in ratios] == [has_ratio] * len(ratios)
        assert row["risk_difference"] is not None
        assert row["f"] is not None


# --- suppositions on missing answers --------------------------------------------------------------------------------


@given(st.lists(people(), min_size=4, max_size=4))
@FEW
def test_tipping_comes_from_printed_bounds_only(drawn) -> None:
    places = [(indicator, route) for indicator in INDICATORS[:2] for route in ("central", "eastern")]
    exact = exact_table(ESTIMATES, [cell(*place, "all", of) for place, of in zip(places, drawn, strict=True)])
    estimates = released_estimates(exact)
    printed = {(row["indicator"], row["route"]): row for row in rows_of(estimates)}
    nothing = dict.fromkeys(("bound_low", "bound_high", "suppressed"))
    found = rows_of(released_tipping(estimates))
    assert len(found) == 2 * 6 * 25
    for row in found:
        sides = [printed.get((row["indicator"], row[side]), nothing) for side in ("first", "second")]
        expected = slow_door.tipping(*sides, (row["first_assumed"], row["second_assumed"]))
        assert all(row[name] in may for name, may in expected.items())
        is_withheld = "withheld" in [side["suppressed"] for side in sides]
        assert row["suppressed"] == ("withheld" if is_withheld else "")
        assert row["difference"] is None or not is_withheld


def test_what_the_analyst_has_of_suppositions_is_not_read() -> None:
    exact = exact_table(
        ESTIMATES, [cell("unpaid_work", route, "all", (30, 300, 320)) for route in ("central", "eastern")]
    )
    absurd = {"indicator": "unpaid_work", "first": "central", "second": "eastern", "difference": 0.777}
    absurd |= {"first_assumed": 0.0, "second_assumed": 0.0}
    released = released_from(estimates=exact, tipping=exact_table(TIPPING, [absurd]))
    assert next(iter(released.tipping))["difference"] == 0


# --- along, and at equal, journey time ------------------------------------------------------------------------------

Bins = dict[tuple[str, str], list[tuple[int, int, int]]]
"""Indicator and route → people of each bin."""


PRINTED = st.one_of(
    st.tuples(st.integers(20, 400), st.integers(20, 400)).map(lambda of: (of[0], sum(of), sum(of) + 5)),
    st.sampled_from([(30, 300, 310), (0, 60, 60), (0, 0, 0)]),
)
"""People of a bin that is not withheld."""

MOSTLY_NOBODY = st.sampled_from([(0, 0, 0), (0, 0, 0), (0, 0, 0), (30, 300, 310), (0, 60, 60)])

SOME_TRENDS = settings(max_examples=60)


@st.composite
def bins(draw: st.DrawFn) -> Bins:
    """Two indicators on two routes and on both; a route often has all its bins. Those of both are no sums: unread."""
    sizes = (PRINTED, PRINTED, MOSTLY_NOBODY, people())
    of_bins = st.one_of(*(st.lists(size, min_size=5, max_size=5) for size in sizes))
    return {place: draw(of_bins) for place in product(INDICATORS[:2], ("central", "eastern", "all"))}


def estimates_of(drawn: Bins) -> pd.DataFrame:
    rows = [
        cell(*place, f"transit/{step}", of)
        for place, sizes in drawn.items()
        for step, of in zip(TRANSIT_BINS, sizes, strict=True)
    ]
    whole = [cell(indicator, route, "all", WHOLE_ROUTE) for indicator, route in drawn]
    empty = [cell(indicator, route, "all", (0, 0, 0)) for indicator in INDICATORS[:2] for route in ROUTES[2:]]
    return exact_table(ESTIMATES, rows + whole + empty)


def absurd(table: Table) -> Row:
    """Numbers that nobody may read."""
    return {column.name: 0.777 for column in table.columns if column.type == "number"}


WHY_NO_ERROR = st.sampled_from(["", "", "", "one_point"])
WITH_DUST = st.integers(10, 99).map(lambda digits: digits / 100 + 0.003)
"""Standard errors of three digits, of which two are told."""


@given(bins(), WITH_DUST, st.integers(1, 150), WHY_NO_ERROR)
@SOME_TRENDS
def test_trends_come_from_printed_bins_and_an_error_over_points_only(drawn, se, df, why) -> None:
    released = released_estimates(estimates_of(drawn))
    known = {"slope_se": se, "df": df, "reason": why, "answered": 777}
    exact = exact_table(TRENDS, [{"indicator": i, "route": route, **absurd(TRENDS), **known} for i, route in drawn])
    for row in rows_of(trends(exact, released)):
        # The trend over all routes runs over the bins of each.
        of = MET if row["route"] == "all" else {row["route"]}
        if hides_bin(rows_of(released), row["indicator"], *of):
            assert (row["suppressed"], row["reason"], row["answered"]) == ("withheld", "", None)
            assert [row[name] for name in (*slow_door.TREND, "chi_square", "log10_p")] == [None] * 8
            continue
        printed = slow_door.printed_bins(rows_of(released), row["indicator"], *(of - {"all"}))
        assert (row["suppressed"], row["answered"]) == ("", sum(n for *_, n in printed))
        slow_door.agree(row, slow_door.trend(printed, float(f"{se:.2g}"), df, why))


def exact_pair(indicator: str, first: str, second: str, of: tuple[float, int, str]) -> Row:
    """Two routes as the analyst has them: the interval is as wide as this error over points makes it, and far off."""
    se, df, why = of
    off = float(t.ppf(0.975, df)) * se
    interval = {"adjusted_low": math.exp(3 - off), "adjusted_high": math.exp(3 + off), "df": df}
    interval = interval if not why else dict.fromkeys(interval)
    names = {"indicator": indicator, "first": first, "second": second, "adjusted_reason": why}
    return names | absurd(STRATIFIED) | interval | {"reason": "", "breslow_day_df": 777}


@given(bins(), st.tuples(WITH_DUST, st.integers(1, 150), WHY_NO_ERROR))
@SOME_TRENDS
def test_routes_at_equal_journey_time_come_from_printed_bins_and_an_error_over_points_only(drawn, of) -> None:
    released = released_estimates(estimates_of(drawn))
    pairs_of_routes = product(INDICATORS[:2], combinations(ROUTES, 2))
    rows = [exact_pair(indicator, *pair, of) | {"answered": 777} for indicator, pair in pairs_of_routes]
    for row in rows_of(stratified(exact_table(STRATIFIED, rows), released, MET)):
        if not {row["first"], row["second"]} <= MET:
            # Nobody was met on one of them: there is nothing to withhold.
            assert (row["answered"], row["suppressed"], row["odds_ratio"]) == (0, "", None)
            assert row["reason"] == row["adjusted_reason"] == "nobody_answered"
            continue
        is_withheld = hides_bin(rows_of(released), row["indicator"], row["first"], row["second"])
        assert row["suppressed"] == ("withheld" if is_withheld else "")
        if is_withheld:
            assert row["answered"] is None
            assert {row[column.name] for column in STRATIFIED.columns if column.type == "number"} == {None}
            assert (row["df"], row["breslow_day_df"], row["reason"], row["adjusted_reason"]) == (None, None, "", "")
            continue
        sides = [slow_door.printed_bins(rows_of(released), row["indicator"], row[side]) for side in ("first", "second")]
        strata = slow_door.strata(*sides)
        assert row["answered"] == sum(n + m for _, n, _, m in strata)
        if not strata:
            why = "no_common_bin" if all(sides) else "nobody_answered"
            assert (row["reason"], row["adjusted_reason"], row["odds_ratio"]) == (why, why, None)
            continue
        se, df, why = of
        slow_door.agree(row, slow_door.equal_time(strata, float(f"{se:.2g}"), df, why))


# --- the mean number ------------------------------------------------------------------------------------------------

ASKED = ("unpaid_work", "physical_violence", "at_least_one", "at_least_two")


@given(st.lists(people(), min_size=8, max_size=8), SIZES, st.floats(0.01, 5))
@FEW
def test_a_mean_is_shown_where_no_single_indicator_of_the_route_is_withheld(drawn, answered, mean) -> None:
    places = product(("central", "eastern"), ASKED)
    rows = [cell(name, route, "all", of) for (route, name), of in zip(places, drawn, strict=True)]
    # What is withheld of a part of a route says nothing of the whole.
    rows += [cell(name, route, "sex/female", (1, 500, 500)) for route, name in product(("central", "eastern"), ASKED)]
    estimates = released_estimates(exact_table(ESTIMATES, rows))
    numbers = dict.fromkeys(("mean", "mean_low", "mean_high"), mean)
    exact = exact_table(
        MEANS, ({"route": route, "answered": answered, "df": 39, **numbers} for route in ("central", "eastern"))
    )
    for row in rows_of(means(exact, estimates, PUBLIC, MET)):
        shown = answered >= 50 and not hides_mean(rows_of(estimates), row["route"])
        assert row["suppressed"] == ("" if shown else "withheld")
        assert all(row[name] in (two_digits(mean) if shown else {None}) for name in numbers)
        assert row["df"] == (39 if shown else None)
        assert row["answered"] == (printed_count(answered) if shown else None)
