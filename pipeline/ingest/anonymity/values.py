r"""What a cell looks like: the patterns of identifiers, as one number a cell that an engine can compute.

The same patterns run in three machines: RE2 (DuckDB), Java (Spark) and Python (small sheets). So they use only what
all three read alike: no look-around, no `.`, no `\w`, `\d` or `\b`. Digits may be Western, Arabic or Persian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

FILLED = 1
"""The bit of a cell that is not blank."""

OUTSIDE = 2
"""The bit of a cell that is none of the closed answers of its question."""

LONG_TEXT = 120
"""From this many characters on, a cell is taken for free text; so is one of more than `WORDS` words."""

WORDS = 12
_SHORT = 8
_JOINED_AT_MOST = 4000

_D = "[0-9٠-٩۰-۹]"
# No digit, letter or sign of a larger number stands before; none stands after. Spares dates, decimals, UUIDs, versions.
_B = "(?:^|[^0-9٠-٩۰-۹A-Za-z_.,:/+-])"
_E = "(?:$|[^0-9٠-٩۰-۹A-Za-z-])"


def _any(*patterns: str) -> str:
    spelt = "|".join(patterns)
    return spelt.replace("<D>", _D).replace("<B>", _B).replace("<E>", _E)


@dataclass(frozen=True)
class ValueKind:
    """One kind of identifier that cells can show.

    excused: words of a column name (a pattern) under which such cells are expected; only for kinds that are more often
    harmless than not, because any number of that length looks like them.
    """

    bit: int
    name: str
    pattern: str
    excused: str = ""


_PLATFORM = (
    r"(?:submission )*(?:start|end|today|id|index|uuid|time|version|status|submitted by|submission|xform id string"
    r"|xform id|parent index|parent table name|validation status|root uuid|instance id|deprecated id|tags)"
)
"""Words that a platform's own columns consist of, such as `_submission__id`."""

VALUE_KINDS = (
    ValueKind(
        1 << 2,
        "e-mail addresses or accounts",
        _any(
            r"[^\s@]@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
            r"(?:^|[ ,;:(])@[A-Za-z][A-Za-z0-9_.]{2,}",
            r"(?i:gmail|hotmail|yahoo|outlook)[. ](?i:com|fr|it|es|gr)(?:$|[^A-Za-z])",
        ),
    ),
    ValueKind(
        1 << 3,
        "phone numbers",
        _any(
            r"(?:^|[^0-9])\+ ?\(?<D>{1,3}\)?(?:[ ().\-/]{0,2}<D>){7,13}",
            r"<B>\(?00 ?[1-9](?:[ ().\-/]{0,2}<D>){8,13}",
            r"<B>\(?[0٠۰][1-9١-٩۱-۹](?:[ ().\-]{0,2}<D>){7,11}",
            r"<B>0[1-9]<D>{1,3}/(?:[ .]?<D>){5,8}",
            r"\(<D>{2,4}\) ?<D>{3,4}[ .-]?<D>{3,4}",
            # Two groups, but not the range 1000-500000.
            r"<B>[1-9]<D>{2,3}[ -]<D>{4,6}(?:<D>[1-9]|[1-9]<D>)<E>",
            # Groups as people write them in Italy, Spain, Greece, Senegal, France without its 0.
            r"<B>[2-9]<D>{2}[ .-]<D>{3,4}[ .-]<D>{4}<E>",
            r"<B>[6-9]<D>{2}[ .-]<D>{3}[ .-]<D>{3}<E>",
            r"<B><D>{4}-<D>{3}-<D>{3}<E>",
            r"<B>[6-9]<D>{2}(?:[ .-]<D>{2}){3}<E>",
            r"<B>[2-9]<D>[ .-]<D>{3}[ .-]<D>{2}[ .-]<D>{2}<E>",
            r"<B>[1-9]<D>[ .-]<D>{4}[ .-]<D>{4}<E>",
            r"<B><D>{2}(?:[.-]<D>{2}){3,4}<E>",
        ),
    ),
    ValueKind(
        1 << 4,
        "map coordinates",
        _any(
            r"<D>{1,3}[.,]<D>{4,} ?[NSEWO]?[ ,;/|]+[+-]?<D>{1,3}[.,]<D>{4,}",
            # Latitude, longitude, altitude, precision, as KoboToolbox and ONA write them.
            r"^-?<D>{1,2}\.<D>+ -?<D>{1,3}(?:\.<D>+)? -?<D>+(?:\.<D>+)? <D>+(?:\.<D>+)?$",
            r"<D> ?[°º˚] ?<D>{1,2}(?:[.,]<D>+)? ?['′’]",
            r"<D> ?[°º˚] ?[NSEWO](?:$|[^A-Za-z])",
            # An open location code, such as 8FG4GR6M+2X.
            r"(?:^|[^0-9A-Za-z])[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,3}",
        ),
    ),
    ValueKind(
        1 << 5,
        "document numbers",
        _any(
            r"[A-Za-z]{6}[0-9]{2}[A-Za-z][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z]",  # codice fiscale
            r"(?:^|[^0-9A-Za-z])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}",  # IBAN
            r"(?:^|[^0-9A-Za-z])[0-9]{3}-[0-9]{2}C[0-9]{5}(?:$|[^0-9])",  # UNHCR case
            r"(?:^|[^0-9A-Za-z])[A-Z]{3}-[0-9]{8}(?:$|[^0-9])",  # UNHCR individual
            r"(?:^|[^0-9A-Za-z])[XYZxyz]-?[0-9]{7}-?[A-Za-z](?:$|[^0-9A-Za-z-])",  # NIE
            r"[A-Z0-9]<<|<<[A-Z0-9]",  # the machine-readable lines of a passport
        ),
    ),
    ValueKind(
        1 << 6,
        "addresses of devices",
        _any(
            r"(?:^|[^0-9A-Za-z])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?:$|[^0-9A-Za-z:-])",
            r"(?:^|[^0-9A-Za-z.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:$|[^0-9A-Za-z.])",
            r"(?:[0-9A-Fa-f]{1,4}:){4,7}:?[0-9A-Fa-f]{1,4}",
            r"(?:^|[^0-9A-Za-z])(?:collect|enketo|ee\.[a-z.-]+):[A-Za-z0-9]{8,}",
        ),
    ),
    ValueKind(
        1 << 7,
        "web addresses",
        r"(?i:https?://|www\.[a-z0-9-]|t\.me/|wa\.me/|fb\.com/|facebook\.com|instagram\.com|goo\.gl/)",
    ),
    ValueKind(
        1 << 8,
        "photos, recordings or documents",
        r"(?i:[a-z0-9_-]\.(?:jpe?g|png|gif|heic|webp|m4a|mp3|amr|wav|ogg|aac|opus|3gpp?|mp4|mov|avi|webm|pdf))"
        r"(?:$|[^A-Za-z0-9])",
    ),
    ValueKind(1 << 9, "long free text", rf"(?:[^\s]+\s+){{{WORDS}}}"),
    ValueKind(
        1 << 10,
        "numbers as long as those of phones and documents",
        _any(r"(?:^|[^0-9٠-٩۰-۹A-Za-z_.,/-]|[A-Za-z][.,])<D>{9,}(?:$|[^0-9٠-٩۰-۹A-Za-z])"),
        excused=r"^ " + _PLATFORM + r" $| (?:timestamp|epoch|amount|cost|price|paid|salary|income|money|debt|savings"
        r"|montant|prix|cout|salaire|revenu|argent|somme|costo|prezzo|importo|denaro|reddito|soldi"
        r"|coste|precio|monto|dinero|salario|ingresos|κοστοσ|ποσο|χρηματα|مبلغ|تكلفه|سعر|راتب|دخل)s? ",
    ),
    ValueKind(
        1 << 11,
        "numbers as exact as map coordinates",
        _any(r"^[+-]?[1-9]<D>{0,2}[.,]<D>{4,}$"),
        excused=r" (?:weights?|weighting|poids|pesos?|ponderation|duration|duree|durata|duracion|minutes?|hours?|days?"
        r"|elapsed|interval|length|speed|score|index|rate|ratio|share|percent(?:age)?|mean|average|prob(?:ability)?) ",
    ),
    ValueKind(
        1 << 12,
        "letters and digits as in document numbers",
        _any(
            r"<B>[A-Z]{2}[ -]?[0-9]{6,9}<E>",
            r"<B>[A-Za-z][0-9]{7,9}[A-Za-z]?<E>",
            r"<B>[0-9]{8}-?[A-Za-z]<E>",
            r"<B>[0-9]{2}[A-Za-z]{2}[0-9]{5}<E>",
            r"[Α-Ω]{2}[ -]?[0-9]{6}",
        ),
        excused=r"^ " + _PLATFORM + r" $"
        r"| (?:p ?codes?|pcod|code|codigo|codice|κωδικοσ|رمز|adm|admin|fmp|version|enumerator|interviewer|point|site) ",
    ),
    ValueKind(
        1 << 13,
        "full dates decades back",
        _any(
            r"^(?:"
            r"(?:19[2-9]<D>|200[0-4])[-/.]<D>{1,2}[-/.]<D>{1,2}"
            r"|<D>{1,2}[-/. ]<D>{1,2}[-/. ](?:19[2-9]<D>|200[0-4])"
            r"|<D>{1,2}/<D>{1,2}/[3-9]<D>"
            r"|<D>{1,2}[ -][^0-9 -]{3,10}[ -](?:19[2-9]<D>|200[0-4])"
            r")(?:[T ]00:00(?::00(?:[.]0+)?)?Z?)?$"
        ),
        # A tablet whose clock was reset writes such days into the columns of the platform.
        excused=r"^ " + _PLATFORM + r" $",
    ),
)

_LONG = next(kind.bit for kind in VALUE_KINDS if kind.name == "long free text")

_SUSPICIOUS = "|".join(kind.pattern for kind in VALUE_KINDS)

_BLANKS = ("", "n/a", "na", "nan", "null", "[]", "{}", "-", "--", "<na>")
_BLANK_LISTS = r"^\s*$|^\[(?i:null|none|nan), ?(?i:null|none|nan)\]$"

_FLAGS = (
    *(str(digit) for digit in range(10)),
    *("77", "88", "98", "99", "-77", "-88", "-98", "-99", "888", "999", "-999"),
    *("true", "false", "yes", "no", "y", "n", "oui", "non", "vrai", "faux", "si", "sì", "sí", "vero", "falso"),
    *("ναι", "οχι", "όχι", "نعم", "لا", "ja", "nein"),
)
"""Answers that identify nobody, whatever the question."""

_HARMLESS_SHAPES = (
    "20__-__-_____:__%",  # a date and time of this century, up to its time zone
    "201_-__-__",
    "202_-__-__",
    "________-____-____-____-____________",
)
_SHAPES_AT_MOST = 36


def suspicion(column: ir.StringValue, closed: frozenset[str] | None = None) -> ir.IntegerValue:
    """What each cell shows, as bits: `FILLED`, `OUTSIDE`, and one for each kind of identifier; 0 for a blank.

    closed: every answer that the question offers, as an export may write it; a cell that holds one or several of them
    shows no identifier. Aggregate with a bitwise or. Without `closed`, only yes, no and single digits are inside.
    """
    import ibis

    small = "int32"
    plain = ibis.literal(FILLED | OUTSIDE, small)
    inside = ibis.literal(FILLED, small)
    blank = ibis.literal(0, small)
    word = column.strip().lower()
    short = ibis.cases((word.isin(_BLANKS), blank), (word.isin(_FLAGS), inside), else_=plain)
    shaped = column.like(list(_HARMLESS_SHAPES)) & (column.length() <= _SHAPES_AT_MOST)
    found = plain
    for kind in VALUE_KINDS:
        holds = column.re_search(kind.pattern)
        found = found | ibis.ifelse(holds, ibis.literal(kind.bit, small), blank)
    found = found | ibis.ifelse(column.length() >= LONG_TEXT, ibis.literal(_LONG, small), blank)
    branches = [(column.isnull(), blank)]
    if closed:
        branches += [(test, inside) for test in _closed_tests(column, closed)]
    # Cheap tests go first: most cells of a survey are short words, dates and identifiers of the platform.
    branches += [
        ((column.length() < _SHORT) & ~column.contains(".") & ~column.contains("@"), short),
        (shaped, plain),
        (column.re_search(_BLANK_LISTS), blank),
        (column.re_search(_SUSPICIOUS) | (column.length() >= LONG_TEXT), found),
    ]
    return ibis.cases(*branches, else_=plain)


def _closed_tests(column: ir.StringValue, closed: frozenset[str]) -> list[ir.BooleanValue]:
    tests = [column.strip().lower().isin(sorted(_folded(closed)))]
    joined = _joined(closed)
    return [*tests, column.re_search(joined)] if joined else tests


@cache
def _folded(closed: frozenset[str]) -> frozenset[str]:
    return frozenset(answer.strip().lower() for answer in closed) - {""}


@cache
def _joined(closed: frozenset[str]) -> str:
    """A pattern for several of these answers in one cell, or nothing where it would grow too large to be quick."""
    whole = _folded(closed)
    for answers in (whole, frozenset(answer for answer in whole if " " not in answer)):
        if answers and sum(map(len, answers)) <= _JOINED_AT_MOST:
            # Longest first, so that Python, which takes the first that fits, agrees with the automata.
            spelt = "|".join(re.escape(answer) for answer in sorted(answers, key=lambda answer: (-len(answer), answer)))
            return rf"^\s*(?i:{spelt})(?:[ ,;|]+(?i:{spelt}))*\s*$"
    return ""


# --- the same for a text in memory ----------------------------------------------------------------------------------


def bits_of(text: str | None, closed: frozenset[str] | None = None) -> int:
    """What one cell shows; the same number that `suspicion` gives."""
    word = (text or "").strip(" \t\n\r\v\f").lower()
    if text is None or word in _BLANKS or _compiled(_BLANK_LISTS).search(text):
        return 0
    if word in _FLAGS or (closed and _is_offered(text, word, closed)):
        return FILLED
    if (len(text) < _SHORT and "." not in text and "@" not in text) or _is_shaped(text):
        return FILLED | OUTSIDE
    long = _LONG if len(text) >= LONG_TEXT else 0
    if not _compiled(_SUSPICIOUS).search(text):
        return FILLED | OUTSIDE | long
    return FILLED | OUTSIDE | long | sum(kind.bit for kind in VALUE_KINDS if _compiled(kind.pattern).search(text))


def _is_offered(text: str, word: str, closed: frozenset[str]) -> bool:
    return word in _folded(closed) or bool(_joined(closed) and _compiled(_joined(closed)).search(text))


def looks_identifying(text: str) -> bool:
    """Whether a piece of text looks like an identifier, so that it must not be printed."""
    return bool(kinds_of_bits(bits_of(text)))


def kinds_of_bits(bits: int) -> tuple[str, ...]:
    """The kinds of identifier that these bits stand for."""
    return tuple(kind.name for kind in VALUE_KINDS if bits & kind.bit)


def is_blank(bits: int) -> bool:
    """Whether every cell was blank."""
    return not bits & FILLED


def is_closed(bits: int) -> bool:
    """Whether something was filled in, and all of it is among the closed answers of the question."""
    return bool(bits & FILLED) and not bits & OUTSIDE


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@cache
def _shapes() -> re.Pattern[str]:
    spelt = (shape.replace("_", "(?s:.)").replace("%", "(?s:.)*") for shape in _HARMLESS_SHAPES)
    return re.compile("|".join(spelt))


def _is_shaped(text: str) -> bool:
    return len(text) <= _SHAPES_AT_MOST and bool(_shapes().fullmatch(text))
