"""An export may have more columns than anyone asked questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine import ROW, Dialect, Engine
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.layout import lay_out
from pipeline.ingest.rows import KIND, kind_of_row
from pipeline.ingest.sheet import Delimited, Sheet
from pipeline.wave import load_questionnaire
from tests.support.waves import export_text, respondents, write_export

COLUMNS = 1000


@pytest.mark.long
def test_rows_are_told_apart_in_a_wide_export(tmp_path: Path, engine: Engine) -> None:
    more = {f"column_{number}": "1" for number in range(COLUMNS)}
    rows = [row | more for row in respondents([{}, {}])]
    write_export(tmp_path / "wide.csv", export_text(rows, extra=more))
    header = tuple(export_text([], extra=more).strip().replace('"', "").split(";"))
    sheet = Sheet("wide.csv", "", header, Delimited(tmp_path / "wide.csv", Dialect(";")))
    q = load_questionnaire("fms-2016")
    layout = lay_out(sheet, Codebook(q))
    records = engine.read_csv(tmp_path / "wide.csv", Dialect(";"), layout.names, first_row=2)
    kinds = records.select(ROW, **{KIND: kind_of_row(records, layout, q)})
    assert list(engine.frame(kinds.order_by(ROW))[KIND].isna()) == [True, True]
