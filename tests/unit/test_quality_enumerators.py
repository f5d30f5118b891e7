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


def tail_up_to(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


@given(n=st.integers(1, 120), p=st.floats(0.001, 0.999))
def test_limits_are_binomial(n: int, p: float) -> None:
    """Beyond a limit, less than the tail is left; at it, not less."""
    ((low,), (high,)) = funnel.limits(np.array([n]), np.array([p]), 3.0)
    for limit, share in ((int(low), p), (n - int(high), 1 - p)):
        at, beyond = tail_up_to(limit, n, share), tail_up_to(limit - 1, n, share)
        assume(min(abs(at - TAIL_OF_3), abs(beyond - TAIL_OF_3)) > 1e-9)
        assert beyond < TAIL_OF_3 < at


@pytest.mark.parametrize(
    ("n", "p", "low", "high"),
    [
        # scipy 1.17, by its other way to them: binom.ppf(norm.cdf(-3), n, p) and binom.ppf(norm.cdf(3), n, p).
        (20, 0.01, 0, 2),
        (50, 0.1, 0, 12),
        (100, 0.3, 17, 44),
        (1000, 0.5, 453, 547),
        (30, 0.0, 0, 0),
        (30, 1.0, 30, 30),
    ],
)
def test_known_limits(n: int, p: float, low: int, high: int) -> None:
    found = funnel.limits(np.array([n]), np.array([p]), 3.0)
    assert [int(limit[0]) for limit in found] == [low, high]


def test_widening() -> None:
    """√φ by hand: z-scores ±2 in equal parts, φ = 4. Chance alone does not narrow the limits."""
    base, expected = np.full(20, 100), np.full(20, 0.5)
    assert funnel.widening(np.array([40, 60] * 10), base, expected) == pytest.approx(2)
    assert funnel.widening(np.array([50] * 20), base, expected) == 1
    assert funnel.widening(np.array([0] * 20), base, np.zeros(20)) == 1, "nothing to work it out from"
    outlier = np.array([40, 60] * 9 + [50, 100])
    assert funnel.widening(outlier, base, expected) < 2.1, "an outlier is drawn in, and does not hide itself"
