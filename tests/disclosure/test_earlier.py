"""Releases that were published before: what both tell together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.command_line import main
from tests.support.waves import NAME, Row, respondents, write_wave

PEOPLE = 700
Again = Callable[[list[Row]], tuple[int, str]]


def people(n: int = PEOPLE) -> list[Row]:
    """Respondents on one route; each third one reports something, and it is not always the same."""
    return respondents(
        {
            "sex": "female" if at % 4 == 0 else "male",
            "age": str(16 + at % 30),
            **({"unpaid_work": "yes_me", "unpaid_work_country": "LBY"} if at % 3 == 0 else {}),
            **({"forced_work": "yes_me", "forced_work_country": "LBY"} if at % 29 == 0 else {}),
        }
        for at in range(n)
    )


def write(root: Path, rows: list[Row]) -> None:
    raw = root / "data" / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    write_wave(raw, rows)


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wave that was published."""
    root = tmp_path_factory.mktemp("published")
    write(root, people())
    assert main(["figures", "--wave", NAME, "--root", str(root)]) == 0
    assert main(["publish", "--wave", NAME, "--root", str(root)]) == 0
    return root


@pytest.fixture
def published(once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Again:
    """What happens when these people are released instead."""
    for part in ("data", "reports"):
        shutil.copytree(once / part, tmp_path / part)

    def again(rows: list[Row]) -> tuple[int, str]:
        write(tmp_path, rows)
        capsys.readouterr()
        code = main(["figures", "--wave", NAME, "--root", str(tmp_path)])
        said = capsys.readouterr()
        return code, " ".join((said.out + said.err).split())

    return again


def test_the_same_people_give_the_same_release_again(published: Again, tmp_path: Path) -> None:
    before = tables(tmp_path / "reports" / NAME)
    code, _ = published(people())
    assert code == 0
    assert tables(tmp_path / "reports" / NAME) == before == tables(tmp_path / "data" / "published" / NAME / "1")


def test_a_release_that_told_missing_answers_of_whole_routes_alone_is_read(published: Again, tmp_path: Path) -> None:
    kept = tmp_path / "data" / "published" / NAME / "1" / "nonresponse.csv"
    rows = pd.read_csv(kept, dtype=str, keep_default_na=False)
    rows[rows["group"] == "all"].drop(columns=["group", "level"]).to_csv(kept, index=False)
    before = tables(tmp_path / "reports" / NAME)
    assert published(people())[0] == 0
    assert tables(tmp_path / "reports" / NAME) == before


@pytest.mark.parametrize("fewer", [1, 10])
def test_a_few_people_more_or_fewer_are_refused_with_the_reason(published: Again, tmp_path: Path, fewer: int) -> None:
    before = tables(tmp_path / "reports" / NAME)
    code, said = published(people(PEOPLE - fewer))
    assert code == 5, said
    assert f"with {fewer} more respondents" in said
    assert tables(tmp_path / "reports" / NAME) == before


def test_many_more_are_another_release(published: Again) -> None:
    assert published(people(PEOPLE + 11))[0] == 0


def test_answers_that_were_changed_are_refused(published: Again) -> None:
    changed = people()
    for row in changed[:40]:
        row["sex"] = "male"
    code, said = published(changed)
    assert code == 5, said
    assert "answers of some respondents have been changed" in said


def test_what_was_published_holds_tables_and_a_manifest_alone(published: Again, tmp_path: Path) -> None:
    kept = {path.name for path in (tmp_path / "data" / "published" / NAME / "1").iterdir()}
    assert {"estimates.csv", "manifest.json"} <= kept
    assert all(name.endswith((".csv", ".json")) for name in kept)


def test_it_is_kept_once(published: Again, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) == 2
    assert "kept already" in capsys.readouterr().err
    assert len(list((tmp_path / "data" / "published" / NAME).iterdir())) == 1


def test_without_a_release_there_is_nothing_to_keep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, people(50))
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) == 2
    assert "no audited release" in capsys.readouterr().err


def test_a_released_table_that_was_changed_is_not_kept(
    published: Again, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "reports" / NAME / "estimates.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) == 2
    assert "not as it was made" in capsys.readouterr().err


def test_what_a_stopped_copy_has_left_stops_nothing(published: Again, tmp_path: Path) -> None:
    kept = tmp_path / "data" / "published" / NAME
    (kept / ".2.new").mkdir()
    (kept / ".2.new" / "estimates.csv").write_text("half", encoding="utf-8")
    assert published(people())[0] == 0
    assert published(people(PEOPLE + 40))[0] == 0
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) == 0
    assert sorted(folder.name for folder in kept.iterdir()) == ["1", "2"]
    assert "half" not in (kept / "2" / "estimates.csv").read_text(encoding="utf-8")
    assert (kept / "2" / "manifest.json").is_file()


def test_a_copy_that_fails_leaves_nothing(
    published: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*paths: Path) -> None:
        raise OSError(28, "No space left on device")

    assert published(people(PEOPLE + 40))[0] == 0
    monkeypatch.setattr("pipeline.published.shutil.copy2", full)
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) != 0
    assert "disk is full" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["publish", "--wave", NAME, "--root", str(tmp_path)]) == 0
    assert sorted(each.name for each in (tmp_path / "data" / "published" / NAME).iterdir()) == ["1", "2"]
