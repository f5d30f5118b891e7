"""Groups compared within strata: against R, statsmodels and plain loops, and what must hold of any strata."""

from __future__ import annotations

import csv
import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from pipeline.stats.mantel_haenszel import Stratified, mantel_haenszel
from pipeline.stats.two_samples import katz, odds_ratio, pearson, risk_ratio
from pipeline.vocabulary import TRANSIT_BINS

PUBLISHED = Path(__file__).parents[1] / "published"
Z = 1.959963984540054
Stratum = tuple[float, float, float, float]
"""y1, n1, y2, n2."""


@st.composite
def strata(draw: st.DrawFn, least: int = 0, fewest: int = 1) -> list[Stratum]:
    """At least so many strata, with at least so many yes and no in both groups of each."""
    drawn = []
    for _ in range(draw(st.integers(fewest, 6))):
        n1, n2 = (draw(st.integers(max(2 * least, 1), 60)) for _ in range(2))
        drawn.append((draw(st.integers(least, n1 - least)), n1, draw(st.integers(least, n2 - least)), n2))
    return drawn


def of(rows: list[Stratum], **options: bool) -> Stratified:
    return mantel_haenszel(*np.array(rows, dtype=float).reshape(-1, 4).T, **options)


def numbers(found: Stratified) -> dict[str, float]:
    return {name: float(value) for name, value in asdict(found).items()}


def same(one: Stratified, other: Stratified) -> bool:
    return numbers(one) == pytest.approx(numbers(other), rel=1e-9, abs=1e-9, nan_ok=True)


# Against R and statsmodels.


def published(file: str) -> list[dict[str, str]]:
    with (PUBLISHED / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


IN_R = {
    "mh_odds_ratio": "odds_ratio",
    "mh_or_low": "odds_low",
    "mh_or_high": "odds_high",
    "mh_chisq": "chi_square",
    "mh_risk_ratio": "risk_ratio",
}
"""The name in R → ours."""


def test_central_against_eastern_by_time_in_transit_as_r_has_it() -> None:
    """R: mantelhaen.test(table(route, y, transit), correct = FALSE), and the ratio as reference_r.R writes it out."""
    counted = {(row["indicator"], row["route"], row["transit"]): row for row in published("expected_counts.csv")}
    rows = [row for row in published("reference_r.csv") if row["what"] == "stratified"]
    expected = {(row["indicator"], IN_R[row["quantity"]]): float(row["value"]) for row in rows}
    found: dict[tuple[str, str], float] = {}
    for indicator in {name for name, _ in expected}:
        by_bin = [[counted[indicator, route, level] for route in ("central", "eastern")] for level in TRANSIT_BINS]
        whole = numbers(of([tuple(float(s[m]) for s in sides for m in ("yes", "answered")) for sides in by_bin]))
        found |= {(indicator, name): whole[name] for name in IN_R.values()}
    assert found == pytest.approx(expected, rel=1e-8, abs=0)
    assert len(expected) == 35


def in_statsmodels(rows: list[Stratum]) -> StratifiedTable:
    return StratifiedTable([np.array([[y1, n1 - y1], [y2, n2 - y2]], dtype=float) for y1, n1, y2, n2 in rows])


@given(strata(least=1, fewest=2))
@settings(max_examples=60)
def test_it_is_what_statsmodels_finds(rows: list[Stratum]) -> None:
    expected, found = in_statsmodels(rows), of(rows)
    # At odds that are alike statsmodels divides 0 by 0; loops below are not afraid of that.
    assume(abs(math.log(found.odds_ratio)) > 1e-3)
    low, high = expected.oddsratio_pooled_confint()
    assert (found.odds_ratio, found.odds_low, found.odds_high) == pytest.approx(
        (expected.oddsratio_pooled, low, high), rel=1e-9
    )
    assert found.risk_ratio == pytest.approx(expected.riskratio_pooled, rel=1e-9)
    null, equal, adjusted = (
        expected.test_null_odds(),
        expected.test_equal_odds(),
        expected.test_equal_odds(adjust=True),
    )
    assert found.chi_square == pytest.approx(null.statistic, rel=1e-9, abs=1e-12)
    assert found.breslow_day == pytest.approx(equal.statistic, rel=1e-7, abs=1e-9)
    assert found.tarone == pytest.approx(adjusted.statistic, rel=1e-7, abs=1e-9)
    assert 10**found.log10_p == pytest.approx(null.pvalue, rel=1e-6, abs=1e-14)
    assert 10**found.breslow_day_log10_p == pytest.approx(equal.pvalue, rel=1e-6, abs=1e-14)
    assert 10**found.tarone_log10_p == pytest.approx(adjusted.pvalue, rel=1e-6, abs=1e-14)
    assert found.breslow_day_df == len(rows) - 1


def gap(rows: list[Stratum]) -> float:
    return abs(sum(y1 - n1 * (y1 + y2) / (n1 + n2) for y1, n1, y2, n2 in rows))


@given(strata(least=1, fewest=2))
@settings(max_examples=60)
def test_half_a_person_is_taken_off_only_where_there_is_as_much(rows: list[Stratum]) -> None:
    plain, corrected = of(rows), of(rows, continuity=True)
    if gap(rows) < 0.5 - 1e-9:
        assert corrected == plain
    elif gap(rows) > 0.5 + 1e-9:
        expected = in_statsmodels(rows).test_null_odds(correction=True)
        assert corrected.chi_square == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
        assert corrected.chi_square < plain.chi_square
    assert corrected.odds_ratio == plain.odds_ratio


# Against the formulas, stratum by stratum.


def ratio_by_loops(rows: list[Stratum]) -> tuple[float, float, float]:
    """Greenland and Robins, equations (4) and (13) of the 1985 paper, term by term."""
    above = below = within = 0.0
    for y1, n1, y2, n2 in rows:
        n = n1 + n2
        if n1 and n2:
            above += y1 * n2 / n
            below += y2 * n1 / n
            within += ((y1 + y2) * n1 * n2 - y1 * y2 * n) / n**2
    error = math.sqrt(within / (above * below))
    return above / below, above / below * math.exp(-Z * error), above / below * math.exp(Z * error)


@given(strata().filter(lambda rows: any(r[0] for r in rows) and any(r[2] for r in rows)))
def test_the_risk_ratio_is_what_loops_find(rows: list[Stratum]) -> None:
    assume(any(row[0] < row[1] or row[2] < row[3] for row in rows))
    found = of(rows)
    assert (found.risk_ratio, found.ratio_low, found.ratio_high) == pytest.approx(ratio_by_loops(rows), rel=1e-9)


def homogeneity_by_loops(rows: list[Stratum], odds: float) -> tuple[float, float]:
    """Breslow–Day and Tarone, the expected yes found by halving."""
    breslow_day = off = spread = 0.0
    for y1, n1, y2, n2 in rows:
        yes = y1 + y2
        if not (n1 and n2 and 0 < yes < n1 + n2):
            continue
        low, high = max(0.0, yes - n2), min(n1, yes)
        for _ in range(200):
            a = (low + high) / 2
            if a * (n2 - yes + a) < odds * (n1 - a) * (yes - a):
                low = a
            else:
                high = a
        variance = 1 / (1 / a + 1 / (n1 - a) + 1 / (yes - a) + 1 / (n2 - yes + a))
        breslow_day += (y1 - a) ** 2 / variance
        off += y1 - a
        spread += variance
    return breslow_day, breslow_day - off**2 / spread


@given(strata(fewest=2))
def test_agreement_of_strata_is_what_loops_find(rows: list[Stratum]) -> None:
    found = of(rows)
    assume(not math.isnan(found.breslow_day))
    expected = homogeneity_by_loops(rows, found.odds_ratio)
    assert (found.breslow_day, found.tarone) == pytest.approx(expected, rel=1e-6, abs=1e-9)


# What must hold of any strata.


@given(strata(least=1))
def test_one_stratum_is_a_comparison_of_two_shares(rows: list[Stratum]) -> None:
    """The intervals become those of Woolf and of Katz, and the test Pearson's but for (N−1)/N."""
    first = rows[0]
    found, n = of([first]), first[1] + first[3]
    assert (found.odds_ratio, found.odds_low, found.odds_high) == pytest.approx(
        [float(x) for x in odds_ratio(*first)], rel=1e-9
    )
    assert (found.risk_ratio, found.ratio_low, found.ratio_high) == pytest.approx(
        [float(x) for x in (risk_ratio(*first)[0], *katz(*first))], rel=1e-9
    )
    assert found.chi_square == pytest.approx(float(pearson(*first)[0]) * (n - 1) / n, rel=1e-9, abs=1e-12)
    assert found.breslow_day_df == 0
    assert np.isnan([found.breslow_day, found.tarone, found.breslow_day_log10_p, found.tarone_log10_p]).all()


@given(strata(least=1, fewest=2))
def test_swapped_groups_invert_ratios_and_leave_tests_alone(rows: list[Stratum]) -> None:
    found, other = of(rows), of([(y2, n2, y1, n1) for y1, n1, y2, n2 in rows])
    assert (found.odds_ratio, found.odds_low, found.risk_ratio, found.ratio_low) == pytest.approx(
        (1 / other.odds_ratio, 1 / other.odds_high, 1 / other.risk_ratio, 1 / other.ratio_high), rel=1e-9
    )
    for name in ("chi_square", "log10_p", "breslow_day", "breslow_day_log10_p", "tarone", "tarone_log10_p"):
        assert getattr(found, name) == pytest.approx(getattr(other, name), rel=1e-7, abs=1e-9)


@given(strata(least=1))
def test_a_no_for_every_yes_inverts_odds(rows: list[Stratum]) -> None:
    found, other = of(rows), of([(n1 - y1, n1, n2 - y2, n2) for y1, n1, y2, n2 in rows])
    assert (found.odds_ratio, found.odds_low, found.odds_high) == pytest.approx(
        (1 / other.odds_ratio, 1 / other.odds_high, 1 / other.odds_low), rel=1e-9
    )
    assert found.breslow_day == pytest.approx(other.breslow_day, rel=1e-7, abs=1e-9, nan_ok=True)


@given(strata(), st.randoms(use_true_random=False))
def test_order_does_not_matter(rows: list[Stratum], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert same(of(shuffled), of(rows))


@given(strata(least=1))
def test_a_number_lies_within_its_interval(rows: list[Stratum]) -> None:
    found = of(rows)
    assert found.odds_low < found.odds_ratio < found.odds_high
    assert found.ratio_low < found.risk_ratio < found.ratio_high


@given(strata(), st.integers(0, 9))
def test_a_stratum_in_which_a_group_has_nobody_adds_nothing(rows: list[Stratum], yes: int) -> None:
    for alone in ((yes, 9, 0, 0), (0, 0, yes, 9), (0, 0, 0, 0)):
        assert same(of([*rows, alone]), of(rows))


@given(strata())
def test_a_stratum_in_which_all_said_no_adds_nothing(rows: list[Stratum]) -> None:
    assert same(of([*rows, (0, 12, 0, 30)]), of(rows))


@given(strata(least=1))
def test_a_stratum_in_which_all_said_yes_draws_the_risk_ratio_towards_1_and_no_more(rows: list[Stratum]) -> None:
    found, plain = numbers(of([*rows, (12, 12, 30, 30)])), numbers(of(rows))
    ratios = {name for name in plain if "ratio" in name} - {"odds_ratio"}
    assert abs(math.log(found["risk_ratio"])) <= abs(math.log(plain["risk_ratio"])) + 1e-12
    rest = {name: number for name, number in plain.items() if name not in ratios}
    assert {name: found[name] for name in rest} == pytest.approx(rest, rel=1e-9, abs=1e-9, nan_ok=True)


def test_strata_with_the_same_odds_agree() -> None:
    """Odds of 1 : 1 against 1 : 3, and of 3 : 1 against 1 : 1, are three times as great in both."""
    found = of([(20, 40, 10, 40), (60, 80, 30, 60)])
    assert found.odds_ratio == pytest.approx(3)
    assert (found.breslow_day, found.tarone) == pytest.approx((0, 0), abs=1e-12)
    assert found.breslow_day_log10_p == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("no_count", [(np.nan, 9, 3, 9), (3, 9, 3, np.nan), (10, 9, 3, 9), (-1, 9, 3, 9)])
def test_what_are_no_counts_leaves_everything_unknown(no_count: Stratum) -> None:
    found = numbers(of([(3, 9, 4, 11), no_count, (5, 9, 4, 11)]))
    assert found.pop("breslow_day_df") == 0
    assert np.isnan(list(found.values())).all()


def test_no_strata_tell_nothing() -> None:
    found = numbers(of([]))
    assert found.pop("breslow_day_df") == 0
    assert np.isnan(list(found.values())).all()


def test_where_one_group_never_or_always_says_yes_ratios_have_no_limits() -> None:
    none, other, all_of_them = (of(rows) for rows in ([(0, 9, 3, 9)] * 2, [(3, 9, 0, 9)] * 2, [(9, 9, 3, 9)] * 2))
    assert (none.odds_ratio, none.risk_ratio) == (0, 0)
    assert (other.odds_ratio, other.risk_ratio) == (math.inf, math.inf)
    assert (all_of_them.odds_ratio, all_of_them.risk_ratio) == (math.inf, pytest.approx(3))
    for found in (none, other):
        limits = [found.odds_low, found.odds_high, found.ratio_low, found.ratio_high]
        assert np.isnan([*limits, found.breslow_day, found.tarone]).all()
        assert found.chi_square > 3.84
        assert found.breslow_day_df == 1
    assert all_of_them.ratio_low > 1


def test_where_everybody_says_yes_the_shares_are_alike_and_nothing_else_is_known() -> None:
    found = of([(9, 9, 7, 7), (4, 4, 5, 5)])
    assert found.risk_ratio == 1
    rest = numbers(found) | {"risk_ratio": np.nan, "breslow_day_df": np.nan}
    assert np.isnan(list(rest.values())).all()


def test_five_strata_without_finite_odds_have_no_agreement_to_test() -> None:
    """The first group always says yes, the second never. Four degrees of freedom: the tail has more than one term."""
    found = of([(1, 1, 0, 1)] * 5)
    assert (found.odds_ratio, found.breslow_day_df) == (math.inf, 4)
    assert np.isnan([found.breslow_day_log10_p, found.tarone_log10_p]).all()


def test_very_different_groups_do_not_underflow() -> None:
    found = of([(9000, 10000, 1000, 10000), (1000, 10000, 9000, 10000), (9000, 10000, 1000, 10000)])
    assert -1e6 < found.log10_p < -300
    assert -1e6 < found.breslow_day_log10_p < -1000
