"""The door: every released cell follows the policy, checked cell by cell against plain loops."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose import shares
from pipeline.disclose.policy import PUBLIC
from pipeline.disclose.released import Released
from pipeline.errors import DisclosureBroken
from pipeline.tables import DISTRIBUTIONS, ESTIMATES, EVENTS, EXPERIENCE
from tests.disclosure.exact_tables import (
    DEFF,
    FEW,
    MET,
    SIZES,
    WHOLE_ROUTE,
    Row,
    cell,
    cells,
    exact_estimates,
    exact_table,
    over_points,
    pairs_of,
    released_estimates,
    released_from,
    rows_of,
)
from tests.disclosure.slow_door import (
    intervals,
    may_show,
    may_show_part,
    printed_count,
    printed_share,
    released_estimate,
    released_part,
    two_digits,
)

CELLS = st.lists(cells(), min_size=1, max_size=20)


def released_rows(drawn: list[tuple[int, int, int]]) -> list[Row]:
    """What is released of parts of a route, from (yes, answered, asked)."""
    return rows_of(released_estimates(exact_estimates([WHOLE_ROUTE, *drawn])))[1:]


@given(CELLS)
def test_every_released_estimate_is_what_the_plain_rules_give(drawn) -> None:
    for (yes, answered, asked), row in zip(drawn, released_rows(drawn), strict=True):
        expected = released_estimate({"yes": yes, "answered": answered, "asked": asked}, WHOLE_ROUTE[2])
        assert row["yes"] == expected["part"]
        assert row["answered"] == expected["base"]
        assert row["share"] == expected["share"]
        assert row["suppressed"] == expected["suppressed"]
        assert row["asked"] == expected["asked"]


@given(CELLS)
def test_intervals_come_from_printed_numbers_and_nothing_is_derived_from_a_share_that_is_not(drawn) -> None:
    for (yes, answered, asked), row in zip(drawn, released_rows(drawn), strict=True):
        has_share = row["share"] is not None
        assert row["bound_low"] == (printed_share(yes, asked) if has_share else None)
        assert row["bound_high"] == (printed_share(yes + asked - answered, asked) if has_share else None)
        assert all(row[name] in may for name, may in intervals(row).items())


@given(st.lists(cells(), min_size=1, max_size=20), DEFF, st.integers(0, 90))
@FEW
def test_so_do_intervals_over_points_and_their_reliability(drawn, deff, df) -> None:
    exact = exact_estimates([WHOLE_ROUTE, *drawn]).assign(**over_points(deff, df))
    for row in rows_of(released_estimates(exact)):
        if row["share"] is None:
            assert [row[name] for name in ("ci_low", "ci_high", "deff", "df")] == [None] * 4
            assert (row["ci_method"], row["reliable"]) == ("", "")
            continue
        assert row["deff"] in two_digits(deff)
        assert row["df"] == df
        assert all(row[name] in may for name, may in intervals(row).items())
        assert row["reliable"] in ("yes", "no", "review")


EDGES = """
yes  answered  shown   why
10   100       no      ten people
12   100       no      would be printed as 10
13   100       yes     printed as 15
87   100       yes     13 said no
88   100       no      12 said no
100  100       no      everybody in the group
0    50        yes     a true zero, large enough a group
0    49        no      a true zero in a small group
13   25        no      12 said no
13   26        yes     counts are shown
6    12        no      the base is too small
"""


@pytest.mark.parametrize("line", EDGES.strip().splitlines()[1:])
def test_edges_of_the_policy(line: str) -> None:
    yes, answered, shown, *_ = line.split()
    (row,) = released_rows([(int(yes), int(answered), int(answered))])
    assert (row["yes"] is not None) == (shown == "yes")
    assert may_show_part(int(yes), int(answered)) == (shown == "yes")


def test_a_share_is_never_printed_below_a_base_of_50() -> None:
    few, enough = released_rows([(20, 49, 49), (20, 50, 50)])
    assert few["yes"] == 20
    assert few["share"] is None
    assert enough["share"] == 0.4


def test_half_percents_are_rounded_up() -> None:
    (row,) = released_rows([(25, 200, 200)])
    assert row["share"] == 0.13


def test_without_missing_answers_both_bounds_are_the_share_also_at_half_a_percent() -> None:
    # 57/200 is .285, which a computer keeps as a hair less.
    (row,) = released_rows([(57, 200, 200)])
    assert (row["bound_low"], row["share"], row["bound_high"]) == (0.29, 0.29, 0.29)


# --- parts of a base ------------------------------------------------------------------------------------------------


@given(st.lists(cells(), min_size=1, max_size=20))
@FEW
def test_parts_of_a_base_are_what_the_plain_rules_give(drawn) -> None:
    parts = [{"part": part, "base": base} for part, base, _ in drawn]
    for table, release, count in ((EXPERIENCE, shares.experience, "respondents"), (EVENTS, shares.events, "events")):
        more = {"people": 500} if table is EVENTS else {}
        rows = ({"route": "central", count: row["part"], "base": row["base"], **more} for row in parts)
        exact = exact_table(table, rows)
        for row, printed in zip(parts, rows_of(release(exact, PUBLIC, MET)), strict=True):
            expected = released_part(row["part"], row["base"])
            found = [printed[name] for name in (count, "base", "share", "suppressed")]
            assert found == [expected[name] for name in ("part", "base", "share", "suppressed")]


@given(st.lists(st.tuples(st.one_of(st.just(0), SIZES), SIZES, SIZES), min_size=1, max_size=20))
@FEW
def test_events_need_enough_people_behind_them_too(drawn) -> None:
    rows = [
        {"route": "central", "events": events, "base": events + others, "people": min(people, events)}
        for events, others, people in drawn
    ]
    exact = exact_table(EVENTS, rows)
    for row, printed in pairs_of(exact, shares.events(exact, PUBLIC, MET)):
        events, people = row["events"], row["people"]
        shown = may_show_part(events, row["base"]) and (events == 0 or may_show(people))
        assert printed["events"] == (printed_count(events) if shown else None)
        assert printed["people"] == (printed_count(people) if shown else None)
        assert printed["suppressed"] == ("" if shown else "withheld")


@given(st.lists(st.tuples(SIZES, SIZES), min_size=1, max_size=20), st.booleans())
@FEW
def test_all_interviews_of_a_route_in_one_country_may_be_shown(drawn, is_answer) -> None:
    variable = "nationality" if is_answer else "survey_country"
    rows = [{"variable": variable, "route": "central", "respondents": part, "base": part + o} for part, o in drawn]
    exact = exact_table(DISTRIBUTIONS, rows)
    for row, printed in pairs_of(exact, shares.distributions(exact, PUBLIC, MET)):
        part, base = row["respondents"], row["base"]
        everybody = not is_answer and part == base and may_show(part)
        expected = released_part(part, base, may_show_part(part, base) or everybody)
        assert printed["respondents"] == expected["part"]
        assert printed["base"] == expected["base"]
        assert printed["share"] == expected["share"]


# --- who may make it, and what else passes ---------------------------------------------------------------------------


def test_routes_without_interviews_show_their_zeros() -> None:
    frame = exact_table(
        ESTIMATES,
        [cell("at_least_one", "central", "all", WHOLE_ROUTE), cell("at_least_one", "western", "all", (0, 0, 0))],
    )
    rows = list(released_from(estimates=frame).estimates)
    assert rows[1]["asked"] == 0
    assert rows[1]["suppressed"] == ""
    assert rows[1]["share"] is None


def test_released_can_only_be_made_by_the_door() -> None:
    released = released_from()
    parts = {field.name: getattr(released, field.name) for field in fields(Released)}
    assert Released(**parts) == released
    with pytest.raises(DisclosureBroken) as refused:
        Released(**{**parts, "door": object()})
    assert refused.value.exit_code == 5
    with pytest.raises(DisclosureBroken):
        replace(released, door=None)


CHECKS = [("warning", "invalid"), ("note", "form_version"), ("warning", "invalid")]


def test_of_a_check_only_its_name_and_severity_pass_and_not_how_often() -> None:
    assert released_from(checks=CHECKS).checks == (("note", "form_version"), ("warning", "invalid"))


def test_what_has_passed_the_door_may_be_handed_to_another_process() -> None:
    released = released_from(checks=CHECKS)
    assert pickle.loads(pickle.dumps(released)) == released


def test_what_leaves_by_the_door_is_what_the_rules_give() -> None:
    exact = exact_estimates([WHOLE_ROUTE, (20, 200, 210), (3, 200, 200)])
    left = pd.DataFrame(list(released_from(estimates=exact).estimates))
    assert rows_of(left) == rows_of(released_estimates(exact))
