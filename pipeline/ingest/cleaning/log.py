"""The entries of a cleaning log, made from its rows. What is wrong with a row is gathered, not raised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ingest.cleaning.files import CLEANING, DELETIONS, LogTable, alike, log_files, read_table
from pipeline.ingest.cleaning.mistakes import Mistakes, Place
from pipeline.ingest.cleaning.words import SPOKEN_OF, ChangeType, Part, is_blank, part_of, type_of
from pipeline.ingest.findings import Finding

_NEEDED = {
    CLEANING: (Part.UUID, Part.QUESTION, Part.OLD, Part.NEW, Part.TYPE),
    DELETIONS: (Part.UUID,),
}


@dataclass(frozen=True)
class Change:
    """One answer to be changed. question: as the log calls it. new: empty for a blank."""

    place: Place
    uuid: str = field(repr=False)
    question: str = field(repr=False)
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True)
class Removal:
    """One record to be removed."""

    place: Place
    uuid: str = field(repr=False)


@dataclass(frozen=True)
class CleaningLog:
    """The logs of a wave.

    files: what was read. changes, removals: in the order of the log. counts: entries by change type. findings: what is
    wrong with the log itself.
    """

    files: tuple[Path, ...]
    changes: tuple[Change, ...]
    removals: tuple[Removal, ...]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


def load_log(folder: Path, scratch: Path, max_unpacked: int, named: Collection[str] = ()) -> CleaningLog | None:
    """The cleaning log and the list of deletions in the folder of a wave, or None if there is neither.

    scratch, max_unpacked: as for `open_source`. named: the files that the wave file names.

    Errors: ExportInvalid, CannotReadOrWrite for a file that cannot be read as a table.
    """
    files, strangers = log_files(folder), alike(folder, named)
    if not files and not strangers:
        return None
    mistakes = Mistakes()
    for name in strangers:
        mistakes.add_file("log_not_read", name)
    entries = _Entries(mistakes)
    for stem in _NEEDED:
        of_stem = [path for path in files if path.stem.lower() == stem]
        if len(of_stem) > 1:
            mistakes.add_file("log_two_files", of_stem[0].name, " and ".join(path.name for path in of_stem))
        elif of_stem:
            _add_all(entries, read_table(of_stem[0], _count, scratch, max_unpacked), stem)
    return CleaningLog(
        files=tuple(files),
        changes=tuple(entries.changes),
        removals=tuple(entries.removals),
        counts=entries.counts,
        findings=tuple(mistakes.findings()),
    )


def _count(headers: Iterable[str]) -> int:
    return len({part_of(header) for header in headers} - {None})


def _add_all(entries: _Entries, table: LogTable, stem: str) -> None:
    for sheet in table.others:
        entries.mistakes.add_file("log_sheet_not_read", table.path.name, f'"{sheet}"')
    parts = _parts(table, _NEEDED[stem], entries.mistakes)
    if parts is None:
        return
    for line in table.lines:
        if any(line.cells[len(table.header) :]):
            entries.mistakes.add("log_ragged", Place(table.path.name, line.row))
        else:
            entries.add(_Row(Place(table.path.name, line.row), line.cells, parts), is_deletion=stem == DELETIONS)


def _parts(table: LogTable, needed: tuple[Part, ...], mistakes: Mistakes) -> dict[Part, list[int]] | None:
    """Part of a log → places of its columns. None if a column is missing, or could be two."""
    parts: dict[Part, list[int]] = {}
    for place, header in enumerate(table.header):
        part = part_of(header)
        if part is not None:
            parts.setdefault(part, []).append(place)
    missing = [part for part in needed if part not in parts]
    twice = {part: places for part, places in parts.items() if part not in SPOKEN_OF and len(places) > 1}
    for part in missing:
        mistakes.add_file("log_columns_missing", table.path.name, f'"{part}"')
    for part, places in twice.items():
        both = " and ".join(f'"{table.header[place]}"' for place in places)
        mistakes.add_file("log_column_twice", table.path.name, f'"{part}" may be {both}')
    return None if missing or twice else parts


@dataclass(frozen=True)
class _Row:
    """One row of a log, by part. Of several columns for one part the first that is filled counts."""

    place: Place
    cells: tuple[str, ...] = field(repr=False)
    parts: Mapping[Part, list[int]]

    def __getitem__(self, part: Part) -> str:
        """The text, empty where there is none."""
        texts = (self.cells[place] for place in self.parts.get(part, ()) if place < len(self.cells))
        # An old value of NA may be what the export holds; anywhere else it is a blank.
        return next((text for text in texts if part is Part.OLD or not is_blank(text)), "")

    @property
    def uuid(self) -> str:
        """The submission, without what some platforms put before it."""
        return self[Part.UUID].removeprefix("uuid:")


class _Entries:
    """The entries of all logs of a wave."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.mistakes = mistakes
        self.changes: list[Change] = []
        self.removals: list[Removal] = []
        self.counts = dict.fromkeys(map(str, ChangeType), 0)

    def add(self, row: _Row, *, is_deletion: bool) -> None:
        """Adds a row, or what is wrong with it."""
        kind = ChangeType.REMOVE_SURVEY if is_deletion else type_of(row[Part.TYPE], row[Part.NEW])
        if kind is None:
            self.mistakes.add("log_type_unknown", row.place)
            return
        self.counts[kind] += 1
        if kind is ChangeType.NO_ACTION:
            return
        wrong = [check for check, holds in _wrong(row, kind).items() if holds]
        for check in wrong:
            self.mistakes.add(check, row.place)
        for part, check in ((Part.REASON, "log_no_reason"), (Part.WHO, "log_no_who")):
            if not row[part]:
                self.mistakes.add(check, row.place)
        if wrong:
            return
        if kind is ChangeType.REMOVE_SURVEY:
            self.removals.append(Removal(row.place, row.uuid))
        else:
            self.changes.append(Change(row.place, row.uuid, row[Part.QUESTION], row[Part.OLD], row[Part.NEW]))


def _wrong(row: _Row, kind: ChangeType) -> dict[str, bool]:
    """Check → whether it holds for this row."""
    return {
        "log_uuid_blank": not row.uuid,
        "log_question_blank": kind is not ChangeType.REMOVE_SURVEY and not row[Part.QUESTION],
        "log_no_new_value": kind is ChangeType.CHANGE_RESPONSE and not row[Part.NEW],
        "log_blank_with_value": kind is ChangeType.BLANK_RESPONSE and bool(row[Part.NEW]),
    }
