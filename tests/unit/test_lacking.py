"""No number is missing without a word for it: on waves in which much is missing, and in every table that compares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stats.estimate import Estimates, estimate
from pipeline.stats.lacking import MEANING, Lacking
from pipeline.tabulate import Tabulated
from tests.support.run import Results

NUMBERS = {
    "contrasts": ("risk_ratio", "ratio_low", "risk_difference", "difference_high", "f", "log10_p"),
    "trends": ("slope", "slope_se", "odds_ratio", "odds_high", "df"),
    "means": ("mean", "mean_low", "mean_high", "df"),
    "tipping": ("first_share", "second_share", "difference"),
    "stratified": ("risk_ratio", "ratio_low", "odds_ratio", "odds_high"),
}
DAMAGES = {
    "nothing": lambda frame: frame["answered"] >= 0,
    "one route": lambda frame: frame["route"].isin(["eastern", "all"]),
    "no eastern answers": lambda frame: ~frame["route"].isin(["eastern"]),
    "two points a route": lambda frame: frame["monitoring_point"].isin(["", "ITA-01", "ITA-02", "GRC-01", "GRC-02"]),
    "one point a route": lambda frame: frame["monitoring_point"].isin(["", "ITA-01", "GRC-01"]),
    "nobody": lambda frame: frame["answered"] < 0,
}


def damaged(tabulated: Tabulated, kept) -> Tabulated:
    """The counts in which only some cells are left; the others are as if nobody had been asked."""
    counts = tabulated.counts
    measures = [name for name in counts.columns if pd.api.types.is_integer_dtype(counts[name])]
    emptied = counts.assign(**{name: counts[name].where(kept(counts), 0) for name in measures})
    emptied["monitoring_point"] = emptied["monitoring_point"].where(emptied["asked"] > 0, "")
    profiles, pairs = (frame[kept(frame)].reset_index(drop=True) for frame in (tabulated.profiles, tabulated.pairs))
    return replace(tabulated, counts=emptied, profiles=profiles, pairs=pairs)


def assert_every_gap_has_a_word(estimates: Estimates) -> None:
    tables = estimates.every_table()
    for table, names in NUMBERS.items():
        frame = tables[table]
        missing = frame[list(names)].isna().any(axis=1)
        assert set(frame.loc[missing, "reason"]) <= {str(word) for word in Lacking}, table
        assert (frame.loc[~missing, "reason"] == "").all(), table
    adjusted = tables["stratified"]
    assert ((adjusted["adjusted_odds_ratio"].isna()) == (adjusted["adjusted_reason"] != "")).all()
    assert (tables["estimates"]["share"].isna() == (tables["estimates"]["answered"] == 0)).all()
    assert (
        tables["estimates"]["deff"].isna()
        <= (tables["estimates"]["ci_method"] == "wilson")
        | (tables["estimates"]["yes"].isin([0]) | (tables["estimates"]["yes"] == tables["estimates"]["answered"]))
    ).all()
    assert tables["model"]["note"].iloc[0] != "" or tables["model"]["value"].iloc[0] == 1


@pytest.mark.parametrize("kind", DAMAGES)
def test_waves_in_which_much_is_missing(kind: str, shipped: Results) -> None:
    assert_every_gap_has_a_word(estimate(damaged(shipped.tabulated, DAMAGES[kind]), shipped.wave))


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([0.02, 0.2, 0.6]))
def test_waves_in_which_anything_is_missing(shipped: Results, seed: int, left: float) -> None:
    rng = np.random.default_rng(seed)
    points = sorted({*shipped.tabulated.counts["monitoring_point"]} - {""})
    kept = {"", *(point for point in points if rng.random() < left)}
    assert_every_gap_has_a_word(
        estimate(damaged(shipped.tabulated, lambda frame: frame["monitoring_point"].isin(kept)), shipped.wave)
    )


@pytest.mark.parametrize("answer", [0, 1])
def test_nobody_and_everybody_is_positive(answer: int, shipped: Results) -> None:
    tabulated = shipped.tabulated
    counts = tabulated.counts.assign(yes=tabulated.counts["answered"] * answer, family=0)
    profiles = tabulated.profiles.assign(yes=tabulated.profiles["answered"] * answer)
    estimates = estimate(replace(tabulated, counts=counts, profiles=profiles), shipped.wave)
    assert_every_gap_has_a_word(estimates)
    assert set(estimates.every_table()["contrasts"]["reason"]) == {"nobody_answered", "nobody_or_everybody"}


def test_every_word_has_a_meaning() -> None:
    assert set(MEANING) == set(Lacking)
