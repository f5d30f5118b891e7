"""What a cell looks like, as one number a cell that an engine can compute: `suspicion`, and `bits_of` for one text.

Most cells of a survey are short words, dates and identifiers of the platform, and there may be a hundred million of
them. So cheap tests go first, and patterns are tried on what is left.
"""

from __future__ import annotations

import re
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from pipeline.ingest.anonymity.patterns import (
    LONG,
    LONG_TEXT,
    NAME_OR_WORD,
    REMARKABLE,
    SUSPICIOUS,
    UNUSUAL,
    USUAL,
    VALUE_KINDS,
    WORDS_FOR_CODES,
    plain,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

FILLED = 1
"""The bit of a cell that is not blank."""

OUTSIDE = 2
"""The bit of a cell that is none of the closed answers of its question."""

LOOK_CLOSER = 1 << 20
"""The bit of a cell on which a glance is not enough."""

_SHORT = 8
"""A cell that is shorter, and has none of these signs in it, fits no pattern."""
_SIGNS = (".", "@", "/", ",", "°")
_DIGITS = "0123456789"
_SHORT_NUMBER = "^[1-9][0-9]{7}$"
"""Nor does a number of one digit more, as survey platforms give records, unless it begins like that of a phone."""
_JOINED_AT_MOST = 8000

_BLANK = r"^[ \t\r\n]*(?i:na|n/a|nan|null|<na>|--?|\[\]|\{\}|\[(?:null|none|nan), ?(?:null|none|nan)\])?[ \t\r\n]*$"
_FLAG = (
    r"^[ \t\r\n]*(?i:[0-9]|-?(?:77|88|98|99)|888|-?999|true|false|yes|no|y|n|oui|non|vrai|faux|si|sì|sí|vero|falso|ναι"
    r"|οχι|όχι|نعم|لا|ja|nein)[ \t\r\n]*$"
)
"""Answers that identify nobody, whatever the question."""

_MOMENT = (
    r"^20[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z| ?[+-][01][0-9]:?[0-9]{2})?)?$"
)
_UNBORN, _NEXT_CENTURY = "2005", "21"
"""Days before may be those of a birth."""
_MOMENT_OF_A_WRONG_CLOCK = (
    r"^19[0-9]{2}-[01][0-9]-[0-3][0-9]T(?:0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}[+-][01][0-9]:[0-9]{2}$"
)
"""A device that has lost its clock starts at 1970. No birth is known to the millisecond."""
_LOCAL_MOMENT = r"^[0-3]?[0-9][-./][01]?[0-9][-./]20[0-9]{2} [0-2][0-9][:.][0-5][0-9](?:[:.][0-5][0-9])?$"
_UUID = r"^(?:uuid:)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_UUID_LENGTH = 36
_HARMLESS = rf"{_UUID}|{_LOCAL_MOMENT}"
"""Identifiers of submissions, and moments as spreadsheets write them. Both can hold what looks like a phone number."""


def glance(column: ir.StringValue) -> ir.IntegerValue:
    """What each cell shows at a glance, as bits: `FILLED` and `OUTSIDE`, and `LOOK_CLOSER`; 0 for an empty cell.

    Aggregate with a bitwise or. Where the result has `LOOK_CLOSER`, or where it matters whether cells are blanks in
    words or closed answers, `suspicion` tells more.
    """
    import ibis

    filled = _bits(FILLED | OUTSIDE)
    has_signs = ibis.or_(*(column.contains(sign) for sign in _SIGNS))
    return ibis.cases(
        (column.isnull(), _bits(0)),
        ((column.length() < _SHORT) & ~has_signs, filled),
        ((column.length() == _SHORT) & column.re_search(_SHORT_NUMBER), filled),
        (_is_moment(column) | _is_uuid(column), filled),
        (column.re_search(REMARKABLE) | (column.length() >= LONG_TEXT), _bits(FILLED | OUTSIDE | LOOK_CLOSER)),
        else_=filled,
    )


def are_usual(lowest: str, highest: str) -> bool:
    """Whether every text between two is a moment or a short number, so that none of them need be looked at.

    lowest, highest: signs, place by place, between which those of all texts are. Where the two differ there is a digit,
    and every digit below one that fits into a moment fits there too.
    """
    pairs = list(zip(lowest, highest, strict=True))
    if not all(low == high or (low in _DIGITS and high in _DIGITS) for low, high in pairs):
        return False
    if all(low in _DIGITS for low, _ in pairs):
        return len(pairs) < _SHORT or (len(pairs) == _SHORT and lowest[0] != "0")
    return lowest >= _UNBORN and highest < _NEXT_CENTURY and _fits(_MOMENT, lowest) and _fits(_MOMENT, highest)


def _is_moment(column: ir.StringValue) -> ir.BooleanValue:
    is_recent = (column >= _UNBORN) & (column < _NEXT_CENTURY) & column.re_search(_MOMENT)
    return is_recent | (column.startswith("19") & column.re_search(_MOMENT_OF_A_WRONG_CLOCK))


def _is_uuid(column: ir.StringValue) -> ir.BooleanValue:
    return (column.length() == _UUID_LENGTH) & column.re_search(_UUID)


def suspicion(
    column: ir.StringValue, closed: frozenset[str] | None = None, *, of_staff: bool = False
) -> ir.IntegerValue:
    """What each cell shows, as bits: `FILLED`, `OUTSIDE`, and one for each kind of identifier; 0 for a blank.

    closed: every answer that the question offers, as an export may write it; a cell that holds one or several of them
    shows no identifier. Aggregate with a bitwise or. Without `closed`, only yes, no and single digits are inside.
    of_staff: whether the column should hold codes of the people who collect data; then words are taken for their names.
    """
    import ibis

    # Flags and blanks are told by patterns: of each list of words (`isin`) DuckDB makes a join, and planning a hundred
    # joins takes longer than reading the export.
    has_signs = ibis.or_(*(column.contains(sign) for sign in _SIGNS))
    short = ibis.cases(
        (column.re_search(_FLAG), _bits(FILLED)), (column.re_search(_BLANK), _bits(0)), else_=_bits(FILLED | OUTSIDE)
    )
    usual = ibis.ifelse(column.re_search("[^ -~]"), column.translate(UNUSUAL, USUAL), column)
    found = ibis.cases(
        (column.isnull(), _bits(0)),
        *([(_is_offered_in(column, closed), _bits(FILLED))] if closed else []),
        ((column.length() < _SHORT) & ~has_signs, short),
        (_is_moment(column) | _is_uuid(column), _bits(FILLED | OUTSIDE)),
        (usual.re_search(SUSPICIOUS), _found_in(column, usual)),
        (column.length() >= LONG_TEXT, _bits(FILLED | OUTSIDE | LONG)),
        (((column < "!") | column.startswith("[") | (column.length() < _SHORT)) & column.re_search(_BLANK), _bits(0)),
        else_=_bits(FILLED | OUTSIDE),
    )
    if not of_staff:
        return found
    is_word = (found & _bits(OUTSIDE) != _bits(0)) & column.re_search(NAME_OR_WORD)
    return found | ibis.ifelse(is_word, _bits(WORDS_FOR_CODES), _bits(0))


def _bits(number: int) -> ir.IntegerScalar:
    import ibis

    return ibis.literal(number, "int32")


def _found_in(column: ir.StringValue, usual: ir.StringValue) -> ir.IntegerValue:
    """The kinds whose patterns a cell fits. usual: the cell in usual signs."""
    import ibis

    none = _bits(FILLED | OUTSIDE)
    found = [ibis.ifelse(usual.re_search(k.pattern), _bits(k.bit), _bits(0)) for k in VALUE_KINDS if k.pattern]
    long = ibis.ifelse(column.length() >= LONG_TEXT, _bits(LONG), _bits(0))
    return ibis.ifelse(column.re_search(_HARMLESS), none, reduce(or_, [*found, long], none))


def _is_offered_in(column: ir.StringValue, closed: frozenset[str]) -> ir.BooleanValue:
    joined = _joined(closed)
    return column.re_search(joined) if joined else column.strip().lower().isin(sorted(_folded(closed)))


@cache
def _folded(closed: frozenset[str]) -> frozenset[str]:
    return frozenset(answer.strip().lower() for answer in closed) - {""}


@cache
def _joined(closed: frozenset[str]) -> str:
    """A pattern for one or several of these answers in a cell, or nothing where it would grow too large to be quick."""
    answers = _folded(closed)
    if not answers or sum(map(len, answers)) > _JOINED_AT_MOST:
        return ""
    # Longest first, so that Python, which takes the first that fits, agrees with the automata.
    spelt = "|".join(re.escape(answer) for answer in sorted(answers, key=lambda answer: (-len(answer), answer)))
    return rf"^[ \t\r\n]*(?i:{spelt})(?:[ ,;|]+(?i:{spelt}))*[ \t\r\n]*$"


# --- the same for a text in memory ----------------------------------------------------------------------------------


def bits_of(text: str | None, closed: frozenset[str] | None = None, *, of_staff: bool = False) -> int:
    """What one cell shows; the same number that `suspicion` gives."""
    found = _bits_of(text, closed)
    is_word = of_staff and found & OUTSIDE and _fits(NAME_OR_WORD, text or "")
    return found | WORDS_FOR_CODES if is_word else found


def _bits_of(text: str | None, closed: frozenset[str] | None) -> int:
    if text is None:
        return 0
    if closed and _is_offered(text, closed):
        return FILLED
    if len(text) < _SHORT and not any(sign in text for sign in _SIGNS):
        return FILLED if _fits(_FLAG, text) else 0 if _fits(_BLANK, text) else FILLED | OUTSIDE
    if _UNBORN <= text < _NEXT_CENTURY and _fits(_MOMENT, text):
        return FILLED | OUTSIDE
    return _fitting(text) or (0 if _fits(_BLANK, text) else FILLED | OUTSIDE)


def _is_offered(text: str, closed: frozenset[str]) -> bool:
    # Most cells hold one answer, and looking it up is quicker than making a pattern of all of them.
    if text.strip(" \t\n\r\v\f").lower() in _folded(closed):
        return True
    joined = _joined(closed)
    return bool(joined) and _fits(joined, text)


def _fitting(text: str) -> int:
    """The bits of a text that fits a pattern, or is long; 0 for another."""
    usual, long = plain(text), LONG if len(text) >= LONG_TEXT else 0
    if not _fits(SUSPICIOUS, usual):
        return long and FILLED | OUTSIDE | long
    if _fits(_HARMLESS, text):
        return FILLED | OUTSIDE
    fitting = (kind.bit for kind in VALUE_KINDS if kind.pattern and _fits(kind.pattern, usual))
    return reduce(or_, fitting, FILLED | OUTSIDE | long)


def looks_identifying(text: str) -> bool:
    """Whether a piece of text looks like an identifier, so that it must not be printed."""
    return bool(kinds_of_bits(bits_of(text)))


def is_private(text: str) -> bool:
    """Whether a header, or the name of a sheet or file, has in it what is refused there too. Prose is not."""
    found = bits_of(text)
    return any(found & kind.bit for kind in VALUE_KINDS if kind.is_private)


def kinds_of_bits(bits: int) -> tuple[str, ...]:
    """The kinds of identifier that these bits stand for."""
    return tuple(kind.name for kind in VALUE_KINDS if bits & kind.bit)


def is_blank(bits: int) -> bool:
    """Whether every cell was blank."""
    return not bits & FILLED


def is_closed(bits: int) -> bool:
    """Whether something was filled in, and all of it is among the closed answers of the question."""
    return bool(bits & FILLED) and not bits & OUTSIDE


def _fits(pattern: str, text: str) -> bool:
    return bool(_compiled(pattern).search(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # `$` of the engines is the end of the text; Python's is also before a last line feed.
    return re.compile(pattern.replace("$", r"\Z"))
