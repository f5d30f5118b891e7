"""Canaries: identifiers planted all over an export are in nothing that a run says or writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from pipeline.engine import Engine
from pipeline.errors import NotAnonymised
from tests.support.exports import write_xlsx
from tests.support.messages import refusal
from tests.support.run import run_wave
from tests.support.waves import HEADERS, NAME, export_text, respondents, wave_toml, write_wave
from tests.support.whole_run import Run, run_pipeline

PEOPLE = 12
CELLS = {
    "phone": "+39 333 7654321",
    "email": "canary.cell@example.org",
    "respondent_name": "Canaria Cellworth",
    "gps": "37.50213 15.08719 12.5 4.9",
    "remarks": "canary cellar by the harbour, where she was kept for three weeks without any water or light",
}
ELSEWHERE = {
    "header": "Tel 0039 333 1111111",
    "sheet": "0039 333 2222222",
    "property": "canary.subject@example.org",
    "comment": "her number is +39 333 3333333",
    "hidden cell": "canary.hidden@example.org",
}


@dataclass(frozen=True)
class _Export:
    """The cells of a table, the header first."""

    lines: list[list[str]]

    def write(self, root: Path, *, elsewhere: bool, more: str = "") -> None:
        """A wave whose workbook has canaries in its columns, and if so said in all its other places."""
        folder = root / "data" / "raw" / NAME
        folder.mkdir(parents=True)
        sheets = {"data": self.lines}
        if elsewhere:
            sheets[ELSEWHERE["sheet"]] = [["q1", "q2", "q3", "q4"], ["a", "b", "c", ELSEWHERE["hidden cell"]]]
        write_xlsx(
            folder / "export.xlsx",
            sheets,
            hidden=[ELSEWHERE["sheet"]] if elsewhere else (),
            properties={"subject": ELSEWHERE["property"]} if elsewhere else {},
            comments={("data", "A2"): ELSEWHERE["comment"]} if elsewhere else {},
        )
        (folder / "wave.toml").write_text(wave_toml(["export.xlsx"], more=more), encoding="utf-8")


def _export(columns: dict[str, str]) -> _Export:
    rows = respondents([{}] * PEOPLE)
    rows[3] |= columns
    text = export_text(rows, extra=columns)
    return _Export([line.strip('"').split('";"') for line in text.splitlines()])


def _text_of(path: Path) -> str:
    """What a file says; a compressed one is unpacked first."""
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pydict())
    if path.suffix == ".pdf":
        return " ".join(page.extract_text() for page in PdfReader(path).pages)
    return path.read_bytes().decode("utf-8", "replace")


def _leaks(run: Run, canaries: list[str]) -> list[tuple[str, str]]:
    """(place, canary) wherever one is printed or written, outside of the raw export."""
    said = {"output": run.output, "errors": run.errors}
    written = [path for path in run.root.rglob("*") if path.is_file() and run.root / "data" / "raw" not in path.parents]
    said |= {str(path): _text_of(path) for path in written}
    said |= {f"name of {path}": path.name for path in written}
    return [(place, canary) for place, text in said.items() for canary in canaries if canary in text]


def test_a_refused_export_leaves_no_canary(tmp_path: Path) -> None:
    _export({**CELLS, ELSEWHERE["header"]: "yes"}).write(tmp_path, elsewhere=True)
    run = run_pipeline(tmp_path, "check-wave", "--wave", NAME)
    assert run.code == 4, run.errors
    assert _leaks(run, [*CELLS.values(), *ELSEWHERE.values()]) == []
    assert [column for column in CELLS if f'column "{column}"' not in run.errors] == []


@pytest.mark.parametrize("verb", ["check-wave", "report"])
def test_allowed_columns_leave_no_canary(verb: str, tmp_path: Path) -> None:
    reason = "Made up to be let past"
    allowed = "".join(f'[[allowed_columns]]\ncolumn = "{column}"\nreason = "{reason}"\n' for column in CELLS)
    _export(CELLS).write(tmp_path, elsewhere=False, more=allowed)
    run = run_pipeline(tmp_path, verb, "--wave", NAME)
    assert run.code == 0, run.errors
    assert _leaks(run, [reason]), "what is told is found"
    assert _leaks(run, list(CELLS.values())) == []


# --- anywhere -------------------------------------------------------------------------------------------------------

PLANTED = st.one_of(
    st.from_regex(r"\+39 3[0-9]{2} [1-9][0-9]{6}", fullmatch=True),
    st.from_regex(r"[a-z]{4,9}\.[a-z]{4,9}@example\.(?:org|com)", fullmatch=True),
    st.from_regex(r"3[0-9]\.[0-9]{4}[1-9], 1[0-9]\.[0-9]{4}[1-9]", fullmatch=True),
)
MORE = ("remark_model", "q99", "colour")


@settings(max_examples=8)
@given(
    people=st.integers(1, 6),
    data=st.data(),
    planted=PLANTED,
    column=st.sampled_from([*HEADERS, *MORE]),
)
def test_an_identifier_in_any_cell_is_refused(
    engine: Engine, people: int, data: st.DataObject, planted: str, column: str
) -> None:
    rows = respondents([{}] * people)
    rows[data.draw(st.integers(0, people - 1), label="row")][column] = planted
    with TemporaryDirectory() as folder:
        wave = write_wave(Path(folder), rows)
        (wave / "export.csv").write_text(export_text(rows, extra=MORE), encoding="utf-8", newline="")
        error = refusal(NotAnonymised, 4, lambda: run_wave(Path(folder), engine))
        assert planted not in str(error)
        assert [
            path.name for path in Path(folder).rglob("*") if path.name not in (NAME, "export.csv", "wave.toml")
        ] == []
