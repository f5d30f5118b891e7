"""A full disk, a place that can only be read, a permission that is lost: a message, and the old outputs left whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.publish import left_over
from tests.support.confined import obey_permissions, run_confined, run_on_a_small_disk, run_read_only
from tests.support.waves import NAME, respondents, write_wave
from tests.support.whole_run import run_pipeline


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small wave that was ingested, and whose export has changed since."""
    root = tmp_path_factory.mktemp("ingested")
    write_wave(root / "data" / "raw", respondents([{}] * 60))
    assert run_pipeline(root, "ingest").code == 0
    shutil.rmtree(root / "data" / "raw")
    write_wave(root / "data" / "raw", respondents([{}] * 90))
    return root


@pytest.fixture
def root(ingested: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(ingested, tmp_path / "root")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def size(folder: Path) -> int:
    """How much a disk must hold for it, in pages of 4 kB: a page for each folder, and whole pages for each file."""
    return sum(4096 * (1 + (path.stat().st_size - 1) // 4096 if path.is_file() else 1) for path in folder.rglob("*"))


@pytest.mark.parametrize("room", [4096, 2 * 4096])
def test_a_full_disk(ingested: Path, tmp_path: Path, room: int) -> None:
    run, differences = run_on_a_small_disk(ingested, tmp_path / "disk", size(ingested) + room, "ingest")
    assert (run.code, "Traceback" in run.errors) == (6, False), run.errors
    assert "full" in run.errors
    assert f"Where: {tmp_path / 'disk'}" in run.errors
    assert "Free some space" in run.errors
    assert differences == []


@pytest.mark.long
def test_a_disk_that_is_full_at_any_moment(shipped_run, tmp_path: Path) -> None:
    """Of a whole run, from the first file to the last."""
    original = shutil.copytree(shipped_run.root, tmp_path / "original")
    wave_file = original / "data" / "raw" / NAME / "wave.toml"
    wave_file.write_text(wave_file.read_text(encoding="utf-8") + "\n# Changed.\n", encoding="utf-8")
    needed = size(shipped_run.reports) + size(shipped_run.processed)
    codes = []
    for part in (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.97, 2):
        disk = tmp_path / str(part)
        run, differences = run_on_a_small_disk(original, disk, size(original) + int(part * needed), "report")
        codes.append(run.code)
        if run.code:
            assert "Free some space" in run.errors, run.errors
            assert "Where: /" in run.errors
            assert differences == []
    assert codes == [6] * (len(codes) - 1) + [0]


def test_a_permission_that_is_lost(root: Path) -> None:
    processed = root / "data" / "processed"
    before = contents(processed)
    processed.chmod(0o555)
    try:
        run = run_confined(obey_permissions, "ingest", root=root)
    finally:
        processed.chmod(0o755)
    assert run.code == 6, run.errors
    assert "Permission denied" in run.errors
    assert f"Where: {processed}" in run.errors
    assert "Ask for permission" in run.errors
    assert contents(processed) == before


def test_an_export_that_may_not_be_read(root: Path) -> None:
    export = root / "data" / "raw" / NAME / "export.csv"
    export.chmod(0)
    run = run_confined(obey_permissions, "ingest", root=root)
    assert run.code == 6, run.errors
    assert f"Where: {export}" in run.errors
    assert "that you may read it" in run.errors


def test_old_outputs_that_may_not_be_deleted_are_not_replaced(root: Path) -> None:
    """Else they would be in the way of every later run, under the name that a stopped run leaves."""
    old = root / "data" / "processed" / NAME
    before = contents(old)
    old.chmod(0o555)
    for verb in (["ingest"], ["purge", "--wave", NAME]):
        run = run_confined(obey_permissions, *verb, root=root)
        assert run.code == 6, run.errors
        assert f"Where: {old}\n" in run.errors
        assert contents(old) == before
    assert not left_over(old)
    old.chmod(0o755)
    assert run_confined(obey_permissions, "ingest", root=root).code == 0
    assert contents(old) != before


def test_a_place_that_can_only_be_read(root: Path) -> None:
    before = contents(root)
    run = run_read_only(root, "ingest")
    assert run.code == 6, run.errors
    assert "Read-only file system" in run.errors
    assert "Copy the project to a place that can be written to" in run.errors
    assert contents(root) == before
