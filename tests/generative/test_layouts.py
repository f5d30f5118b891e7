"""The same people in another layout come to the same respondents, ledger and counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.wave import Wave, load_wave
from tests.generative.strategies import Q, RandomWave, waves
from tests.support.layouts import TICKS, Style, laid_out
from tests.support.profiles import whole_runs
from tests.support.run import Results, run
from tests.support.waves import FILE, NAME, export_text, wave_toml, write_export

FORM = Path(__file__).parents[2] / "data" / "raw" / "2016-10" / "fms_2016_form.xlsx"
CHOICES: dict[str, tuple[Any, ...]] = {
    "separator": ("/", ".", ":"),
    "ticks": tuple(TICKS),
    "blank": ("", "n/a", "NA"),
    "delimiter": (";", ",", "\t", "|"),
    "encoding": ("utf-8-sig", "utf-8", "utf-16"),
    "untranslated": (0, 3, 8),
}
"""For each part of a style that is no closed word: what is drawn."""


def styles() -> st.SearchStrategy[Style]:
    drawn = {one.name: st.sampled_from(ways(one.name)) for one in fields(Style) if one.name != "seed"}
    return st.builds(Style, seed=st.integers(0, 2**16), **drawn)


def ways(name: str) -> tuple[Any, ...]:
    """The ways to write one part of a style."""
    hint = get_type_hints(Style)[name]
    return CHOICES.get(name) or ((False, True) if hint is bool else tuple(words(hint)))


def words(hint: Any) -> list[str | None]:
    """The words of a Literal, and None where it may be missing."""
    if hint is type(None):
        return [None]
    return [word for inner in get_args(hint) for word in ([inner] if isinstance(inner, str) else words(inner))]


OnDisk = Callable[[str | bytes, bool], Wave]


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    def of(content: str | bytes, has_form: bool) -> Wave:
        folder = tmp_path_factory.mktemp("wave") / NAME
        folder.mkdir()
        if isinstance(content, bytes):
            (folder / FILE).write_bytes(content)
        else:
            write_export(folder / FILE, content)
        (folder / "form.xlsx").write_bytes(FORM.read_bytes())
        form = {"form": '"form.xlsx"'} if has_form else {}
        (folder / "wave.toml").write_text(wave_toml(**form), encoding="utf-8")
        return load_wave(folder.parent, NAME)

    return of


@whole_runs()
@given(random=waves(), style=styles(), has_form=st.booleans())
def test_another_layout(random: RandomWave, style: Style, has_form: bool, engine: Engine, on_disk: OnDisk) -> None:
    if not has_form and style.groups == "labels":
        style = replace(style, groups="names")  # What groups are called stands in the form.
    rows = random.rows
    plain = run(on_disk(export_text(rows), False), engine)
    header, lines = laid_out(rows, style, Q)
    other = run(on_disk(written(header, lines, style), has_form), engine)
    assert_same_people(plain, other, rows_above=len(lines) - len(rows))
    assert other.ledger == plain.ledger
    pd.testing.assert_frame_equal(plain.tabulated.counts, other.tabulated.counts)
    assert_lineage_is_complete(other, header)


def written(header: list[str], lines: list[list[str]], style: Style) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue().encode(style.encoding)


def assert_same_people(plain: Results, other: Results, rows_above: int) -> None:
    one, two = plain.respondents, other.respondents
    pd.testing.assert_frame_equal(one.assign(row=one["row"] + rows_above), two[list(one.columns)])


def assert_lineage_is_complete(results: Results, header: list[str]) -> None:
    table = results.ingested.lineage
    assert list(table["header"]) == header
    assert list(table["place"]) == list(range(1, len(header) + 1))
    given_by = set(table["column"]) - {""}
    needed = {name for name, column in Q.columns.items() if column.required} - {"reasons"}
    assert needed <= given_by


def test_styles_reach_every_way_to_write() -> None:
    reached: dict[str, set[object]] = {one.name: set() for one in fields(Style)}

    @settings(database=None, derandomize=True)
    @given(styles())
    def look(style: Style) -> None:
        for name, drawn in reached.items():
            drawn.add(getattr(style, name))

    look()
    never = {name: set(ways(name)) - reached[name] for name in reached if name != "seed"}
    assert {name: missed for name, missed in never.items() if missed} == {}
