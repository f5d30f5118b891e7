"""The fixture with which readers are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine import Engine
from tests.unit.sources.taking_in import TakeIn, Taken, take_in


@pytest.fixture
def taken(tmp_path: Path, engine: Engine) -> TakeIn:
    """Takes in a file, with a scratch folder of its own."""

    def of(path: Path, chosen: str | None = None) -> Taken:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return take_in(path, scratch, engine, chosen)

    return of
