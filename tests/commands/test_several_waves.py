"""Several waves at once: each with its own outcome, and one that fails leaves the others alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import EXIT_CODES, PipelineError, UsageError
from pipeline.several import chosen, in_order
from tests.support.waves import NAME, respondents, wave_toml, write_wave
from tests.support.whole_run import REPOSITORY

GOOD, OTHER, BROKEN = "2016-11", "2016-12", "2017-01"


def put_wave(raw: Path, name: str, text: str) -> None:
    folder = write_wave(raw, respondents([{}, {}]))
    (folder / "wave.toml").write_text(text, encoding="utf-8")
    folder.rename(raw / name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two waves that can be used and one that cannot; what it needs is installed already."""
    raw = tmp_path / "data" / "raw"
    for name in (GOOD, OTHER):
        put_wave(raw, name, wave_toml(wave=f'"{name}"'))
    put_wave(raw, BROKEN, wave_toml(wave=f'"{BROKEN}"', questionnaire='"fms-1999"'))
    (tmp_path / "pipeline").symlink_to(REPOSITORY / "pipeline", target_is_directory=True)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "venv" / "ready").touch()
    return tmp_path


def command(*words: str) -> list[str]:
    run = f"RUN={sys.executable} -m pipeline"
    # Run by a make, make says which folder it enters.
    return ["make", "--no-print-directory", "-f", str(REPOSITORY / "Makefile"), "VENV=venv", run, *words]


PASSED_ON = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "WAVE", "WAVES", "JOBS")
"""What a make that runs the tests would pass on."""


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in PASSED_ON}


def make(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=root, env=clean(), capture_output=True, text=True, check=False)


def processed(root: Path) -> set[str]:
    folder = root / "data" / "processed"
    return {path.parent.name for path in folder.glob("*/manifest.json")}


def test_a_wave_that_fails_does_not_stop_the_others(root):
    done = make(root, "-j2", "ingest", f"WAVES={GOOD} {BROKEN} {OTHER}")
    assert done.returncode != 0
    assert processed(root) == {GOOD, OTHER}
    assert f"3 waves: 2 done, 1 not.\n  {GOOD}  done\n  {OTHER}  done" in done.stdout
    assert f"  {BROKEN}  failed, exit code 2: {EXIT_CODES[2]}" in done.stderr
    assert f'{BROKEN} | questionnaire: there is no questionnaire "fms-1999".' in done.stderr


def test_every_line_of_several_waves_says_whose_it_is(root):
    done = make(root, "-j", "ingest", f"WAVES={GOOD} {OTHER}")
    assert done.returncode == 0
    said, _, summary = done.stdout.partition("\n\n")
    assert {line.partition(" | ")[0] for line in said.splitlines()} == {GOOD, OTHER}
    assert summary.startswith("2 waves: 2 done, 0 not.")


def test_all_stands_for_every_wave_and_quiet_leaves_the_failures(root):
    done = make(root, "ingest", "WAVES=all", "QUIET=1")
    assert done.returncode != 0
    assert processed(root) == {GOOD, OTHER}
    assert done.stdout == ""
    assert BROKEN in done.stderr


def test_one_wave_is_run_as_ever(root):
    done = make(root, "-j2", "ingest", f"WAVE={GOOD}")
    assert (done.returncode, processed(root)) == (0, {GOOD})
    assert " | " not in done.stdout
    assert "waves:" not in done.stdout


def test_make_says_how_many_at_a_time(root):
    for words, jobs in (((), "1"), (("-j3",), "3"), (("-j",), "0"), (("JOBS=2",), "2")):
        told = subprocess.run(
            [*command("-n", *words, "-f", "-", "told")],
            cwd=root,
            env=clean(),
            input="told:\n\t@echo $(JOBS)\n",
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == f"echo {jobs}"


def test_without_make_the_waves_are_named_one_by_one(root):
    line = [sys.executable, "-m", "pipeline", "ingest", "--wave", GOOD, "--wave", BROKEN, "--wave", GOOD]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, processed(root)) == (2, {GOOD})
    assert "2 waves: 1 done, 1 not." in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_stop_reaches_every_wave_and_none_is_begun_after_it(root):
    line = [sys.executable, "-m", "pipeline", "ingest", "--wave", GOOD, "--wave", OTHER]
    with subprocess.Popen(line, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        while run.poll() is None and not (root / "data" / "processed" / f".{GOOD}.lock").exists():
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)
    assert run.returncode == 130
    assert f"{OTHER}  failed, exit code 130: interrupted" in told
    assert OTHER not in processed(root)


def test_every_exit_code_has_its_meaning():
    assert {kind.exit_code for kind in PipelineError.__subclasses__()} | {0, 1, 130} == set(EXIT_CODES)


def test_a_project_without_any_wave_is_told(tmp_path):
    with pytest.raises(UsageError, match="no wave to run"):
        chosen(["all"], tmp_path)
    assert chosen([NAME, NAME], tmp_path) == [NAME]


# --- waves that are set beside one another ----------------------------------------------------------------------------

ORDERS = {
    "the earlier one comes first": ({"b": "a", "a": None}, {"a": None, "b": "a"}),
    "a chain": ({"c": "b", "b": "a", "a": None}, {"a": None, "b": "a", "c": "b"}),
    "one that is not asked for": ({"b": "elsewhere", "a": None}, {"b": None, "a": None}),
    "two that name each other": ({"a": "b", "b": "a"}, {"a": None, "b": None}),
    "itself": ({"a": "a"}, {"a": None}),
}


@pytest.mark.parametrize("case", ORDERS)
def test_a_wave_waits_for_the_one_that_it_is_set_beside(case, tmp_path):
    named, expected = ORDERS[case]
    for wave, earlier in named.items():
        (tmp_path / wave).mkdir()
        (tmp_path / wave / "wave.toml").write_text(f'earlier_wave = "{earlier}"\n' if earlier else "", encoding="utf-8")
    assert list(in_order(list(named), tmp_path).items()) == list(expected.items())


def test_a_wave_file_that_cannot_be_read_is_left_for_its_own_run(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "wave.toml").write_text("not = = toml", encoding="utf-8")
    assert in_order(["a", "b"], tmp_path) == {"a": None, "b": None}
