"""A copy of what is processed: whole or not there, one of a wave, and gone with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow import fs

from pipeline import copies, manifest
from pipeline.errors import CannotReadOrWrite
from pipeline.places import Places
from pipeline.retention import purge

WAVE = "2017-06"


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "processed" / WAVE
    (folder / "respondents.parquet").mkdir(parents=True)
    (folder / "respondents.parquet" / "part-0.parquet").write_text("people")
    return told(folder, "first")


def told(folder: Path, what: str, copied_to: str = "") -> Path:
    (folder / "ledger.csv").write_text(what)
    manifest.write(folder, {"processed": manifest.hashes(folder), "copied_to": copied_to})
    return folder


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "storage" / "of an office"


def held(there: Path) -> dict[str, str]:
    """Files of the only copy, by their place in it; its folder is left out."""
    files = [path for path in there.rglob("*") if path.is_file()]
    assert len({path.relative_to(there).parts[:2] for path in files}) == 1
    return {"/".join(path.relative_to(there).parts[2:]): path.read_text() for path in files}


def here(processed: Path) -> dict[str, str]:
    files = (path for path in processed.rglob("*") if path.is_file())
    return {path.relative_to(processed).as_posix(): path.read_text() for path in files}


def test_a_copy_holds_what_the_folder_does(processed: Path, there: Path) -> None:
    copies.keep(there.as_uri(), WAVE, processed)
    assert held(there) == here(processed)


def test_a_new_one_takes_the_place_of_the_old_one(processed: Path, there: Path) -> None:
    copies.keep(there.as_uri(), WAVE, processed)
    copies.keep(there.as_uri() + "/", WAVE, told(processed, "second"))
    assert held(there) == here(processed)


def test_one_that_is_whole_is_left_as_it_is(processed: Path, there: Path) -> None:
    copies.keep(there.as_uri(), WAVE, processed)
    before = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    copies.keep(there.as_uri(), WAVE, processed)
    assert {path: path.stat().st_mtime_ns for path in there.rglob("*")} == before


def test_one_that_was_begun_and_not_ended_is_made_anew(processed: Path, there: Path) -> None:
    copies.keep(there.as_uri(), WAVE, processed)
    (copy,) = (there / WAVE).iterdir()
    (copy / manifest.MANIFEST).unlink()
    (copy / "ledger.csv").write_text("half")
    (copy / "of another run").write_text("left")
    copies.keep(there.as_uri(), WAVE, processed)
    assert held(there) == here(processed)


def test_the_manifest_is_written_last(processed: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    copy_files = fs.copy_files

    def noted(source: str, *given: object, **named: object) -> None:
        written.append(Path(source).name)
        copy_files(source, *given, **named)

    monkeypatch.setattr(fs, "copy_files", noted)
    copies.keep(there.as_uri(), WAVE, processed)
    assert written == ["ledger.csv", "part-0.parquet", "manifest.json"]


def test_a_copy_that_fails_leaves_the_old_one(processed: Path, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.keep(there.as_uri(), WAVE, processed)
    before = held(there)

    def full(*_: object, **__: object) -> None:
        raise OSError("bucket of somebody: quota")

    monkeypatch.setattr(fs, "copy_files", full)
    with pytest.raises(CannotReadOrWrite) as said:
        copies.keep(there.as_uri(), WAVE, told(processed, "second"))
    assert "somebody" not in str(said.value)
    assert "copy_processed_to" in said.value.repair
    assert held(there) == before


def test_other_waves_stay(processed: Path, there: Path) -> None:
    copies.keep(there.as_uri(), "2016-10", processed)
    copies.keep(there.as_uri(), WAVE, told(processed, "second"))
    copies.forget(there.as_uri(), WAVE)
    assert [folder.name for folder in there.iterdir()] == ["2016-10"]
    copies.forget(there.as_uri(), WAVE)


def test_an_address_that_nobody_knows(processed: Path) -> None:
    with pytest.raises(CannotReadOrWrite, match="No copy could be kept there") as said:
        copies.keep("nowhere://at/all", WAVE, processed)
    assert said.value.where == "nowhere://at/all"


def test_a_purge_takes_the_copy_and_says_so(tmp_path: Path, processed: Path, there: Path) -> None:
    address = there.as_uri()
    copies.keep(address, WAVE, told(processed, "second", address))
    assert purge(WAVE, Places(tmp_path)).copy == address
    assert list(there.iterdir()) == []
    assert not processed.exists()


def test_a_purge_that_cannot_reach_the_copy_deletes_nothing(tmp_path: Path, processed: Path) -> None:
    told(processed, "second", "nowhere://at/all")
    with pytest.raises(CannotReadOrWrite, match="could not be deleted"):
        purge(WAVE, Places(tmp_path))
    assert (processed / "ledger.csv").is_file()
