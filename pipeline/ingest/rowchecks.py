"""Tests of every row, and the findings that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.coded import Translation
from pipeline.engine import ROW, Engine
from pipeline.ingest.findings import Finding

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class RowCheck:
    """A test of every row, and the finding that it makes where it holds."""

    test: ir.BooleanValue
    finding: Finding


@dataclass(frozen=True)
class CellCheck:
    """What may stand in no cell under a header, and the finding that it makes where it does."""

    header: str
    cells: tuple[str, ...]
    finding: Finding


def found_in_cells(checks: list[CellCheck], records: ir.Table, engine: Engine) -> list[Finding]:
    """The findings of the checks that hold for some row. There may be tens of thousands of cells to look for."""
    if not checks:
        return []
    looked_for = {
        str(i): Translation(check.header, dict.fromkeys(check.cells, True), kind="yes or no")
        for i, check in enumerate(checks)
    }
    table = engine.translate(records, [ROW], looked_for)
    return found([RowCheck(table[str(i)], check.finding) for i, check in enumerate(checks)], table, ROW, engine)


def found(checks: list[RowCheck], table: ir.Table, row: str, engine: Engine) -> list[Finding]:
    """The findings of the checks that hold for some row. One pass counts them all; only hits are looked up."""
    if not checks:
        return []
    counts = _totals(table, {str(i): check.test for i, check in enumerate(checks)}, engine)
    findings: list[Finding] = []
    for i, row_check in enumerate(checks):
        if counts[str(i)]:
            hits = engine.frame(table.filter(row_check.test).select(row).order_by(row))
            rows = tuple(int(number) for number in hits[row])
            findings.append(replace(row_check.finding, rows=len(rows), row_numbers=rows))
    return findings


def _totals(table: ir.Table, tests: dict[str, ir.BooleanValue], engine: Engine) -> dict[str, int]:
    """For how many rows each test holds."""
    sums = {name: test.fill_null(False).sum() for name, test in tests.items()}
    totals = engine.frame(table.aggregate(**sums)).iloc[0].fillna(0)
    return {name: int(totals[name]) for name in tests}
