"""Whole runs: of the shipped wave, and of a made-up one with many rare nationalities and countries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.rehearsal import make_dummy_wave
from tests.support.carriers import Piece, scan_folder
from tests.support.whole_run import WAVE, Run, made_once, run_pipeline


@pytest.fixture(scope="session")
def drawn_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_once("drawn", run_drawn, tmp_path_factory)


def run_drawn(root: Path) -> Run:
    make_dummy_wave(root / "data" / "raw" / WAVE, "fms-2016", size=1500, seed=3, tidy=True)
    run = run_pipeline(root, "report")
    assert run.code == 0, run.errors
    return run


@pytest.fixture(scope="session")
def told(shipped_run: Run) -> list[Piece]:
    """Every piece of the shipped wave's release."""
    return list(scan_folder(shipped_run.reports))
