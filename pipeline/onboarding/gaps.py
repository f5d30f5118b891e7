"""What of an export could not be matched with the questionnaire, with proposals. Nothing here is taken as true."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.ingest.anonymity import looks_identifying
from pipeline.ingest.folding import fold
from pipeline.ingest.layout import Layout, absent
from pipeline.ingest.sources.opening import shown
from pipeline.questionnaire import KeyColumn, Questionnaire

_ALIKE = 0.7
_SEPARATOR = re.compile(r"[/.:]+")


@dataclass(frozen=True)
class Missing:
    """A column of ours that an export does not have. near: headers of the export that could be it."""

    file: str
    column: str
    called: str
    required: bool
    near: tuple[str, ...]


@dataclass(frozen=True)
class Unused:
    """A header that nothing knows. near: our columns that it could be."""

    file: str
    header: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """What could not be matched, over all exports."""

    missing: tuple[Missing, ...]
    unused: tuple[Unused, ...]


def gaps_of(layouts: Sequence[Layout], q: Questionnaire) -> Gaps:
    """The gaps between exports and a questionnaire. A header that could name a person is not among the proposals."""
    missing: list[Missing] = []
    unused: list[Unused] = []
    for layout in layouts:
        unknown = [header for header in layout.unknown if not looks_identifying(header)]
        lacking = {name: q.columns[name] for name in absent(layout, q)}
        near = {
            name: _near([*column.headers, *column.wording.values()], unknown)
            for name, column in lacking.items()
            if column.required or not isinstance(column, KeyColumn)
        }
        missing += [
            Missing(layout.file, name, lacking[name].headers[0], lacking[name].required, tuple(headers))
            for name, headers in near.items()
        ]
        unused += [
            Unused(layout.file, shown(header), tuple(name for name, headers in near.items() if header in headers))
            for header in unknown
        ]
    return Gaps(tuple(missing), tuple(unused))


def _near(names: Iterable[str], headers: Sequence[str]) -> list[str]:
    """The headers that are written much like one of these names, behind a group or not."""
    ends = {fold(end): header for header in headers for end in (header, _SEPARATOR.split(header)[-1]) if fold(end)}
    close = [end for name in names for end in difflib.get_close_matches(fold(name), list(ends), n=2, cutoff=_ALIKE)]
    return list(dict.fromkeys(ends[end] for end in close))
