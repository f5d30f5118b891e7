"""What was published can be stated from the shipped wave: `claims.md`, line by line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.support.run import Results
from tests.support.tables import Row, read_table

CLAIMS = read_table(Path(__file__).with_name("claims.md"))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["claim"])
def test_claim(claim: Row, shipped: Results) -> None:
    row = _the_row(shipped.estimates.every_table()[claim["table"]], claim["row"])
    count, base = int(claim["is"]), int(claim["which is"])
    assert (row[claim["count"]], row[claim["base"]]) == (count, base)
    assert row["share"] == pytest.approx(count / base)
    assert f"{row['share']:.0%}" == claim["published"]


def test_the_analysed_by_route(shipped: Results) -> None:
    asked = {
        route: shipped.counts["at_least_one", route, "all", "all"]["asked"] for route in ("all", "eastern", "central")
    }
    assert asked == {"all": 8475, "eastern": 5695, "central": 2780}


def test_single_indicators_are_seven_to_ten_times_as_frequent_on_the_central_route(shipped: Results) -> None:
    shares = shipped.estimates.every_table()["estimates"].set_index(["indicator", "route", "group", "level"])["share"]
    ratios = {
        indicator: shares[indicator, "central", "all", "all"] / shares[indicator, "eastern", "all", "all"]
        for indicator in ("unpaid_work", "forced_work", "held_against_will")
    }
    assert all(7 < ratio < 10 for ratio in ratios.values()), ratios


def test_turkiye_and_not_libya_leads_the_eastern_route(shipped: Results) -> None:
    events = shipped.estimates.events
    eastern = events[(events["indicator"] == "all") & (events["route"] == "eastern")].set_index("country")["events"]
    assert eastern.idxmax() == "TUR"
    assert eastern["LBY"] == 0


def _the_row(table: pd.DataFrame, words: str) -> pd.Series:
    """The only row with these words, written `column=word column=word`."""
    for pair in words.split():
        column, _, word = pair.partition("=")
        table = table[table[column] == word]
    assert len(table) == 1
    return table.iloc[0]
