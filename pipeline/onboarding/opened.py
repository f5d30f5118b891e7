"""Opens what may be exports: finds the sheet with the interviews, and the form that belongs to them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.ingest.cleaning.words import part_of
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.folding import fold
from pipeline.ingest.form import Form, read_form
from pipeline.ingest.sheet import Delimited, Knows, Sheet, Source
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.onboarding.gather import FORM_FROM, MOST_UNPACKED, Gathered, Left
from pipeline.questionnaire import Questionnaire

_FEWEST_COLUMNS = 3
"""A table in a folder with fewer expected columns is no export."""
_LOG_COLUMNS = 4
_PACKED = (b"PK", b"\x1f\x8b")
_LEAST_FIT = 1 / 3


@dataclass(frozen=True)
class Opened:
    """The exports, each with its sheet of interviews; the form, if one belongs to them; what was left, and why.

    encodings: export → how its text is encoded, for those that are text.
    """

    sheets: tuple[Sheet, ...]
    form: str | None
    codebooks: Mapping[str, Codebook]
    left: tuple[Left, ...]
    encodings: Mapping[str, str]


def open_all(gathered: Gathered, instruments: Mapping[str, Questionnaire], chosen: str | None, scratch: Path) -> Opened:
    """Opens every table that was given, with the names that any questionnaire and any form expects.

    instruments: lenient. chosen: the sheet's name in a workbook, if the analyst gave one. Errors: ExportInvalid for a
    file that cannot be read or in which several sheets could be meant; DeclarationError for a form that is none;
    UsageError if no table is an export, or if two forms fit alike.
    """
    forms = {name: read_form(gathered.folder / name) for name in gathered.forms}
    knows = _known_to_any([Codebook(q, form) for q in instruments.values() for form in (*forms.values(), None)])
    sheets: list[Sheet] = []
    left: list[Left] = []
    encodings: dict[str, str] = {}
    for name in gathered.tables:
        source = open_source(gathered.folder / name, scratch, knows, MOST_UNPACKED)
        why = _why_no_export(source, knows) if len(gathered.tables) > 1 else ""
        if why:
            left += [Left(name, why)] if name not in forms else []
            continue
        sheet, _ = data_sheet(source, knows, chosen if len(source.sheets) > 1 else None)
        sheets.append(sheet)
        encodings |= _encoding(gathered.folder / name, source)
    if not sheets:
        raise UsageError(
            "None of these files is an export: they have hardly any column that a questionnaire expects. If the export "
            "has labels instead of names, the XLSForm is needed too.",
            where=", ".join(gathered.tables),
            repair=f"Put the XLSForm of the round beside the export and run the command again. {FORM_FROM}",
        )
    form, others = _form_of(sheets, forms)
    others = [one for one in others if one.name not in {sheet.file for sheet in sheets}]
    codebooks = {name: Codebook(q, forms[form] if form else None) for name, q in instruments.items()}
    return Opened(tuple(sheets), form, codebooks, (*gathered.left, *left, *others), encodings)


def _encoding(path: Path, source: Source) -> dict[str, str]:
    """The encoding of an export that is text and not packed, in the words of a message."""
    with path.open("rb") as file:
        head = file.read(4)
    if not all(isinstance(sheet.records, Delimited) for sheet in source.sheets) or head.startswith(_PACKED):
        return {}
    if any(finding.check == "encoding" for finding in source.findings):
        return {source.file: "Windows-1252"}
    return {source.file: "UTF-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "UTF-8"}


def _known_to_any(codebooks: Sequence[Codebook]) -> Knows:
    return cache(lambda header: any(codebook.knows(header) for codebook in codebooks))


def _why_no_export(source: Source, knows: Knows) -> str:
    """Why a table among several is no export; empty if it is one."""
    headers = [sheet.header for sheet in source.sheets]
    if any(sum(map(knows, header)) >= _FEWEST_COLUMNS for header in headers):
        return ""
    if any(len({part_of(name) for name in header} - {None}) >= _LOG_COLUMNS for header in headers):
        return (
            "it looks like a cleaning log. If it is that of this wave, put a copy of it into the wave's folder, and "
            "call it cleaning.csv or cleaning.xlsx"
        )
    return "hardly any of its columns is one that a questionnaire or the form expects"


def _form_of(sheets: Sequence[Sheet], forms: Mapping[str, Form]) -> tuple[str | None, list[Left]]:
    """The form of which most questions are in the exports."""
    headers = {fold(header) for sheet in sheets for header in (*sheet.header, *sheet.labels.values())}
    shares = {name: _share(form, headers) for name, form in forms.items()}
    best = max(shares.values(), default=0)
    fitting = [name for name, share in shares.items() if share == best and share >= _LEAST_FIT]
    # A form of its own goes before one that is in the workbook of an export.
    fitting = [name for name in fitting if name not in {sheet.file for sheet in sheets}] or fitting
    if len(fitting) > 1:
        raise UsageError(
            f"These forms fit the export alike: {', '.join(fitting)}.",
            where="FROM",
            repair="Put the export and its own form into a folder without the others, and give that folder.",
        )
    others = [name for name in forms if name not in fitting]
    why = "a form, and few of its questions are in the export" if not fitting else "another form fits the export better"
    return (fitting[0] if fitting else None), [Left(name, why) for name in others]


def _share(form: Form, headers: set[str]) -> float:
    """How many of a form's questions are in the exports, by name or by a label, behind a group or not."""
    asked = [question for question in form.questions if question.labels]
    there = [
        question
        for question in asked
        if any(header.endswith(fold(text)) for text in (question.name, *question.labels.values()) for header in headers)
    ]
    return len(there) / len(asked) if asked else 0.0
