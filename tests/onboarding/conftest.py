"""New waves under a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.onboarding import new_wave
from pipeline.onboarding.proposal import Proposal

NAME = "2017-06"

Onboard = Callable[..., Proposal]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Where waves are. It is not there yet, as on a fresh machine."""
    return tmp_path / "project" / "data" / "raw"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """The folder in which the analyst has what was sent."""
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


@pytest.fixture
def onboard(raw: Path, tmp_path: Path, engine: Engine) -> Onboard:
    """(source, and what `new_wave` takes besides) → the proposal."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return partial(new_wave, raw, NAME, scratch=scratch, engine=engine)
