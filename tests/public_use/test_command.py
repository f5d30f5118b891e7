"""The whole of it: drawn once, kept, added up; and nothing else is touched."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from pathlib import Path

import pytest

from pipeline import command_line, public_use
from pipeline.command_line import main
from pipeline.dictionary import dictionary_text
from pipeline.dictionary.files import DRAWN_ONCE
from pipeline.public_use import EPSILON, FEWEST, make_public_use
from pipeline.public_use.columns import columns
from pipeline.publish import lock
from pipeline.thresholds import SMALLEST
from pipeline.wave import load_wave
from tests.public_use.conftest import NAME
from tests.public_use.test_quality import read
from tests.support.whole_run import REPOSITORY


def draw(root: Path, *more: str) -> int:
    return main(["public-use", "--wave", NAME, "--root", str(root), *more])


def contents(folder: Path) -> dict[str, str]:
    """Files with their hashes, without the marks of locks."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def folder_of(root: Path) -> Path:
    return root / "data" / "public-use" / NAME


def test_a_draw_writes_its_files_and_touches_nothing_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(root)
    assert draw(root) == 0
    told = capsys.readouterr().out
    folder, after = folder_of(root), contents(root)
    new = {name for name in after if name not in before}
    assert {name: after[name] for name in before} == before
    assert new == {f"data/public-use/{NAME}/{name}" for name in DRAWN_ONCE if not name.endswith("/")}
    assert "ε = 4 of at most 12, δ = 1e-08" in told
    assert re.search(r"Of \d+ released shares, the file is \d+\.\d points off on average", told)
    assert not list(folder.parent.glob(".*.new"))
    # A release is current as before: a draw is no part of it.
    assert main(["figures", "--wave", NAME, "--root", str(root)]) == 0
    assert "Nothing has changed" in capsys.readouterr().out


def test_the_files_say_what_they_are_and_no_more(root: Path) -> None:
    assert draw(root) == 0
    folder = folder_of(root)
    words = columns(load_wave(root / "data" / "raw", NAME).questionnaire)
    rows = read(folder / "public_use.csv")
    assert list(rows[0]) == list(words)
    for row in rows:
        assert all(row[name] in words[name] for name in words)
    about = json.loads((folder / "public_use.json").read_text(encoding="utf-8"))
    assert about["rows"] == len(rows)
    assert about["columns"] == words
    assert about["sha256"] == hashlib.sha256((folder / "public_use.csv").read_bytes()).hexdigest()
    # Nothing exact goes along: neither a hash nor a number of what stays with the analyst.
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    recorded = json.loads((root / "data" / "processed" / NAME / "manifest.json").read_text(encoding="utf-8"))
    points = {row["monitoring_point"] for row in _respondents(root)}
    for text in texts:
        assert not any(hashed in text for hashed in recorded["processed"].values())
        assert not any(point in text for point in points if point)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "The wave itself is synthetic too" in readme
    assert "no row is a person" in readme
    assert "| ε | 4 | 4 |" in readme
    status = json.loads((root / "reports" / NAME / "manifest.json").read_text(encoding="utf-8"))["status"]
    assert about["status"] == status
    assert all(stamp in readme for stamp in status)


def _respondents(root: Path) -> list[dict[str, str]]:
    import pandas as pd

    path = root / "data" / "processed" / NAME / "respondents.parquet"
    people: list[dict[str, str]] = pd.read_parquet(path, columns=["monitoring_point"]).to_dict("records")
    assert people
    return people


def test_a_second_call_does_not_draw_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert draw(root) == 0
    before = contents(root)
    capsys.readouterr()
    assert draw(root, "--epsilon", "2") == 0
    told = capsys.readouterr().out
    assert contents(root) == before
    assert "It was not drawn again." in told
    assert "ε = 4 and δ = 1e-08" in told


def test_another_draw_keeps_the_earlier_one_and_adds_up(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert draw(root, "--epsilon", "3") == 0
    folder = folder_of(root)
    first = contents(folder)
    assert draw(root, "--again") == 2
    assert "Say why it is needed" in capsys.readouterr().err
    assert contents(folder) == first
    assert draw(root, "--again", "--reason", "a, b", "--epsilon", "5", "--resolution", "20") == 0
    assert "ε = 8 of at most 12, δ = 2e-08" in capsys.readouterr().out
    second = contents(folder)
    assert draw(root, "--again", "--reason", "c", "--epsilon", "1.5") == 0
    third = contents(folder)
    kept = ("public_use.csv", "quality.csv", "public_use.json")
    assert {name: third[f"earlier/1/{name}"] for name in kept} == {name: first[name] for name in kept}
    assert {name: third[f"earlier/2/{name}"] for name in kept} == {name: second[name] for name in kept}
    assert len({one["public_use.csv"] for one in (first, second, third)}) == 3
    ledger = read(folder / "draws.csv")
    assert [row["number"] for row in ledger] == ["1", "2", "3"]
    assert [(row["epsilon"], row["resolution"], row["reason"]) for row in ledger] == [
        ("3.0", "11", ""),
        ("5.0", "20", "a, b"),
        ("1.5", "11", "c"),
    ]
    assert [row["sha256"] for row in ledger] == [one["public_use.csv"] for one in (first, second, third)]
    about = json.loads((folder / "public_use.json").read_text(encoding="utf-8"))
    assert (about["epsilon"], about["total_epsilon"], about["total_delta"]) == (1.5, 9.5, pytest.approx(3e-8))
    assert "| ε | 1.5 | 9.5 |" in (folder / "README.md").read_text(encoding="utf-8")
    assert draw(root, "--again", "--reason", "d", "--epsilon", "3") == 5
    assert "Draw with ε of at most 2.5." in capsys.readouterr().err
    assert contents(folder) == third


WRONG = {
    "an epsilon of nothing": (["--epsilon", "0"], 2, "ε = 0 cannot be used"),
    "an epsilon below nothing": (["--epsilon", "-1"], 2, "cannot be used"),
    "an epsilon that drowns everything": (["--epsilon", "0.4"], 2, "from 0.5 on"),
    "an endless epsilon": (["--epsilon", "inf"], 2, "cannot be used"),
    "an epsilon that is no number": (["--epsilon", "nan"], 2, "cannot be used"),
    "an epsilon in words": (["--epsilon", "four"], 2, "valid number"),
    "a negative resolution": (["--resolution", "-1"], 2, "no count of people"),
    "more than a wave may spend": (["--epsilon", "12.5"], 5, "Draw with ε of at most 12"),
    "a path for a wave": (["--wave", "../x"], 2, "name of a wave"),
    "a wave that is not there": (["--wave", "2016-11"], 6, "2016-11"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_told_and_writes_nothing(case: str, finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, code, words = WRONG[case]
    assert draw(finished, *arguments) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert not folder_of(finished).exists()


def test_without_a_finished_run_it_says_what_to_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "data" / "processed" / NAME / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write("changed\n")
    assert draw(root) == 6
    assert f"make report WAVE={NAME}" in capsys.readouterr().err
    assert main(["purge", "--wave", NAME, "--root", str(root)]) == 0
    assert draw(root) == 6
    assert f"Nothing of {NAME} is processed" in capsys.readouterr().err
    assert not folder_of(root).exists()


def test_a_purge_leaves_what_was_drawn(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert draw(root) == 0
    before = contents(folder_of(root))
    assert main(["purge", "--wave", NAME, "--root", str(root)]) == 0
    assert contents(folder_of(root)) == before
    capsys.readouterr()
    assert draw(root) == 0
    assert "It was not drawn again." in capsys.readouterr().out
    cleaned = re.search(r"^clean:.*\n((?:\t.*\n|#.*\n)+)", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert cleaned
    assert not re.search(r"^\t.*public-use", cleaned[1], re.MULTILINE)


def test_an_internal_wave_has_no_public_use_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "data" / "raw" / NAME / "wave.toml"
    path.write_text('policy = "internal"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert draw(root) == 5
    assert "internal, not for release" in capsys.readouterr().err


def test_too_few_respondents_are_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert FEWEST == 1000
    monkeypatch.setattr(public_use, "FEWEST", 10_000)
    assert draw(root) == 2
    assert "At least 10,000 are needed" in capsys.readouterr().err
    assert not folder_of(root).exists()


def test_a_draw_that_is_stopped_leaves_all_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw(root) == 0
    before = contents(root)

    def stopped(*_targets: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(public_use, "publish", stopped)
        assert draw(root, "--again", "--reason", "x") == 130
    assert draw(root) == 0
    assert contents(root) == before
    assert draw(root, "--again", "--reason", "x") == 0
    assert len(read(folder_of(root) / "draws.csv")) == 2


def test_a_run_or_draw_at_the_same_time_is_waited_for(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for held in (finished / "data" / "processed" / NAME, folder_of(finished)):
        with lock(held):
            assert draw(finished) == 7
        assert "Another run" in capsys.readouterr().err


def test_the_command_has_the_usual_numbers() -> None:
    parameters = inspect.signature(command_line.public_use).parameters
    assert parameters["epsilon"].default == EPSILON
    assert parameters["resolution"].default == SMALLEST
    assert make_public_use.__doc__


def test_every_table_and_key_is_in_the_data_dictionary(root: Path) -> None:
    assert draw(root) == 0
    text, folder = dictionary_text(), folder_of(root)
    for name in ("public_use", "quality", "draws"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            assert set(file.readline().strip().split(",")) <= _described(text, name)
    about = json.loads((folder / "public_use.json").read_text(encoding="utf-8"))
    assert set(about) == _described(text, "public_use.json")


def _described(text: str, title: str) -> set[str]:
    section = text.split(f"\n## {title}\n")[1].partition("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
