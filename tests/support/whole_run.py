"""Whole runs of the pipeline, each in a process and a folder of its own."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

REPOSITORY = Path(__file__).resolve().parents[2]
WAVE = "2016-10"


@dataclass(frozen=True)
class Run:
    """A finished run: its root folder, what it printed, and its exit code."""

    root: Path
    output: str
    errors: str
    code: int

    @property
    def reports(self) -> Path:
        return self.root / "reports" / WAVE

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed" / WAVE


def lay_out(root: Path) -> Path:
    """A root folder with the shipped wave in it."""
    shutil.copytree(REPOSITORY / "data" / "raw" / WAVE, root / "data" / "raw" / WAVE)
    return root


def run_pipeline(root: Path, *arguments: str, **environment: str) -> Run:
    """Runs a verb in a process of its own."""
    return run_program(["-m", "pipeline"], root, *arguments, **environment)


def run_program(
    program: list[str], root: Path, *arguments: str, python: str = sys.executable, **environment: str
) -> Run:
    """The same with another program, which does as the pipeline does, or with another Python."""
    done = subprocess.run(
        [python, *program, *arguments, "--root", str(root)],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(root, done.stdout, done.stderr, done.returncode)


def made_once(name: str, make: Callable[[Path], Run], folders: pytest.TempPathFactory) -> Run:
    """What `make` makes of a folder, in one that is this process's own.

    A run takes half a minute and a copy none, so processes that share the tests make it once between them.
    """
    own = folders.mktemp(name)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return make(own)
    shared = folders.getbasetemp().parent / name
    told = shared.with_suffix(".pickle")
    with FileLock(shared.with_suffix(".lock")):
        if not told.exists():
            shutil.rmtree(shared, ignore_errors=True)
            told.write_bytes(pickle.dumps(make(shared)))
    shutil.copytree(shared, own, dirs_exist_ok=True)
    return replace(pickle.loads(told.read_bytes()), root=own)


def run_shipped(root: Path) -> Run:
    """The shipped wave, from export to PDF."""
    run = run_pipeline(lay_out(root), "report")
    assert run.code == 0, run.errors
    return run
