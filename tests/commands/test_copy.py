"""A run whose wave asks for a copy of what is processed: where it lies, and when it is made, moved and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import manifest
from tests.support.whole_run import WAVE, lay_out, run_pipeline


def asking(root: Path, line: str) -> Path:
    """The wave with a line of its own at the top of its file."""
    path = root / "data" / "raw" / WAVE / "wave.toml"
    lines = [old for old in path.read_text(encoding="utf-8").splitlines() if not old.startswith("copy_processed_to")]
    path.write_text("\n".join([*([line] if line else []), *lines, ""]), encoding="utf-8")
    return root


def hashes_at(storage: Path) -> dict[str, str]:
    """Every file of the only copy of the wave."""
    (copy,) = (storage / WAVE).iterdir()
    return manifest.hashes(copy) | {manifest.MANIFEST: manifest.sha256(copy / manifest.MANIFEST)}


def test_a_copy_is_kept_mended_moved_and_taken_back(tmp_path: Path) -> None:
    storage, other = tmp_path / "storage", tmp_path / "other storage"
    root = asking(lay_out(tmp_path / "root"), f'copy_processed_to = "{storage.as_uri()}"')
    processed = root / "data" / "processed" / WAVE

    first = run_pipeline(root, "ingest")
    assert first.code == 0, first.errors
    assert f"is kept at {storage.as_uri()}" in " ".join(first.output.split())
    whole = manifest.hashes(processed) | {manifest.MANIFEST: manifest.sha256(processed / manifest.MANIFEST)}
    assert hashes_at(storage) == whole

    shutil.rmtree(storage)
    again = run_pipeline(root, "ingest")
    assert (again.code, "Nothing has changed" in again.output) == (0, True)
    assert hashes_at(storage) == whole

    assert run_pipeline(asking(root, f'copy_processed_to = "{other.as_uri()}"'), "ingest").code == 0
    assert "ledger.csv" in hashes_at(other)
    assert not (storage / WAVE).exists()

    assert run_pipeline(asking(root, ""), "ingest").code == 0
    assert not (other / WAVE).exists()


def test_a_copy_that_cannot_be_kept_leaves_the_folders_whole_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way")
    address = (tmp_path / "a file").as_uri()
    root = asking(lay_out(tmp_path / "root"), f'copy_processed_to = "{address}"')
    for _ in range(2):
        run = run_pipeline(root, "ingest")
        assert run.code == 6
        assert f"Where: {address}" in run.errors
        assert "copy_processed_to" in run.errors
        processed = root / "data" / "processed" / WAVE
        assert not manifest.difference(processed, manifest.read(processed)["processed"])


@pytest.mark.parametrize(
    ("address", "said"),
    [("processed", "must be an address"), ("s3://somebody:secret@bucket/processed", "holds no name and password")],
)
def test_what_is_no_address_is_refused(tmp_path: Path, address: str, said: str) -> None:
    run = run_pipeline(asking(lay_out(tmp_path), f'copy_processed_to = "{address}"'), "ingest")
    assert run.code == 2
    assert said in " ".join(run.errors.split())
    assert "secret" not in run.errors
