"""The quick reader of delimited text gives exactly what a strict reader finds, or nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import delimited
from pipeline.coded import Texts
from pipeline.delimited import read_plainly

NAMES = ("a", "b")
HEADER = '"a";"b"\n'

PIECES = st.text(alphabet='";,\n\r xé\t', max_size=12) | st.sampled_from(
    ['"";""', '"x";"x"\n', '"x;";"x"\n', 'x;"x"\r\n', '"x""y";x\n', ";\n", "\n"]
)
TEXTS = st.lists(PIECES, max_size=6).map("".join)


def read(text: str, delimiter: str = ";", names: tuple[str, ...] = NAMES) -> list[list[str | None]] | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(text.encode())
        table = read_plainly(path, delimiter, names)
    if table is None:
        return None
    columns = [c.written_out() if isinstance(c, Texts) else c for c in table.columns.values()]
    return [list(row) for row in zip(*(column.to_pylist() for column in columns), strict=True)]


def strictly(text: str) -> list[list[str | None]] | None:
    """What Python's own reader finds if it is strict; nothing if it cannot, or if the cells of a record are not two."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error:
        return None
    records = [record for record in records if record]
    if any(len(record) != len(NAMES) for record in records):
        return None
    return [[cell.strip(" \t\n\r\v\f") or None for cell in record] for record in records[1:]]


@given(TEXTS)
@example('"a;"b";x\n')
@example('""b;"x"\n')
@example('"a" ;x\n')
@example('a"b;"c"\n')
@example('x;"y\nz"\n')
@example("x;y\n\nx;y\n")
@example("x;y\rx;y\n")
@example('"a""b";"""c"\n')
@example(" ;\t\n")
def test_nothing_or_what_a_strict_reader_finds(body: str) -> None:
    found = read(HEADER + body)
    assert found is None or found == strictly(HEADER + body)


@given(st.lists(st.tuples(*[st.text(alphabet='x,é "', max_size=3)] * 2), max_size=30), st.sampled_from(["\n", "\r\n"]))
@example([('"', '""')], "\n")
def test_what_programs_write_is_read(rows: list[tuple[str, str]], line_end: str) -> None:
    for quoting in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL):
        text = io.StringIO()
        csv.writer(text, delimiter=";", quoting=quoting, lineterminator=line_end).writerows([NAMES, *rows])
        assert read(text.getvalue()) == [[cell.strip(" ") or None for cell in row] for row in rows]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_last_line_may_have_no_end(end: str) -> None:
    assert read(f'"a";"b"{end or chr(10)}"x";"y"{end}') == [["x", "y"]]


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read("\ufeff" + HEADER + "x;y\n") == [["x", "y"]]


def test_slices_and_columns_that_begin_with_few_texts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SLICE", 1 << 12)
    monkeypatch.setattr(delimited, "_BLOCK", 1 << 11)
    monkeypatch.setattr(delimited, "_LOOKED_AT", 1 << 7)
    # The first column has one text for a while and then a new one in each row; the second always has two.
    rows = [[f"x{max(0, n - 2000)}", "odd" if n % 2 else None] for n in range(6000)]
    text = HEADER + "".join(f'"{one}";"{another or ""}"\n' for one, another in rows)
    assert read(text) == rows


@pytest.mark.parametrize(
    "text",
    ["", "x;y;z\n", "x\n", '"x;y\n', "x;y\n\n", "x;\udcff\n"],
    ids=["empty", "too wide", "too narrow", "open", "blank line", "no UTF-8"],
)
def test_what_is_not_plain_is_left_to_another_reader(text: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes((HEADER + text if text else "").encode(errors="surrogateescape"))
    assert read_plainly(path, ";", NAMES) is None


@pytest.mark.parametrize("blocks", [1, 3])
def test_a_long_cell_is_read_whole_or_left(blocks: int) -> None:
    cell = "y" * (delimited._BLOCK * blocks)
    assert read(f"{HEADER}x;{cell}\n") in ([["x", cell]], None)
