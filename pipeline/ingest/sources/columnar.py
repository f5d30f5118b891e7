"""Parquet files: written again as text in the reading process, so that no engine meets a damaged one."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest.sheet import Columnar, Sheet, Source
from pipeline.ingest.sources.guard import ask
from pipeline.ingest.sources.header import check_width, named
from pipeline.ingest.sources.kind import Kind
from pipeline.ingest.sources.opening import Opening, shown

_LISTED = 5
_MARK = b"PAR1"


def read_parquet(path: Path, opening: Opening) -> Source:
    """One sheet with the columns of a Parquet file; its records are in a Parquet file of text in the scratch folder.

    Errors: ExportInvalid for an encrypted or damaged file, one without records, one with nested or binary columns.
    """
    _check_ends(path, opening)
    answer, folder = ask("parquet", path, Kind.PARQUET, opening)
    check_width(len(answer["header"]), opening)
    if answer["odd"]:
        columns = ", ".join(f'"{shown(name)}" ({odd})' for name, odd in list(answer["odd"].items())[:_LISTED])
        raise opening.refused(
            f"These columns hold more than one value or no text in a cell: {columns}.",
            "Write the file again with one plain value in each cell, or without these columns.",
        )
    if not answer["rows"]:
        raise opening.refused("This file holds column names and no records.", "Export the data again.")
    sheet = Sheet(opening.file, opening.member, named(answer["header"]), Columnar(folder / "0.parquet"))
    return Source(opening.file, (sheet,), tuple((place, text) for place, text in answer["notes"]))


def _check_ends(path: Path, opening: Opening) -> None:
    with path.open("rb") as file:
        begins = file.read(len(_MARK))
        file.seek(max(0, path.stat().st_size - len(_MARK)))
        ends = file.read()
    if b"PARE" in (begins, ends):
        raise opening.refused("This Parquet file is encrypted.", "Write it again without encryption.")
    if ends != _MARK:
        raise opening.refused("This Parquet file was cut off.", "Download or write it again.")
