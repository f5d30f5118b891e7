"""Standard errors over monitoring points against plain loops, and Korn–Graubard intervals against R and SciPy."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.stats.clustered import Spread, clopper_pearson, korn_graubard, points_of, spread
from pipeline.stats.proportion import wilson
from pipeline.stats.reliability import reliability

PUBLISHED = Path(__file__).parents[1] / "published"
KEY = ["route", "group", "level"]
ROUTES = ("central", "eastern")
Cell = tuple[str, str, int, int]
"""Route, point, answered, yes."""


@st.composite
def waves(draw: st.DrawFn) -> list[Cell]:
    """Points of a part of each route: those without anyone in it are there with nobody."""
    cells = []
    for route in ROUTES:
        for number in range(draw(st.integers(1, 6))):
            answered = draw(st.integers(0, 12))
            cells.append((route, f"{route}-{number}", answered, draw(st.integers(0, answered))))
    return cells


def counts_of(cells: list[Cell]) -> pd.DataFrame:
    """The part, and the whole in which everyone else has answered no."""
    rows = []
    for route, point, answered, yes in cells:
        rows.append((route, "all", "all", point, answered + 5, yes))
        rows += [(route, "sex", "female", point, answered, yes)] if answered else []
    return pd.DataFrame(rows, columns=[*KEY, "monitoring_point", "answered", "yes"])


def found(cells: list[Cell], route: str) -> tuple[float, float, float]:
    counts = counts_of(cells)
    of_part = [c for c in cells if route in ("all", c[0])]
    whole = {"route": route, "group": "sex", "level": "female"}
    asked = pd.DataFrame([whole | {"answered": sum(c[2] for c in of_part), "yes": sum(c[3] for c in of_part)}])
    off = spread(points_of(counts), asked, KEY)
    return float(off.se[0]), float(off.deff[0]), float(off.df[0])


def by_loops(cells: list[Cell], route: str) -> tuple[float, float, float]:
    """The formula as a textbook writes it, route by route and point by point."""
    of_part = [c for c in cells if route in ("all", c[0])]
    n, y = sum(c[2] for c in of_part), sum(c[3] for c in of_part)
    if not n:
        return math.nan, math.nan, math.nan
    p, variance = y / n, 0.0
    routes_there = {c[0] for c in of_part if c[2]}
    df = sum(1 for c in of_part if c[2]) - len(routes_there)
    for one in routes_there:
        z = [(yes - p * answered) / n for of, _, answered, yes in of_part if of == one]
        if len(z) == 1:
            return math.nan, math.nan, df
        mean = sum(z) / len(z)
        variance += len(z) / (len(z) - 1) * sum((value - mean) ** 2 for value in z)
    alone = p * (1 - p) / (n - 1) if n > 1 else 0
    return math.sqrt(variance), variance / alone if alone else math.nan, df


@given(waves(), st.sampled_from([*ROUTES, "all"]))
def test_the_spread_is_what_loops_find(cells: list[Cell], route: str) -> None:
    assert found(cells, route) == pytest.approx(by_loops(cells, route), rel=1e-9, abs=1e-12, nan_ok=True)


@given(waves(), st.randoms(use_true_random=False))
def test_order_and_names_of_points_do_not_matter(cells: list[Cell], random) -> None:
    shuffled = [(route, f"x{point}", answered, yes) for route, point, answered, yes in cells]
    random.shuffle(shuffled)
    assert found(shuffled, "all") == pytest.approx(found(cells, "all"), rel=1e-9, abs=1e-12, nan_ok=True)


@given(waves().filter(lambda cells: sum(c[2] for c in cells if c[0] == "central") > 1))
def test_twice_as_many_points_that_are_alike_halve_the_variance(cells: list[Cell]) -> None:
    once = [c for c in cells if c[0] == "central"]
    twice = [*once, *((route, f"{point}b", answered, yes) for route, point, answered, yes in once)]
    m = len(once)
    if m > 1:
        # The correction m/(m−1) for few points becomes 2m/(2m−1).
        halved = found(once, "central")[0] ** 2 * (m - 1) / (2 * m - 1)
        assert found(twice, "central")[0] ** 2 == pytest.approx(halved, rel=1e-9, abs=1e-15)


def test_a_share_over_points_as_r_has_it() -> None:
    """R survey 4.1-1: svydesign(ids = ~fmp), svymean(~ind1, deff = "replace"), svyciprop(method = "beta")."""
    at: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with (PUBLISHED / "fms_synth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["ind1"] in ("yes", "no"):
                at[row["fmp"]][0] += 1
                at[row["fmp"]][1] += row["ind1"] == "yes"
    se, deff, _ = found([("central", point, n, y) for point, (n, y) in at.items()], "central")
    n, y = (sum(column) for column in zip(*at.values(), strict=True))
    low, high = clopper_pearson(y / n, _as_svyciprop(y / n, n, se, len(at) - 1))
    expected = [0.423861852, 0.038079613, 3.776514915, 0.344137636, 0.506618404]
    assert [y / n, se, deff, float(low), float(high)] == pytest.approx(expected, abs=1e-8)


def _as_svyciprop(p: float, n: int, se: float, df: int) -> float:
    """How many people R takes the sample to be worth. The NCHS never takes more than n, which makes no difference."""
    from scipy.stats import t

    return p * (1 - p) / se**2 * (t.ppf(0.975, n - 1) / t.ppf(0.975, df)) ** 2


def test_exact_intervals_equal_scipy() -> None:
    cells = [(y, n) for n in (1, 5, 29, 148) for y in {0, 1, n // 3, n - 1, n}]
    expected = [binomtest(y, n).proportion_ci(method="exact") for y, n in cells]
    low, high = clopper_pearson([y / n for y, n in cells], [n for _, n in cells])
    assert np.allclose(np.array([low, high]).T, expected, rtol=0, atol=1e-12)


def test_nobody_has_no_interval() -> None:
    assert np.isnan(korn_graubard([np.nan], [0], [np.nan], [np.nan])).all()


@given(st.integers(2, 400), st.floats(0, 1), st.floats(0, 8), st.integers(0, 90))
def test_the_interval_holds_the_share_and_is_no_narrower_than_for_people_alone(
    n: int, share: float, deff: float, df: int
) -> None:
    p = round(share * n) / n
    low, high = korn_graubard(p, n, math.sqrt(deff * p * (1 - p) / (n - 1)), df)
    alone_low, alone_high = clopper_pearson(p, n)
    assert 0 <= low <= alone_low <= p <= alone_high <= high <= 1


def test_points_widen_the_interval() -> None:
    low, high = korn_graubard(0.71, 2770, 0.0254, 39)
    narrow_low, narrow_high = wilson(0.71, 2770)
    assert high - low > 2.5 * (narrow_high - narrow_low)


RELIABLE = """
p     n     low   high  se     df  verdict  why
0.50  2750  0.45  0.55  0.024  39  yes
0.50  29    0.40  0.60  0.000  39  no       fewer than 30 people
0.50  100   0.30  0.70  0.110  39  no       worth fewer than 30 people
0.50  200   0.35  0.65  0.040  39  no       as wide as .30
0.04  400   0.01  0.08  0.010  39  no       wider than .05 and than 130% of the share
0.02  400   0.00  0.05  0.007  39  yes      not wider than .05
0.50  400   0.42  0.58  0.030  7   review   fewer than 8 degrees of freedom
0.00  400   0.00  0.01  0.000  39  review   nobody
1.00  400   0.99  1.00  0.000  39  review   everybody
0.96  400   0.92  0.99  0.010  39  review   its complement would be no
"""


@pytest.mark.parametrize("line", RELIABLE.strip().splitlines()[1:])
def test_what_is_reliable(line: str) -> None:
    *numbers, verdict = line.split()[:7]
    p, n, low, high, se, df = (np.array([float(number)]) for number in numbers)
    assert reliability(p, n, low, high, Spread(se, np.array([np.nan]), df))[0] == verdict
