"""Two indicators of the same people, against plain loops over monitoring points."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.clustered import korn_graubard, points_of
from pipeline.stats.cooccurrence import cooccurrence
from pipeline.stats.proportion import wilson
from pipeline.tables import COUNTS, PAIRS, conform
from pipeline.vocabulary import MISSING_WORDS

ROUTES = ("central", "eastern")
PAIR = {"indicator": "unpaid_work", "other": "forced_work"}
MEASURES = ("answered", "yes", "yes_indicator", "yes_other")
NUMBERS = ("share", "ci_low", "ci_high", "wilson_low", "wilson_high", "deff", "df", "ratio")


class At(NamedTuple):
    """A monitoring point: people with both, with the one alone, with the other alone, with neither."""

    route: str
    point: str
    both: int
    one: int
    other: int
    neither: int

    @property
    def counts(self) -> dict[str, int]:
        """What tables have of it."""
        n = self.both + self.one + self.other + self.neither
        yes = {"yes_indicator": self.both + self.one, "yes_other": self.both + self.other}
        return {"answered": n, "yes": self.both, **yes}


@st.composite
def waves(draw: st.DrawFn) -> list[At]:
    """Up to six points on each of two routes; at some of them nobody answered both."""
    people = st.integers(0, 12)
    return [
        At(route, f"p{number}", *(draw(people) * draw(st.integers(0, 1)) for _ in range(4)))
        for route in ROUTES
        for number in range(draw(st.integers(1, 6)))
    ]


def found(met: list[At], *, are_points_known: bool = True) -> dict[str, dict[str, float]]:
    """Route → numbers. Someone answered something at every point, so every point is one of its route."""
    names = [at.point if are_points_known else MISSING_WORDS[number] for number, at in enumerate(met)]
    counts = pd.DataFrame(
        {"route": at.route, "group": "all", "level": "all", "indicator": "unpaid_work", "monitoring_point": name}
        | dict.fromkeys(("asked", "answered"), at.counts["answered"] + 1)
        | dict.fromkeys(("yes", "family", "undecided", "complete", "complete_yes"), 0)
        for at, name in zip(met, names, strict=True)
    )
    pairs = pd.DataFrame(
        {"route": at.route, "monitoring_point": name, **PAIR, **at.counts} for at, name in zip(met, names, strict=True)
    )
    points = points_of(conform(counts.reindex(columns=COUNTS.names), COUNTS))
    frame = cooccurrence(conform(pairs.reindex(columns=PAIRS.names), PAIRS), points, "w")
    assert (frame["suppressed"] == "").all()
    return {row["route"]: row for row in frame.astype(object).where(frame.notna(), math.nan).to_dict("records")}


def by_loops(met: list[At], route: str) -> dict[str, float]:
    """The same, as a textbook writes it."""
    here = [at for at in met if route in (at.route, "all") and at.counts["answered"]]
    counts = {name: sum(at.counts[name] for at in here) for name in MEASURES}
    n, both, one, other = counts.values()
    if not n:
        return counts | dict.fromkeys(NUMBERS, math.nan)
    p = both / n
    se, df = over_points(met, here, p, n)
    alone = p * (1 - p) / (n - 1) if n > 1 else 0
    low, high = wilson(p, n)
    limits = (low, high) if math.isnan(se) else korn_graubard(p, n, se, df)
    return counts | {
        "share": p,
        "ratio": p / (one / n * other / n) if one and other else math.nan,
        "deff": se**2 / alone if alone else math.nan,
        "df": math.nan if math.isnan(se) else df,
        **dict(zip(NUMBERS[1:5], map(float, (*limits, low, high)), strict=True)),
    }


def over_points(met: list[At], here: list[At], p: float, n: int) -> tuple[float, int]:
    """The standard error over points, those of the routes where nobody answered both as zeros; degrees of freedom."""
    variance, routes = 0.0, {at.route for at in here}
    for route in routes:
        z = [(at.both - p * at.counts["answered"]) / n for at in met if at.route == route]
        if len(z) < 2:
            return math.nan, 0
        mean = sum(z) / len(z)
        variance += len(z) / (len(z) - 1) * sum((value - mean) ** 2 for value in z)
    return math.sqrt(variance), len(here) - len(routes)


def same(one: dict[str, float], other: dict[str, float]) -> bool:
    return {name: one[name] for name in other} == pytest.approx(other, rel=1e-7, abs=1e-9, nan_ok=True)


@given(waves())
@settings(max_examples=35)
def test_it_is_what_loops_find(met: list[At]) -> None:
    rows = found(met)
    assert list(rows) == ["central", "eastern", "western", "western_african", "all"]
    for route in rows:
        assert same(rows[route], by_loops(met, route))


@given(waves())
@settings(max_examples=10)
def test_which_one_comes_first_makes_no_difference(met: list[At]) -> None:
    turned = found([at._replace(one=at.other, other=at.one) for at in met])
    for route, row in found(met).items():
        assert same(turned[route], {name: row[name] for name in NUMBERS})


@pytest.mark.parametrize("one", [20, 50, 100])
@pytest.mark.parametrize("other", [10, 50])
def test_indicators_that_say_nothing_of_one_another_are_together_as_often_as_by_chance(one: int, other: int) -> None:
    both = one * other // 100
    met = [At("central", f"p{n}", both, one - both, other - both, 100 - one - other + both) for n in range(3)]
    assert found(met)["central"]["ratio"] == pytest.approx(1)


def test_everybody_with_one_who_has_the_other() -> None:
    # 20 of 100 have the one, all of them the other too, which 50 have: .2 against .2 × .5.
    row = found([At("central", f"p{n}", 20, 0, 30, 50) for n in range(3)])["central"]
    assert (row["share"], row["ratio"]) == (pytest.approx(0.2), pytest.approx(2))


def test_nobody_with_one_of_them_leaves_no_ratio() -> None:
    row = found([At("central", f"p{n}", 0, 0, 5, 20) for n in range(3)])["central"]
    assert row["share"] == 0
    assert math.isnan(row["ratio"])


def test_everybody_with_both() -> None:
    row = found([At("central", f"p{n}", 9, 0, 0, 0) for n in range(3)])["central"]
    assert (row["share"], row["ratio"], row["ci_high"]) == (1, 1, 1)


def test_a_route_with_a_single_point_has_an_interval_that_ignores_points() -> None:
    rows = found([At("central", "p0", 5, 5, 5, 5), At("eastern", "p0", 5, 5, 5, 5), At("eastern", "p1", 1, 2, 3, 9)])
    assert {route: rows[route]["ci_method"] for route in ("central", "eastern", "all")} == {
        "central": "wilson",
        "eastern": "korn_graubard",
        "all": "wilson",
    }
    assert rows["central"]["ci_low"] == rows["central"]["wilson_low"]
    assert math.isnan(rows["central"]["df"])


def test_so_has_one_whose_points_are_not_known() -> None:
    met = [At("central", f"p{n}", 5, 5, 5, 5) for n in range(3)]
    assert found(met, are_points_known=False)["central"]["ci_method"] == "wilson"


def test_without_pairs_there_are_no_rows() -> None:
    none = [conform(pd.DataFrame(columns=of.names), of) for of in (PAIRS, COUNTS)]
    assert cooccurrence(none[0], points_of(none[1]), "w").empty


def test_pairs_that_nobody_answered_have_zeros_on_every_route() -> None:
    rows = found([At("central", "p0", 0, 0, 0, 0), At("central", "p1", 0, 0, 0, 0)])
    assert [row["answered"] for row in rows.values()] == [0] * 5
    assert all(math.isnan(row[name]) for row in rows.values() for name in NUMBERS)
