"""The door: every released cell follows the policy, checked cell by cell against plain loops."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterable
from dataclasses import fields, replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.disclose.released import Released
from pipeline.errors import DisclosureBroken
from pipeline.stats.clustered import korn_graubard
from pipeline.stats.estimate import Estimates
from pipeline.stats.proportion import wilson
from pipeline.tables import CONTRASTS, DISTRIBUTIONS, ESTIMATES, EVENTS, EXPERIENCE, LEDGER, TRENDS, conform
from pipeline.vocabulary import TRANSIT_BINS
from tests.disclosure.slow_door import may_show, may_show_part, printed_count, released_part


def exact_estimates(cells: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Estimates on the central route from (yes, answered, asked); the first row is the whole route."""
    rows = []
    for place, (yes, answered, asked) in enumerate(cells):
        whole = place == 0
        rows.append(
            {
                "wave": "w",
                "indicator_set": "s",
                "indicator": "at_least_one",
                "route": "central",
                "group": "all" if whole else "sex",
                "level": "all" if whole else f"level_{place}",
                "asked": asked,
                "answered": answered,
                "yes": yes,
                "share": yes / answered if answered else None,
                "ci_method": "wilson",
                "bound_low": yes / asked if asked else None,
                "bound_high": (yes + asked - answered) / asked if asked else None,
                "reliable": "",
                "suppressed": "",
            }
        )
    return conform(pd.DataFrame(rows, columns=ESTIMATES.names), ESTIMATES)


def over_points(exact: pd.DataFrame, deff: float, df: float) -> pd.DataFrame:
    """The same estimates with intervals over monitoring points."""
    return conform(exact.assign(ci_method="korn_graubard", deff=deff, df=df, reliable="yes"), ESTIMATES)


def empty(table) -> pd.DataFrame:
    return conform(pd.DataFrame(columns=table.names), table)


def released_from(
    cells: list[tuple[int, int, int]], checks: Iterable[tuple[str, str]] = (), **tables: pd.DataFrame
) -> Released:
    exact = {
        "estimates": exact_estimates(cells),
        "distributions": empty(DISTRIBUTIONS),
        "events": empty(EVENTS),
        "experience": empty(EXPERIENCE),
        "contrasts": empty(CONTRASTS),
        "trends": empty(TRENDS),
    }
    frames = {**exact, **tables}
    analysed = frames["estimates"].groupby("route")["asked"].max().to_dict()
    return release(Estimates(**frames, analysed=analysed), empty(LEDGER), PUBLIC, checks)


WHOLE_ROUTE = (400, 1000, 1000)


@st.composite
def cells(draw):
    asked = draw(st.one_of(st.integers(0, 130), st.integers(0, 4000)))
    answered = draw(st.integers(max(0, asked - 40), asked))
    yes = draw(st.one_of(st.integers(0, min(answered, 20)), st.integers(0, answered), st.just(answered)))
    return yes, answered, asked


@given(st.lists(cells(), min_size=1, max_size=60))
def test_every_released_estimate_is_what_the_plain_rules_give(drawn):
    rows = list(released_from([WHOLE_ROUTE, *drawn]).estimates)[1:]
    for (yes, answered, asked), row in zip(drawn, rows, strict=True):
        expected = released_part(yes, answered)
        assert row["yes"] == expected["part"]
        assert row["answered"] == expected["base"]
        assert row["share"] == expected["share"]
        assert row["suppressed"] == expected["suppressed"]
        assert row["asked"] == (printed_count(asked) if may_show(asked) else None)


@given(st.lists(cells(), min_size=1, max_size=60))
def test_nothing_derived_is_printed_where_the_share_is_not(drawn):
    derived = ("ci_low", "ci_high", "wilson_low", "wilson_high", "bound_low", "bound_high")
    for row in released_from([WHOLE_ROUTE, *drawn]).estimates:
        if row["share"] is None:
            assert all(row[name] is None for name in derived)


@given(st.lists(cells(), min_size=1, max_size=60))
def test_intervals_come_from_printed_numbers_only(drawn):
    for row in released_from([WHOLE_ROUTE, *drawn]).estimates:
        if row["share"] is not None:
            low, high = wilson(row["share"], row["answered"])
            assert row["ci_low"] == pytest.approx(float(low), abs=0.0051)
            assert row["ci_high"] == pytest.approx(float(high), abs=0.0051)
            assert row["ci_low"] == round(row["ci_low"], 2)


@given(st.lists(cells(), min_size=1, max_size=20), st.floats(0.5, 9), st.integers(0, 90))
def test_so_do_intervals_over_points_and_their_reliability(drawn, deff, df):
    exact = over_points(exact_estimates([WHOLE_ROUTE, *drawn]), deff, df)
    for row in released_from([], estimates=exact).estimates:
        derived = [row[name] for name in ("ci_low", "ci_high", "deff", "df")]
        if row["share"] is None:
            assert derived == [None] * 4
            assert (row["ci_method"], row["reliable"]) == ("", "")
            continue
        assert row["deff"] == float(f"{deff:.2g}")
        p, n = row["share"], row["answered"]
        low, high = korn_graubard(p, n, math.sqrt(row["deff"] * p * (1 - p) / (n - 1)), df)
        assert [row["ci_low"], row["ci_high"]] == pytest.approx([float(low), float(high)], abs=0.0051)
        assert row["reliable"] in ("yes", "no", "review")


@given(cells(), cells(), st.floats(0.5, 9), st.integers(1, 90))
def test_contrasts_come_from_printed_numbers_only(first, second, deff, df):
    parts = [over_points(exact_estimates([cell]), deff, df) for cell in (first, second)]
    exact = pd.concat([parts[0], parts[1].assign(route="eastern")], ignore_index=True)
    released = released_from([], estimates=exact)
    printed = {row["route"]: row for row in released.estimates}
    (row,) = [r for r in released.contrasts if (r["first"], r["second"]) == ("central", "eastern")]
    p, q = (printed[route]["share"] for route in ("central", "eastern"))
    assert (row["first_share"], row["second_share"]) == (p, q)
    if p is None or q is None or {p, q} & {0.0, 1.0}:
        assert row["risk_ratio"] is None
        assert row["risk_difference"] is None
        return
    assert row["risk_difference"] == pytest.approx(p - q, abs=1e-9)
    if min(p, q) < 0.05:
        assert [row[name] for name in ("risk_ratio", "ratio_low", "ratio_high")] == [None] * 3
    else:
        assert row["risk_ratio"] == float(f"{p / q:.2g}")
    variances = [
        float(f"{deff:.2g}") * s * (1 - s) / (printed[route]["answered"] - 1)
        for s, route in ((p, "central"), (q, "eastern"))
    ]
    half = t.ppf(0.975, 2 * df) * math.sqrt(sum(variances))
    assert row["difference_low"] == pytest.approx(p - q - half, abs=0.0051)
    assert row["difference_high"] == pytest.approx(p - q + half, abs=0.0051)


@given(st.lists(cells(), min_size=5, max_size=5), st.floats(0.01, 3))
def test_a_trend_is_shown_to_two_digits_where_no_bin_is_withheld(drawn, slope):
    bins = exact_estimates([WHOLE_ROUTE, *drawn])
    bins.loc[1:, "group"] = "transit"
    bins.loc[1:, "level"] = list(TRANSIT_BINS)
    numbers = {name: slope for name in TRENDS.names if name not in ("wave", "indicator", "route", "suppressed", "df")}
    row = {"wave": "w", "indicator": "at_least_one", "df": 39, "suppressed": "", **numbers, "answered": 900}
    exact = conform(pd.DataFrame([row | {"route": route} for route in ("central", "all")]), TRENDS)
    released = released_from([], estimates=bins, trends=exact)
    is_withheld = any(e["suppressed"] for e in released.estimates if e["group"] == "transit")
    for trend in released.trends:
        assert trend["suppressed"] == ("withheld" if is_withheld else "")
        for name in ("slope", "slope_se", "odds_ratio", "odds_low", "odds_high", "chi_square", "log10_p"):
            assert trend[name] == (None if is_withheld else float(f"{slope:.2g}"))


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
def test_edges_of_the_policy(line):
    yes, answered, shown, *_ = line.split()
    row = list(released_from([WHOLE_ROUTE, (int(yes), int(answered), int(answered))]).estimates)[1]
    assert (row["yes"] is not None) == (shown == "yes")
    assert may_show_part(int(yes), int(answered)) == (shown == "yes")


def test_a_share_is_never_printed_below_a_base_of_50():
    rows = list(released_from([WHOLE_ROUTE, (20, 49, 49), (20, 50, 50)]).estimates)
    assert rows[1]["yes"] == 20
    assert rows[1]["share"] is None
    assert rows[2]["share"] == 0.4


def test_half_percents_are_rounded_up():
    row = list(released_from([WHOLE_ROUTE, (25, 200, 200)]).estimates)[1]
    assert row["share"] == 0.13


def events_table(events: int, people: int, base: int) -> pd.DataFrame:
    row = {
        "wave": "w",
        "indicator": "all",
        "route": "central",
        "country": "LBY",
        "events": events,
        "base": base,
        "share": events / base,
        "people": people,
        "suppressed": "",
    }
    return conform(pd.DataFrame([row]), EVENTS)


def test_many_events_of_few_people_are_withheld():
    few, many = (
        next(iter(released_from([WHOLE_ROUTE], events=events_table(40, people, 200)).events)) for people in (12, 13)
    )
    assert few["events"] is None
    assert few["people"] is None
    assert few["suppressed"] == "withheld"
    assert many["events"] == 40


def test_all_interviews_of_a_route_in_one_country_may_be_shown():
    def table(variable):
        row = {
            "wave": "w",
            "variable": variable,
            "route": "central",
            "level": "x",
            "respondents": 500,
            "base": 500,
            "share": 1.0,
            "suppressed": "",
        }
        return conform(pd.DataFrame([row]), DISTRIBUTIONS)

    met, nationality = (
        next(iter(released_from([WHOLE_ROUTE], distributions=table(variable)).distributions))
        for variable in ("survey_country", "nationality")
    )
    assert met["respondents"] == 500
    assert nationality["respondents"] is None


def test_routes_without_interviews_show_their_zeros():
    frame = exact_estimates([WHOLE_ROUTE, (0, 0, 0)])
    frame.loc[1, "route"] = "western"
    rows = list(released_from([WHOLE_ROUTE], estimates=frame).estimates)
    assert rows[1]["asked"] == 0
    assert rows[1]["suppressed"] == ""
    assert rows[1]["share"] is None


def test_released_can_only_be_made_by_the_door():
    released = released_from([WHOLE_ROUTE])
    parts = {field.name: getattr(released, field.name) for field in fields(Released)}
    assert Released(**parts) == released
    with pytest.raises(DisclosureBroken) as refused:
        Released(**{**parts, "door": object()})
    assert refused.value.exit_code == 5
    with pytest.raises(DisclosureBroken):
        replace(released, door=None)


CHECKS = [("warning", "invalid"), ("note", "form_version"), ("warning", "invalid")]


def test_of_a_check_only_its_name_and_severity_pass_and_not_how_often():
    assert released_from([WHOLE_ROUTE], checks=CHECKS).checks == (("note", "form_version"), ("warning", "invalid"))


def test_what_has_passed_the_door_may_be_handed_to_another_process():
    released = released_from([WHOLE_ROUTE], checks=CHECKS)
    assert pickle.loads(pickle.dumps(released)) == released
