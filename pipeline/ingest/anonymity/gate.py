"""Judges what was seen: lets an export past, with what is worth knowing, or refuses it, naming columns and kinds.

No message holds a cell, and no header that is itself an identifier, as in a file whose first row is a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.declared import nearest
from pipeline.errors import NotAnonymised
from pipeline.ingest.anonymity.names import doubtful_by_name, is_of_platform, is_of_staff, kinds_by_name, spoken
from pipeline.ingest.anonymity.patterns import VALUE_KINDS
from pipeline.ingest.anonymity.values import LOOK_CLOSER, bits_of, is_blank, is_closed, kinds_of_bits
from pipeline.ingest.findings import Finding, Severity
from pipeline.wave import AllowedColumn

_HEADER_SHOWN = 80
_COLUMNS_LISTED = 60

_PRIVATE = tuple(kind.name for kind in VALUE_KINDS if kind.is_private)


class Place(Enum):
    """Where something was seen.

    A column of records that is dropped; one that is kept; the author of a file; a comment on a cell; a name of a file
    or sheet; any other text.
    """

    COLUMN = "column"
    KEPT = "kept"
    AUTHOR = "author"
    COMMENT = "comment"
    NAME = "name"
    TEXT = "text"


_COLUMNS = (Place.COLUMN, Place.KEPT)


@dataclass(frozen=True)
class Seen:
    """What was seen in one column of an export, or in one other place of it.

    header: as written; of another place than a column, what to call it. label: the variable label or question text; of
    a column that is kept, our name for it; or empty. bits: those of all cells together, from `suspicion` or `bits_of`.
    number: of the column in its file, from 1.
    """

    file: str
    sheet: str
    header: str
    label: str = ""
    bits: int = 0
    number: int = 0
    place: Place = Place.COLUMN


@dataclass(frozen=True)
class _Verdict:
    """by_name, by_value, by_header, by_label: the kinds of identifier that refuse. doubtful: those that only warn."""

    by_name: tuple[str, ...] = ()
    by_value: tuple[str, ...] = ()
    by_header: tuple[str, ...] = ()
    by_label: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def refuses(self) -> bool:
        return bool(self.by_name or self.by_value or self.by_header or self.by_label)


def judge(seen: Sequence[Seen], allowed: Sequence[AllowedColumn]) -> list[Finding]:
    """What is worth knowing about columns that were let past.

    seen: everything looked at in all exports of the wave. allowed: the columns that the wave file lets past. One whose
    name is itself an identifier, and one that is kept, cannot be allowed.
    NotAnonymised lists all that could identify a person, in all files together.
    """
    reasons = {entry.column.strip(): entry.reason for entry in allowed}
    findings: list[Finding] = []
    refused: list[tuple[Seen, _Verdict]] = []
    for one in [*_names(seen), *seen]:
        verdict = _verdict(one)
        if _is_allowed(one, verdict, reasons):
            findings.append(_allowed(one, reasons[one.header.strip()]))
        elif verdict.refuses:
            refused.append((one, verdict))
        else:
            findings += _noticed(one, verdict)
    if refused:
        raise _refusal(refused)
    return [*findings, *_allowed_but_absent(seen, reasons)]


def asks_for_more(bits: int, header: str, label: str = "") -> bool:
    """Whether a column needs more than a glance. bits: those of all its cells together, from `glance`."""
    if is_blank(bits):
        return False
    return bool(bits & LOOK_CLOSER) or any(
        kinds_by_name(name) or doubtful_by_name(name) or is_of_staff(name) for name in (header, label) if name
    )


def _names(seen: Sequence[Seen]) -> list[Seen]:
    """The names of files and sheets, which messages and results repeat."""
    files = dict.fromkeys(one.file for one in seen)
    sheets = dict.fromkeys((one.file, one.sheet) for one in seen if one.sheet)
    return [
        *(Seen(file, "", "its name", bits=bits_of(file), place=Place.NAME) for file in files),
        *(Seen(file, "", "the name of a sheet or file in it", bits=bits_of(n), place=Place.NAME) for file, n in sheets),
    ]


def _is_allowed(one: Seen, verdict: _Verdict, reasons: dict[str, str]) -> bool:
    return one.place is Place.COLUMN and not verdict.by_header and one.header.strip() in reasons


def _verdict(one: Seen) -> _Verdict:
    if one.place not in _COLUMNS:
        return _Verdict(by_value=_private(one.bits))
    by_header = _private(bits_of(one.header))
    if one.place is Place.KEPT:
        return _Verdict(by_value=_by_value(one), by_header=by_header)
    by_label = _private(bits_of(one.label))
    if is_blank(one.bits):
        return _Verdict(by_header=by_header, by_label=by_label)
    by_name = tuple(dict.fromkeys([*kinds_by_name(one.header), *kinds_by_name(one.label)]))
    if is_closed(one.bits):
        return _Verdict(by_header=by_header, by_label=by_label, doubtful=by_name)
    doubtful = tuple(dict.fromkeys([*doubtful_by_name(one.header), *doubtful_by_name(one.label)]))
    return _Verdict(by_name, _by_value(one), by_header, by_label, doubtful)


def _private(bits: int) -> tuple[str, ...]:
    """The kinds that are refused outside of cells too."""
    return tuple(kind for kind in kinds_of_bits(bits) if kind in _PRIVATE)


def _by_value(one: Seen) -> tuple[str, ...]:
    """The kinds among the cells, without those that the column's name explains."""
    named = [name for name in (one.header, one.label) if name]
    words = [spoken(name) for name in named]
    of_platform = any(is_of_platform(name) for name in named)
    return tuple(
        kind.name
        for kind in VALUE_KINDS
        if one.bits & kind.bit
        and not (kind.of_platform and of_platform)
        and not (kind.excused and any(re.search(kind.excused, name) for name in words))
    )


# --- what is let past -----------------------------------------------------------------------------------------------


def _noticed(one: Seen, verdict: _Verdict) -> list[Finding]:
    if is_blank(one.bits):
        return []
    if one.place is Place.AUTHOR:
        message = f"The file names someone ({_shown(one.header)}), as most programs do; the name is not copied."
        return [Finding(Severity.NOTE, "author_named", message, file=one.file)]
    if one.place is Place.COMMENT:
        message = (
            f"There are comments on cells ({_shown(one.header)}), which may tell more about a person than answers."
        )
        repair = "Read them, and delete them in the export. They are not copied."
        return [Finding(Severity.WARNING, "comments_on_cells", message, repair, file=one.file)]
    if one.place is Place.COLUMN and verdict.doubtful:
        held = "all it holds are closed answers" if is_closed(one.bits) else "nothing in it looks like one"
        message = f"By its name this column could hold {_and(verdict.doubtful)}; {held}. It was let past and dropped."
        repair = "Look at the column. If it does, take it out of the export."
        return [Finding(Severity.WARNING, "could_identify", message, repair, file=one.file, column=_shown(one.header))]
    return []


def _allowed(one: Seen, reason: str) -> Finding:
    message = f"The wave file allows this column ({reason}). It was dropped all the same."
    return Finding(Severity.NOTE, "allowed_column", message, file=one.file, column=_shown(one.header))


def _allowed_but_absent(seen: Sequence[Seen], reasons: dict[str, str]) -> list[Finding]:
    headers = [one.header.strip() for one in seen if one.place is Place.COLUMN]
    shown = [header for header in headers if not _private(bits_of(header))]
    return [
        Finding(
            Severity.WARNING,
            "allowed_column_absent",
            f"The wave file allows this column, and no export has it among those that are not used."
            f"{nearest(column, shown)}",
            "Mend the name under [[allowed_columns]] in wave.toml, or take the entry out.",
            column=_shown(column),
        )
        for column in reasons
        if column not in headers
    ]


# --- what is refused ------------------------------------------------------------------------------------------------


def _refusal(refused: Sequence[tuple[Seen, _Verdict]]) -> NotAnonymised:
    files = list(dict.fromkeys(one.file for one, _ in refused))
    lines = list(dict.fromkeys(f"  - {_where(one)}: {_why(one, verdict)}" for one, verdict in refused))
    if len(lines) > _COLUMNS_LISTED:
        lines = [*lines[:_COLUMNS_LISTED], f"  - and {len(lines) - _COLUMNS_LISTED} more"]
    are = "This export is" if len(files) == 1 else f"These {len(files)} exports are"
    return NotAnonymised(
        f"{are} not anonymised. Nothing was written.\n" + "\n".join(lines),
        where=", ".join(map(_shown, files)),
        repair="Take this out of the export where it is kept safely, and copy it here again. If a column is harmless, "
        "allow it in wave.toml with [[allowed_columns]], column and reason; it is dropped all the same. "
        "docs/anonymity.md says how to leave columns out of an export.",
    )


def _where(one: Seen) -> str:
    parts = [_shown(one.file), f'sheet "{_shown(one.sheet)}"' if one.sheet else ""]
    parts.append(_column(one) if one.place in _COLUMNS else _shown(one.header))
    return ", ".join(part for part in parts if part)


def _column(one: Seen) -> str:
    if not _private(bits_of(one.header)):
        return f'column "{_shown(one.header)}"'
    return f"column {one.number}" if one.number else "a column"


def _why(one: Seen, verdict: _Verdict) -> str:
    reasons = [
        f"its name suggests {_and(verdict.by_name)}" if verdict.by_name else "",
        f"there are {_and(verdict.by_value)} in it" if verdict.by_value else "",
        f"there are {_and(verdict.by_header)} where its name should be" if verdict.by_header else "",
        f"there are {_and(verdict.by_label)} in its label" if verdict.by_label else "",
    ]
    kept = " (it is used, so it cannot be allowed)" if one.place is Place.KEPT else ""
    return "; ".join(reason for reason in reasons if reason) + kept


def _and(kinds: Sequence[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"


def _shown(name: str) -> str:
    """A header or the name of a file or sheet as it may be printed: one line, not too long, and no identifier."""
    if _private(bits_of(name)):
        return "(its name is not shown)"
    text = "".join(character if character.isprintable() else " " for character in name)
    return text if len(text) <= _HEADER_SHOWN else f"{text[:_HEADER_SHOWN]}…"
