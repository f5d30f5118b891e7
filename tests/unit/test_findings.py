"""Findings: how rows are listed, and how errors are put together."""

from __future__ import annotations

import pytest

from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import Finding, Severity, as_frame, listed, stop_on_errors
from pipeline.tables import FINDINGS
from tests.support.messages import refusal

WARNING = Finding(Severity.WARNING, "invalid", "An age.", file="a.csv", column="age", rows=2, row_numbers=(9, 3))
ERROR = Finding(Severity.ERROR, "no_route", "No route.", "Add one.", file="a.csv", rows=2, row_numbers=(3, 9))
OTHER = Finding(Severity.ERROR, "unknown_answer", "Unknown.", column="sex", rows=1)


@pytest.mark.parametrize(
    ("rows", "most", "text"),
    [((), 3, ""), ((7,), 3, "7"), ((9, 3, 7), 3, "3, 7, 9"), ((9, 3, 7, 5), 3, "3, 5, 7 and 1 more")],
)
def test_row_numbers_are_listed_in_order_up_to_a_number(rows: tuple[int, ...], most: int, text: str) -> None:
    assert listed(rows, most) == text


def test_warnings_stop_nothing() -> None:
    assert stop_on_errors([WARNING]) is None


def test_all_errors_are_told_at_once() -> None:
    error = refusal(ExportInvalid, 3, lambda: stop_on_errors([WARNING, ERROR, OTHER]))
    assert "2 problems" in error.what
    assert "  - a.csv: No route. (rows 3, 9)\n    Add one." in error.what
    assert '  - column "sex": Unknown.' in error.what
    assert "An age." not in error.what


def test_the_table_of_findings() -> None:
    (row,) = as_frame([WARNING]).to_dict("records")
    assert list(row) == FINDINGS.names
    assert (row["severity"], row["rows"], row["row_numbers"]) == ("warning", 2, "3, 9")
    assert list(as_frame([]).columns) == FINDINGS.names
