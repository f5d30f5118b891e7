"""The mean number of indicators, against plain loops over monitoring points."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from pipeline.stats.clustered import points_of
from pipeline.stats.numbers import mean_number
from pipeline.tables import COUNTS, conform
from pipeline.vocabulary import MISSING_WORDS

ROUTES = ("central", "eastern")
COUNTED = ("unpaid_work", "forced_work", "held_against_will")
NUMBERS = ("mean", "mean_low", "mean_high", "df")


class At(NamedTuple):
    """A monitoring point: people with a valid answer to any indicator, and yes to each one that counts."""

    route: str
    point: str
    answered: int
    yes: tuple[int, ...]


@st.composite
def waves(draw: st.DrawFn) -> list[At]:
    met = []
    for route in ROUTES:
        for number in range(draw(st.integers(1, 6))):
            n = draw(st.integers(0, 12))
            met.append(At(route, f"p{number}", n, tuple(draw(st.integers(0, n)) for _ in COUNTED)))
    return met


def found(met: list[At], *, are_points_known: bool = True) -> dict[str, dict[str, float]]:
    """Route → numbers. At each point one more person answered nothing; one indicator does not count."""
    rows = []
    for number, at in enumerate(met):
        name = at.point if are_points_known else MISSING_WORDS[number]
        place = {"route": at.route, "monitoring_point": name, "asked": at.answered + 1}
        yes = dict(zip(COUNTED, at.yes, strict=True)) | {"at_least_one": max(at.yes), "physical_violence": at.answered}
        cells = [place | {"indicator": i, "answered": at.answered, "yes": y} for i, y in yes.items()]
        # Someone else answered a question that no indicator needs, so that the point is one of the route.
        cells.append(place | {"indicator": "blood_organs", "answered": 1, "yes": 0})
        # Everyone is in a part of the whole too, which must not count again.
        levels = (("all", "all"), ("sex", "female"))
        rows += [cell | {"group": group, "level": level} for cell in cells for group, level in levels]
    counts = conform(pd.DataFrame(rows).reindex(columns=COUNTS.names).fillna(0), COUNTS)
    frame = mean_number(points_of(counts), COUNTED, "three", "w")
    assert set(frame["indicator_set"]) == {"three"}
    return {row["route"]: row for row in frame.astype(object).where(frame.notna(), math.nan).to_dict("records")}


def by_loops(met: list[At], route: str) -> dict[str, float]:
    """The formula as a textbook writes it."""
    here = [at for at in met if route in (at.route, "all") and at.answered]
    n, routes = sum(at.answered for at in here), {at.route for at in here}
    nothing = {"answered": n, **dict.fromkeys(NUMBERS, math.nan)}
    if not n:
        return nothing
    mean, variance = sum(sum(at.yes) for at in here) / n, 0.0
    for one in routes:
        z = [(sum(at.yes) - mean * at.answered) / n for at in met if at.route == one]
        if len(z) < 2:
            return nothing | {"mean": mean}
        middle = sum(z) / len(z)
        variance += len(z) / (len(z) - 1) * sum((value - middle) ** 2 for value in z)
    df = len(here) - len(routes)
    off = t.ppf(0.975, df) * math.sqrt(variance) if df else math.nan
    low = mean - off if df and mean > off else 0.0 if df else math.nan
    return {"answered": n, "mean": mean, "mean_low": low, "mean_high": mean + off, "df": df}


@given(waves())
@settings(max_examples=35)
def test_it_is_what_loops_find(met: list[At]) -> None:
    rows = found(met)
    assert list(rows) == ["central", "eastern", "western", "western_african", "all"]
    for route, row in rows.items():
        expected = by_loops(met, route)
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-7, abs=1e-9, nan_ok=True)


def test_an_indicator_that_someone_did_not_answer_adds_nothing() -> None:
    # 3 + 2 + 0 reports of 10 people, and 1 + 1 + 1 of 10: 8 of 20.
    rows = found([At("central", "p0", 10, (3, 2, 0)), At("central", "p1", 10, (1, 1, 1))])
    assert rows["central"]["mean"] == pytest.approx(0.4)
    assert rows["all"] == pytest.approx(rows["central"] | {"route": "all"})


def test_everybody_with_everything() -> None:
    row = found([At("central", f"p{n}", 5, (5, 5, 5)) for n in range(3)])["central"]
    assert [row[name] for name in NUMBERS] == [3, 3, 3, 2]


def test_nobody_with_anything() -> None:
    row = found([At("central", f"p{n}", 5, (0, 0, 0)) for n in range(3)])["central"]
    assert [row[name] for name in NUMBERS] == [0, 0, 0, 2]


def test_an_interval_does_not_reach_below_nothing() -> None:
    row = found([At("central", "p0", 10, (9, 0, 0)), At("central", "p1", 10, (0, 0, 0))])["central"]
    assert (row["mean_low"], row["mean_high"] > 1) == (0, True)


def test_a_route_with_a_single_point_has_a_mean_and_no_interval() -> None:
    rows = found([At("central", "p0", 10, (4, 3, 0)), *(At("eastern", f"p{n}", 5, (n, 1, 1)) for n in range(3))])
    for route in ("central", "all"):
        assert [math.isnan(rows[route][name]) for name in NUMBERS] == [False, True, True, True]
    assert not math.isnan(rows["eastern"]["mean_low"])


def test_neither_has_one_whose_points_are_not_known() -> None:
    row = found([At("central", f"p{n}", 5, (n, 1, 1)) for n in range(3)], are_points_known=False)["central"]
    assert [math.isnan(row[name]) for name in NUMBERS] == [False, True, True, True]


def test_a_wave_in_which_nobody_answered_has_zeros() -> None:
    frame = mean_number(points_of(conform(pd.DataFrame(columns=COUNTS.names), COUNTS)), COUNTED, "three", "w")
    assert frame["answered"].tolist() == [0] * 5
    assert frame[list(NUMBERS)].isna().all(axis=None)
