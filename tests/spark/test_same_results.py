"""Both engines find the same rows, findings and numbers, in exports as they really are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine import Engine, connect
from tests.support.run import Results, run_wave
from tests.support.waves import respondents, write_texts, write_wave
from tests.support.whole_run import lay_out, run_pipeline

WITHOUT = {"manifest.json", "respondents.parquet"}
"""Files that say which engine wrote them, or are not promised to be the same bytes."""


@pytest.fixture(scope="module")
def embedded() -> Iterator[Engine]:
    connection = connect("duckdb")
    yield connection
    connection.close()


def assert_same(one: Results, other: Results) -> None:
    order = ["file", "row"]
    people = [run.respondents.sort_values(order, ignore_index=True) for run in (one, other)]
    pd.testing.assert_frame_equal(*people, check_dtype=False)
    pd.testing.assert_frame_equal(one.ingested.ledger, other.ingested.ledger)
    assert one.ingested.findings == other.ingested.findings
    for name in ("counts", "profiles", "pairs"):
        pd.testing.assert_frame_equal(getattr(one.tabulated, name), getattr(other.tabulated, name))


ODD = {
    "cells of several lines": {"form_version": "v1\nv2"},
    "marks and separators": {"form_version": 'v "1"; 2'},
    "white space around": {"sex": "  male\t", "age": " 31 "},
    "letters of another alphabet": {"form_version": "Σημείο É"},
    "dates with times": {"survey_date": "2016-07-15T10:20:30.000+02:00"},
}


@pytest.mark.parametrize("answers", ODD.values(), ids=ODD)
def test_of_odd_cells(answers: dict[str, str], tmp_path: Path, engine: Engine, embedded: Engine) -> None:
    rows = respondents([{}, answers, {"consent": "no"}, {"age": "12"}])
    write_wave(tmp_path, [*rows, rows[0]])
    assert_same(run_wave(tmp_path, embedded), run_wave(tmp_path, engine))


def test_of_two_files_with_copies_across_them(tmp_path: Path, engine: Engine, embedded: Engine) -> None:
    rows = respondents({"age": str(14 + n)} for n in range(30))
    write_wave(tmp_path, {"a.csv": rows[:20], "b.csv": rows[10:]})
    one, other = run_wave(tmp_path, embedded), run_wave(tmp_path, engine)
    assert one.ledger["duplicate"] == 10
    assert_same(one, other)


def test_of_a_file_with_blank_lines(tmp_path: Path, engine: Engine, embedded: Engine) -> None:
    from tests.support.waves import FILE, export_text

    header, *lines = export_text(respondents([{}, {}, {}])).splitlines(keepends=True)
    write_texts(tmp_path, {FILE: header + lines[0] + "\r\n\r\n" + lines[1] + lines[2]})
    assert_same(run_wave(tmp_path, embedded), run_wave(tmp_path, engine))


def test_the_shipped_wave_gives_the_same_bytes(tmp_path: Path) -> None:
    runs = {}
    for name in ("duckdb", "spark"):
        root = lay_out(tmp_path / name)
        runs[name] = run_pipeline(root, "report", "--engine", name)
        assert runs[name].code == 0, runs[name].errors
    for folder in ("reports", "processed"):
        one, other = (getattr(runs[name], folder) for name in ("duckdb", "spark"))
        names = [sorted(str(path.relative_to(of)) for path in of.rglob("*") if path.is_file()) for of in (one, other)]
        assert names[0] == names[1]
        left_out = WITHOUT if folder == "processed" else set()
        differ = [n for n in names[0] if n not in left_out and (one / n).read_bytes() != (other / n).read_bytes()]
        assert not differ


def test_checks_of_fieldwork_say_the_same(tmp_path: Path) -> None:
    said = []
    for name in ("duckdb", "spark"):
        run = run_pipeline(lay_out(tmp_path / name), "check-wave", "--engine", name)
        assert run.code == 0, run.errors
        said.append([line for line in run.output.splitlines() if "done:" not in line and str(tmp_path) not in line])
    assert said[0] == said[1]
