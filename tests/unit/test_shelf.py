"""Columns that lie in files instead of in memory are the columns that they were, and leave no file behind."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import pipeline.engine.on_duckdb
from pipeline.engine import Engine
from pipeline.engine.on_duckdb import DuckDB
from pipeline.shelf import Shelf
from tests.support.run import run_wave
from tests.support.waves import respondents, write_wave


def test_what_is_put_on_a_shelf_is_found_there_again_and_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    table = pa.table({"text": ["a", None, "é" * 100], "number": [1, 2, None]})
    found = shelf.put(table)
    for _ in range(2):
        assert found.equals(table)
        shelf.give_back()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_table_has_its_place(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([], pa.string())})
    assert Shelf(tmp_path).put(table).equals(table)


def test_a_wave_is_the_same_when_its_long_columns_are_shelved(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = respondents({"age": str(14 + n % 60), "monitoring_point": f"PNT-{n % 90:03d}"} for n in range(1500))
    write_wave(tmp_path, [*rows, rows[3]])
    expected = run_wave(tmp_path, engine)
    put: list[pa.Table] = []
    whole = Shelf.put
    monkeypatch.setattr(pipeline.engine.on_duckdb, "_MUCH", 0)
    monkeypatch.setattr(Shelf, "put", lambda shelf, table: put.append(table) or whole(shelf, table))
    (tmp_path / "spilled").mkdir()
    small = DuckDB(tmp_path / "spilled")
    try:
        found = run_wave(tmp_path, small)
        pd.testing.assert_frame_equal(found.respondents, expected.respondents)
        pd.testing.assert_frame_equal(found.tabulated.counts, expected.tabulated.counts)
        assert found.ingested.findings == expected.ingested.findings
        assert {"_uuid", "_submission_time"} <= {name for table in put for name in table.column_names}
    finally:
        small.close()
