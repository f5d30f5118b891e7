"""Routes at equal journey time, against plain loops over bins and statsmodels, and what must hold of any of them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from pipeline.stats.clustered import points_of
from pipeline.stats.mantel_haenszel import mantel_haenszel
from pipeline.stats.stratified import stratified
from pipeline.tables import COUNTS, STRATIFIED, conform
from pipeline.vocabulary import MISSING_WORDS, TRANSIT_BINS

INDICATOR = "unpaid_work"
NUMBERS = [column.name for column in STRATIFIED.columns if column.type != "text"]
ADJUSTED = ["adjusted_odds_ratio", "adjusted_low", "adjusted_high", "df", "adjusted_log10_p"]
RATIOS = ["risk_ratio", "odds_ratio", "adjusted_odds_ratio", "crude_risk_ratio", "crude_odds_ratio"]
OF_BINS = ["ratio_low", "ratio_high", "odds_low", "odds_high", "chi_square", "log10_p"]
OF_BINS += ["breslow_day", "breslow_day_log10_p"]
TESTS = ["chi_square", "log10_p", "breslow_day", "adjusted_log10_p", "df", "answered"]


class Met(NamedTuple):
    """People of one route, point and bin of journey time, of whom some are positive."""

    route: str
    point: str
    step: str
    answered: int
    yes: int


@st.composite
def waves(draw: st.DrawFn) -> list[Met]:
    """Two routes of two to five points, whose names they share; bins that a route or both may not have anyone in."""
    met = []
    for route in ("central", "eastern"):
        steps = [step for step in TRANSIT_BINS[:4] if draw(st.integers(0, 5))]
        for number in range(draw(st.integers(2, 5))):
            for step in steps:
                n = draw(st.integers(0, 15))
                met.append(Met(route, f"p{number}", step, n, draw(st.integers(0, n))))
    return met


@st.composite
def full_waves(draw: st.DrawFn) -> list[Met]:
    """The same with some positive and some not in every bin of both routes, and points that are not all alike."""
    met = []
    for route, unlike in (("central", (7, 2, 3)), ("eastern", (1, 5, 2))):
        for number in range(draw(st.integers(3, 5))):
            of_first = [Met(route, f"p{number}", TRANSIT_BINS[0], 9, unlike[number])] if number < 3 else []
            sizes = [(step, draw(st.integers(2, 15))) for step in TRANSIT_BINS[1:4]]
            met += of_first + [Met(route, f"p{number}", step, n, draw(st.integers(1, n - 1))) for step, n in sizes]
    return met


def found(met: list[Met], *, are_points_known: bool = True) -> dict[tuple[str, str], dict[str, float]]:
    """Pair of routes → numbers. Everyone is met once more without a known journey time, which must not count."""
    rows = []
    for one in met:
        point = one.point if are_points_known else MISSING_WORDS[int(one.point[1:]) % len(MISSING_WORDS)]
        of = {"route": one.route, "monitoring_point": point, "indicator": INDICATOR, "asked": one.answered}
        of |= {"answered": one.answered, "yes": one.yes}
        levels = (("all", "all"), ("transit", one.step), ("transit", "unknown"), ("sex", "female"))
        rows += [of | {"group": group, "level": level} for group, level in levels]
    counts = conform(pd.DataFrame(rows, columns=COUNTS.names).fillna(0), COUNTS)
    frame = stratified(points_of(counts), [INDICATOR], "w")
    pairs, values = zip(frame["first"], frame["second"], strict=True), frame[NUMBERS].to_numpy(float, na_value=math.nan)
    return {pair: dict(zip(NUMBERS, row.tolist(), strict=True)) for pair, row in zip(pairs, values, strict=True)}


def central_against_eastern(met: list[Met], **how: bool) -> dict[str, float]:
    return found(met, **how)["central", "eastern"]


Strata = list[tuple[int, int, int, int]]
"""Yes and answered of the first and of the second route, in each bin that both have."""


def strata_of(met: list[Met]) -> Strata:
    of: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in met:
        of[one.route, one.step][0] += one.yes
        of[one.route, one.step][1] += one.answered
    sides = [(of["central", step], of["eastern", step]) for step in TRANSIT_BINS]
    return [(*a, *b) for a, b in sides if a[1] and b[1]]


def per(part: float, of: float) -> float:
    return part / of if of else math.nan


def by_loops(strata: Strata) -> dict[str, float]:
    """Crude and Mantel–Haenszel ratios as textbooks write them; NaN where they are not finite."""
    y1, n1, y2, n2 = (sum(column) for column in zip(*strata, strict=True))
    along = sum(a * (m - b) / (n + m) for a, n, b, m in strata)
    across = sum((n - a) * b / (n + m) for a, n, b, m in strata)
    return {
        "answered": n1 + n2,
        "crude_risk_ratio": per(y1 * n2, y2 * n1),
        "crude_odds_ratio": per(y1 * (n2 - y2), (n1 - y1) * y2),
        "risk_ratio": per(sum(a * m / (n + m) for a, n, b, m in strata), sum(b * n / (n + m) for a, n, b, m in strata)),
        "odds_ratio": per(along, across),
    }


@given(waves())
@settings(max_examples=40)
def test_crude_and_adjusted_ratios_are_what_loops_find(met: list[Met]) -> None:
    row, strata = central_against_eastern(met), strata_of(met)
    expected = by_loops(strata) if strata else dict.fromkeys(NUMBERS, math.nan) | {"answered": 0}
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9, nan_ok=True)


@given(full_waves())
@settings(max_examples=15)
def test_limits_and_tests_are_those_of_mantel_and_haenszel_over_the_bins_that_both_have(met: list[Met]) -> None:
    row, expected = central_against_eastern(met), mantel_haenszel(*zip(*strata_of(met), strict=True))
    for name in (*OF_BINS, "breslow_day_df"):
        assert row[name] == pytest.approx(getattr(expected, name), rel=1e-12), name
    assert row["breslow_day_df"] == 3


@given(full_waves())
@settings(max_examples=15)
def test_odds_over_points_are_what_statsmodels_finds(met: list[Met]) -> None:
    y, n = (np.array([one[at] for one in met], dtype=float) for at in (4, 3))
    bins = [[float(one.step == step) for step in TRANSIT_BINS[:4]] for one in met]
    design = np.column_stack([bins, [float(one.route == "central") for one in met]])
    people = np.repeat(np.arange(len(met)), n.astype(int))
    positive = np.concatenate([[1.0] * int(a) + [0.0] * int(b - a) for a, b in zip(y, n, strict=True)])
    point = np.unique([one.route + one.point for one in met], return_inverse=True)[1]
    model = sm.GLM(positive, design[people], family=sm.families.Binomial())
    clusters = {"groups": point[people], "use_correction": False}
    fitted = model.fit(cov_type="cluster", cov_kwds=clusters, tol=1e-12)
    many = point.max() + 1
    slope, se = fitted.params[-1], fitted.bse[-1] * (many / (many - 1)) ** 0.5
    row = central_against_eastern(met)
    off = t.ppf(0.975, many - 2) * se
    expected = [np.exp(slope), np.exp(slope - off), np.exp(slope + off), many - 2]
    expected.append(np.log10(2 * t.sf(abs(slope) / se, many - 2)))
    assert [row[name] for name in ADJUSTED] == pytest.approx(expected, rel=1e-5, abs=1e-9)


@given(full_waves())
@settings(max_examples=20)
def test_swapped_routes_invert_ratios_and_leave_tests_alone(met: list[Met]) -> None:
    swapped = {"central": "eastern", "eastern": "central"}
    one, other = (
        central_against_eastern(some) for some in (met, [each._replace(route=swapped[each.route]) for each in met])
    )
    assert [other[name] for name in RATIOS] == pytest.approx([1 / one[name] for name in RATIOS], rel=1e-6)
    for limits in ("ratio", "odds", "adjusted"):
        assert other[f"{limits}_low"] == pytest.approx(1 / one[f"{limits}_high"], rel=1e-5)
    assert [other[name] for name in TESTS] == pytest.approx([one[name] for name in TESTS], rel=1e-5, abs=1e-9)


# Bins, and how many on each route: alike on both, or many more of the long journeys on one.
ALIKE = {"central": (200, 400, 100), "eastern": (100, 200, 50)}
APART = {"central": (100, 200, 700), "eastern": (700, 200, 100)}


def with_shares(people: dict[str, tuple[int, ...]], shares: dict[str, tuple[float, ...]]) -> list[Met]:
    """The same shares at two points of each route, of which one has four times as many people."""
    return [
        Met(route, f"p{times}", step, n * times, round(n * times * share))
        for route in people
        for times in (1, 4)
        for step, n, share in zip(TRANSIT_BINS, people[route], shares[route], strict=False)
    ]


def test_where_journeys_are_alike_on_both_routes_the_ratio_of_shares_is_the_crude_one() -> None:
    row = central_against_eastern(with_shares(ALIKE, {"central": (0.2, 0.4, 0.8), "eastern": (0.1, 0.2, 0.4)}))
    assert row["risk_ratio"] == pytest.approx(2)
    assert row["crude_risk_ratio"] == pytest.approx(2)
    # Odds do not have this property: averaged over bins, their ratio is nearer to 1.
    assert 1 < row["crude_odds_ratio"] < row["odds_ratio"]


def test_routes_that_are_alike_at_equal_journey_time_are_told_as_such_although_crude_ratios_are_far_apart() -> None:
    """Simpson: reports grow with journey time, and journeys on one route are longer."""
    shares = (0.1, 0.3, 0.6)
    row = central_against_eastern(with_shares(APART, {"central": shares, "eastern": shares}))
    # 10 + 60 + 420 of 1,000, against 70 + 60 + 60.
    assert row["crude_risk_ratio"] == pytest.approx(490 / 190)
    assert row["crude_odds_ratio"] == pytest.approx(490 / 510 / (190 / 810))
    assert [row[name] for name in ("odds_ratio", "risk_ratio")] == pytest.approx([1, 1])
    assert row["chi_square"] == pytest.approx(0, abs=1e-9)
    assert row["breslow_day"] == pytest.approx(0, abs=1e-9)


def test_points_that_do_not_differ_leave_nothing_over_points() -> None:
    row = central_against_eastern(with_shares(ALIKE, {"central": (0.5, 0.5, 0.5), "eastern": (0.2, 0.2, 0.2)}))
    assert row["odds_ratio"] == pytest.approx(4)
    assert all(math.isnan(row[name]) for name in ADJUSTED)


def test_a_bin_that_only_one_of_them_has_is_left_out_of_the_crude_ratio_too() -> None:
    both = with_shares(ALIKE, {"central": (0.2, 0.4, 0.8), "eastern": (0.1, 0.2, 0.4)})
    more = [Met("central", f"p{times}", TRANSIT_BINS[4], 900, 890) for times in (1, 4)]
    assert central_against_eastern(both + more) == pytest.approx(central_against_eastern(both), rel=1e-9)


def test_without_a_common_bin_nothing_is_compared() -> None:
    met = [Met("central", f"p{n}", TRANSIT_BINS[0], 10, 4) for n in range(3)]
    met += [Met("eastern", f"p{n}", TRANSIT_BINS[1], 10, 4) for n in range(3)]
    row = central_against_eastern(met)
    assert row.pop("answered") == 0
    assert all(math.isnan(value) for value in row.values())


def test_every_pair_of_routes_has_a_row_also_where_nobody_was_met() -> None:
    rows = found(with_shares(ALIKE, {"central": (0.2, 0.4, 0.8), "eastern": (0.1, 0.2, 0.4)}))
    assert len(rows) == 6
    for pair, row in rows.items():
        assert (row["answered"] > 0) == (pair == ("central", "eastern"))
        assert math.isnan(row["odds_ratio"]) == (pair != ("central", "eastern"))


def test_a_wave_in_which_nobody_answered_has_rows_without_numbers() -> None:
    frame = stratified(points_of(conform(pd.DataFrame(columns=COUNTS.names), COUNTS)), [INDICATOR], "w")
    assert frame["answered"].tolist() == [0] * 6
    assert frame["odds_ratio"].isna().all()


def test_where_points_are_not_known_there_is_nothing_over_points() -> None:
    met = with_shares(ALIKE, {"central": (0.2, 0.4, 0.8), "eastern": (0.1, 0.2, 0.4)})
    known, unknown = central_against_eastern(met), central_against_eastern(met, are_points_known=False)
    assert all(math.isnan(unknown[name]) for name in ADJUSTED)
    assert [unknown[name] for name in ("risk_ratio", "odds_low")] == [
        known[name] for name in ("risk_ratio", "odds_low")
    ]


def test_one_point_on_each_route_leaves_nothing_over_points() -> None:
    met = [Met(route, "p0", step, 20, yes) for route, yes in (("central", 9), ("eastern", 4)) for step in TRANSIT_BINS]
    row = central_against_eastern(met)
    assert row["odds_ratio"] == pytest.approx(9 / 11 / (4 / 16))
    assert all(math.isnan(row[name]) for name in ADJUSTED)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (20, 20), (20, 0), (0, 20)])
def test_where_nobody_or_everybody_is_positive_ratios_are_numbers_or_nothing(first: int, second: int) -> None:
    sides = (("central", first), ("eastern", second))
    row = central_against_eastern([Met(r, f"p{n}", s, 20, y) for r, y in sides for n in (0, 1) for s in TRANSIT_BINS])
    assert row["answered"] == 400
    assert not any(math.isinf(value) for value in row.values())
    assert row["risk_ratio"] == pytest.approx({(20, 20): 1, (0, 20): 0}.get((first, second), math.nan), nan_ok=True)
    assert all(math.isnan(row[name]) for name in [*ADJUSTED, "ratio_low", "odds_low"])
