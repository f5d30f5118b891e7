"""Two exact worlds that differ only in what is withheld give the same release, to the byte.

So no bar is drawn from a share that is not printed, nothing is sorted by a count that is withheld, and no hash, size or
identifier is made from one: it would differ. Both worlds are released by the rules on single cells alone. Which further
cells protect those is chosen by what would do in the exact tables, and may differ where they do.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline import manifest
from pipeline.command_line import main
from pipeline.disclose import door
from pipeline.disclose.audit.verdict import Audit
from pipeline.disclose.coarse import NOT_COARSE
from pipeline.disclose.protected import Protected
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


def twins_of(run: Run, changes: list[Change], root: Path) -> Worlds:
    """Both worlds, each with the export's hash of the first: the hash of an export is told, and is no secret."""
    for name, made in (("one", []), ("other", changes)):
        make_twin(run, made, root / name)
    real = manifest.sha256

    def of_first(path: Path) -> str:
        raw = root / "other" / "data" / "raw"
        return real(root / "one" / path.relative_to(root / "other") if raw in path.parents else path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "sha256", of_first)
        patch.setattr(door, "protect", lambda _: Protected(frozenset(), {}))
        patch.setattr(door, "coarser", lambda *_: NOT_COARSE)
        # Where nothing gets coarser, every further round would be the first one again.
        patch.setattr(door, "ROUNDS", 1)
        patch.setattr(Audit, "check", lambda _: None)
        codes = [main(["report", "--root", str(root / name)]) for name in ("one", "other")]
    assert codes == [0, 0]
    one, other = (Run(root / name, "", "", 0) for name in ("one", "other"))
    return one, other


@pytest.fixture(scope="module")
def drawn(drawn_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    people = analysed_people(drawn_run)
    changes = [*nationalities_changed(people), *events_moved(people)]
    return twins_of(drawn_run, changes, tmp_path_factory.mktemp("twins"))


@pytest.fixture(scope="module")
def shipped(shipped_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return twins_of(shipped_run, events_moved(analysed_people(shipped_run)), tmp_path_factory.mktemp("twins"))


@pytest.fixture(params=["drawn", pytest.param("shipped", marks=pytest.mark.long)])
def worlds(request: pytest.FixtureRequest) -> Worlds:
    return request.getfixturevalue(request.param)


def test_the_worlds_differ_in_what_is_withheld(drawn: Worlds) -> None:
    differ = {name: what_differs(*drawn, name) for name in ("estimates", "events", "distributions")}
    withheld = {name: sum(row["suppressed"] != "" for row in rows) for name, rows in differ.items()}
    assert withheld["estimates"] == len(differ["estimates"]) > 100
    assert withheld["events"] > 40
    assert differ["distributions"] == []


@pytest.mark.long
def test_those_of_the_shipped_wave_do_as_well(shipped: Worlds) -> None:
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
