"""Whole runs of the pipeline, each in a process and a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

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
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments, "--root", str(root)],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(root, done.stdout, done.stderr, done.returncode)


@pytest.fixture(scope="session")
def shipped_run(tmp_path_factory) -> Run:
    """The shipped wave, from export to PDF."""
    run = run_pipeline(lay_out(tmp_path_factory.mktemp("shipped")), "report")
    assert run.code == 0, run.errors
    return run
