"""Two exact worlds that differ only in what is withheld give the same release, to the byte.

So no bar is drawn from a share that is not printed, nothing is sorted by a count that is withheld, and no hash, size or
identifier is made from one: it would differ.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline import manifest
from pipeline.__main__ import main
from tests.disclosure.carriers.worlds import (
    Change,
    analysed_people,
    events_moved,
    make_twin,
    nationalities_changed,
    readable,
    what_differs,
)
from tests.support.whole_run import Run

Worlds = tuple[Run, Run]


def twin_of(run: Run, changes: list[Change], root: Path) -> Run:
    """The other world, run with the hash of the first one's export: the hash of an export is told, and is no secret."""
    make_twin(run, changes, root)
    real, raw = manifest.sha256, root / "data" / "raw"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest, "sha256", lambda path: real(run.root / path.relative_to(root) if raw in path.parents else path)
        )
        code = main(["report", "--root", str(root)])
    assert code == 0
    return Run(root, "", "", code)


@pytest.fixture(scope="module")
def drawn(drawn_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    people = analysed_people(drawn_run)
    changes = [*nationalities_changed(people), *events_moved(people)]
    return drawn_run, twin_of(drawn_run, changes, tmp_path_factory.mktemp("twin"))


@pytest.fixture(scope="module")
def shipped(shipped_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return shipped_run, twin_of(
        shipped_run, events_moved(analysed_people(shipped_run)), tmp_path_factory.mktemp("twin")
    )


@pytest.fixture(params=["drawn", "shipped"])
def worlds(request: pytest.FixtureRequest) -> Worlds:
    return request.getfixturevalue(request.param)


def test_the_worlds_differ_in_what_is_withheld(drawn: Worlds, shipped: Worlds) -> None:
    differ = {name: what_differs(*drawn, name) for name in ("estimates", "events", "distributions")}
    withheld = {name: sum(row["suppressed"] != "" for row in rows) for name, rows in differ.items()}
    assert withheld["estimates"] == len(differ["estimates"]) > 100
    assert withheld["events"] > 40
    assert differ["distributions"] == []
    assert sum(row["suppressed"] != "" for row in what_differs(*shipped, "events")) >= 10


def test_people_differ_only_in_what_was_changed(worlds: Worlds) -> None:
    one, other = (pd.read_parquet(run.processed / "respondents.parquet") for run in worlds)
    changed = Counter(column for column in one.columns if not one[column].equals(other[column]))
    assert changed
    assert all(column == "nationality" or column.endswith("_country") for column in changed)
    assert (worlds[0].processed / "ledger.csv").read_bytes() == (worlds[1].processed / "ledger.csv").read_bytes()


def test_a_reader_cannot_tell_one_world_from_the_other(worlds: Worlds) -> None:
    first, second = (readable(run) for run in worlds)
    assert len(first) > 30
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_exact_tables_do_tell_them_apart(worlds: Worlds) -> None:
    first, second = (manifest.hashes(run.processed) for run in worlds)
    assert {name for name in first if first[name] != second[name]} >= {"events.parquet", "respondents.parquet"}
