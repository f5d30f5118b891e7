"""What an engine promises beyond running an expression."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.coded import MOST_TEXTS, Translation
from pipeline.engine import ROW, Engine

WORDS = ["yes", "no", "declined", "not_asked"]


def records(engine: Engine, *texts: str | None, more: dict[str, list[str | None]] | None = None) -> ibis.Table:
    columns = {"text": list(texts), **(more or {})}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    return engine.read_cells(table.append_column(ROW, pa.array(range(2, len(texts) + 2))), list(columns))


def shown(engine: Engine, table: ibis.Table, column: str) -> list[object]:
    frame = engine.frame(table.order_by(ROW))
    return [None if pd.isna(value) else value for value in frame[column]]


def test_words_are_held_as_they_are_computed(engine: Engine) -> None:
    table = engine.from_arrow(pa.table({"said": ["yes", None, "no", None], "asked": [True, True, False, False]}))
    blank = ibis.ifelse(table.asked, "declined", "not_asked")
    filled = table.said.fill_null(blank)
    expression = table.select(
        filled=filled,
        # The same blank stands in two columns, and branches are nested.
        again=ibis.cases(
            (table.asked, table.said.fill_null(blank)), else_=ibis.ifelse(table.said == "no", "no", blank)
        ),
        nothing=ibis.null("string"),
        other=table.said,
    )
    held = engine.hold(expression, {"filled": WORDS, "again": WORDS, "nothing": WORDS})
    pd.testing.assert_frame_equal(engine.frame(held), engine.frame(expression))
    stepped = engine.step(expression, {"filled": WORDS, "again": WORDS})
    pd.testing.assert_frame_equal(engine.frame(stepped), engine.frame(expression))


def test_a_column_of_many_texts_is_translated_like_one_of_few(engine: Engine) -> None:
    many = [f"t{n}" for n in range(MOST_TEXTS + 1)]
    table = records(engine, *many, more={"few": ["yes" if n % 2 else None for n in range(len(many))]})
    assert not engine.is_few(table, "text")
    assert engine.is_few(table, "few")
    new = {
        "word": Translation("text", {"t0": "yes", "t2": "no"}, among=WORDS),
        "number": Translation("text", {"t1": 7}, kind="number"),
        "day": Translation("text", {"t2": date(2016, 7, 15)}, kind="day"),
        "is it": Translation("few", {"yes": True}, kind="yes or no"),
    }
    translated = engine.translate(table, [ROW, "text"], new)
    assert shown(engine, translated, "text") == many
    assert shown(engine, translated, "word") == ["yes", None, "no"] + [None] * (len(many) - 3)
    assert shown(engine, translated, "number")[:3] == [None, 7, None]
    assert shown(engine, translated, "day")[2] == pd.Timestamp(2016, 7, 15)
    assert shown(engine, translated, "is it")[:3] == [False, True, False]


def test_what_is_kept_is_what_was_computed(engine: Engine) -> None:
    table = records(engine, " male ", "", "female", more={"other": ["1", "2", "3"]})
    kept = engine.keep(table.select("other", ROW, text=table.text.upper().fill_null("nobody")))
    assert list(kept.columns) == ["other", ROW, "text"]
    assert shown(engine, kept, "text") == ["MALE", "nobody", "FEMALE"]
    assert shown(engine, kept, "other") == ["1", "2", "3"]
    assert engine.tally(kept, ["text"]) == {"text": {"FEMALE": 1, "MALE": 1, "nobody": 1}}
    assert shown(engine, engine.mark(kept, "is it", [3]), "is it") == [False, True, False]


@pytest.mark.parametrize("rows", [[2, 3, 4], [3, 2, 4], [4, 4, 2]])
def test_rows_are_written_in_order_whether_they_were_or_not(rows: list[int], engine: Engine, tmp_path: Path) -> None:
    table = engine.from_arrow(pa.table({"file": ["a", "a", "b"], "row": rows}))
    engine.write_parquet(table, tmp_path / "rows.parquet", ["file", "row"])
    written = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [(w["file"], w["row"]) for w in written] == sorted(zip(["a", "a", "b"], rows, strict=True))
