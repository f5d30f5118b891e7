"""What a file holds before anything is known about its columns: sheets of text, and what else is written in it.

Readers make a `Source` of each export; the codebook, the anonymity gate and recode work on it and never see which
format it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Dialect
from pipeline.ingest.findings import Finding

if TYPE_CHECKING:
    import pyarrow as pa

Knows = Callable[[str], bool]
"""Whether a header is one that the questionnaire or the form expects."""


@dataclass(frozen=True)
class Delimited:
    """Rows in a file of UTF-8 text, which an engine reads by itself."""

    path: Path
    dialect: Dialect


@dataclass(frozen=True)
class Columnar:
    """Rows in a Parquet file, which an engine reads by itself."""

    path: Path


@dataclass(frozen=True)
class Cells:
    """Rows that are in memory already.

    table: one column of text for each header, in order, named `c0`, `c1` …, NULL for a blank cell; and the column
    `engine.ROW` with the row number that the analyst sees in the file.
    """

    table: pa.Table


Records = Delimited | Columnar | Cells


@dataclass(frozen=True)
class Sheet:
    """One table of an export: a text file, a sheet of a workbook, a file inside an archive.

    file: name of the export in the wave's folder. name: of the sheet or of the file inside the archive, empty where
    the export is one table. header: as written, in order, `(no name, column 3)` for a blank one. header_row: the
    header's row number, 1 in most files. labels: header → text that describes the variable (SPSS, Stata). hidden: not
    shown by Excel.
    """

    file: str
    name: str
    header: tuple[str, ...]
    records: Records
    header_row: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True)
class Source:
    """One export, opened: its sheets, what its properties say, and what was noticed on the way.

    properties: (place, text), as ("author", …). Never shown: the anonymity gate looks at them.
    """

    file: str
    sheets: tuple[Sheet, ...]
    properties: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
