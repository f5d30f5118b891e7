"""Runs killed at random moments: the release is the old one or the new one, whole, and the next run finishes."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.waves import NAME, Row, respondents, write_wave
from tests.support.whole_run import REPOSITORY, run_pipeline

FEW, MANY = 10, 200
"""Kills on every change, and in the long run."""
State = dict[str, bytes]


def people(n: int) -> list[Row]:
    return respondents({"age": str(16 + at % 30), "unpaid_work": "yes_me" if at % 3 else "no"} for at in range(n))


def state(root: Path) -> State:
    """The release, file by file."""
    reports = root / "reports" / NAME
    return {str(path.relative_to(reports)): path.read_bytes() for path in reports.rglob("*") if path.is_file()}


def write(root: Path, rows: list[Row]) -> None:
    """Puts an export of these rows in the place of what was there."""
    aside = root / "aside"
    write_wave(aside, rows)
    raw = root / "data" / "raw" / NAME
    raw.mkdir(parents=True, exist_ok=True)
    for path in (aside / NAME).iterdir():
        path.replace(raw / path.name)
    (aside / NAME).rmdir()


def begun(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "figures", "--root", str(root)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_at_random(root: Path, times: int) -> set[str]:
    """Kills runs of two waves in turn, each at some moment; which releases were there afterwards, by name."""
    waves = {"first": people(60), "second": people(90)}
    whole: dict[str, State] = {}
    for name, rows in waves.items():
        write(root, rows)
        started = time.monotonic()
        assert run_pipeline(root, "figures").code == 0
        takes = time.monotonic() - started
        whole[name] = state(root)
    chance, seen = random.Random(1), set()
    for at in range(times):
        write(root, list(waves.values())[at % 2])
        run = begun(root)
        # Some of them late, where folders change places.
        time.sleep(takes * (chance.uniform(0.8, 1.1) if at % 4 == 0 else chance.uniform(0, 1)))
        _kill(run)
        found = [name for name, files in whole.items() if state(root) == files]
        assert len(found) == 1, f"after kill {at} the release is neither the one nor the other"
        seen.add(found[0])
    # The wave that is not released, so that the next run has something to do.
    (name,) = waves.keys() - found
    write(root, waves[name])
    assert run_pipeline(root, "figures").code == 0
    assert state(root) == whole[name]
    left = [path.name for folder in ("reports", "data/processed") for path in (root / folder).iterdir()]
    assert set(left) <= {NAME, f".{NAME}.lock"}
    return seen


def _kill(run: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def test_a_run_killed_at_any_of_some_moments_leaves_a_whole_release(tmp_path: Path) -> None:
    assert kill_at_random(tmp_path, FEW)


@pytest.mark.long
def test_so_does_one_killed_at_any_of_many(tmp_path: Path) -> None:
    assert kill_at_random(tmp_path, MANY) == {"first", "second"}
