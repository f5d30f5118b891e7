"""Reads an export as text: finds its delimiter and header, matches columns to the questionnaire, loads the rows.

Header, encoding and delimiter are looked at here, before an engine sees the file, because engines rename, pad and
guess in silence. Answers are not looked at here.
"""

from __future__ import annotations

import csv
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import ibis

from pipeline.engine import ROW, CannotParse, Dialect, Engine
from pipeline.errors import CannotReadOrWrite, ExportInvalid
from pipeline.ingest.findings import listed
from pipeline.questionnaire import ManyColumn, Questionnaire

if TYPE_CHECKING:
    import ibis.expr.types as ir

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}
_LAST_PART = re.compile(r"[/.:]")
_LONGEST_CELL = 2**24
_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")


@dataclass(frozen=True)
class Layout:
    """How one export is written, and which of its headers stand for which of our columns.

    columns: our name → header. children: (our name, answer word) → header of its 0/1 column. unused: headers that
    nothing here needs and the questionnaire does not know.
    """

    path: Path
    dialect: Dialect
    header: list[str]
    columns: dict[str, str]
    children: dict[tuple[str, str], str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def header_of(self, column: str) -> str:
        """The header under which a column of ours stands in this file, or our name if it is not there."""
        return self.columns.get(column, column)


def look_at(path: Path, questionnaire: Questionnaire) -> Layout:
    """The layout of an export.

    Errors: CannotReadOrWrite if it may not be read; ExportInvalid for an empty file, another encoding than UTF-8, a
    header that fits no delimiter, the same header twice, a column that is missing or could be two.
    """
    _check_opens(path)
    headers = {delimiter: _first_record(path, delimiter) for delimiter in DELIMITERS}
    fits = {delimiter: _fit(header, questionnaire) for delimiter, header in headers.items()}
    delimiter = max(fits, key=lambda d: fits[d])
    if fits[delimiter] == 0:
        raise ExportInvalid(
            "None of the expected columns is in the first row of this file.",
            where=path.name,
            repair="Check that this is the export of this wave, with the column names in its first row, separated by "
            + ", ".join(DELIMITERS.values())
            + ". Expected are "
            + ", ".join(_required_headers(questionnaire)[:6])
            + " …",
        )
    header = headers[delimiter]
    _check_no_twins(header, path)
    columns = _match_columns(header, questionnaire, path)
    children = _match_children(header, columns, questionnaire)
    taken = {*columns.values(), *children.values(), *questionnaire.unused}
    unused = tuple(name for name in header if name not in taken)
    return Layout(path, Dialect(delimiter), header, columns, children, unused)


def load(layout: Layout, engine: Engine) -> ir.Table:
    """The rows of an export as text, with `row`. ExportInvalid for a record that does not fit, by row number."""
    try:
        table = engine.read_csv(layout.path, layout.dialect, layout.header)
    except CannotParse:
        raise _what_is_wrong_with(layout) from None
    blank = _blank_rows(layout)
    if not blank:
        return table
    # Engines skip blank lines; a spreadsheet shows them. Count them back in, so that row numbers are the analyst's: a
    # record has as many blank lines above it as there are with (their row − blank lines above them) up to its number.
    above = ibis.literal([row - earlier for earlier, row in enumerate(blank)], type="array<int64>")
    return table.mutate(**{ROW: table[ROW] + above.filter(lambda place: place <= table[ROW]).length()})


def _check_opens(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as problem:
        raise CannotReadOrWrite(
            f"This file cannot be read ({problem.strerror}).", where=path.name, repair="Ask for the right to read it."
        ) from None
    if not start.strip(b"\xef\xbb\xbf\r\n \t"):
        raise ExportInvalid("This file is empty.", where=path.name, repair="Download the export again.")
    if start.startswith(b"PK"):
        raise ExportInvalid(
            "This file is a workbook or an archive, not delimited text.",
            where=path.name,
            repair="Export the data as CSV, or save the workbook as CSV UTF-8.",
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _not_utf8(path)


def _not_utf8(path: Path) -> ExportInvalid:
    return ExportInvalid("This file is not UTF-8 text.", where=path.name, repair="Save or export it again as UTF-8.")


def _open_text(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _records(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(file, delimiter=delimiter, strict=True)


def _first_record(path: Path, delimiter: str) -> list[str]:
    try:
        with _open_text(path) as file:
            names = [name.strip() for name in next(_records(file, delimiter), [])]
            return [name or f"(no name, column {place})" for place, name in enumerate(names, start=1)]
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except csv.Error:
        return []


def _is_called(header: str, alias: str) -> bool:
    """Whether a header is this name, alone or behind the prefix of a group of questions."""
    return header == alias or (header.endswith(alias) and bool(_LAST_PART.match(header[-len(alias) - 1])))


def _required_headers(questionnaire: Questionnaire) -> list[str]:
    return [column.headers[0] for column in questionnaire.columns.values() if column.required]


def _fit(header: list[str], questionnaire: Questionnaire) -> int:
    """How many of the questionnaire's columns this header has."""
    aliases = [alias for column in questionnaire.columns.values() for alias in column.headers]
    return sum(any(_is_called(name, alias) for name in header) for alias in aliases)


def _check_no_twins(header: list[str], path: Path) -> None:
    seen = {name: [i + 1 for i, other in enumerate(header) if other.casefold() == name.casefold()] for name in header}
    twins = {name: places for name, places in seen.items() if len(places) > 1}
    if twins:
        name, places = next(iter(twins.items()))
        raise ExportInvalid(
            f'The column "{name}" is there {len(places)} times.',
            where=f"{path.name}, columns {listed(places)}",
            repair="Delete or rename all but the right one, in a copy of the export.",
        )


def _match_columns(header: list[str], questionnaire: Questionnaire, path: Path) -> dict[str, str]:
    matched: dict[str, str] = {}
    missing: list[str] = []
    for name, column in questionnaire.columns.items():
        found = [h for h in header if any(_is_called(h, alias) for alias in column.headers)]
        if len(found) > 1:
            raise ExportInvalid(
                f'Two columns could be "{name}": "{found[0]}" and "{found[1]}".',
                where=path.name,
                repair="Delete or rename the wrong one, in a copy of the export.",
            )
        if found:
            matched[name] = found[0]
        elif column.required and not _has_children(header, name, questionnaire):
            missing.append(" or ".join(f'"{alias}"' for alias in column.headers))
    if missing:
        are = "A column is" if len(missing) == 1 else f"{len(missing)} columns are"
        raise ExportInvalid(
            f"{are} missing: {', '.join(missing)}.",
            where=path.name,
            repair="Export all questions with their XML names. If this round did not ask it, say so in wave.toml under "
            "[overrides.columns.<name>] with required = false.",
        )
    return matched


def _has_children(header: list[str], name: str, questionnaire: Questionnaire) -> bool:
    return bool(_children_of(header, name, questionnaire))


def _children_of(header: list[str], name: str, questionnaire: Questionnaire) -> dict[tuple[str, str], str]:
    """The 0/1 columns of a question with several answers, by answer word."""
    column = questionnaire.columns[name]
    if not isinstance(column, ManyColumn):
        return {}
    found: dict[tuple[str, str], str] = {}
    for code, answer in questionnaire.answers[column.answers].items():
        for alias in column.headers:
            for h in header:
                if any(_is_called(h, f"{alias}{separator}{code}") for separator in "/.:"):
                    found[(name, answer.word)] = h
    return found


def _match_children(
    header: list[str], columns: dict[str, str], questionnaire: Questionnaire
) -> dict[tuple[str, str], str]:
    children: dict[tuple[str, str], str] = {}
    for name in questionnaire.columns:
        children.update(_children_of(header, name, questionnaire))
    return children


def _blank_rows(layout: Layout) -> list[int]:
    """Row numbers of blank lines between records."""
    with layout.path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        if not _BLANK_LINE.search(mapped):
            return []
    with _open_text(layout.path) as file:
        return [row for row, cells in enumerate(_records(file, layout.dialect.delimiter), start=1) if not cells]


def _what_is_wrong_with(layout: Layout) -> ExportInvalid:
    """The reason why a file cannot be parsed, found record by record, without a cell of it in the message."""
    width = len(layout.header)
    ragged: list[int] = []
    row = 0
    try:
        with _open_text(layout.path) as file:
            for row, cells in enumerate(_records(file, layout.dialect.delimiter), start=1):
                if cells and len(cells) != width:
                    ragged.append(row)
    except UnicodeDecodeError:
        return _not_utf8(layout.path)
    except csv.Error:
        return ExportInvalid(
            "A record is broken: its quotation marks do not match, or the file ends in the middle of it.",
            where=f"{layout.path.name}, row {row + 1} or after",
            repair="Download the export again; it may have been cut off.",
        )
    if ragged:
        rows = "A row has" if len(ragged) == 1 else f"{len(ragged)} rows have"
        return ExportInvalid(
            f"{rows} more or fewer cells than the header, which has {width}.",
            where=f"{layout.path.name}, rows {listed(ragged, 10)}",
            repair="Download the export again, or mend the delimiters and quotation marks in these rows.",
        )
    return ExportInvalid(
        "This file is not delimited text that can be read.",
        where=layout.path.name,
        repair="Download the export again as CSV in UTF-8.",
    )
