"""From any file to sheets of text: CSV in any delimiter and encoding, Excel, SPSS, Stata, Parquet, gzip and zip.

`open_source` tells what a file is by what is in it, unpacks it within limits, and gives its sheets; `data_sheet` finds
the one that holds the interviews. A file that is not read is refused with a message that says what it is and what to
do, and holds no cell of it. Libraries that a broken file could crash run in a process of their own (`guard`).
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import Severity
from pipeline.ingest.sheet import Knows, Source
from pipeline.ingest.sources.choose import data_sheet
from pipeline.ingest.sources.columnar import read_parquet
from pipeline.ingest.sources.container import gunzip, unzip
from pipeline.ingest.sources.folder import read_folder
from pipeline.ingest.sources.kind import Kind, calls_itself_a_table, kind_of, note_on_name
from pipeline.ingest.sources.labelled import read_spss, read_stata
from pipeline.ingest.sources.opening import Budget, Opening, cannot_read
from pipeline.ingest.sources.records import blank_lines
from pipeline.ingest.sources.text import read_text
from pipeline.ingest.sources.unparsable import why_unparsable
from pipeline.ingest.sources.workbook import read_workbook
from pipeline.inputs import parts_of

__all__ = ["blank_lines", "data_sheet", "open_source", "why_unparsable"]

_READERS: dict[Kind, Callable[[Path, Opening], Source]] = {
    Kind.TEXT: read_text,
    Kind.WORKBOOK: read_workbook,
    Kind.SPSS: read_spss,
    Kind.STATA: read_stata,
    Kind.PARQUET: read_parquet,
}
_ARCHIVES = frozenset({Kind.GZIP, Kind.ZIP})
_LOCKS = ("~$", ".~lock.", "._")


def open_source(path: Path, scratch: Path, knows: Knows, max_unpacked: int, name: str = "") -> Source:
    """The sheets of an export, as text, with its properties and what was noticed while it was opened.

    scratch: an existing private folder for unpacked and converted text; the caller deletes it. max_unpacked: bytes.
    name: what to call the export, if that is not the name of the file or folder.
    Errors: ExportInvalid for what is not a table that can be read, CannotReadOrWrite if the file system refuses.
    """
    opening = Opening(name or path.name, scratch, knows, Budget(max_unpacked))
    try:
        if path.is_dir():
            for part in parts_of(path):
                _check_place(part, opening)
            return read_folder(path, opening, _READERS)
        _check_place(path, opening)
        return _read(path, path.name, opening, _ARCHIVES)
    except OSError as problem:
        raise cannot_read(opening.file, problem) from None


def _check_place(path: Path, opening: Opening) -> None:
    """ExportInvalid unless this is a file, in the folder in which it seems to be."""
    if path.name.startswith(_LOCKS):
        raise opening.refused(
            "This is the lock file of a workbook that is open in another program, not the workbook.",
            "Close the workbook, and name the file without the characters before its name in wave.toml.",
        )
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        raise opening.refused(
            "This is a link to a file outside of the folder of the wave.", "Copy the file itself into the folder."
        )
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise opening.refused("This is not a file but a device or a pipe.", "Put the export itself into the folder.")


def _read(path: Path, name: str, opening: Opening, may_unpack: frozenset[Kind]) -> Source:
    """A file, or a file inside of it. A gzip file may hold a zip archive; neither may hold one of its own kind."""
    kind = kind_of(path, opening)
    noted = note_on_name(name, kind, opening)
    if kind in _ARCHIVES and kind not in may_unpack:
        raise opening.refused(
            "This is an archive inside of an archive.", "Unpack the outer one, and name what was in it in wave.toml."
        )
    if kind is Kind.GZIP:
        source = _read(gunzip(path, opening), Path(name).stem, opening, may_unpack & {Kind.ZIP})
    elif kind is Kind.ZIP:
        source = _merged([_member(unpacked, inner) for unpacked, inner in unzip(path, opening)], opening)
    else:
        source = _READERS[kind](path, opening)
    return replace(source, findings=(*noted, *source.findings))


def _member(path: Path, opening: Opening) -> Source:
    """A file in an archive. What does not call itself a table is set aside if it is none, such as a picture."""
    try:
        return _read(path, opening.member, opening, frozenset())
    except ExportInvalid as problem:
        if calls_itself_a_table(opening.member) or "archive" in problem.what:
            raise
        note = opening.noticed(Severity.NOTE, "file_set_aside", f"It was set aside. {problem.what}")
        return Source(opening.file, (), findings=(note,))


def _merged(sources: list[Source], opening: Opening) -> Source:
    """The sheets of all files of an archive."""
    sheets = tuple(sheet for source in sources for sheet in source.sheets)
    if not sheets:
        raise opening.refused(
            "This archive holds no table.", "Pack the export as CSV, Excel workbook, SPSS, Stata or Parquet file."
        )
    properties = tuple(one for source in sources for one in source.properties)
    return Source(opening.file, sheets, properties, tuple(one for source in sources for one in source.findings))
