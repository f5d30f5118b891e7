"""The data of figures: what is drawn, what is released, and nothing else."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.report.figures import NAMES
from pipeline.tables import FIGURE_DATA
from tests.support.carriers.axes import Measured, measured
from tests.support.whole_run import Run

Row = dict[str, str]

WITH_AN_AXIS = ("adjusted_by_factor", "at_least_one_by_transit", "indicators_by_route", "where", "who")
OF = {
    "indicators_by_route": "estimates",
    "at_least_one_by_transit": "estimates",
    "indicator_by_transit": "estimates",
    "journey_time": "distributions",
    "who": "distributions",
    "interviews": "distributions",
    "where": "events",
    "adjusted_by_factor": "factors",
}
"""Figure → released table."""

HELD = {
    "estimates": ("share", "ci_low", "ci_high", "answered"),
    "distributions": ("share", "", "", "base"),
    "events": ("share", "", "", "base"),
    "factors": ("probability", "probability_low", "probability_high", "answered"),
}
"""Released table → the columns of it that stand in share, ci_low, ci_high and n."""


@pytest.fixture(params=["shipped_run", "drawn_run"])
def run(request: pytest.FixtureRequest) -> Run:
    return request.getfixturevalue(request.param)


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def data(run: Run, name: str) -> list[Row]:
    rows = rows_of(run.reports / "figures" / f"{name}.csv")
    assert list(rows[0]) == FIGURE_DATA.names
    assert [row["mark"] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]
    return rows


def drawing(run: Run, name: str) -> str:
    return (run.reports / "figures" / f"{name}.svg").read_text(encoding="utf-8")


# --- what is released -----------------------------------------------------------------------------------------------


def key_of(row: Row, table: str) -> dict[str, str]:
    """By which the released row of a mark is found."""
    if table == "estimates":
        group, level = row["variable"] or "all", row["level"] or "all"
        return {"indicator": row["indicator"], "route": row["route"], "group": group, "level": level}
    if table == "distributions":
        return {"variable": row["variable"], "route": row["route"], "level": row["level"]}
    if table == "events":
        return {"indicator": "all", "route": row["route"], "country": row["level"]}
    return {"factor": row["variable"], "level": row["level"]}


@pytest.mark.parametrize("name", OF)
def test_every_number_is_the_released_one(run: Run, name: str) -> None:
    table = OF[name]
    released = rows_of(run.reports / f"{table}.csv")
    columns = dict(zip(("share", "ci_low", "ci_high", "n"), HELD[table], strict=True))
    for row in data(run, name):
        if not row["level"] and table != "estimates":
            assert (row["drawn"], row["share"], row["n"]) == ("no_number", "", "")
            continue
        found = [one for one in released if all(one[key] == word for key, word in key_of(row, table).items())]
        assert len(found) == 1, row
        for here, there in columns.items():
            assert row[here] == "" if not there else number(row[here]) == number(found[0][there]), (row, here)
        assert (row["drawn"] == "withheld") == (found[0]["suppressed"] == "withheld" and not row["share"])
        assert (row["drawn"] == "unreliable") == (row["share"] != "" and found[0].get("reliable") == "no")


def number(text: str) -> float | None:
    return float(text) if text else None


def test_the_flow_of_exclusions_is_the_ledger(run: Run) -> None:
    ledger = {row["rule"]: row["rows"] for row in rows_of(run.processed / "ledger.csv")}
    counted = {row["level"]: row["count"] for row in data(run, "exclusion_flow")}
    assert counted == {rule: n for rule, n in ledger.items() if rule in ("received", "analysed") or n != "0"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_withheld_has_no_number(run: Run, name: str) -> None:
    for row in data(run, name):
        if row["drawn"] in ("withheld", "no_number"):
            assert [row[c] for c in ("share", "ci_low", "ci_high", "count")] == [""] * 4
            assert row["printed"] == "–"
        else:
            assert row["share"] or row["count"]
            assert any(sign.isdigit() for sign in row["printed"])


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_wave_tells_enough_to_compare(shipped_run: Run, name: str) -> None:
    assert [row["drawn"] for row in data(shipped_run, name)].count("value") > 5


def test_something_is_withheld_and_something_is_doubtful(drawn_run: Run) -> None:
    drawn = Counter(row["drawn"] for name in NAMES for row in data(drawn_run, name))
    assert drawn["withheld"] > 20
    assert drawn["unreliable"] > 2
    assert drawn["value"] > 20


# --- what is drawn --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_AN_AXIS)
def test_bars_dots_and_lines_end_where_the_data_say(run: Run, name: str) -> None:
    """The hatched ones are slots and bars that are not to be relied on: of these, the lines alone are compared."""
    shares, ends = Counter[float](), Counter[float]()
    for row in data(run, name):
        if row["drawn"] == "value":
            shares[round(float(row["share"]), 2)] += 1
        # A line is drawn once however short it is, and what ends at 0 ends at the frame.
        ends.update({round(float(row[c]), 2) for c in ("ci_low", "ci_high") if row[c]})
    found = [end for end in measured(drawing(run, name)) if not end.is_hatched]
    lines = [end for end in found if is_line(end)]
    if name == "adjusted_by_factor":
        # Its dots are lines of one point.
        assert without_frame(shares + ends) == counted(lines)
    else:
        assert without_frame(shares) == counted([end for end in found if not is_line(end)])
        assert without_frame(ends) == counted(lines)


def is_line(end: Measured) -> bool:
    return end.place.startswith("line2d")


def counted(ends: list[Measured]) -> Counter[float]:
    return without_frame(Counter(round(end.share, 2) for end in ends))


def without_frame(ends: Counter[float]) -> Counter[float]:
    return Counter({share: n for share, n in ends.items() if share > 0 and n})


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_beside_them_are_those_of_the_data(run: Run, name: str) -> None:
    """Matplotlib keeps the words that it draws as outlines beside them, as comments."""
    written = Counter(re.findall(r"<!-- (.*?) -->", drawing(run, name)))
    printed = Counter(row["printed"] for row in data(run, name) if row["drawn"] in ("value", "unreliable"))
    if name == "journey_time":
        # Parts too narrow for their number go without.
        printed = Counter(row["printed"] for row in data(run, name) if row["share"] and float(row["share"]) >= 0.03)
    assert printed <= written


@pytest.mark.parametrize(("name", "column"), [("journey_time", "share"), ("exclusion_flow", "count")])
def test_bars_without_an_axis_are_as_long_as_the_data_say(run: Run, name: str, column: str) -> None:
    rows = data(run, name)
    panel = drawing(run, name).partition('id="axes_1"')[2]
    # The first patch is the ground of the panel.
    boxes = re.findall(r'id="patch_\d+">\s*<path d="M (\S+) \S+ \nL (\S+) ', panel)[1 : len(rows) + 1]
    lengths = [abs(float(right) - float(left)) for left, right in boxes]
    told = [(length, float(row[column])) for length, row in zip(lengths, rows, strict=True) if row[column]]
    unit = max(told)[0] / max(told)[1]
    assert told
    assert all(length / unit == pytest.approx(value, abs=max(value, 1) * 1e-4) for length, value in told)
