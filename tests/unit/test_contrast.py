"""Groups compared: what must hold of any contrast. Numbers from R are in `published`."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from pipeline.stats.clustered import described, interval, points_of
from pipeline.stats.contrast import PAIR, Sure, Tie, compare, contrasts, differ, tied
from pipeline.stats.proportion import share
from pipeline.tables import COUNTS, ESTIMATES, conform

SIDE = st.tuples(st.floats(0.01, 0.99), st.integers(30, 9000), st.floats(0.001, 0.2))
TIE = st.tuples(st.floats(-0.9, 0.9), st.integers(1, 90))
Side = tuple[float, int, float]


def sure(side: Side) -> Sure:
    return Sure(*(np.array([value], dtype=float) for value in side))


def tie(correlation: float, df: float) -> Tie:
    return Tie(np.array([correlation]), np.array([float(df)]))


def of(first: Side, second: Side, between: tuple[float, float]) -> dict[str, float]:
    sides = sure(first), sure(second), tie(*between)
    return {name: float(value[0]) for name, value in (compare(*sides) | differ(*sides)).items()}


@given(SIDE, SIDE, TIE)
def test_swapped_groups_invert_the_ratio_and_the_sign_of_the_difference(first, second, between) -> None:
    one, other = of(first, second, between), of(second, first, between)
    assert one["risk_ratio"] == pytest.approx(1 / other["risk_ratio"])
    assert one["ratio_low"] == pytest.approx(1 / other["ratio_high"])
    assert one["risk_difference"] == pytest.approx(-other["risk_difference"])
    assert one["difference_low"] == pytest.approx(-other["difference_high"])
    assert one["f"] == pytest.approx(other["f"])


@given(SIDE, SIDE, TIE)
def test_an_interval_holds_its_number(first, second, between) -> None:
    found = of(first, second, between)
    assert found["ratio_low"] < found["risk_ratio"] < found["ratio_high"]
    assert found["difference_low"] < found["risk_difference"] < found["difference_high"]


@given(SIDE, SIDE, st.integers(1, 90))
def test_what_goes_together_over_points_narrows_the_difference(first, second, df) -> None:
    apart, together = of(first, second, (0.0, df)), of(first, second, (0.8, df))
    assert together["difference_high"] < apart["difference_high"]
    assert together["f"] > apart["f"] or first[0] == second[0]


@pytest.mark.parametrize("second", [(0.0, 50, 0.0), (1.0, 50, 0.0), (0.4, 50, np.nan)])
def test_what_is_not_sure_is_not_compared(second) -> None:
    assert all(np.isnan(value) for value in of((0.5, 50, 0.1), second, (0.0, 9)).values())


def test_without_degrees_of_freedom_nothing_is_compared() -> None:
    assert all(np.isnan(value) for value in of((0.5, 50, 0.1), (0.4, 50, 0.1), (0.0, 0)).values())


def estimates(**routes: tuple[float, int, float, float]) -> pd.DataFrame:
    """Estimates of whole routes from (share, answered, deff, df)."""
    rows = [
        {"wave": "w", "indicator_set": "s", "indicator": "unpaid_work", "route": route, "group": "all", "level": "all"}
        | dict(zip(("share", "answered", "deff", "df"), numbers, strict=True))
        | {"ci_method": "korn_graubard", "reliable": "yes", "suppressed": ""}
        for route, numbers in routes.items()
    ]
    return conform(pd.DataFrame(rows, columns=ESTIMATES.names), ESTIMATES)


NO_POINTS = points_of(conform(pd.DataFrame(columns=COUNTS.names), COUNTS))


def test_every_pair_of_routes_has_a_row_also_where_nobody_was_met() -> None:
    exact = estimates(central=(0.5, 1001, 4.0, 39), eastern=(0.1, 2001, 9.0, 60))
    frame = contrasts(exact, tied(NO_POINTS, exact))
    assert list(zip(frame["first"], frame["second"], strict=True))[:2] == [
        ("central", "eastern"),
        ("central", "western"),
    ]
    assert len(frame) == 6
    assert frame["risk_ratio"].notna().tolist() == [True] + [False] * 5
    first = frame.iloc[0]
    # se² = deff · p(1−p)/(n−1): 0.001 and 0.000405; t with 99 degrees of freedom is 1.984217.
    assert first["risk_ratio"] == pytest.approx(5)
    assert first["difference_high"] - first["risk_difference"] == pytest.approx(1.984217 * (0.001 + 0.000405) ** 0.5)


# --- groups that were met at the same points ------------------------------------------------------------------------

LEVELS = ("14_17", "18_24", "25_plus")
Cell = tuple[str, str, str, int, int]
"""Route, point, age group, answered, yes."""


@st.composite
def waves(draw: st.DrawFn) -> list[Cell]:
    cells = []
    for route, most in (("central", 6), ("eastern", 5)):
        for place in range(draw(st.integers(2, most))):
            for level in LEVELS:
                answered = draw(st.integers(0, 12))
                cells.append((route, f"P{place}", level, answered, draw(st.integers(0, answered))))
    return cells


def estimated(drawn: list[list[Cell]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contrasts of age groups, and the estimates that they come from. Each wave is an indicator, for speed."""
    rows = [
        {"route": route, "group": group, "level": level if group != "all" else "all", "indicator": f"w{place}"}
        | {"monitoring_point": point, "asked": n, "answered": n, "yes": y}
        | dict.fromkeys(("family", "undecided", "complete", "complete_yes"), 0)
        for place, cells in enumerate(drawn)
        for route, point, level, n, y in cells
        for group in ("all", "age_group")
    ]
    points = points_of(conform(pd.DataFrame(rows), COUNTS))
    key = ["indicator", "route", "group", "level"]
    sums = pd.DataFrame(rows)
    sums = pd.concat([sums, sums.assign(route="all")])
    sums = sums.groupby(key, as_index=False, sort=False)[["answered", "yes"]].sum()
    found = sums.assign(share=share(sums["yes"], sums["answered"]), **described(interval(points, sums, key)))
    exact = conform(found.assign(wave="w", suppressed="").reindex(columns=ESTIMATES.names), ESTIMATES)
    return contrasts(exact, tied(points, exact)), exact


def plainly(cells: list[Cell], route: str, first: str, second: str) -> tuple[float, float, int] | None:
    """Difference, its variance and degrees of freedom, in plain loops over points."""
    of_routes: dict[str, dict[str, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for on, point, level, n, y in cells:
        if n and route in (on, "all"):
            of_routes[on][point][level] = (n, y)
    n = {level: sum(p[level][0] for ps in of_routes.values() for p in ps.values() if level in p) for level in LEVELS}
    y = {level: sum(p[level][1] for ps in of_routes.values() for p in ps.values() if level in p) for level in LEVELS}
    if not n[first] or not n[second]:
        return None
    share = {level: y[level] / n[level] for level in (first, second)}
    if set(share.values()) & {0.0, 1.0}:
        return None
    variance, there, routes = 0.0, 0, 0
    for points in of_routes.values():
        m = len(points)
        terms = []
        for point in points.values():
            z = [(point[k][1] - share[k] * point[k][0]) / n[k] if k in point else 0.0 for k in (first, second)]
            terms.append(z[0] - z[1])
        present = sum(1 for point in points.values() if first in point or second in point)
        if not present:
            continue
        there, routes = there + present, routes + 1
        if m < 2:
            return None
        mean = sum(terms) / m
        variance += m / (m - 1) * sum((term - mean) ** 2 for term in terms)
    return share[first] - share[second], variance, there - routes


MANY = st.lists(waves(), min_size=12, max_size=12)


@settings(max_examples=12)
@given(MANY)
def test_groups_at_the_same_points_as_plain_loops_have_them(drawn: list[list[Cell]]) -> None:
    frame, exact = estimated([as_one_survey(cells) for cells in drawn])
    by_pair, deff = frame.set_index(list(PAIR)), exact.set_index(["indicator", "route", "level"])["deff"]
    for place, route, pair in product(range(len(drawn)), ("central", "eastern", "all"), combinations(LEVELS, 2)):
        name = f"w{place}"
        row = by_pair.loc[("age_group", route, *pair, name)]
        expected = plainly(as_one_survey(drawn[place]), route, *pair)
        if expected is None or expected[2] < 1:
            assert row[["risk_difference", "f"]].isna().all()
            continue
        if pd.isna(row["risk_difference"]):
            # Where every point has the same share, there is nothing to go by.
            assert min(deff.fillna(0)[name, route, level] for level in pair) < 1e-9
            continue
        difference, variance, df = expected
        assert row["df"] == df
        assert row["risk_difference"] == pytest.approx(difference, abs=1e-12)
        wide = t.ppf(0.975, df) * variance**0.5
        assert row["difference_high"] - difference == pytest.approx(wide, rel=1e-6, abs=1e-6)


def as_one_survey(cells: list[Cell]) -> list[Cell]:
    """The same points in every wave, as they have in common how many there are: a person at each, who says no."""
    seen = {(route, point) for route, point, level, n, _ in cells if level == LEVELS[0] and n}
    points = [("central", f"P{i}") for i in range(6)] + [("eastern", f"P{i}") for i in range(5)]
    return [*cells, *((route, point, LEVELS[0], 1, 0) for route, point in points if (route, point) not in seen)]


@settings(max_examples=12)
@given(MANY, st.randoms(use_true_random=False))
def test_order_and_names_of_points_do_not_matter(drawn: list[list[Cell]], random) -> None:
    changed = [[(route, f"x{point}", *rest) for route, point, *rest in cells] for cells in drawn]
    for cells in changed:
        random.shuffle(cells)
    # Levels keep the order of the questionnaire, which is that of the estimates.
    one, other = (
        estimated([sorted(cells, key=lambda cell: LEVELS.index(cell[2])) for cells in some])[0]
        .set_index(list(PAIR))[["risk_ratio", "difference_low", "f", "df"]]
        .sort_index()
        .to_numpy(float, na_value=np.nan)
        for some in (changed, drawn)
    )
    assert np.allclose(one, other, rtol=1e-6, atol=1e-7, equal_nan=True)


def test_holm_takes_the_indicators_of_a_variable_within_a_route_together() -> None:
    shares = {"unpaid_work": 0.30, "forced_work": 0.22, "at_least_one": 0.30}
    rows = [
        {"wave": "w", "indicator_set": "s", "indicator": name, "route": "central", "group": "sex", "level": level}
        | {"answered": 1001, "share": share if level == "male" else 0.2, "deff": 2.0, "df": 20}
        | {"ci_method": "korn_graubard", "reliable": "yes", "suppressed": ""}
        for name, share in shares.items()
        for level in ("male", "female")
    ]
    exact = conform(pd.DataFrame(rows, columns=ESTIMATES.names), ESTIMATES)
    ties = pd.DataFrame(
        [("sex", "central", "male", "female", name, 0.0, 20) for name in shares], columns=[*PAIR, "correlation", "df"]
    )
    frame = contrasts(exact, ties)
    found = frame[(frame["compared"] == "sex") & (frame["route"] == "central")].set_index("indicator")
    assert found["family"].to_dict() == {
        "unpaid_work": "single",
        "forced_work": "single",
        "at_least_one": "at_least_one",
    }
    assert found["log10_p"]["unpaid_work"] == pytest.approx(found["log10_p"]["at_least_one"])
    assert found["log10_p_holm"]["unpaid_work"] == pytest.approx(found["log10_p"]["unpaid_work"] + np.log10(2))
    assert found["log10_p_holm"]["forced_work"] == pytest.approx(found["log10_p"]["forced_work"])
    assert found["log10_p_holm"]["at_least_one"] == pytest.approx(found["log10_p"]["at_least_one"])
