"""Fixtures that every kind of test shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.engine import Engine, connect
from tests.support import profiles
from tests.support.run import Results, run_wave
from tests.support.waves import FILE, Row, respondents, write_texts, write_wave
from tests.support.whole_run import Run, made_once, run_shipped

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"

profiles.load()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One connection for all tests: connecting for each would cost more than the tests."""
    connection = connect("duckdb")
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def shipped(engine: Engine) -> Results:
    """The wave that ships with the project, ingested once."""
    return run_wave(RAW, engine)


@pytest.fixture(scope="session")
def shipped_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The whole run of the wave that ships with the project. Tests that change it take a copy."""
    return made_once("shipped", run_shipped, tmp_path_factory)


@pytest.fixture
def run_rows(tmp_path: Path, engine: Engine) -> Callable[..., Results]:
    """Runs a wave of usual respondents with these answers."""

    def of(*rows: Row, more: str = "") -> Results:
        write_wave(tmp_path, respondents(rows), more=more)
        return run_wave(tmp_path, engine)

    return of


@pytest.fixture
def run_export(tmp_path: Path, engine: Engine) -> Callable[..., Results]:
    """Runs a wave whose only export holds this text, or these bytes."""

    def of(content: str | bytes, more: str = "") -> Results:
        folder = write_texts(tmp_path, {FILE: content if isinstance(content, str) else ""}, more=more)
        if isinstance(content, bytes):
            (folder / FILE).write_bytes(content)
        return run_wave(tmp_path, engine)

    return of
