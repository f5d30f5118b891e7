"""Random waves through `svy`, a survey library that sees people, and through the pipeline, which sees counts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st
from svy.errors.singleton_errors import SingletonError

from pipeline.stats.clustered import korn_graubard, points_of, spread
from pipeline.stats.contrast import contrasts, tied
from pipeline.stats.independence import rao_scott
from pipeline.tables import COUNTS, ESTIMATES, conform
from tests.support import profiles

ALL = "all"
ROUTES = ("central", "eastern", "western")
SEXES = ("female", "male")
KEY = ["indicator", "route", "group", "level"]
INDICATOR = "unpaid_work"
WAVES = settings(profiles.whole_runs(), max_examples=30)
"""A wave takes `svy` so long that failing ones are made smaller in `make test-long` only."""

Place = tuple[str, str]
"""Route and sex, each `all` where it is not told apart."""


class Met(NamedTuple):
    """The people of one sex at one point: how many answered, how many of them yes, and how many did not answer."""

    route: str
    point: str
    sex: str
    answered: int
    yes: int
    silent: int


@st.composite
def waves(draw: st.DrawFn) -> list[Met]:
    """Two or three routes of two points or more, at each of which someone was met, who need not have answered."""
    met = []
    for route in ROUTES[: draw(st.integers(2, 3))]:
        for number in range(draw(st.integers(2, 6))):
            for sex, silent in zip(SEXES, (0, 1), strict=True):
                answered = draw(st.integers(0, 9))
                # Points of different routes share their names: only the route tells them apart.
                met.append(Met(route, f"p{number}", sex, answered, draw(st.integers(0, answered)), silent))
    return met


def counts_of(met: list[Met]) -> pd.DataFrame:
    """What the pipeline sees: `tables.COUNTS`."""
    rows = []
    for one in met:
        numbers = {"asked": one.answered + one.silent, "answered": one.answered, "yes": one.yes}
        place = {"indicator": INDICATOR, "route": one.route, "monitoring_point": one.point}
        for group, level in ((ALL, ALL), ("sex", one.sex)):
            rows += [place | {"group": group, "level": level} | numbers] if numbers["asked"] else []
    frame = pd.DataFrame(rows).groupby([*KEY, "monitoring_point"], as_index=False).sum()
    unused = dict.fromkeys(("family", "undecided", "complete", "complete_yes"), 0)
    return conform(frame.assign(**unused), COUNTS)


def cells_of(counts: pd.DataFrame) -> pd.DataFrame:
    """Every cell with its share, and how far it may be off."""
    cells = pd.concat([counts, counts.assign(route=ALL)]).groupby(KEY, as_index=False)[["answered", "yes"]].sum()
    off = spread(points_of(counts), cells, KEY)
    answered = cells["answered"].to_numpy(float)
    share = np.divide(cells["yes"], answered, out=np.full(len(cells), np.nan), where=answered > 0)
    return cells.assign(share=share, se=off.se, deff=off.deff, df=off.df)


def by_place(cells: pd.DataFrame, *columns: str) -> dict[Place, tuple[float, ...]]:
    places = zip(cells["route"], cells["level"], strict=True)
    return dict(zip(places, cells[list(columns)].astype(float).itertuples(index=False, name=None), strict=True))


def people_of(met: list[Met], rule: str | None = None) -> svy.Sample:
    """What `svy` sees: people. rule: what it shall do with a route of a single point."""
    rows = []
    for one in met:
        here = {"route": one.route, "point": one.point, "sex": one.sex}
        rows += [here | {"answered": True, "yes": float(n < one.yes)} for n in range(one.answered)]
        rows += [here | {"answered": False, "yes": 0.0}] * one.silent
    return svy.Sample(pl.DataFrame(rows), svy.Design(stratum="route", psu="point", singleton=rule))


ANSWERED = svy.col("answered")
# What tells cells apart in `svy`, and where they stand in ours.
DOMAINS = {(): (), ("route",): (0,), ("sex",): (1,), ("route", "sex"): (0, 1)}


def in_svy(met: list[Met], kind: str, rule: str | None = None, **options: str) -> dict[Place, svy.ParamEst]:
    """Every cell that `svy` finds anyone in. kind: `mean`, or `prop`, which has the shares of both answers."""
    sample, found = people_of(met, rule), {}
    for names, at in DOMAINS.items():
        estimates = getattr(sample.estimation, kind)("yes", by=list(names) or None, where=ANSWERED, **options).estimates
        for one in estimates:
            if one.y_level in (None, 1.0):
                place = [ALL, ALL]
                for position, level in zip(at, one.by_level or (), strict=True):
                    place[position] = str(level)
                found[tuple(place)] = one
    return found


def differs(met: list[Met]) -> bool:
    """Whether some answered yes and some no in a whole wave and in every route; `svy` refuses design effects else."""
    by_route = pd.DataFrame(met).groupby("route")[["answered", "yes"]].sum()
    return bool(((by_route["yes"] > 0) & (by_route["yes"] < by_route["answered"])).all())


@given(waves().filter(differs))
@WAVES
def test_shares_and_how_sure_they_are(met: list[Met]) -> None:
    """In whole routes, in parts of them that miss points, and in all routes together, by route."""
    ours = by_place(cells_of(counts_of(met)), "share", "se", "deff", "df")
    theirs = in_svy(met, "mean", deff="wr")
    for place, numbers in ours.items():
        one = theirs.pop(place, None)
        if one is None:
            assert np.isnan(numbers).all()
        else:
            # A share of 0 or 1 has no design effect; rounding lets `svy` find one of 0 now and then.
            deff = one.deff if 0 < numbers[0] < 1 else math.nan
            expected = (one.est, one.se, deff, one.df)
            assert numbers == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
    assert not theirs


@given(waves())
@WAVES
def test_korn_graubard_intervals(met: list[Met]) -> None:
    """Where people at a point are not less alike than any: below, `svy` lets the sample be worth more than n."""
    cells = cells_of(counts_of(met))
    p, n, se = (cells[name].to_numpy(float) for name in ("share", "answered", "se"))
    told = (p > 0) & (p < 1) & (cells["df"] > 0) & (n * se**2 >= p * (1 - p))
    low, high = korn_graubard(p, n, se, cells["df"])
    theirs = in_svy(met, "prop", ci_method="korn-graubard")
    for place, numbers in by_place(cells.assign(low=low, high=high)[told], "low", "high").items():
        assert numbers == pytest.approx((theirs[place].lci, theirs[place].uci), rel=1e-8, abs=1e-12)


@given(waves().filter(differs))
@WAVES
def test_whether_routes_differ_at_all(met: list[Met]) -> None:
    cells = cells_of(counts_of(met))
    routes = cells[(cells["group"] == ALL) & (cells["route"] != ALL)]
    share, n, se = (routes[name].to_numpy(float) for name in ("share", "answered", "se"))
    ours = rao_scott(share[None], n[None], np.diag(se**2)[None], np.array([routes["df"].sum()]))
    if (se > 1e-9).all():
        theirs = people_of(met).categorical.tabulate("route", "yes", where=ANSWERED).stats.f
        found = [float(values[0]) for values in (ours.f, ours.ndf, ours.ddf, 10**ours.log10_p)]
        expected = [theirs.value, theirs.df_num, theirs.df_den, theirs.p_value]
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-12)


def estimates_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells as `tables.ESTIMATES`, of which contrasts are made."""
    return conform(cells.assign(wave="w", suppressed="").reindex(columns=ESTIMATES.names), ESTIMATES)


@given(waves())
@WAVES
def test_whether_women_and_men_met_at_the_same_points_differ(met: list[Met]) -> None:
    """Within each route, and over all: shares that go together."""
    counts = counts_of(met)
    cells = cells_of(counts)
    estimates = estimates_of(cells)
    found = contrasts(estimates, tied(points_of(counts), estimates))
    found = found[found["compared"] == "sex"].set_index("route")
    sure = by_place(cells, "se")
    sample = people_of(met)
    for route in {one.route for one in met} | {ALL}:
        if all(sure.get((route, sex), (0.0,))[0] > 1e-9 for sex in SEXES):
            where = ANSWERED if route == ALL else ANSWERED & (svy.col("route") == route)
            theirs = sample.categorical.tabulate("sex", "yes", where=where).stats.f
            ours = found.loc[route]
            # Two shares that always go together differ by nothing but rounding.
            if theirs is not None and theirs.value < 1e6:
                assert [ours["f"], 10 ** ours["log10_p"]] == pytest.approx([theirs.value, theirs.p_value], rel=1e-6)


def test_a_point_with_one_person() -> None:
    met = [Met("central", f"p{n}", "female", *of, 0) for n, of in enumerate([(5, 2), (7, 1), (1, 1)])]
    met += [Met("eastern", f"p{n}", "female", *of, 0) for n, of in enumerate([(1, 0), (1, 1), (1, 1)])]
    ours, theirs = by_place(cells_of(counts_of(met)), "share", "se", "deff", "df"), in_svy(met, "mean", deff="wr")
    for route in ("central", "eastern", ALL):
        one = theirs[route, ALL]
        assert ours[route, ALL] == pytest.approx((one.est, one.se, one.deff, one.df), rel=1e-9)


def test_a_route_with_one_point() -> None:
    """`svy` refuses it until told a rule; ours says that it cannot be known, and the interval is Wilson's."""
    met = [Met("central", f"p{n}", "female", *of, 0) for n, of in enumerate([(5, 2), (7, 1), (4, 2)])]
    met.append(Met("eastern", "p0", "female", 6, 2, 0))
    with pytest.raises(SingletonError):
        in_svy(met, "mean")
    ours, theirs = by_place(cells_of(counts_of(met)), "share", "se", "df"), in_svy(met, "mean", rule="skip")
    assert ours["central", ALL] == pytest.approx((theirs["central", ALL].est, theirs["central", ALL].se, 2))
    for route in ("eastern", ALL):
        share, se, df = ours[route, ALL]
        assert math.isnan(se)
        assert (share, df) == (pytest.approx(theirs[route, ALL].est), theirs[route, ALL].df)


def test_a_cell_with_nobody() -> None:
    """`svy` has no row for it, and none for those who were met and did not answer."""
    met = [Met("central", f"p{n}", "female", *of, 0) for n, of in enumerate([(5, 2), (7, 1)])]
    met += [Met("eastern", f"p{n}", "male", *of, 1) for n, of in enumerate([(6, 2), (6, 3)])]
    met += [Met("eastern", "p0", "female", 0, 0, 2)]
    ours, theirs = by_place(cells_of(counts_of(met)), "share", "se", "deff", "df"), in_svy(met, "mean")
    assert ("eastern", "female") not in theirs
    assert np.isnan(ours["eastern", "female"]).all()
    assert ours["central", "female"][1] == pytest.approx(theirs["central", "female"].se)
