"""Whatever is done to a file, reading it ends soon, in a table or in a message, and no message holds a cell."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.engine import Engine, connect
from pipeline.errors import ExportInvalid, NotAnonymised
from pipeline.ingest.codebook import Codebook
from pipeline.wave import load_questionnaire
from tests.fuzz.originals import ORIGINALS, PIECES
from tests.fuzz.reading import read_all
from tests.support.hang import stopped_if_it_hangs
from tests.support.mutate import mutated
from tests.support.profiles import damaged_files, damaged_waves
from tests.support.run import run_wave
from tests.support.waves import NAME, wave_toml

SEEDS = st.integers(0, 2**40)


@pytest.fixture(scope="module", params=ORIGINALS)
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ORIGINALS[request.param](tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return Codebook(load_questionnaire("fms-2016"), None)


@pytest.fixture
def own_engine() -> Iterator[Engine]:
    """An engine that is closed after the test: it holds the records of every file that was read."""
    engine = connect("duckdb")
    yield engine
    engine.close()


def test_what_is_damaged_can_be_read(original: Path, codebook: Codebook, own_engine: Engine, tmp_path: Path) -> None:
    said = read_all(original, tmp_path, codebook, own_engine)
    assert "cannot be read" not in said


@damaged_files()
@given(seed=SEEDS)
def test_a_damaged_file(seed: int, original: Path, codebook: Codebook, own_engine: Engine) -> None:
    content = original.read_bytes()
    damaged = mutated(content, seed)
    assume(damaged != content)
    with tempfile.TemporaryDirectory() as folder, stopped_if_it_hangs():
        path = Path(folder) / original.name
        path.write_bytes(damaged)
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        said = read_all(path, scratch, codebook, own_engine)
    assert not PIECES.search(said)


@damaged_waves()
@given(seed=SEEDS)
def test_a_wave_with_a_damaged_file(seed: int, original: Path, own_engine: Engine) -> None:
    with tempfile.TemporaryDirectory() as folder, stopped_if_it_hangs():
        wave = Path(folder) / NAME
        wave.mkdir()
        (wave / original.name).write_bytes(mutated(original.read_bytes(), seed))
        (wave / "wave.toml").write_text(wave_toml([original.name]), encoding="utf-8")
        try:
            findings = run_wave(Path(folder), own_engine).ingested.findings
        except (ExportInvalid, NotAnonymised) as refusal:
            said = str(refusal)
        else:
            said = "\n".join(finding.message for finding in findings)
    assert not PIECES.search(said)
