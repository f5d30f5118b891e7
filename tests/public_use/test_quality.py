"""The quality table, recomputed row by row with plain loops; nothing in it is exact, and nothing was withheld."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.public_use.columns import columns
from pipeline.public_use.quality import quality
from pipeline.wave import load_wave
from tests.public_use.conftest import COUNTED, NAME, population

Row = dict[str, str]

CROSSES = {
    "transit_by_sex": ("transit", "sex"),
    "transit_by_age_group": ("transit", "age_group"),
    "transit_by_travel_mode": ("transit", "travel_mode"),
}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_at(row: Row, route: str, group: str, level: str) -> bool:
    crossed = () if group == "all" else CROSSES.get(group, (group,))
    of_row = "|".join(row[name] for name in crossed) if crossed else "all"
    return (route == "all" or row["route"] == route) and of_row == level


def slowly(rows: list[Row], released: Path, names: list[str]) -> list[tuple[str, ...]]:
    """Table, what, route, group, level, released, synthetic, rows."""
    found = []
    for one in read(released / "estimates.csv"):
        known = one["group"] == "all" or set(CROSSES.get(one["group"], (one["group"],))) <= set(names)
        if not known or one["indicator"] not in names or one["share"] == "" or one["suppressed"] == "withheld":
            continue
        if any(part in ("declined", "unknown") for part in one["level"].split("|")):
            continue
        answers = [row[one["indicator"]] for row in rows if is_at(row, one["route"], one["group"], one["level"])]
        yes, base = answers.count("yes"), answers.count("yes") + answers.count("no")
        place = (one["indicator"], one["route"], one["group"], one["level"])
        found.append(("estimates", *place, one["share"], f"{yes / base:.4f}" if base else "", str(base)))
    for one in read(released / "distributions.csv"):
        if one["variable"] not in names or one["share"] == "" or one["suppressed"] or one["level"] in NOT_TOLD_APART:
            continue
        answers = [row[one["variable"]] for row in rows if one["route"] in ("all", row["route"])]
        known_ones = [answer for answer in answers if answer != "missing"]
        share = f"{known_ones.count(one['level']) / len(known_ones):.4f}" if known_ones else ""
        place = (one["level"], one["route"], one["variable"], one["level"])
        found.append(("distributions", *place, one["share"], share, str(len(known_ones))))
    return found


NOT_TOLD_APART = ("declined", "unknown")


def test_every_row_is_what_plain_loops_give(finished: Path) -> None:
    wave = load_wave(finished / "data" / "raw", NAME)
    released = finished / "reports" / NAME
    names = list(columns(wave.questionnaire))
    people = population(300, 1)
    rest = {
        name: population(300, 2)["sex"] if name == "sex" else words[1]
        for name, words in columns(wave.questionnaire).items()
        if name not in people
    }
    rows = people.assign(**rest)[names]
    rows.loc[:40, COUNTED[0]] = "missing"
    table = quality(rows, released, wave.questionnaire)
    expected = slowly(rows.to_dict("records"), released, names)
    assert len(table) == len(expected) > 60
    for found, slow in zip(table.itertuples(index=False), expected, strict=True):
        assert tuple(found)[:5] == slow[:5]
        assert found.released == float(slow[5])
        assert found.rows == int(slow[7])
        if slow[6]:
            assert found.synthetic == pytest.approx(float(slow[6]), abs=1e-4)
            assert found.difference == pytest.approx(found.synthetic - found.released, abs=1e-9)
        else:
            assert found.synthetic is not None
            assert str(found.synthetic) == str(found.difference) == "<NA>"


def test_what_is_withheld_is_not_compared(finished: Path) -> None:
    wave = load_wave(finished / "data" / "raw", NAME)
    released = finished / "reports" / NAME
    withheld = {
        (one["indicator"], one["route"], one["group"], one["level"])
        for one in read(released / "estimates.csv")
        if one["suppressed"]
    }
    assert withheld
    people = population(300, 1)
    rows = people.assign(**{n: w[0] for n, w in columns(wave.questionnaire).items() if n not in people})
    table = quality(rows, released, wave.questionnaire)
    compared = set(table[table["table"] == "estimates"][["what", "route", "group", "level"]].itertuples(index=False))
    assert compared
    assert not withheld & {tuple(one) for one in compared}
