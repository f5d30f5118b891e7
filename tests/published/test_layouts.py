"""One wave in six layouts: whatever way it is written, it comes to the same ledger and the same counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.engine import Engine
from tests.support.run import Results, run_wave
from tests.support.six_layouts import FIELDWORK, FILES, FORM, LAYOUTS, MEASURES, expected_counts, expected_ledger
from tests.support.waves import NAME, wave_toml


@pytest.fixture(scope="module", params=FILES)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Results:
    """The wave in one layout, with its form, ingested."""
    raw: Path = tmp_path_factory.mktemp("raw")
    (raw / NAME).mkdir()
    for name in (request.param, FORM):
        shutil.copyfile(LAYOUTS / name, raw / NAME / name)
    text = wave_toml([request.param], form=f'"{FORM}"')
    declared = "{ from = 2015-12-01, to = 2016-09-30 }"
    assert declared in text
    (raw / NAME / "wave.toml").write_text(text.replace(declared, FIELDWORK), encoding="utf-8")
    return run_wave(raw, engine)


def test_the_ledger(written: Results) -> None:
    assert {rule: rows for rule, rows in written.ledger.items() if rows} == expected_ledger()


def test_all_147_counts(written: Results) -> None:
    expected = expected_counts()
    assert {cell: [written.counts[cell][measure] for measure in MEASURES] for cell in expected} == expected
    assert len(expected) == 147


def test_there_are_six() -> None:
    tables = {path.name for path in LAYOUTS.iterdir()} - {
        FORM,
        "README.md",
        "expected_counts.csv",
        "expected_ledger.json",
    }
    assert tables == set(FILES)
    assert len(FILES) == 6
