"""Looks at what is not the data: further sheets of a workbook, its properties, comments on cells.

Further sheets with records (repeat groups, a hidden copy with names) are judged like the data, column by column. Sheets
that explain or list codes are looked at as text: their headers and their length say nothing about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from pipeline.engine import ROW
from pipeline.ingest.anonymity.gate import Place, Seen
from pipeline.ingest.anonymity.names import is_of_staff, kinds_by_name, spoken
from pipeline.ingest.anonymity.values import bits_of
from pipeline.ingest.sheet import Cells, Sheet

if TYPE_CHECKING:
    import pyarrow as pa

_AUTHORS = ("author", "creator", "last modified by", "modified by", "manager", "company", "last author")
_CODEBOOK = (
    *("type", "name", "label", "hint", "relevant", "constraint", "constraint message", "required", "choice filter"),
    *("calculation", "appearance", "default", "list name", "value", "values", "variable", "variable name", "question"),
    *("code", "codes", "description", "media", "read only", "readonly", "order", "form title", "form id", "version"),
    *(
        "default language",
        "style",
        "instance name",
        "filter",
        "parameters",
        "trigger",
        "repeat count",
        "note",
        "public key",
    ),
)
_CODEBOOK_NEEDS = ("label", "list name", "type", "variable", "variable name", "question", "form title")
_PROSE_COLUMNS = 3
_TITLE_WORDS = 6


def seen_in_cells(sheet: Sheet) -> list[Seen]:
    """What a sheet in memory shows, column by column; of a sheet without records, in one piece."""
    if not isinstance(sheet.records, Cells):
        raise TypeError("an engine looks at records that are not in memory")
    columns = _columns(sheet.records.table)
    bits = [_bits(column, of_staff=is_of_staff(header)) for column, header in zip(columns, sheet.header, strict=True)]
    if _explains(sheet.header) or _lists_codes(sheet.header):
        texts = reduce(or_, [*bits, *(bits_of(header) for header in sheet.header)], 0)
        return [Seen(sheet.file, sheet.name, "what it says", bits=texts, place=Place.TEXT)]
    return [
        Seen(sheet.file, sheet.name, header, sheet.labels.get(header, ""), found, number)
        for number, (header, found) in enumerate(zip(sheet.header, bits, strict=True), start=1)
    ]


def seen_in_texts(file: str, texts: Sequence[tuple[str, str]]) -> list[Seen]:
    """What file properties, comments on cells and other texts show. texts: (place, text); a place is shown to people.

    A place that begins with "comment" is a comment on a cell. One that is called author, creator, last modified by,
    manager or company names staff: a bare name there is no reason to refuse a file.
    """
    return [Seen(file, "", place, bits=bits_of(text), place=_kind(place)) for place, text in texts]


def _kind(place: str) -> Place:
    words = spoken(place).strip()
    if words in _AUTHORS:
        return Place.AUTHOR
    return Place.COMMENT if words.startswith("comment") else Place.TEXT


def _columns(table: pa.Table) -> list[Iterable[str | None]]:
    """The different cells of each column, without the row number."""
    return [table[name].unique().to_pylist() for name in table.column_names if name != ROW]


def _bits(cells: Iterable[str | None], *, of_staff: bool) -> int:
    return reduce(or_, (bits_of(cell, of_staff=of_staff) for cell in cells), 0)


def _explains(header: Sequence[str]) -> bool:
    """Whether a sheet is made to be read, such as a README: few columns, and none with a short telling name."""
    named = [name for name in header if not name.startswith("(no name")]
    telling = [name for name in named if len(spoken(name).split()) <= _TITLE_WORDS and kinds_by_name(name)]
    return len(named) <= _PROSE_COLUMNS and not telling


def _lists_codes(header: Sequence[str]) -> bool:
    """Whether a sheet is a form or a codebook: its columns are those of one, and a list of people has others."""
    words = {_base(name) for name in header if not name.startswith("(no name")}
    return bool(words & set(_CODEBOOK_NEEDS)) and words <= set(_CODEBOOK)


def _base(header: str) -> str:
    """`label::English (en)` is a label."""
    return spoken(header.split("::", maxsplit=1)[0]).strip()
