"""The shares of enumerators and their limits: the tables of `quality/enumerators`, limits by their definition."""

from __future__ import annotations

from math import comb
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.quality import funnel
from tests.support.quality import measure
from tests.support.tables import Spec, read_specs

SPECS = read_specs(Path(__file__).parent / "quality" / "enumerators")
TAIL_OF_3 = NormalDist().cdf(-3)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_shares(spec: Spec, tmp_path: Path, engine: Engine) -> None:
    quality = measure(tmp_path, engine, spec.people).quality
    staff = {one.code: one for one in quality.enumerators}
    found = []
    for row in spec.expected:
        share = staff[row["enumerator"]].shares[row["measure"]]
        events = "" if share.events is None else str(share.events)
        found.append({**row, "base": str(share.base), "events": events, "verdict": share.verdict})
    assert found == spec.expected


def test_what_is_hidden_cannot_be_worked_out(tmp_path: Path, engine: Engine) -> None:
    """Alone in a country, what is expected of an enumerator is what was observed."""
    rows = [{"enumerator": "E01", "survey_country": "GRC", "unpaid_work": "yes_me"}] * 3
    rows += [{"enumerator": "E01", "survey_country": "GRC"}] * 57
    rows += [{"enumerator": "E02", "unpaid_work": "yes_me"}] * 30 + [{"enumerator": "E02"}] * 30
    one, two = measure(tmp_path, engine, rows).quality.enumerators
    hidden, shown = one.shares["at_least_one"], two.shares["at_least_one"]
    assert (hidden.events, hidden.expected, hidden.low, hidden.high) == (None, None, None, None)
    assert (shown.events, shown.expected) == (30, 0.5)


Stratum = tuple[int, int, int]
"""Own records, all records, and the events among all."""


def chances(strata: list[Stratum]) -> list[float]:
    """The chance of each number of events, by counting every way in which own records can be drawn."""
    found = [1.0]
    for n, total, k in strata:
        of_stratum = [comb(k, i) * comb(total - k, n - i) / comb(total, n) for i in range(n + 1)]
        longer = [0.0] * (len(found) + n)
        for i, p in enumerate(found):
            for j, q in enumerate(of_stratum):
                longer[i + j] += p * q
        found = longer
    return found


@st.composite
def a_stratum(draw: st.DrawFn) -> Stratum:
    total = draw(st.integers(1, 90))
    return draw(st.integers(1, min(total, 30))), total, draw(st.integers(0, total))


@given(st.lists(a_stratum(), min_size=1, max_size=4))
def test_limits_are_those_of_drawing_without_replacement(strata: list[Stratum]) -> None:
    """From a limit on there is at least the tail; beyond it there is less."""
    chance = chances(strata)
    low, high = funnel.limits(*np.array(strata).T, 3.0)
    for at, beyond in ((chance[: low + 1], chance[:low]), (chance[high:], chance[high + 1 :])):
        assume(min(abs(sum(at) - TAIL_OF_3), abs(sum(beyond) - TAIL_OF_3)) > 1e-9)
        assert sum(beyond) < TAIL_OF_3 < sum(at)


@given(st.lists(a_stratum(), min_size=1, max_size=4))
def test_mean_and_variance(strata: list[Stratum]) -> None:
    chance = chances(strata)
    mean = sum(i * p for i, p in enumerate(chance))
    variance = sum((i - mean) ** 2 * p for i, p in enumerate(chance))
    means, variances = funnel.moments(*np.array(strata).T)
    assert (means.sum(), variances.sum()) == pytest.approx((mean, variance), abs=1e-9)


@pytest.mark.parametrize(
    ("n", "share", "low", "high"),
    [
        # scipy 1.17: binom.ppf(norm.cdf(-3), n, p) and binom.ppf(norm.cdf(3), n, p).
        (20, 0.01, 0, 2),
        (50, 0.1, 0, 12),
        (100, 0.3, 17, 44),
        (1000, 0.5, 453, 547),
        (30, 0.0, 0, 0),
        (30, 1.0, 30, 30),
    ],
)
def test_among_many_colleagues_limits_are_binomial(n: int, share: float, low: int, high: int) -> None:
    """The limits of a funnel plot."""
    many = 10_000_000
    assert funnel.limits(np.array([n]), np.array([many]), np.array([int(many * share)]), 3.0) == (low, high)


def test_alone_at_a_point_anything_was_expected() -> None:
    assert funnel.limits(np.array([40]), np.array([40]), np.array([25]), 3.0) == (25, 25)


def test_widening() -> None:
    """√φ by hand: z-scores ±2 in equal parts, φ = 4. Chance alone does not narrow the limits."""
    mean, variance = np.full(20, 50.0), np.full(20, 25.0)
    assert funnel.widening(np.array([40, 60] * 10), mean, variance) == pytest.approx(2)
    assert funnel.widening(np.array([50] * 20), mean, variance) == 1
    assert funnel.widening(np.array([0] * 20), mean, np.zeros(20)) == 1, "nothing to work it out from"
    outlier = np.array([40, 60] * 9 + [50, 100])
    assert funnel.widening(outlier, mean, variance) < 2.1, "an outlier is drawn in, and does not hide itself"


def test_widened_limits() -> None:
    assert funnel.widened(10, 30, 18.5, 1) == (10, 30)
    assert funnel.widened(10, 30, 18.5, 2) == (2, 41), "18.5 - 17 = 1.5 and 18.5 + 23 = 41.5, to the numbers within"
