"""What makes an export quick to read changes nothing about what is read.

Text that is written plainly is read by a quicker reader, and the texts of a column are kept once where they are few.
Here both are switched off, and the result has to be the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pipeline.engine.on_duckdb
from pipeline import coded
from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from tests.support.profiles import whole_runs
from tests.support.run import run_wave
from tests.support.waves import Row, respondents, write_wave

TEXTS = {
    "sex": ["male", "Male", "female ", "FEMALE", " homme", "88", "n/a", ""],
    "nationality": ["NGA", "Nigéria", "nigeria", "other / unknown", "OOO", "-99", ""],
    "transit": ["lt_2w", "ge_12m", "12 months or more", "don't know", ""],
    "unpaid_work": ["yes_me", "yes_family", "no", "No ", "pnta", ""],
    "age": ["30", "021", "30.0", "30,00", "-99", "888", "idnk", "0.22", "13", "111", " 40", "n/a", ""],
    "reasons": ["war", "war economic", "economic war", " services  family ", ""],
    "consent": ["yes", "Yes", "1", "no", ""],
    "survey_date": ["2016-07-15", "2016-07-15T09:00:00", "42566", "1970-01-01", ""],
    "submission_uuid": ["uuid-a", "uuid-b", "uuid-c4", "NA", ""],
    "root_uuid": ["uuid-a", "uuid:uuid-b", "", ""],
    "submission_time": ["2016-10-01T00:00:00", "2016-10-01T02:00:00+02:00", "never", ""],
    "submission_id": ["1", "2", "10", "x", ""],
}
"""Texts that the questionnaire reads, in the spellings that it expects and in others."""

UNREAD = {"sex": "robot", "age": "vingt", "monitoring_point": "here"}

USUAL = st.fixed_dictionaries({}, optional={name: st.sampled_from(texts) for name, texts in TEXTS.items()})


@contextmanager
def slowly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.engine.on_duckdb, "read_plainly", lambda *_: None)
        patch.setattr(coded, "MOST_TEXTS", 0)
        yield


def read(raw: Path, engine: Engine) -> tuple[pd.DataFrame, list[object], list[object]] | str:
    """Respondents, ledger and findings; or what the refusal says."""
    try:
        results = run_wave(raw, engine)
    except ExportInvalid as refused:
        return str(refused)
    return results.respondents, list(results.ledger.items()), results.ingested.findings


def both(rows: list[Row] | dict[str, list[Row]], engine: Engine) -> tuple[object, object]:
    with tempfile.TemporaryDirectory() as folder:
        write_wave(Path(folder), rows)
        fast = read(Path(folder), engine)
        with slowly():
            slow = read(Path(folder), engine)
    return fast, slow


def assert_equal(fast: object, slow: object) -> None:
    if isinstance(fast, str) or isinstance(slow, str):
        assert fast == slow
        return
    pd.testing.assert_frame_equal(fast[0], slow[0])
    assert fast[1:] == slow[1:]


@given(st.lists(USUAL, min_size=1, max_size=30))
@example([{"sex": "male", "age": "30"}])
@example([{"sex": "male ", "age": "30.0"}, {"sex": "Homme", "age": "idnk"}])
@whole_runs(one_in=2)
def test_reading_slowly_gives_the_same(engine: Engine, rows: list[Row]) -> None:
    assert_equal(*both(respondents(rows), engine))


@given(st.lists(USUAL, min_size=1, max_size=6), st.lists(USUAL, min_size=1, max_size=6))
@whole_runs(one_in=3)
def test_it_does_where_a_wave_has_several_files(engine: Engine, first: list[Row], second: list[Row]) -> None:
    rows = respondents([*first, *second])
    assert_equal(*both({"b.csv": rows[: len(first)], "a.csv": rows[len(first) :]}, engine))


@pytest.mark.parametrize("column", UNREAD)
def test_a_text_that_cannot_be_read_is_refused_in_the_same_words(column: str, engine: Engine) -> None:
    fast, slow = both(respondents([{}, {column: UNREAD[column]}, {"age": "30.0"}]), engine)
    assert isinstance(fast, str)
    assert fast == slow
