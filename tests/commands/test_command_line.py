"""What an analyst meets: clear help, a message with the next step, the right exit code, and old outputs left whole."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from html import escape
from pathlib import Path

import pytest

from pipeline.command_line import main
from pipeline.errors import CannotReadOrWrite, WaveBusy
from pipeline.publish import _exchange, lock, mend, prepare, publish, writing
from tests.support.releases import share, write_release
from tests.support.whole_run import REPOSITORY, WAVE, lay_out, run_pipeline


@pytest.fixture
def root(tmp_path):
    return lay_out(tmp_path)


def change(path: Path, old: bytes, new: bytes) -> None:
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new))


def contents(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_help_lists_every_verb_and_the_exit_codes(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for verb in ("report", "figures", "indicators", "ingest", "check-wave", "trend", "verify", "dictionary", "purge"):
        assert re.search(rf"^\s+{verb}\s+\w", shown, re.MULTILINE)
    assert "Exit codes" in shown


def test_the_trend_reads_a_release_as_a_run_writes_it(shipped_run, tmp_path, capsys):
    """The one thing about it that made-up releases cannot show: all else is in tests/archive/."""
    lay_out(tmp_path)
    shutil.copytree(shipped_run.reports, tmp_path / "reports" / WAVE)
    write_release(tmp_path, "2016-12", ("2016-10-01", "2016-11-30"), {"central": share(72, 66, 78)})
    assert main(["trend", "--root", str(tmp_path)]) == 0
    with (tmp_path / "reports" / "trend" / "trend.csv").open(encoding="utf-8", newline="") as file:
        found = {(row["wave"], row["route"]): row for row in csv.DictReader(file)}
    central = found[WAVE, "central"]
    assert (central["share"], central["from"], central["quarter"]) == ("0.69", "2016-06-01", "2016-Q3")
    assert found[WAVE, "western"]["asked"] == "0"
    assert found["2016-12", "central"]["break_before"] == ""
    assert f"{WAVE}, 2016-12" in capsys.readouterr().out


def test_make_help_lists_every_target():
    shown = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert targets == set(re.findall(r"^  ([a-z-]+) ", shown, re.MULTILINE))


WRONG_USE = {
    "an unknown verb": (["repport"], 2),
    "an unknown option": (["report", "--wav", "x"], 2),
    "an unknown engine": (["report", "--engine", "sqlite"], 2),
    "an unknown language": (["report", "--locale", "xx"], 2),
    "an unknown wave": (["report", "--wave", "2016-11"], 6),
    "nothing to verify": (["verify"], 6),
    "nothing to purge": (["purge", "--wave", "2016-10"], 6),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_told_without_a_traceback(case, root, capsys):
    arguments, code = WRONG_USE[case]
    where = ["--root", str(root)] if code == 6 or "--engine" in arguments or "--locale" in arguments else []
    assert main([*arguments, *where]) == code
    told = capsys.readouterr().err
    assert told.strip()
    assert "Traceback" not in told
    assert not (root / "reports").exists() or not list((root / "reports").iterdir())


def test_a_misspelt_wave_is_answered_with_the_nearest(root, capsys):
    main(["report", "--wave", "2016-01", "--root", str(root)])
    assert 'Did you mean "2016-10"?' in capsys.readouterr().err


BROKEN_EXPORTS = {
    "an unknown answer": (b'"male"', b'"mlae"', 3, ['"mlae"', 'Did you mean "male"?', "profile/sex"]),
    "a missing column": (b'"profile/age"', b'"profile/years"', 3, ['"age"', "missing"]),
    "a name in a new column": (b'"_status";', b'"respondent_name";', 4, ["respondent_name", "a person's name"]),
    "an age in words": (b'"79"', b'"seventy-nine years"', 3, ["profile/age", "This is no whole number.", "(row"]),
}


@pytest.mark.parametrize("case", BROKEN_EXPORTS)
def test_a_broken_export_is_told(case, root, capsys):
    """An export that is refused leaves a page of findings and nothing else; one that is not anonymised nothing."""
    old, new, code, words = BROKEN_EXPORTS[case]
    before = contents(root)
    change(root / "data" / "raw" / WAVE / "fms_2016_10.csv", old, new)
    assert main(["report", "--root", str(root)]) == code
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert "Traceback" not in told
    for word in words:
        assert word in told
    written = {Path(name) for name in contents(root) if name not in before and not name.endswith(".lock")}
    assert written == ({root / CHECKED / name for name in ("findings.csv", "findings.html")} if code == 3 else set())
    pages = "".join(path.read_text(encoding="utf-8") for path in written)
    assert code != 3 or str(root / CHECKED / "findings.html") in told
    assert code != 3 or (escape(words[0]) in pages and "This wave is synthetic" in pages)
    assert "seventy-nine" not in told + pages


CHECKED = Path("data", "processed", "check-wave", WAVE)


def test_an_unknown_column_is_told_and_dropped(root, capsys):
    change(root / "data" / "raw" / WAVE / "fms_2016_10.csv", b'"_status";', b'"_status2";')
    assert main(["check-wave", "--root", str(root)]) == 0
    assert '"_status2": The questionnaire does not know this column; it was dropped.' in capsys.readouterr().out
    assert not (root / "data" / "processed" / WAVE).exists()


def test_a_failed_run_leaves_the_old_outputs_whole(shipped_run, tmp_path):
    """It adds its page of findings, which is gone once a run succeeds."""
    root = tmp_path / "copy"
    shutil.copytree(shipped_run.root, root)
    export = root / "data" / "raw" / WAVE / "fms_2016_10.csv"
    before = contents(root / "reports") | contents(root / "data" / "processed")
    change(export, b'"yes_me"', b'"yes_my"')
    failed = run_pipeline(root, "report")
    assert failed.code == 3
    after = contents(root / "reports") | contents(root / "data" / "processed")
    assert {name for name in after if name not in before} == {
        str(root / CHECKED / name) for name in ("findings.csv", "findings.html")
    }
    assert {name: after[name] for name in before} == before
    assert not list((root / "reports").glob(".*.new"))
    change(export, b'"yes_my"', b'"no"')
    assert run_pipeline(root, "ingest").code == 0
    assert not (root / CHECKED).exists()


def test_an_export_put_back_as_it_was_leaves_no_page_of_findings(shipped_run, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(shipped_run.root, root)
    export = root / "data" / "raw" / WAVE / "fms_2016_10.csv"
    before = export.read_bytes()
    change(export, b'"yes_me"', b'"yes_my"')
    assert run_pipeline(root, "report").code == 3
    assert (root / CHECKED / "findings.html").exists()
    export.write_bytes(before)
    again = run_pipeline(root, "report")
    assert (again.code, "Nothing has changed" in again.output) == (0, True)
    assert not (root / CHECKED).exists()


def test_a_killed_run_leaves_the_old_outputs_and_the_next_one_finishes(shipped_run, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(shipped_run.root, root)
    shutil.rmtree(root / "data" / "processed" / WAVE)
    before = contents(root / "reports")
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "report", "--root", str(root)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    beside = root / "reports" / f".{WAVE}.new"
    end = time.monotonic() + 60
    while not beside.exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert contents(root / "reports" / WAVE) == {k: v for k, v in before.items() if f"/.{WAVE}" not in k}
    assert run_pipeline(root, "report").code == 0
    assert contents(root / "reports" / WAVE) == before
    assert not beside.exists()


def test_an_interrupted_run_says_so(root):
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "report", "--root", str(root)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    beside = root / "reports" / f".{WAVE}.new"
    while not beside.exists() and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in told
    assert "Traceback" not in told
    assert not list((root / "reports").iterdir()) or not (root / "reports" / WAVE).exists()


def test_raw_data_are_only_read(shipped_run):
    assert contents(shipped_run.root / "data" / "raw") == {
        str(shipped_run.root / Path(name).relative_to(REPOSITORY)): value
        for name, value in contents(REPOSITORY / "data" / "raw" / WAVE).items()
    }


def test_output_that_nobody_reads_does_not_stop_a_run(root):
    done = subprocess.run(
        f"{sys.executable} -m pipeline ingest --root {root} | true; exit ${{PIPESTATUS[0]}}",
        cwd=REPOSITORY,
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (root / "data" / "processed" / WAVE / "ledger.csv").exists()


@pytest.mark.parametrize("name", ["../../reports/2016-10", "..", "a/b", "x" * 300, ""])
@pytest.mark.parametrize("verb", ["report", "check-wave", "verify", "purge"])
def test_a_name_that_leads_elsewhere_is_no_wave(verb, name, root, capsys):
    before = contents(root)
    assert main([verb, "--wave", name, "--root", str(root)]) == 2
    assert "cannot be the name of a wave" in capsys.readouterr().err
    assert contents(root) == before


def test_purge_takes_everything_that_holds_people(shipped_run, tmp_path, capsys):
    root = tmp_path / "copy"
    shutil.copytree(shipped_run.root, root)
    people = root / "data" / "processed"
    shutil.copytree(people / WAVE, people / f".{WAVE}.old")
    assert main(["purge", "--wave", WAVE, "--root", str(root)]) == 0
    assert not list(people.rglob("respondents.parquet"))
    assert (root / "reports" / WAVE / "report.pdf").exists()


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_folder_takes_its_place_whole(tmp_path):
    target = tmp_path / "out"
    for text in ("first", "second"):
        (beside,) = prepare(target)
        (beside / "file").write_text(text)
        publish(target)
        assert (target / "file").read_text() == text
        assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_what_a_stopped_run_left_is_mended(tmp_path):
    target = tmp_path / "out"
    (tmp_path / ".out.old").mkdir()
    (tmp_path / ".out.old" / "file").write_text("good")
    (tmp_path / ".out.new").mkdir()
    (tmp_path / ".out.new" / "half").write_text("bad")
    prepare(target)
    mend(target)
    assert (target / "file").read_text() == "good"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_a_swap_that_is_interrupted_is_undone(tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    for text in ("old", "new"):
        for folder in prepare(first, second):
            (folder / "file").write_text(text)
        if text == "old":
            publish(first, second)
    rename = Path.rename
    seen = []

    def stopped(path, target):
        seen.append(path.name)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr("pipeline.publish._exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(first, second)
    monkeypatch.undo()
    assert (first / "file").read_text() == "old"
    assert (second / "file").read_text() == "old"


def test_an_exchange_that_is_interrupted_is_undone(tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    for text in ("old", "new"):
        for folder in prepare(first, second):
            (folder / "file").write_text(text)
        if text == "old":
            publish(first, second)
    calls = []

    def stopped(one, other):
        calls.append(other.name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        held = one.with_name("held")
        one.rename(held)
        other.rename(one)
        held.rename(other)
        return True

    monkeypatch.setattr("pipeline.publish._exchange", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(first, second)
    assert calls == ["first", "second", "first"]
    assert (first / "file").read_text() == "old"
    assert (second / "file").read_text() == "old"


def test_two_folders_change_places_or_stay_where_they_are(tmp_path):
    names = ["one", "other"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    expected = names[::-1] if _exchange(tmp_path / "one", tmp_path / "other") else names
    assert [(tmp_path / name / "file").read_text() for name in names] == expected


def test_a_full_disk_is_a_message():
    with pytest.raises(CannotReadOrWrite, match="No space left") as told, writing():
        raise OSError(28, "No space left on device", "reports/2016-10/report.pdf")
    assert told.value.exit_code == 6
    assert "Free some space" in str(told.value)


def test_a_wave_is_held_by_one_run_at_a_time(tmp_path):
    with lock(tmp_path / WAVE), pytest.raises(WaveBusy) as told, lock(tmp_path / WAVE):
        pass
    assert told.value.exit_code == 7
    with lock(tmp_path / WAVE):
        pass
