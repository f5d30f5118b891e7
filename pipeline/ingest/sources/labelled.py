"""SPSS and Stata files: answers as the words of their value labels, other numbers and days as text."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest.sheet import Cells, Sheet, Source
from pipeline.ingest.sources.exchange import read_rows
from pipeline.ingest.sources.guard import ask
from pipeline.ingest.sources.header import check_width, named
from pipeline.ingest.sources.kind import Kind
from pipeline.ingest.sources.opening import Opening


def read_spss(path: Path, opening: Opening) -> Source:
    """One sheet with the records of a `.sav` or `.zsav`.

    A cell with a value label is that label, missing or not; a user-missing value without a label is its code. Only what
    SPSS itself calls missing is blank. The names of the variables count as row 1, the first record is row 2.
    Errors: ExportInvalid for a damaged file, or for text in another encoding than the file says.
    """
    return _read(path, "spss", Kind.SPSS, opening)


def read_stata(path: Path, opening: Opening) -> Source:
    """One sheet with the records of a `.dta`. As for SPSS; extended missing values without a label are `.a` to `.z`."""
    return _read(path, "stata", Kind.STATA, opening)


def _read(path: Path, task: str, kind: Kind, opening: Opening) -> Source:
    answer, folder = ask(task, path, kind, opening)
    check_width(answer["width"], opening)
    sheet = Sheet(
        file=opening.file,
        name=opening.member,
        header=named(answer["header"]),
        records=Cells(read_rows(folder / "0.arrow")),
        labels=answer["labels"],
    )
    return Source(opening.file, (sheet,), tuple((place, text) for place, text in answer["notes"]))
