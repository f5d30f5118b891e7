"""Row numbers are those of a spreadsheet: the header is row 1, blank lines count, a cell with line ends is one row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine import Engine
from tests.support.run import Results, run_wave
from tests.support.waves import export_text, respondent, respondents, write_wave

Run = Callable[..., Results]

TOO_OLD = {"age": "111"}


def lines(*rows: dict[str, str]) -> list[str]:
    return export_text(respondents(rows)).removesuffix("\r\n").split("\r\n")


def invalid_rows(results: Results) -> list[tuple[int, ...]]:
    return [finding.row_numbers for finding in results.ingested.findings if finding.check == "invalid"]


def test_the_first_respondent_is_in_row_2(run_rows: Run) -> None:
    results = run_rows(TOO_OLD, {}, TOO_OLD)
    assert invalid_rows(results) == [(2, 4)]
    assert [row for _file, row in results.excluded_by] == [2, 3, 4]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"], ids=["CRLF", "LF"])
def test_blank_lines_count(line_end: str, run_export: Run) -> None:
    header, first, second, third = lines({}, TOO_OLD, TOO_OLD)
    results = run_export(line_end.join([header, "", first, "", "", second, third, "", ""]))
    assert [row for _file, row in results.excluded_by] == [3, 6, 7]
    assert invalid_rows(results) == [(6, 7)]


def test_line_ends_within_a_cell_do_not_count(run_export: Run) -> None:
    text = export_text(respondents([{"form_version": "one\r\n\r\nor two\nor three"}, TOO_OLD]))
    assert invalid_rows(run_export(text)) == [(3,)]


def test_blank_lines_and_line_ends_within_cells_together(run_export: Run) -> None:
    rows = respondents([{"form_version": "one\r\n\r\nor two"}, TOO_OLD])
    header, rest = export_text(rows).split("\r\n", 1)
    assert invalid_rows(run_export(f"{header}\r\n\r\n{rest}")) == [(4,)]


def test_each_file_counts_for_itself(tmp_path: Path, engine: Engine) -> None:
    write_wave(tmp_path, {"a.csv": [respondent(1), respondent(2, **TOO_OLD)], "b.csv": [respondent(3, **TOO_OLD)]})
    results = run_wave(tmp_path, engine)
    assert list(results.excluded_by) == [("a.csv", 2), ("a.csv", 3), ("b.csv", 2)]
    found = {finding.file: finding.row_numbers for finding in results.ingested.findings if finding.check == "invalid"}
    assert found == {"a.csv": (3,), "b.csv": (2,)}


@pytest.mark.parametrize("above", ["sep=;\r\n", "Flow monitoring\r\n", "Flow\r\n\r\nmonitoring\r\n"])
def test_lines_above_the_header_count(above: str, run_export: Run) -> None:
    results = run_export(above + export_text(respondents([TOO_OLD, {}])))
    first = 2 + above.count("\r\n")
    assert [row for _file, row in results.excluded_by] == [first, first + 1]
    assert invalid_rows(results) == [(first,)]


def test_rows_that_are_no_respondents_count(run_export: Run) -> None:
    header, first, second = lines({}, TOO_OLD)
    tags = ";".join('"#tag"' for _ in header.split(";"))
    results = run_export("\r\n".join([header, tags, first, second, ""]))
    assert [row for _file, row in results.excluded_by] == [3, 4]
    assert invalid_rows(results) == [(4,)]
