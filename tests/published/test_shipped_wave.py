"""The reference engine, on the whole shipped wave: every row, every cell, every distribution."""

from __future__ import annotations

import csv

import pytest

from tests.support import oracle
from tests.support.oracle import Person
from tests.support.run import Results
from tests.support.waves import HEADERS


@pytest.fixture(scope="module")
def people(shipped: Results) -> list[Person]:
    file = shipped.wave.file.exports[0].file
    names = {header: name for name, header in HEADERS.items()}
    with (shipped.wave.folder / file).open(encoding="utf-8-sig", newline="") as text:
        rows = [
            {names[header]: cell for header, cell in row.items() if header in names}
            for row in csv.DictReader(text, delimiter=";")
        ]
    return oracle.people(shipped.wave, {file: [{"root_uuid": "", **row} for row in rows]})


def test_who_was_taken_out(shipped: Results, people: list[Person]) -> None:
    assert shipped.excluded_by == {oracle.place(person): person["excluded_by"] for person in people}


def test_every_count(shipped: Results, people: list[Person]) -> None:
    expected = oracle.counts(people, shipped.wave.questionnaire)
    found = {cell: {m: n for m, n in measures.items() if n} for cell, measures in shipped.counts.items()}
    assert {cell: measures for cell, measures in found.items() if measures} == {c: dict(m) for c, m in expected.items()}


def test_every_event(shipped: Results, people: list[Person]) -> None:
    table = shipped.estimates.events.query("events > 0")
    keys = zip(table["indicator"], table["route"], table["country"], strict=True)
    found = dict(zip(keys, zip(table["events"], table["people"], strict=True), strict=True))
    assert found == oracle.events(people, shipped.wave.questionnaire)
