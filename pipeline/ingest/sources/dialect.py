"""Finds the delimiter and the header of delimited text, in its beginning."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from pipeline.ingest.sheet import Knows
from pipeline.ingest.sources.header import filled, first_header

DELIMITERS = {
    ";": "semicolons",
    ",": "commas",
    "\t": "tabs",
    "|": "pipes",
    ":": "colons",
    "^": "carets",
    "~": "tildes",
    " ": "blanks",
}
"""The usual delimiters, the usual ones first, in the words of a message."""
_USUAL = (";", ",", "\t", "|")
LONGEST_CELL = 2**24
_RECORDS = 10
_FITTING = 4
"""How much more an expected name counts where records have the width of the header. Labels hold blanks, colons."""
_SEP_LINE = re.compile(r'"?sep=(.)"?\r?\n?$')
_NEVER = frozenset("\"'_-./()[]{}?!’«»\\\r\n\ufeff")
_MOST_OTHERS = 8


@dataclass(frozen=True)
class Way:
    """One way to read a text. row: of the header, counting records and blank lines; lines: of text above the header.

    above: row above the header → how many of its cells are filled. known: expected names in the header. alike: whether
    all records that were looked at have the width of the header.
    """

    delimiter: str
    quote: str
    header: tuple[str, ...]
    row: int
    lines: int
    above: dict[int, int]
    known: int
    alike: bool

    @property
    def worth(self) -> tuple[int, bool, int]:
        """How likely this is the way in which the text was written."""
        fits = self.alike and len(self.header) > 1
        return self.known * (_FITTING if fits else 1), fits, len(self.header) if fits else 0


def find_way(lines: list[str], knows: Knows) -> Way:
    """The most likely way to read these first lines of a text, each with its line end."""
    remembered = cache(knows)
    declared = _SEP_LINE.match(lines[0]) if lines else None
    # A line that tells Excel the delimiter is no record, but it is a row of the file. It may be wrong.
    skip = 1 if declared else 0
    if declared and (said := _way(lines, declared[1], '"', remembered, skip)).known:
        return said
    best = max((_way(lines, usual, '"', remembered, skip) for usual in _USUAL), key=lambda way: way.worth)
    # Labels hold blanks and colons: what is cut there by chance may be a word that is expected.
    seldom = [delimiter for delimiter in DELIMITERS if delimiter not in _USUAL]
    others = [_way(lines, delimiter, '"', remembered, skip) for delimiter in (*seldom, *_others(lines))]
    clear = [way for way in others if way.known > max(1, best.known) and way.alike]
    best = max(clear, key=lambda way: way.worth, default=best)
    if all(len(name) > 1 and name[0] == name[-1] == "'" for name in best.header):
        return _way(lines, best.delimiter, "'", remembered, skip)
    return best


def _others(lines: list[str]) -> list[str]:
    """Characters that could be delimiters and are none of the usual ones, the most frequent first."""
    text = "".join(lines[:_RECORDS])[:10_000]
    found = {c for c in text if not c.isalnum() and not c.isspace() and c not in _NEVER and c not in DELIMITERS}
    controls = {c for c in text if ord(c) < 32 and c not in "\t\n\r"}
    return sorted(found | controls, key=lambda c: (-text.count(c), c))[:_MOST_OTHERS]


def _way(lines: list[str], delimiter: str, quote: str, knows: Knows, skip: int) -> Way:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(iter(lines[skip:]), delimiter=delimiter, quotechar=quote)
    records: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in islice(reader, _RECORDS):
            ends.append(skip + reader.line_num)
            records.append(record)
    except csv.Error:
        pass
    records = records or [[]]
    place, known = first_header(records, knows)
    header, below = records[place], [record for record in records[place + 1 :] if record]
    return Way(
        delimiter=delimiter,
        quote=quote,
        header=tuple(header),
        row=skip + place + 1,
        lines=ends[place - 1] if place else skip,
        above=filled(enumerate(records[:place], start=skip + 1)),
        known=known,
        alike=all(len(record) == len(header) for record in below),
    )
