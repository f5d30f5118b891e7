r"""The kinds of identifier that cells can show, and the patterns of each.

The same patterns run in three machines: RE2 (DuckDB), Java (Spark) and Python (small sheets). So they use only what
all three read alike: no look-around, no `.`, no `\w`, `\d` or `\b`. They are for texts made plain: see `plain`.
"""

from __future__ import annotations

from dataclasses import dataclass

LONG_TEXT = 120
"""From this many characters on, a cell is taken for free text; so is one of more than `WORDS` words."""

WORDS = 12

UNUSUAL = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９＠＋٫،º˚′’\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013"
USUAL = "012345678901234567890123456789@+.,°°''    ----"
"""Digits, spaces and signs of other keyboards, and what `VALUE_KINDS` calls them, sign by sign."""

_PLAIN = str.maketrans(UNUSUAL, USUAL)

_PARTS = {
    # No digit, letter or sign of a larger number stands before; none stands after. Spares dates, decimals, UUIDs,
    # versions.
    "<B>": "(?:^|[^0-9A-Za-z_.,:/+-])",
    "<E>": "(?:$|[^0-9A-Za-z-])",
}


def plain(text: str) -> str:
    """A text with the digits, spaces and signs that the patterns know."""
    return text.translate(_PLAIN)


def _any(*patterns: str) -> str:
    spelt = "|".join(patterns)
    for name, part in _PARTS.items():
        spelt = spelt.replace(name, part)
    return spelt


@dataclass(frozen=True)
class ValueKind:
    """One kind of identifier that cells can show.

    is_private: whether it is refused outside of columns too: in headers, names of sheets, file properties, comments.
    excused: words of a column name (a pattern) under which such cells are expected; only for kinds that are more often
    harmless than not. of_platform: whether the survey platform's own columns hold such cells.
    """

    bit: int
    name: str
    pattern: str
    is_private: bool = False
    excused: str = ""
    of_platform: bool = False


_AMOUNTS = (
    r"amount|cost|price|paid|salary|income|money|debt|savings|montant|prix|cout|salaire|revenu|argent|somme|costo|prezzo"
    r"|importo|denaro|reddito|soldi|coste|precio|monto|dinero|salario|ingreso|κοστοσ|ποσο|χρηματα|مبلغ|تكلفه|سعر|راتب"
    r"|دخل"
)
_MEASURES = (
    r"weight|weighting|poids|peso|ponderation|duration|duree|durata|duracion|minute|hour|day|elapsed|interval|length"
    r"|speed|score|index|rate|ratio|share|percent|percentage|mean|average|prob|probability"
)
_CODES = (
    r"p ?code|pcod|code|codigo|codice|κωδικοσ|رمز|adm|admin|fmp|version|enumerator|interviewer|point|site"
    r"|survey id|form id|questionnaire id"
)

VALUE_KINDS = (
    ValueKind(
        1 << 2,
        "e-mail addresses or accounts",
        _any(
            r"[^\s@]@[^\s@]+\.[^\s@.,;]{2,}",
            r"[A-Za-z0-9_] ?@ ?[A-Za-z0-9]",
            r"[A-Za-z0-9_] ?[(\[{] ?(?:at|arroba|chiocciola|arobase) ?[)\]}] ?[A-Za-z0-9]",
            r"(?:^|[ ,;:(])@[A-Za-z][A-Za-z0-9_.]{2,}",
            r"(?i:gmail|hotmail|yahoo|outlook) ?[. ] ?(?i:com|fr|it|es|gr)(?:$|[^A-Za-z])",
        ),
        is_private=True,
    ),
    ValueKind(
        1 << 3,
        "phone numbers",
        _any(
            r"(?:^|[^0-9])\+ ?\(?[0-9]{1,3}\)?(?:[ .()/-]{0,2}[0-9]){7,13}",
            r"<B>\(?00 ?[1-9](?:[ .()/-]{0,2}[0-9]){8,13}",
            # Ten digits after a nought: in one piece, or in groups of which one has three digits or more. Pairs with
            # spaces may be codes of answers (01 02 03 04 05), unless one of them is large.
            r"<B>\(0\) ?[1-9](?:[ .()-]{0,2}[0-9]){6,11}",
            r"<B>\(?0[1-9](?:[.()-]{0,2}[0-9]){7,11}",
            r"<B>\(?0[1-9][0-9]{1,3}(?:[ .()-]{0,2}[0-9]){5,9}",
            r"<B>\(?0[1-9][ .()-]{1,2}[0-9]{3}(?:[ .()-]{0,2}[0-9]){4,8}",
            r"<B>\(?0[1-9][ .()-]{1,2}[0-9]{2}[ .-]{1,2}[0-9]{3}(?:[ .-]{0,2}[0-9]){2,6}",
            r"<B>0[1-9] (?:"
            r"[3-9][0-9](?: [0-9]{2}){3}|[0-9]{2} [3-9][0-9](?: [0-9]{2}){2}"
            r"|[0-9]{2} [0-9]{2} [3-9][0-9] [0-9]{2}|(?:[0-9]{2} ){3}[3-9][0-9])",
            r"<B>0[1-9][0-9]{0,3}/(?:[ .]?[0-9]){6,8}",
            r"\([0-9]{2,4}\) ?[0-9]{3,4}[ .-]?[0-9]{3,4}",
            # Two groups, but not the range 1000-500000.
            r"<B>[1-9][0-9]{2,3}[ -][0-9]{4,6}(?:[0-9][1-9]|[1-9][0-9])<E>",
            # Groups as people write them in Italy, Spain, Greece, Senegal, France without its 0, Nigeria.
            r"<B>[2-9][0-9]{2}[ .-][0-9]{3,4}[ .-][0-9]{4}<E>",
            r"<B>[6-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}<E>",
            r"<B>[0-9]{4}-[0-9]{3}-[0-9]{3}<E>",
            r"<B>[3-9][0-9]{2}(?:[ .-][0-9]{2}){2}[ .-][0-9]{3}<E>",
            r"<B>[6-9][0-9]{2}(?:[ .-][0-9]{2}){3}<E>",
            r"<B>[2-9][0-9][ .-][0-9]{3}[ .-][0-9]{2}[ .-][0-9]{2}<E>",
            r"<B>[1-9][0-9][ .-][0-9]{4}[ .-][0-9]{4}<E>",
            r"<B>[1-9][0-9]{1,2}[ -][0-9]{2,3}[ -][0-9]{6,7}<E>",
            r"<B>[0-9]{2}(?:[.\-][0-9]{2}){3,4}<E>",
            # Any number in one piece or two, behind the word.
            r"(?i:tel|phone|mobile|whatsapp|gsm|cell|cellulare|telefono|movil|portable|viber|هاتف|جوال|موبايل|τηλ|κιν)"
            r"[.:\s°#]{0,3}(?:[ .()/-]?[0-9]){7,}",
        ),
        is_private=True,
    ),
    ValueKind(
        1 << 4,
        "map coordinates",
        _any(
            r"[0-9]{1,3}[.,][0-9]{4,} ?[NSEWO]?[ ,;/|]+[+-]?[0-9]{1,3}[.,][0-9]{4,}",
            r"[0-9]{1,2}\.[0-9]{2}[1-9][0-9]* ?[NS]?[ ,;/|]+[+-]?[0-9]{1,3}\.[0-9]{2}[1-9]",
            # Latitude, longitude, altitude, precision, as KoboToolbox and ONA write them.
            r"^-?[0-9]{1,2}\.[0-9]+ -?[0-9]{1,3}(?:\.[0-9]+)? -?[0-9]+(?:\.[0-9]+)? [0-9]+(?:\.[0-9]+)?$",
            r"[0-9] ?° ?[0-9]{1,2}(?:[.,][0-9]+)? ?'",
            r"[0-9] ?° ?[NSEWO](?:$|[^A-Za-z])",
            r"(?i:(?:point|linestring|polygon|multipoint|geometrycollection) ?[zm]{0,2} ?\( ?[-(0-9])",
            r"(?i:\"coordinates\" ?:)",
            # An open location code such as 8FG4GR6M+2X, whole or short; a grid reference; three words of a map.
            r"(?:^|[^0-9A-Za-z])(?:[23456789CFGHJMPQRVWX]{4}){1,2}\+[23456789CFGHJMPQRVWX]{2,3}(?:$|[^0-9A-Za-z])",
            r"<B>[0-9]{1,2}[C-X] ?[A-Z]{2} ?[0-9]{4,5} ?[0-9]{4,5}<E>",
            r"<B>[0-9]{1,2} ?[C-X] [0-9]{6} [0-9]{6,7}<E>",
            r"///[a-z]+\.[a-z]+\.[a-z]+",
        ),
        is_private=True,
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
            r"<B>[0-9]{3}-[0-9]{2}-[0-9]{4}<E>",  # US social security
            r"<B>[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?<E>",  # French NIR
            r"[A-Z0-9]<<|<<[A-Z0-9]",  # the machine-readable lines of a passport
        ),
        is_private=True,
    ),
    ValueKind(
        1 << 6,
        "addresses of devices",
        _any(
            r"(?:^|[^0-9A-Za-z])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?:$|[^0-9A-Za-z:-])",
            r"(?:^|[^0-9A-Za-z.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:$|[^0-9A-Za-z.])",
            r"(?:[0-9A-Fa-f]{1,4}:){4,7}:?[0-9A-Fa-f]{1,4}",
            r"[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}(?:$|[^0-9A-Za-z:])",
            r"(?:^|[^0-9A-Za-z])(?:collect|enketo|ee\.[a-z.-]+):[A-Za-z0-9]{8,}",
            r"<B>[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]<E>",  # IMEI
            r"(?:^|[^0-9A-Za-z-])[0-9a-f]{16}(?:$|[^0-9A-Za-z-])",  # the name that Android gives a device
        ),
        is_private=True,
        excused=" (?:version|timestamp|epoch) ",
    ),
    ValueKind(
        1 << 7,
        "web addresses",
        r"(?i:https?://|ftp://|www\.[a-z0-9-]|t\.me/|wa\.me/|fb\.com/|facebook\.com|instagram\.com|goo\.gl/|bit\.ly/)",
    ),
    ValueKind(
        1 << 8,
        "photos, recordings or documents",
        r"(?i:[a-z0-9_-]\.(?:jpe?g|png|gif|heic|heif|webp|tiff?|m4a|mp3|amr|wav|ogg|oga|aac|opus|flac|wma|3gpp?|mp4|mov"
        r"|avi|webm|mkv|pdf|docx?|vcf))(?:$|[^A-Za-z0-9])",
    ),
    ValueKind(1 << 9, "long free text", rf"(?:[^\s]+\s+){{{WORDS}}}"),
    ValueKind(
        1 << 10,
        "numbers as long as those of phones and documents",
        _any(r"(?:^|[^0-9A-Za-z_.,/-]|[A-Za-z][.,])[0-9]{9,}(?:$|[^0-9A-Za-z])"),
        excused=rf" (?:timestamp|epoch|{_AMOUNTS})s? ",
        of_platform=True,
    ),
    ValueKind(
        1 << 11,
        "numbers as exact as map coordinates",
        _any(r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{4,}$"),
        excused=rf" (?:{_MEASURES})s? ",
    ),
    ValueKind(
        1 << 12,
        "letters and digits as in document numbers",
        _any(
            r"<B>[A-Z]{2}[ -]?[0-9]{6,9}<E>",
            r"<B>[A-Za-z][0-9]{7,9}[A-Za-z]?<E>",
            r"<B>[0-9]{8}-?[A-Za-z]<E>",
            r"<B>[0-9]{2}[A-Za-z]{2}[0-9]{5}<E>",
            r"<B>[A-Z]{2}[0-9]{5}[A-Z]{2}<E>",
            r"[Α-Ω]{2}[ -]?[0-9]{6}",
        ),
        excused=rf" (?:{_CODES})s? ",
        of_platform=True,
    ),
    ValueKind(
        1 << 13,
        "full dates decades back",
        _any(
            r"^(?:"
            r"(?:19[2-9][0-9]|200[0-4])[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
            r"|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:19[2-9][0-9]|200[0-4])"
            r"|[0-9]{1,2}/[0-9]{1,2}/[3-9][0-9]"
            r"|[0-9]{1,2}(?:st|nd|rd|th|er|°)?[ -][^0-9 -]{3,10}[ -](?:19[2-9][0-9]|200[0-4])"
            r"|[0-9]{1,2} de [^0-9 -]{3,10} de (?:19[2-9][0-9]|200[0-4])"
            r"|[A-Za-z]{3,9}[. ] ?[0-9]{1,2}(?:st|nd|rd|th)?,? (?:19[2-9][0-9]|200[0-4])"
            r")(?:[T ]00:00(?::00(?:[.]0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
        ),
        # A tablet whose clock was reset writes such days into the columns of the platform.
        of_platform=True,
    ),
    ValueKind(1 << 14, "words, such as names of people, where there should be codes", ""),
)
"""Every kind. Those with an empty pattern are seen by other means."""

LONG = next(kind.bit for kind in VALUE_KINDS if kind.name == "long free text")
LONG_NUMBER = next(kind.bit for kind in VALUE_KINDS if kind.name.startswith("numbers as long"))
WORDS_FOR_CODES = VALUE_KINDS[-1].bit
NAME_OR_WORD = r"^[^0-9]{3,}$"
"""Fits a name, and no code that has a number in it."""

SUSPICIOUS = "|".join(kind.pattern for kind in VALUE_KINDS if kind.pattern)
"""A pattern that every text fits which fits one of them."""

REMARKABLE = "|".join(
    (
        "[@＠＋°º˚٠-٩۰-۹０-９]",
        r"[(\[{] ?[ac]",
        r"(?i:mail|yahoo|outlook)",
        # Five digits with little between them; or the decimals, the full year, the dots of fewer.
        r"[0-9](?:[^0-9A-Za-z]{0,4}[0-9]){4}|[.,٫][0-9]{4}|(?:19[2-9]|200)[0-9]|[0-9]/[0-9]{1,2}/|[0-9]\.[0-9]{1,3}\.[0-9]",
        r"(?i:(?:point|string|polygon|collection) ?[zm]{0,2} ?\(|\"coordinates)|///[a-z]|\+[2-9CFGHJMPQRVWX]{2}",
        r"[A-Za-z][0-9]{2}[A-Za-z][0-9]{2}[A-Za-z]|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}|<<",
        r"(?:[0-9A-Fa-f]{1,4}[:-]){3}|::|[0-9a-f]{16}|collect:|enketo:|ee\.",
        r"(?i:://|www\.|\.me/|\.com|goo\.gl|bit\.ly|[a-z0-9_-]\.[a-z0-9]{3,4})",
        rf"(?:[^\s]+\s+){{{WORDS}}}",
    )
)
"""A short pattern that fits whatever one of them fits, as it is written, and some more. It is for all cells of all
columns; theirs are for the few columns in which this one finds something, because compiling them takes longer."""
