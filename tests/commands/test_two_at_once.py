"""Two runs of one wave at the same time: one is told who has it, and neither spoils the other's outputs."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.places import Places
from pipeline.publish import lock
from tests.support.waves import NAME, respondents, write_wave
from tests.support.whole_run import REPOSITORY, WAVE, run_pipeline

HOLDING = "import sys, time; from pathlib import Path; from pipeline.publish import lock\n"
HOLDING += "with lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_wave(tmp_path / "data" / "raw", respondents([{}] * 60))
    return tmp_path


@contextmanager
def held_by_another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a folder, until it is killed."""
    command = [sys.executable, "-c", HOLDING, str(folder)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


VERBS = (["ingest"], ["check-wave"], ["publish"], ["purge", "--wave", NAME])


def test_whoever_comes_second_is_told_who_has_it_until_that_one_is_dead(root: Path) -> None:
    assert run_pipeline(root, "ingest").code == 0
    write_wave(root / "again", respondents([{}] * 90))
    shutil.copytree(root / "again", root / "data" / "raw", dirs_exist_ok=True)
    with held_by_another(Places(root).processed(NAME)) as holder:
        for verb in VERBS:
            run = run_pipeline(root, *verb)
            assert run.code == 7, (verb, run.output)
            assert f"Another run is working on {NAME} (process {holder.pid} on " in run.errors
            assert "Wait until it has finished" in run.errors
    # It was killed, and had no time to give anything back.
    assert run_pipeline(root, "ingest").code == 0
    assert {path.name for path in (root / "data" / "processed").iterdir()} == {NAME, f".{NAME}.lock"}


def test_a_wave_that_is_held_hinders_no_other(root: Path) -> None:
    with held_by_another(Places(root).processed("another")):
        assert run_pipeline(root, "ingest").code == 0


def test_a_run_with_nothing_to_do_needs_no_lock(root: Path) -> None:
    assert run_pipeline(root, "ingest").code == 0
    with lock(Places(root).processed(NAME)):
        assert run_pipeline(root, "ingest").code == 0


def test_two_that_begin_together(root: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "ingest", "--root", str(root)]
    both = [subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for _ in "12"]
    told = [process.communicate()[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    # The second may come so late that it finds all done.
    assert codes in ([0, 7], [0, 0]), told
    assert run_pipeline(root, "ingest").output.startswith("Nothing has changed")


# --- Ctrl-C ---------------------------------------------------------------------------------------------------------


def interrupted(root: Path, after: float) -> tuple[int, str]:
    """A run that is interrupted after so many seconds."""
    command = [sys.executable, "-m", "pipeline", "report", "--root", str(root)]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)
    return process.returncode, told


@pytest.mark.long
def test_an_interrupt_at_any_moment_is_told_in_one_line(shipped_run, tmp_path: Path) -> None:
    root = shutil.copytree(shipped_run.root, tmp_path / "root")
    wave_file = root / "data" / "raw" / WAVE / "wave.toml"
    wave_file.write_text(wave_file.read_text(encoding="utf-8") + "# Changed.\n", encoding="utf-8")
    manifest = (root / "reports" / WAVE / "manifest.json").read_bytes()
    chance = random.Random(1)
    for _ in range(20):
        code, told = interrupted(root, chance.uniform(0.3, 6))
        # Before the program has begun to run, Python itself is stopped.
        assert code in (130, -signal.SIGINT), told
        assert code != 130 or re.fullmatch(r"Stopped\..+", told.strip()), told
        assert (root / "reports" / WAVE / "manifest.json").read_bytes() == manifest
        assert [path.name for path in (root / "reports").iterdir()] == [WAVE]
