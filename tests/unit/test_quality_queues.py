"""Who is in a review queue and who is not: the tables of `quality/queues`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.quality.limits import LIMITS, Limits
from pipeline.quality.queues import QUEUES
from tests.support.quality import measure, people
from tests.support.tables import Row, Spec, read_specs

HERE = Path(__file__).parent / "quality" / "queues"
SPECS = read_specs(HERE)
ORDER = [about.name for about in QUEUES]

ONE_PLACE = {"monitoring_point": "ITA-01", "enumerator": "", "age": "30"}
"""The usual respondents of `twins.md` are in one block."""


def declared(spec: Spec) -> Limits:
    """The limits that a section gives in its own words."""
    text = (HERE / f"{spec.topic}.md").read_text(encoding="utf-8")
    section = text.split(f"## {spec.title}\n", 1)[1].split("\n## ", 1)[0]
    found = {name: int(value) for name, value in re.findall(r"`(\w+)` = (\d+)", section)}
    return replace(LIMITS, **found)


def answers(spec: Spec) -> list[Row]:
    """The answers of each row; what the table leaves out is that of a person about whom there is nothing to remark."""
    usual = ONE_PLACE if spec.topic == "twins" else {}
    notes = {"queues", "why"}
    return [usual | {name: cell for name, cell in row.items() if name not in notes} for row in spec.rows]


def expected(spec: Spec) -> Iterator[list[str]]:
    for row in spec.rows:
        yield sorted(part.strip() for part in row["queues"].split(",") if part.strip())


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_queues(spec: Spec, tmp_path: Path, engine: Engine) -> None:
    measured = measure(tmp_path, engine, answers(spec), more=spec.toml, limits=declared(spec))
    # In `twins.md` nobody has an enumerator code, so that nobody is interviewed twice at once.
    unwatched = {"no_enumerator"} if spec.topic == "twins" else set()
    found = [sorted(set(measured.queues_of(row)) - unwatched) for row in range(2, len(spec.rows) + 2)]
    assert found == list(expected(spec))


def test_every_queue_is_reached() -> None:
    """A queue that no table fills is a queue that nobody has seen work."""
    reached = {part.split(":")[0] for spec in SPECS for queues in expected(spec) for part in queues}
    assert set(ORDER) - reached == {"destination_is_origin"}, "that one has a test of its own: no form asks it yet"


def test_destination_is_origin(tmp_path: Path, engine: Engine) -> None:
    """A form that asks for the destination: a column of the wave's own, with the answers of countries."""
    more = '[overrides.columns.destination_country]\nkind = "answer"\nheaders = ["cost"]\nanswers = "country"\n'
    more += '[overrides.columns.cost]\nkind = "answer"\nheaders = ["price"]\nanswers = "cost"\nrequired = false\n'
    rows = [{"nationality": "NGA", "cost": answer} for answer in ("NGA", "ITA", "", "OOO")]
    measured = measure(tmp_path, engine, rows, more=more)
    assert measured.rows_in("destination_is_origin") == [2]


def test_several_files_keep_their_names(tmp_path: Path, engine: Engine) -> None:
    twin = {"monitoring_point": "ITA-01"}
    files = {"a.csv": people([twin, {"age": "40"}]), "b.csv": people([twin], first=3)}
    measured = measure(tmp_path, engine, files)
    rows = measured.quality.rows
    twins = rows[rows["queue"] == "near_duplicates"]
    assert twins[["file", "row", "group"]].to_numpy().tolist() == [["a.csv", 2, 1], ["b.csv", 2, 1]]
    assert "a.csv 2 with b.csv 2" in measured.page
