"""What an analyst was given: which files could be the export, which the form, which the cleaning log."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.declared import read_toml
from pipeline.errors import CannotReadOrWrite, PipelineError, UsageError
from pipeline.ingest.cleaning.files import log_files
from pipeline.ingest.sources.container import unzip
from pipeline.ingest.sources.kind import Kind, calls_itself_a_table, kind_of
from pipeline.ingest.sources.opening import Budget, Opening
from pipeline.ingest.sources.xml_parts import tags
from pipeline.publish import reading, writing
from pipeline.wave import WAVE_FILE

FORM_FROM = (
    "In KoboToolbox: open the project, FORM, the three dots, Download XLS. In ONA: open the form, Form Source, and "
    "download the XLSForm."
)
"""Where the form is had from."""

MOST_UNPACKED = 4096 * 1_000_000
_HIDDEN = (".", "~$")
_WORKBOOK = "xl/workbook.xml"
_LONGEST_LIST_OF_SHEETS = 1 << 20
_FORM_SHEETS = {"survey", "choices"}
_ALSO_IN_FORMS = {"settings", "external_choices", "entities", "osm"}


@dataclass(frozen=True)
class Left:
    """A file that was left where it is, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Gathered:
    """What there is.

    folder: where all of it is. tables: files that may be exports; one that holds its form too is also among the forms.
    is_synthetic: if a wave file there says so.
    """

    folder: Path
    tables: tuple[str, ...]
    forms: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    is_synthetic: bool = False


def gather(source: Path, scratch: Path) -> Gathered:
    """Looks at a file and at what lies beside it, at a folder, or into an archive of several tables.

    scratch: a private folder, into which such an archive is unpacked. Errors: CannotReadOrWrite if there is nothing
    there; ExportInvalid for an archive that is damaged or could do harm; UsageError for a folder without a table.
    """
    with reading():
        if not source.exists():
            raise CannotReadOrWrite(
                "There is no such file or folder.",
                where=str(source),
                repair="Check what stands after FROM=. A path with spaces stands in quotes.",
            )
        if source.is_dir():
            return _in_folder(source)
        members = _unpacked(source, scratch)
        return _in_folder(members) if members else _beside(source)


def _in_folder(folder: Path) -> Gathered:
    there = sorted(path for path in folder.iterdir() if not path.name.startswith(_HIDDEN))
    files = [path for path in there if path.is_file()]
    logs = log_files(folder)
    sheets = {path: _sheets(path) for path in files}
    forms = [path for path, names in sheets.items() if names >= _FORM_SHEETS]
    nothing_else = [path for path in forms if sheets[path] <= _FORM_SHEETS | _ALSO_IN_FORMS]
    others = [path for path in files if path not in {*logs, *nothing_else}]
    tables = [path for path in others if calls_itself_a_table(path.name)]
    if not tables:
        raise UsageError(
            "There is no export in this folder: no CSV, Excel, SPSS, Stata or Parquet file, and no archive of one.",
            where=str(folder),
            repair="Give the folder that holds the export itself, or the file.",
        )
    left = [_left(path) for path in there if path.is_dir() or (path in others and path not in tables)]
    return Gathered(folder, _names(tables), _names(forms), _names(logs), tuple(left), _is_synthetic(folder))


def _beside(export: Path) -> Gathered:
    """An export with the forms and logs in its folder."""
    folder = export.parent
    logs = log_files(folder)
    if export in logs or export.name.startswith(_HIDDEN):
        raise UsageError(
            "An export cannot be called so: the name means a cleaning log, or a file that programs hide.",
            where=str(export),
            repair="Give it another name in a copy, and run the command again with that.",
        )
    there = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(_HIDDEN)]
    forms = [path for path in there if _sheets(path) >= _FORM_SHEETS]
    return Gathered(folder, (export.name,), _names(forms), _names(logs), (), _is_synthetic(folder))


def _is_synthetic(folder: Path) -> bool:
    """Whether there is a wave file that says that its interviews were made up."""
    try:
        return read_toml(folder / WAVE_FILE).get("synthetic") is True
    except PipelineError:
        return False


def _names(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(path.name for path in paths)


def _left(path: Path) -> Left:
    if path.is_dir():
        return Left(path.name, "a folder; only files that lie directly in FROM are looked at")
    if path.name == WAVE_FILE:
        return Left(path.name, "a wave file; a new one was written")
    return Left(path.name, "not a table")


def _sheets(path: Path) -> set[str]:
    """The names of the sheets of a workbook, in small letters. Nothing else of it is read."""
    if path.suffix.lower() != ".xlsx":
        return set()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_WORKBOOK) as part:
            there = tags(part.read(_LONGEST_LIST_OF_SHEETS))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return set()
    return {tag.attributes.get("name", "").strip().lower() for tag in there if tag.name == "sheet"}


def _unpacked(source: Path, scratch: Path) -> Path | None:
    """The folder into which an archive of several tables was unpacked; None for any other file."""
    opening = Opening(source.name, scratch, lambda _: False, Budget(MOST_UNPACKED))
    if not zipfile.is_zipfile(source) or kind_of(source, opening) is not Kind.ZIP:
        return None
    members = [(path, Path(inner.member).name) for path, inner in unzip(source, opening)]
    if sum(calls_itself_a_table(name) for _, name in members) < 2:
        return None
    folder = scratch / "unpacked"
    with writing():
        folder.mkdir()
        for path, name in members:
            if (folder / name).exists():
                raise UsageError(
                    f'This archive holds two files that are called "{name}".',
                    where=source.name,
                    repair="Unpack it, keep the one that holds, and give the folder.",
                )
            path.rename(folder / name)
    return folder
