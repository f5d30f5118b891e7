"""Exports that are written in other ways than the usual one, and say the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Literal

import pytest

from pipeline.engine import ROW, Engine
from pipeline.ingest.read import load, look_at
from tests.support.run import Results
from tests.support.waves import REASONS, export_text, respondents

ROWS = respondents([{"age": "111"}, {"consent": ""}, {"form_version": 'version "2";\r\nor 3'}])
TEXT = export_text(ROWS)


def rewritten(text: str, order: int, quoting: Literal[0, 1]) -> str:
    """The same cells, written again by Python."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", quoting=quoting).writerows(record[::order] for record in records)
    return written.getvalue()


WAYS: dict[str, str | bytes] = {
    "as KoboToolbox writes it": TEXT,
    "commas": TEXT.replace('";"', '","'),
    "tabs": TEXT.replace('";"', '"\t"'),
    "pipes": TEXT.replace('";"', '"|"'),
    "without a byte order mark": TEXT.encode(),
    "line feeds alone": TEXT.replace('"\r\n', '"\n'),
    "no line end at the end": TEXT.removesuffix("\r\n"),
    "blank lines at the end": TEXT + "\r\n\r\n",
    "only the cells quoted that need it": rewritten(TEXT, 1, csv.QUOTE_MINIMAL),
    "white space around headers": TEXT.replace('"profile/age"', '" profile/age "'),
    "names without groups": TEXT.replace("journey/reasons/", "reasons.").replace("profile/", "").replace("intro/", ""),
    "groups joined by a full stop": TEXT.replace("profile/", "profile.").replace("intro/", "intro."),
    "groups within groups": TEXT.replace("profile/", "form/part_2/profile/"),
    "columns the other way round": rewritten(TEXT, -1, csv.QUOTE_ALL),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_read(way: str, tmp_path: Path, engine: Engine, shipped: Results) -> None:
    content = WAYS[way]
    path = tmp_path / "export.csv"
    path.write_bytes(content if isinstance(content, bytes) else b"\xef\xbb\xbf" + content.encode())
    layout = look_at(path, shipped.wave.questionnaire)
    table = engine.frame(load(layout, engine))
    found = {name: list(table[header].fillna("")) for name, header in layout.columns.items()}
    assert found == {name: [row[name] for row in ROWS] for name in found}
    assert len(found) == len(shipped.wave.questionnaire.columns)
    assert len(layout.children) == len(REASONS)
    assert list(table[ROW]) == [2, 3, 4]
