"""How long it takes to take in a workbook of 8,500 interviews: opening it, finding its sheet, all cells as text.

Run it by `python -m benchmarks.read_workbook`.
"""

from __future__ import annotations

import csv
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from pipeline.ingest.codebook import Codebook
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.ingest.sources.guard import end
from pipeline.wave import load_questionnaire

SHIPPED = Path(__file__).parents[1] / "data" / "raw" / "2016-10" / "fms_2016_10.csv"
INTERVIEWS = 8_500
_MOST_UNPACKED = 10**9


@dataclass(frozen=True)
class Measured:
    """One reading, from nothing: the reading process is started, too. processor: seconds of both processes."""

    interviews: int
    columns: int
    seconds: float
    processor: float


def write_workbook(path: Path) -> None:
    """The first interviews of the shipped, synthetic wave as a workbook: numbers as numbers, the rest as text."""
    with SHIPPED.open(encoding="utf-8-sig", newline="") as file, xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("interviews")
        for place, cells in zip(range(INTERVIEWS + 1), csv.reader(file, delimiter=";"), strict=False):
            sheet.write_row(place, 0, [int(cell) if cell.isdigit() else cell or None for cell in cells])


def measure() -> Measured:
    """Writes the workbook, then reads it. What is measured is `open_source` and `data_sheet`, not the writing."""
    codebook = Codebook(load_questionnaire("fms-2016"), None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "interviews.xlsx"
        write_workbook(path)
        end()
        before, started = _processor(), time.perf_counter()
        source = open_source(path, Path(folder), codebook.knows, _MOST_UNPACKED)
        sheet, _ = data_sheet(source, codebook.knows, None)
        seconds = time.perf_counter() - started
        # The system counts what a process used only once it has ended.
        end()
        return Measured(sheet.records.table.num_rows, len(sheet.header), seconds, _processor() - before)


def _processor() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def line(figure: Measured) -> str:
    """The figure in words."""
    return (
        f"A workbook of {figure.interviews:,} interviews in {figure.columns} columns is read in {figure.seconds:.2f} s "
        f"({figure.processor:.2f} s of processor time)."
    )


def main() -> None:
    """Prints the figure."""
    print(line(measure()))


if __name__ == "__main__":
    main()
