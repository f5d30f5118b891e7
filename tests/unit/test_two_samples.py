"""Two shares compared person by person: against plain searches, statsmodels, SciPy and R, and what must hold of any."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, chi2_contingency
from statsmodels.stats.proportion import confint_proportions_2indep

from pipeline.stats.two_samples import (
    katz,
    koopman,
    log10_tail,
    miettinen_nurminen,
    newcombe,
    odds_ratio,
    pearson,
    risk_ratio,
)

PUBLISHED = Path(__file__).parents[1] / "published"
Z = 1.959963984540054
Shares = tuple[float, float, float, float]
"""y1, n1, y2, n2."""


@st.composite
def counts(draw: st.DrawFn, least: int = 0) -> Shares:
    """Of two groups, with at least so many yes and no in each."""
    n1, n2 = (draw(st.integers(max(2 * least, 1), 300)) for _ in range(2))
    return draw(st.integers(least, n1 - least)), n1, draw(st.integers(least, n2 - least)), n2


@st.composite
def parts_of_people(draw: st.DrawFn) -> Shares:
    """Counts that are not whole."""
    n1, n2 = (draw(st.floats(1, 300)) for _ in range(2))
    return draw(st.floats(0, 1)) * n1, n1, draw(st.floats(0, 1)) * n2, n2


ANY = st.one_of(counts(), parts_of_people())


def turned(of: Shares) -> Shares:
    return (*of[2:], *of[:2])


# Score intervals, by searching for the likeliest proportions inside a search for the limits.


def likeliest(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where a likelihood is greatest whose slope falls from low to high."""
    tiny = 1e-15 * max(high - low, 1e-300)
    if slope(low + tiny) <= 0:
        return low
    if slope(high - tiny) >= 0:
        return high
    return brentq(slope, low + tiny, high - tiny, xtol=1e-300, rtol=1e-14)


def per(count: float, of: float) -> float:
    return count / max(of, 1e-300) if count else 0.0


def by_difference(y1: float, n1: float, y2: float, n2: float, delta: float) -> float:
    """How many standard errors away a difference is."""

    def slope(r: float) -> float:
        return per(y1, r + delta) - per(n1 - y1, 1 - r - delta) + per(y2, r) - per(n2 - y2, 1 - r)

    r2 = likeliest(slope, max(0, -delta), min(1, 1 - delta))
    r1 = r2 + delta
    variance = (r1 * (1 - r1) / n1 + r2 * (1 - r2) / n2) * (n1 + n2) / (n1 + n2 - 1)
    off = y1 / n1 - y2 / n2 - delta
    return off / math.sqrt(variance) if variance > 0 else math.copysign(1e9, off) if off else 0.0


def by_ratio(y1: float, n1: float, y2: float, n2: float, phi: float) -> float:
    """How many standard errors away a ratio is."""

    def slope(r: float) -> float:
        return per(y1 + y2, r) - per(phi * (n1 - y1), 1 - phi * r) - per(n2 - y2, 1 - r)

    r2 = likeliest(slope, 0, min(1, 1 / phi))
    r1 = phi * r2
    variance = r1 * (1 - r1) / n1 + phi**2 * r2 * (1 - r2) / n2
    off = y1 / n1 - phi * y2 / n2
    return off / math.sqrt(variance) if variance > 0 else math.copysign(1e9, off) if off else 0.0


def searched(away: Callable[[float], float], low: float, high: float, wanted: float) -> float:
    """Where `away`, which falls, is what is wanted; the end nearer to it if it never is."""
    if away(low) <= wanted:
        return low
    if away(high) >= wanted:
        return high
    return brentq(lambda value: away(value) - wanted, low, high, xtol=1e-14, rtol=1e-14)


@given(ANY)
@settings(max_examples=60)
def test_miettinen_nurminen_is_what_a_search_finds(of: Shares) -> None:
    def away(delta: float) -> float:
        return by_difference(*of, delta)

    estimate = of[0] / of[1] - of[2] / of[3]
    expected = searched(away, -1, estimate, Z), searched(away, estimate, 1, -Z)
    assert miettinen_nurminen(*of) == pytest.approx(expected, rel=0, abs=1e-9)


@given(counts(least=1))
@settings(max_examples=60)
def test_koopman_is_what_a_search_finds(of: Shares) -> None:
    def away(logarithm: float) -> float:
        return by_ratio(*of, math.exp(logarithm))

    middle = math.log(of[0] / of[1] / (of[2] / of[3]))
    expected = math.exp(searched(away, -30, middle, Z)), math.exp(searched(away, middle, 30, -Z))
    assert koopman(*of) == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("of", [(0, 9, 4, 30), (0, 9, 30, 30), (4, 30, 30, 30), (30, 30, 30, 30), (1e-3, 9, 8.999, 9)])
def test_koopman_where_nobody_or_everybody_did_is_what_a_search_finds(of: Shares) -> None:
    high = searched(lambda logarithm: by_ratio(*of, math.exp(logarithm)), -30, 30, -Z)
    assert koopman(*of)[1] == pytest.approx(math.exp(high), rel=1e-9, abs=0)
    assert koopman(*turned(of))[0] == pytest.approx(math.exp(-high), rel=1e-9, abs=0)


def test_koopman_reaches_to_0_and_infinity_where_a_group_has_no_yes() -> None:
    low, high = koopman([0, 3, 0], 20, [3, 0, 0], 20)
    assert (low[0], high[1], low[2], high[2]) == (0, math.inf, 0, math.inf)
    assert 0 < high[0] < math.inf
    assert 0 < low[1] < math.inf


def test_everybody_against_nobody_reaches_to_1() -> None:
    assert miettinen_nurminen(10, 10, 0, 10)[1] == 1
    assert newcombe(10, 10, 0, 10)[1] == 1
    assert miettinen_nurminen(0, 10, 10, 10)[0] == -1


@given(counts(least=1).filter(lambda of: of[0] / of[1] != of[2] / of[3]))
def test_score_intervals_and_pearson_s_test_agree(of: Shares) -> None:
    """At no difference both score tests are Pearson's, that of Miettinen and Nurminen but for (N−1)/N."""
    chi_square, _ = pearson(*of)
    (low, high), (least, greatest) = koopman(*of), miettinen_nurminen(*of)
    assert (low > 1 or high < 1) == (chi_square > Z**2)
    assert (least > 0 or greatest < 0) == (chi_square * (1 - 1 / (of[1] + of[3])) > Z**2)


# Closed forms, against statsmodels, which is right in these.


@given(counts())
@settings(max_examples=60)
def test_newcombe_equals_statsmodels(of: Shares) -> None:
    expected = confint_proportions_2indep(*of, method="newcomb", compare="diff")
    assert newcombe(*of) == pytest.approx(expected, rel=0, abs=1e-12)


@given(counts(least=1))
def test_katz_and_woolf_equal_statsmodels(of: Shares) -> None:
    expected = confint_proportions_2indep(*of, method="log", compare="ratio")
    assert katz(*of) == pytest.approx(expected, rel=1e-10)
    expected = confint_proportions_2indep(*of, method="logit", compare="odds-ratio")
    assert odds_ratio(*of)[1:] == pytest.approx(expected, rel=1e-10)


@given(counts(least=1))
def test_pearson_equals_scipy(of: Shares) -> None:
    y1, n1, y2, n2 = of
    expected = chi2_contingency([[y1, n1 - y1], [y2, n2 - y2]], correction=False)
    chi_square, log10_p = pearson(*of)
    assert chi_square == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert 10**log10_p == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)


# What must hold of any.

DIFFERENCES = (newcombe, miettinen_nurminen)
RATIOS = (koopman, katz)


@pytest.mark.parametrize("interval", DIFFERENCES)
@given(ANY)
def test_swapped_groups_change_the_sign_of_a_difference(interval, of: Shares) -> None:
    (low, high), (other_low, other_high) = interval(*of), interval(*turned(of))
    assert (low, high) == pytest.approx((-other_high, -other_low), rel=0, abs=1e-15)


@pytest.mark.parametrize("interval", RATIOS)
@given(counts(least=1))
def test_swapped_groups_invert_a_ratio(interval, of: Shares) -> None:
    (low, high), (other_low, other_high) = interval(*of), interval(*turned(of))
    assert (low, high) == pytest.approx((1 / other_high, 1 / other_low), rel=1e-12)


@given(counts(least=1))
def test_a_no_for_every_yes_inverts_odds(of: Shares) -> None:
    y1, n1, y2, n2 = of
    ratio, low, high = odds_ratio(*of)
    for other in (odds_ratio(*turned(of)), odds_ratio(n1 - y1, n1, n2 - y2, n2)):
        assert (1 / ratio, 1 / high, 1 / low) == pytest.approx([float(number) for number in other], rel=1e-12)


@given(ANY)
def test_differences_lie_within_their_intervals_and_these_within_1(of: Shares) -> None:
    difference = of[0] / of[1] - of[2] / of[3]
    for interval in DIFFERENCES:
        low, high = interval(*of)
        assert -1 <= low <= difference + 1e-12
        assert difference - 1e-12 <= high <= 1


@given(counts(least=1))
def test_ratios_lie_within_their_intervals(of: Shares) -> None:
    ratio, low, high = risk_ratio(*of)
    assert low < ratio < high
    assert koopman(*of)[0] < ratio < koopman(*of)[1]
    odds, low, high = odds_ratio(*of)
    assert low < odds < high


@pytest.mark.parametrize("interval", [*DIFFERENCES, *RATIOS])
@given(counts(least=1))
def test_more_confidence_is_wider(interval, of: Shares) -> None:
    (low, high), (least, greatest) = interval(*of), interval(*of, confidence=0.99)
    assert least < low < high < greatest


EVERYTHING = (newcombe, miettinen_nurminen, koopman, katz, risk_ratio, odds_ratio, pearson)


@pytest.mark.parametrize("function", EVERYTHING)
def test_an_array_is_worked_out_element_by_element(function) -> None:
    rng = np.random.default_rng(1)
    n1, n2 = rng.integers(5, 400, (2, 6, 5)).astype(float)
    y1, y2 = rng.integers(1, n1), rng.integers(1, n2)
    found = np.array(function(y1, n1, y2, n2))
    assert found.shape[1:] == (6, 5)
    for at in np.ndindex(6, 5):
        one = function(y1[at], n1[at], y2[at], n2[at])
        assert np.allclose(found[(slice(None), *at)], one, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("function", EVERYTHING)
def test_a_number_stands_for_all_of_an_array(function) -> None:
    y1 = np.array([3.0, 5.0, 9.0])
    found, expected = function(y1, 20, 4, 30), function(y1, np.full(3, 20), np.full(3, 4), np.full(3, 30))
    assert np.array_equal(found, expected)


NO_COUNTS = [(0, 0, 3, 9), (3, 9, 0, 0), (np.nan, 9, 3, 9), (3, 9, 3, np.nan), (-1, 9, 3, 9), (3, 9, 10, 9)]


@pytest.mark.parametrize("of", NO_COUNTS)
@pytest.mark.parametrize("function", EVERYTHING)
def test_what_are_no_counts_has_no_numbers_and_leaves_others_alone(function, of: Shares) -> None:
    found = np.array(function(*np.array([of, (3, 9, 4, 11)]).T))
    assert np.isnan(found[:, 0]).all()
    assert np.allclose(found[:, 1], function(3, 9, 4, 11), rtol=1e-12)


@pytest.mark.parametrize("function", EVERYTHING)
def test_nothing_gives_nothing(function) -> None:
    assert all(numbers.shape == (0,) for numbers in function([], [], [], []))


UNDEFINED = """
y1  y2  ratio  odds
0   4   0      0
4   0   inf    inf
0   0   nan    nan
9   4   2.25   inf
4   9   0.444  0
9   9   1      nan
"""


@pytest.mark.parametrize("line", UNDEFINED.strip().splitlines()[1:])
def test_where_nobody_or_everybody_did_logarithmic_limits_are_not_known(line: str) -> None:
    y1, y2, ratio, odds = (float(number) for number in line.split())
    found, found_odds = risk_ratio(y1, 9, y2, 9), odds_ratio(y1, 9, y2, 9)
    assert float(found[0]) == pytest.approx(ratio, abs=5e-4, nan_ok=True)
    assert float(found_odds[0]) == pytest.approx(odds, abs=5e-4, nan_ok=True)
    assert np.isnan(found_odds[1:]).all()
    # A share of 1 has a logarithm: only with two of them there is no width.
    assert np.isnan(found[1:]).all() == (0 in (y1, y2) or y1 == y2 == 9)


def test_one_person_in_all_has_no_score_interval_of_a_difference() -> None:
    assert np.isnan(miettinen_nurminen(0.2, 0.5, 0.1, 0.5)).all()


def test_where_all_answer_the_same_there_is_no_test() -> None:
    assert np.isnan(pearson([0, 9], 9, [0, 9], 9)).all()


# The tail of chi-square.


@given(st.floats(0, 1000), st.integers(1, 12))
def test_the_tail_equals_scipy(chi_square: float, df: int) -> None:
    assert 10 ** log10_tail(chi_square, df) == pytest.approx(chi2.sf(chi_square, df), rel=1e-9)


@pytest.mark.parametrize("df", range(1, 9))
@pytest.mark.parametrize("chi_square", [900.0, 5000.0, 1e6])
def test_the_tail_does_not_underflow(df: int, chi_square: float) -> None:
    """Γ(a, h) / Γ(a) = hᵃ⁻¹ exp(−h) / Γ(a) · ∫ (1 + t/h)ᵃ⁻¹ exp(−t) dt, of which only ∫ is no logarithm."""
    a, h = df / 2, chi_square / 2
    integral, _ = quad(lambda t: (1 + t / h) ** (a - 1) * math.exp(-t), 0, 60, epsabs=0, epsrel=1e-12)
    expected = ((a - 1) * math.log(h) - h - math.lgamma(a) + math.log(integral)) / math.log(10)
    assert float(log10_tail(chi_square, df)) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("df", range(1, 6))
def test_the_tail_of_nothing_is_1_and_of_what_is_not_known_is_not_known(df: int) -> None:
    assert np.allclose(log10_tail([0.0, np.nan], df), [0.0, np.nan], rtol=0, atol=1e-15, equal_nan=True)


def test_the_tail_is_never_above_1_although_its_terms_may_add_up_to_a_hair_more() -> None:
    """At 3.43e-4 with nine degrees of freedom the sum is 1 + 1.5e-16."""
    assert (log10_tail(np.logspace(-20, 2, 20001), 9) <= 0).all()
    assert log10_tail(0.00034318634545059043, 9) == 0


# The shipped wave, in R.


def published(file: str) -> list[dict[str, str]]:
    with (PUBLISHED / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_central_against_eastern_as_r_has_it() -> None:
    """R: ratios and their intervals as reference_r.R writes them out; chisq.test(correct = FALSE)."""
    counted = {(row["indicator"], row["route"], row["transit"]): row for row in published("expected_counts.csv")}
    expected: dict[tuple[str, str], float] = {}
    found: dict[tuple[str, str], float] = {}
    for row in published("reference_r.csv"):
        if row["what"] == "contrast":
            expected[row["indicator"], row["quantity"]] = float(row["value"])
    for indicator in {name for name, _ in expected}:
        sides = [counted[indicator, route, "all"] for route in ("central", "eastern")]
        of = [float(side[name]) for side in sides for name in ("yes", "answered")]
        chi_square, log10_p = pearson(*of)
        numbers = {
            **dict(zip(("risk_ratio", "rr_low", "rr_high"), risk_ratio(*of), strict=True)),
            **dict(zip(("odds_ratio", "or_low", "or_high"), odds_ratio(*of), strict=True)),
            **{"chisq": chi_square, "chisq_p": 10**log10_p, "log10_p": log10_p},
        }
        found |= {(indicator, name): float(number) for name, number in numbers.items()}
    assert found == pytest.approx(expected, rel=1e-8, abs=0)
    assert len(expected) == 63
