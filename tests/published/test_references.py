"""The shipped wave gives the ledger, the counts and the shares that were computed apart from this project."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f as f_distribution
from scipy.stats import t

from pipeline.stats.clustered import clopper_pearson, standard_error
from tests.support.run import Results

HERE = Path(__file__).parent
RULES_WITHOUT_ROWS = ("removed_by_log", "not_approved")


def _records(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _group(transit: str) -> tuple[str, str]:
    return ("all", "all") if transit == "all" else ("transit", transit)


def _cells(what: str) -> dict[tuple[str, str, str, str], dict[str, float]]:
    """(indicator, route, group, level) → quantity → number, as R gave it."""
    cells: dict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
    for row in _records("reference_r.csv"):
        if row["what"] == what:
            cell = (row["indicator"], row["route"], *_group(row["transit"]))
            cells[cell][row["quantity"]] = float(row["value"])
    return cells


SHARES, CLUSTERED = _cells("share"), _cells("cluster")
QUANTITIES = {"n": "answered", "yes": "yes", "share": "share", "wilson_low": "wilson_low", "wilson_high": "wilson_high"}
"""The name in R → ours."""

OVER_POINTS = {"deff": "deff", "df": "df", "kg_nchs_low": "ci_low", "kg_nchs_high": "ci_high"}
"""The same for what takes monitoring points as sampled."""


def test_the_ledger(shipped: Results) -> None:
    expected = json.loads((HERE / "expected_ledger.json").read_text(encoding="utf-8"))
    assert shipped.ledger == expected | dict.fromkeys(RULES_WITHOUT_ROWS, 0)


def test_all_147_counts(shipped: Results) -> None:
    expected = {
        (row["indicator"], row["route"], *_group(row["transit"])): [int(row[m]) for m in ("asked", "answered", "yes")]
        for row in _records("expected_counts.csv")
    }
    found = {cell: [shipped.counts[cell][m] for m in ("asked", "answered", "yes")] for cell in expected}
    assert found == expected
    assert len(expected) == 147


def test_the_reference_holds_every_route_bin_and_indicator() -> None:
    assert len(SHARES) == 3 * 6 * 7


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_shares_and_wilson_intervals(quantity: str, shipped: Results) -> None:
    estimates = shipped.estimates.every_table()["estimates"].set_index(["indicator", "route", "group", "level"])
    found = estimates[QUANTITIES[quantity]].astype(float).to_dict()
    expected = {cell: numbers[quantity] for cell, numbers in SHARES.items()}
    assert {cell: found[cell] for cell in expected} == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.parametrize("quantity", OVER_POINTS)
def test_shares_over_monitoring_points(quantity: str, shipped: Results) -> None:
    """R survey: svydesign(ids = ~fmp, strata = ~route), and the interval of the NCHS on its standard error."""
    estimates = shipped.estimates.every_table()["estimates"].set_index(["indicator", "route", "group", "level"])
    found = estimates[OVER_POINTS[quantity]].astype(float).to_dict()
    expected = {cell: numbers[quantity] for cell, numbers in CLUSTERED.items()}
    assert {cell: found[cell] for cell in expected} == pytest.approx(expected, rel=1e-6, abs=0)
    assert len(expected) > 120
    assert set(estimates.loc[list(expected), "ci_method"]) == {"korn_graubard"}


def _central_against_eastern(contrasts: pd.DataFrame) -> pd.DataFrame:
    """The two routes that people were met on, by indicator."""
    is_pair = (contrasts["first"] == "central") & (contrasts["second"] == "eastern")
    of_pair = contrasts[is_pair & (contrasts["compared"] == "route")]
    assert set(of_pair["route"]) == {"all"}
    assert of_pair["indicator"].is_unique
    return of_pair.set_index("indicator")


def _numbers_in_r(what: str, quantity: str) -> dict[str, float]:
    """Indicator → number, of the two routes."""
    rows = [row for row in _records("reference_r.csv") if (row["what"], row["quantity"]) == (what, quantity)]
    assert len(rows) == 7
    return {row["indicator"]: float(row["value"]) for row in rows}


@pytest.mark.parametrize("end", ["low", "high"])
def test_exact_intervals_and_those_of_svyciprop(end: str, shipped: Results) -> None:
    """R: binom.test; and svyciprop(method = "beta"), which is Korn and Graubard's own interval, not held at n."""
    estimates = (
        shipped.estimates.every_table()["estimates"]
        .set_index(["indicator", "route", "group", "level"])
        .astype({"share": float})
    )
    place = ("low", "high").index(end)
    for cell, numbers in SHARES.items():
        exact = float(clopper_pearson(estimates["share"][cell], numbers["n"])[place])
        assert exact == pytest.approx(numbers[f"exact_{end}"], rel=1e-6)
    for cell, numbers in CLUSTERED.items():
        p, n = estimates["share"][cell], SHARES[cell]["n"]
        assert float(standard_error(p, n, numbers["deff"])) == pytest.approx(numbers["se"], rel=1e-6)
        if numbers["df"] > 0:
            worth = p * (1 - p) / numbers["se"] ** 2 * (t.ppf(0.975, n - 1) / t.ppf(0.975, numbers["df"])) ** 2
            assert float(clopper_pearson(p, worth)[place]) == pytest.approx(numbers[f"beta_{end}"], rel=1e-6)


CONTRASTED = {"risk_ratio": "risk_ratio", "rr_low": "ratio_low", "rr_high": "ratio_high", "df": "df"}
CONTRASTED |= {"risk_difference": "risk_difference"}


@pytest.mark.parametrize("quantity", CONTRASTED)
def test_central_against_eastern_over_monitoring_points(quantity: str, shipped: Results) -> None:
    """R survey: svyby(~y, ~route, svymean), the delta method on the log ratio, t with degf(design)."""
    expected = _numbers_in_r("cluster_contrast", quantity)
    found = (
        _central_against_eastern(shipped.estimates.every_table()["contrasts"])[CONTRASTED[quantity]]
        .astype(float)
        .to_dict()
    )
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-6, abs=0)


def test_the_difference_of_two_routes_is_as_wide_as_r_has_it(shipped: Results) -> None:
    of_pair = _central_against_eastern(shipped.estimates.every_table()["contrasts"])
    expected = _numbers_in_r("cluster_contrast", "rd_se")
    half = (of_pair["difference_high"] - of_pair["difference_low"]).astype(float) / 2
    found = {name: half[name] / t.ppf(0.975, int(of_pair["df"][name])) for name in expected}
    assert found == pytest.approx(expected, rel=1e-6, abs=0)


def test_whether_two_routes_differ_at_all(shipped: Results) -> None:
    """R survey: svychisq(~y + route, statistic = "F"). Of two routes it has one degree of freedom, and df of them."""
    of_pair = _central_against_eastern(shipped.estimates.every_table()["contrasts"])
    expected = _numbers_in_r("rao_scott", "F")
    assert of_pair["f"].astype(float)[list(expected)].to_dict() == pytest.approx(expected, rel=1e-6, abs=0)
    assert set(_numbers_in_r("rao_scott", "ndf").values()) == {1}
    df = _numbers_in_r("rao_scott", "ddf")
    assert of_pair["df"][list(df)].to_dict() == df
    log10_p = {name: np.log10(f_distribution.sf(f, 1, df[name])) for name, f in expected.items()}
    assert of_pair["log10_p"].astype(float)[list(log10_p)].to_dict() == pytest.approx(log10_p, rel=1e-6)


STRATIFIED = {"mh_odds_ratio": "odds_ratio", "mh_or_low": "odds_low", "mh_or_high": "odds_high"}
STRATIFIED |= {"mh_chisq": "chi_square", "mh_risk_ratio": "risk_ratio"}


@pytest.mark.parametrize("quantity", STRATIFIED)
def test_central_against_eastern_at_equal_journey_time(quantity: str, shipped: Results) -> None:
    """R: mantelhaen.test(table(route, y, transit), correct = FALSE), and the ratio as reference_r.R writes it out."""
    frame = shipped.estimates.every_table()["stratified"]
    of_pair = frame[(frame["first"] == "central") & (frame["second"] == "eastern")].set_index("indicator")
    found = of_pair[STRATIFIED[quantity]].astype(float).to_dict()
    expected = _numbers_in_r("stratified", quantity)
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-8, abs=0)


TRENDS = {
    # R stops its iterations before the standard error has all its digits: the rarest indicator differs by 6e-5.
    "cluster_trend": ({"slope": "slope", "cluster_se": "slope_se", "df": "df"}, 1e-4),
    "trend": ({"chisq": "chi_square", "log10_p": "log10_p"}, 1e-6),
}
"""What in R → the name there → ours; and how near."""


@pytest.mark.parametrize("what", TRENDS)
def test_trends_along_time_in_transit(what: str, shipped: Results) -> None:
    """R: glm and sandwich::vcovCL(type = "HC0", cadjust = TRUE) by point; prop.trend.test."""
    names, near = TRENDS[what]
    trends = shipped.estimates.every_table()["trends"].set_index(["indicator", "route"])
    rows = [row for row in _records("reference_r.csv") if row["what"] == what]
    expected = {(row["indicator"], row["route"], row["quantity"]): float(row["value"]) for row in rows}
    found = {cell: float(trends.loc[cell[:2], names[cell[2]]]) for cell in expected}
    assert found == pytest.approx(expected, rel=near, abs=0)
    assert len(expected) == 2 * 7 * len(names)
