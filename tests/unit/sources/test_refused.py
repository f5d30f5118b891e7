"""Files that cannot be read: each row of `refused.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ExportInvalid
from tests.support.messages import refusal
from tests.unit.sources.bad_files import CSV, FILES
from tests.unit.sources.taking_in import MARK, TakeIn


def _table() -> dict[str, tuple[str, str]]:
    text = Path(__file__).with_name("refused.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    return {name.strip(): (says.strip(), to_do.strip()) for name, says, to_do in rows}


SAID = _table()


def test_each_file_has_a_row() -> None:
    assert set(SAID) == set(FILES)


@pytest.mark.parametrize("name", SAID)
def test_it_is_refused(name: str, tmp_path: Path, taken: TakeIn) -> None:
    file, make = FILES[name]
    path = tmp_path / file
    path.write_bytes(make())
    error = refusal(ExportInvalid, 3, lambda: taken(path))
    says, to_do = SAID[name]
    assert says in error.what
    assert to_do in f"{error.where} {error.repair}"
    assert error.where.startswith(file)
    assert MARK not in str(error)


def test_a_lock_file(tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "~$e.xlsx"
    path.write_bytes(b"analyst")
    assert "lock file" in refusal(ExportInvalid, 3, lambda: taken(path)).what


def test_a_folder(tmp_path: Path, taken: TakeIn) -> None:
    path = tmp_path / "e.csv"
    path.mkdir()
    assert "folder holds no files" in refusal(ExportInvalid, 3, lambda: taken(path)).what


def test_a_link_out_of_the_folder(tmp_path: Path, taken: TakeIn) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(CSV)
    folder = tmp_path / "wave"
    folder.mkdir()
    (folder / "e.csv").symlink_to(outside)
    assert "outside of the folder" in refusal(ExportInvalid, 3, lambda: taken(folder / "e.csv")).what


def test_a_link_within_the_folder_is_read(tmp_path: Path, taken: TakeIn) -> None:
    (tmp_path / "there.csv").write_bytes(CSV)
    (tmp_path / "e.csv").symlink_to(tmp_path / "there.csv")
    assert len(taken(tmp_path / "e.csv").rows) == 3
