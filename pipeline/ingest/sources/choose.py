"""Which sheet of an export holds the interviews: told by its columns, never by its place or its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.declared import nearest
from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sheet import Cells, Delimited, Knows, Sheet, Source
from pipeline.ingest.sources.dialect import DELIMITERS
from pipeline.ingest.sources.opening import NOT_SHOWN, place_of, shown
from pipeline.ingest.sources.records import has_records

_PARENTS = frozenset({"parentindex", "parenttablename", "parentkey"})
_EXCEL_NAME = 31
"""Excel cuts names of sheets after as many characters; KoboToolbox ends a name that it cut with dots."""
_LISTED = 12


@dataclass(frozen=True)
class _Candidate:
    """A sheet, how many of its headers are expected, and whether its rows belong to rows of another sheet."""

    sheet: Sheet
    known: int
    is_repeat: bool


def data_sheet(source: Source, knows: Knows, chosen: str | None) -> tuple[Sheet, list[Finding]]:
    """The sheet whose rows are the interviews, and a note on each sheet that was set aside.

    chosen: its name, if the wave file gives one.
    Errors: ExportInvalid if no sheet has an expected column, if two could be the one, if there is none of this name, if
    it has no records.
    """
    candidates = [_Candidate(sheet, _known(sheet, knows), _is_repeat(sheet)) for sheet in source.sheets]
    sheet = _named(source, chosen) if chosen else _found(source, candidates)
    if not _has_records(sheet):
        raise ExportInvalid(
            "This export holds column names and no records.",
            where=place_of(sheet),
            repair="Export the data again; check that the filters and the period of the download leave something.",
        )
    if not _known(sheet, knows):
        raise _nothing_known(source, sheet)
    return sheet, [*_notes(candidates, sheet), *_on_hidden(sheet)]


def _known(sheet: Sheet, knows: Knows) -> int:
    return sum(1 for name in sheet.header if knows(name) or (name in sheet.labels and knows(sheet.labels[name])))


def _is_repeat(sheet: Sheet) -> bool:
    """Whether this sheet holds a repeat group: answers given several times, each pointing to its interview."""
    return any(
        "".join(c for c in name.casefold() if c.isalnum()).removeprefix("x") in _PARENTS for name in sheet.header
    )


def _found(source: Source, candidates: list[_Candidate]) -> Sheet:
    eligible = [c for c in candidates if c.known and not c.is_repeat]
    if not eligible:
        raise _nothing_known(source, source.sheets[0])
    best = max(c.known for c in eligible)
    rivals = [c.sheet for c in eligible if 2 * c.known >= best]
    if len(rivals) > 1:
        first, second = (shown(sheet.name) for sheet in rivals[:2])
        say = f'Say which one in wave.toml, under [[exports]] of this file: sheet = "{first}".'
        more = f" and {len(rivals) - 2} more" if len(rivals) > 2 else ""
        raise ExportInvalid(
            f'Several sheets could hold the interviews: "{first}" and "{second}"{more}.',
            where=source.file,
            repair="Give these sheets names that name nobody." if NOT_SHOWN in (first, second) else say,
        )
    return rivals[0]


def _named(source: Source, chosen: str) -> Sheet:
    """The sheet of this name. Capitals do not matter, nor that Excel cut a long name."""
    if not any(sheet.name for sheet in source.sheets):
        raise ExportInvalid(
            f'The wave file asks for the sheet "{shown(chosen)}", and this export is one table without sheets.',
            where=source.file,
            repair="Take sheet = … out of wave.toml for this file.",
        )
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == chosen,
        lambda name: name.casefold() == chosen.casefold(),
        lambda name: name.rpartition("/")[2].casefold() == chosen.casefold(),
        lambda name: len(name) >= _EXCEL_NAME - 3 and chosen.casefold().startswith(name.rstrip(".… ").casefold()),
    )
    for test in tests:
        found = [sheet for sheet in source.sheets if test(sheet.name)]
        if len(found) == 1:
            return found[0]
    names = [shown(sheet.name) for sheet in source.sheets]
    raise ExportInvalid(
        f'This export has no sheet "{shown(chosen)}".{nearest(chosen, names)}',
        where=source.file,
        repair=f"Mend sheet = … in wave.toml. The sheets are: {_listed(names)}.",
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f'"{name}"' for name in names[:_LISTED]) + more


def _nothing_known(source: Source, sheet: Sheet) -> ExportInvalid:
    """The refusal of an export without an expected column. Its header is not shown: it may be the first interview."""
    looked = ""
    if len(source.sheets) > 1:
        looked = f" Its sheets are: {_listed([shown(sheet.name) for sheet in source.sheets])}."
    elif isinstance(sheet.records, Delimited):
        used = DELIMITERS.get(sheet.records.dialect.delimiter, "another character")
        looked = f" It was read as {len(sheet.header)} columns separated by {used}."
    return ExportInvalid(
        f"None of the expected columns is in the header of this export.{looked}",
        where=source.file,
        repair="Check that it is the export of this wave, with names or labels of questions as column names, "
        "and that wave.toml names the right questionnaire and form.",
    )


def _has_records(sheet: Sheet) -> bool:
    if isinstance(sheet.records, Cells):
        return bool(sheet.records.table.num_rows)
    return not isinstance(sheet.records, Delimited) or has_records(sheet)


def _notes(candidates: list[_Candidate], taken: Sheet) -> list[Finding]:
    findings = []
    for candidate in candidates:
        if candidate.sheet is taken:
            continue
        name, why = shown(candidate.sheet.name), "it has fewer of the expected columns"
        if candidate.is_repeat:
            why = "it holds a repeat group: its rows are parts of interviews, not interviews"
        elif not candidate.known:
            why = "none of its columns is expected"
        findings.append(
            Finding(Severity.NOTE, "sheet_set_aside", f'The sheet "{name}" was set aside: {why}.', file=taken.file)
        )
    return findings


def _on_hidden(sheet: Sheet) -> list[Finding]:
    if not sheet.hidden:
        return []
    return [
        Finding(
            Severity.WARNING,
            "hidden_sheet",
            f'The interviews are in the sheet "{shown(sheet.name)}", which Excel hides.',
            "Check that it is the one that you mean; if so, show it (right click on any sheet, Unhide) and save.",
            file=sheet.file,
        )
    ]
