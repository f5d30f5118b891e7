"""A table in parts: a folder of files that is read as the one file would be."""

from __future__ import annotations

import gzip
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import manifest
from pipeline.engine import Engine
from pipeline.errors import CannotReadOrWrite, DeclarationError, ExportInvalid
from pipeline.inputs import hashes_at, parts_of
from pipeline.places import Places
from pipeline.run import Asked, Stage, is_current, run_wave
from pipeline.wave import load_wave
from tests.support.waves import NAME, export_text, respondent, respondents, wave_toml, write_texts
from tests.unit.sources.taking_in import ROWS, TABLE, take_in

HEADER, *LINES = [",".join(cells) + "\n" for cells in (TABLE.header, *TABLE.rows)]


class Quiet:
    """Shows nothing."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()


def text(*lines: str) -> bytes:
    return "".join((HEADER, *lines)).encode()


def write(folder: Path, parts: dict[str, bytes]) -> Path:
    for name, content in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def parquet(*rows: tuple[str, ...], header: tuple[str, ...] = TABLE.header) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(dict(zip(header, zip(*rows, strict=True), strict=True))), out)
    return out.getvalue().to_pybytes()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


TWO = {
    "text": {"part-0.csv": text(*LINES[:2]), "part-1.csv": text(LINES[2])},
    "text whose last line is open": {"part-0.csv": text(*LINES[:2]).rstrip(b"\n"), "part-1.csv": text(LINES[2])},
    "packed text": {"part-0.csv.gz": gzip.compress(text(*LINES[:2])), "part-1.csv.gz": gzip.compress(text(LINES[2]))},
    "beside what programs leave": {
        "_SUCCESS": b"",
        ".part.crc": b"?",
        "a.csv": text(*LINES[:2]),
        "b.csv": text(LINES[2]),
    },
    "an empty part": {"part-0.csv": text(), "part-1.csv": text(*LINES)},
    "Parquet": {"part-0.parquet": parquet(*TABLE.rows[:2]), "part-1.parquet": parquet(TABLE.rows[2])},
}


@pytest.mark.parametrize("parts", TWO.values(), ids=TWO)
def test_parts_are_read_as_one_table(parts: dict[str, bytes], tmp_path: Path, scratch: Path, engine: Engine) -> None:
    taken = take_in(write(tmp_path / "answers", parts), scratch, engine)
    assert taken.rows == ROWS
    assert taken.sheet.header == TABLE.header


def test_it_is_told_where_the_rows_of_each_part_begin(tmp_path: Path, scratch: Path, engine: Engine) -> None:
    said = take_in(write(tmp_path / "answers", TWO["text"]), scratch, engine).said["table_in_parts"]
    assert '"part-0.csv" from row 2, "part-1.csv" from row 4' in said


def test_a_cell_of_several_lines_is_in_one_row(tmp_path: Path, scratch: Path, engine: Engine) -> None:
    several = 'u1,2016-07-15,30,male,"E77\nE78"\n'
    parts = {"a.csv": text(LINES[0]), "b.csv": text(several), "c.csv": text(LINES[2])}
    taken = take_in(write(tmp_path / "answers", parts), scratch, engine)
    assert '"b.csv" from row 3, "c.csv" from row 4' in taken.said["table_in_parts"]
    assert [row[-1] for row in taken.rows] == ["E77", "E77\nE78", "E77"]


def test_names_of_folders_become_columns_of_a_parquet_table(tmp_path: Path, scratch: Path, engine: Engine) -> None:
    without = TABLE.header[:-1]
    parts = {
        f"enumerator={mark}/part-0.parquet": parquet(row[:-1], header=without)
        for row, mark in zip(TABLE.rows, ("E1", "E2%20b", "E3"), strict=True)
    }
    taken = take_in(write(tmp_path / "answers", parts), scratch, engine)
    assert [row[-1] for row in taken.rows] == ["E1", "E2 b", "E3"]
    assert taken.sheet.header == TABLE.header


REFUSED = {
    "holds no files": {"_SUCCESS": b""},
    "delimited text": {"a.csv": text(*LINES), "b.parquet": parquet(*TABLE.rows)},
    'the column "years"': {"a.csv": text(*LINES), "b.csv": (HEADER.replace("age", "years") + LINES[0]).encode()},
    "the order of the columns": {"a.csv": text(*LINES), "b.csv": ",".join(TABLE.header[::-1]).encode() + b"\nu9,,,,\n"},
    "another sign between its cells": {"a.csv": text(*LINES), "b.csv": text(*LINES).replace(b",", b";")},
    "old Macintosh computers": {"a.csv": text(*LINES), "b.csv": text(*LINES).replace(b"\n", b"\r")},
    "which text files do not hold": {"sex=male/a.csv": text(*LINES)},
}


@pytest.mark.parametrize(("said", "parts"), REFUSED.items(), ids=REFUSED)
def test_what_is_no_table_in_parts_is_refused(
    said: str, parts: dict[str, bytes], tmp_path: Path, scratch: Path, engine: Engine
) -> None:
    with pytest.raises(ExportInvalid) as refused:
        take_in(write(tmp_path / "answers", parts), scratch, engine)
    assert said in str(refused.value)
    assert "What to do" in str(refused.value)


def wave_in_parts(root: Path, *, address: str = "answers") -> Path:
    """Two parts with twelve people in all."""
    folder = write_texts(root / "data" / "raw", {})
    rows = respondents({} for _ in range(12))
    write(folder / "answers", {"p0.csv": export_text(rows[:7]).encode(), "p1.csv": export_text(rows[7:]).encode()})
    (folder / "wave.toml").write_text(wave_toml([address]), encoding="utf-8")
    return folder


@pytest.mark.parametrize("is_remote", [False, True])
def test_a_wave_in_parts_is_as_current_as_its_parts(tmp_path: Path, is_remote: bool) -> None:
    places, asked = Places(tmp_path), Asked(NAME, Stage.INGEST)
    folder = wave_in_parts(tmp_path)
    if is_remote:
        # An address of any kind of storage is read in this way.
        elsewhere = (folder / "answers").rename(tmp_path / "answers")
        (folder / "wave.toml").write_text(wave_toml([elsewhere.as_uri()]), encoding="utf-8")
        folder = tmp_path
    assert run_wave(asked, places, Quiet()).rows["analysed"] == 12
    recorded = manifest.read(places.processed(NAME))
    assert is_current(asked, places, recorded)
    write(folder / "answers", {"p2.csv": export_text([respondent(99)]).encode()})
    assert not is_current(asked, places, recorded)
    assert run_wave(asked, places, Quiet()).rows["analysed"] == 13


def test_an_address_where_nothing_is_and_one_with_a_password(tmp_path: Path) -> None:
    folder = wave_in_parts(tmp_path, address=(tmp_path / "nowhere").as_uri())
    with pytest.raises(CannotReadOrWrite) as problem:
        run_wave(Asked(NAME, Stage.INGEST), Places(tmp_path), Quiet())
    assert "nothing at this address" in str(problem.value)
    (folder / "wave.toml").write_text(wave_toml(["s3://key:secret@bucket/answers"]), encoding="utf-8")
    with pytest.raises(DeclarationError) as mistake:
        load_wave(tmp_path / "data" / "raw", NAME)
    assert "secret" not in str(mistake.value)


def test_an_address_has_the_hashes_of_its_parts_and_leaves_no_copy(tmp_path: Path) -> None:
    there = write(tmp_path / "answers", {**TWO["text"], "_SUCCESS": b""})
    before = sorted(Path(tempfile.gettempdir()).iterdir())
    assert hashes_at(there.as_uri()) == {path.name: manifest.sha256(path) for path in parts_of(there)}
    assert hashes_at((there / "part-0.csv").as_uri()) == {"": manifest.sha256(there / "part-0.csv")}
    assert sorted(Path(tempfile.gettempdir()).iterdir()) == before
