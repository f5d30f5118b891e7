"""When two pieces of text are the same word written differently: by another program, another keyboard, another hand.

R writes `.` for `/` and puts an `X` before a leading underscore, Excel curls apostrophes, people drop accents and
capitals. What a text means is never guessed beyond that.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MANGLED_MARK = re.compile(r"^(?:X\.U\.FEFF\.|\ufeff|ï\.\.|ï»¿)")
_MANGLED_START = re.compile(r"^[Xx](?=[._])")
_NUMBER = re.compile(r"^[-+]?[0-9]+([.,][0-9]+)?$")
_NO_FRACTION = re.compile(r"[.,]0+$")
_TELLING = "<>≤≥=+%"
"""Signs that set answers apart, such as < 1000 and > 1000."""


BLANKS = ("NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null")
"""What programs write into blank cells. None is not among them: it is an answer."""


def unmangled(header: str) -> str:
    """A header without what R puts before names that begin with a byte-order mark or an underscore."""
    return _MANGLED_START.sub("", _MANGLED_MARK.sub("", header.strip()))


def fold(text: str) -> str:
    """A key that is equal for two spellings of one header: letters and digits only, without case and accents."""
    return "".join(character for character in _plain(text) if character.isalnum())


@lru_cache(maxsize=1 << 16)
def fold_answer(text: str) -> str:
    """The same for an answer. Numbers stay as they are (-99 is not 99), and so do signs that set answers apart.

    Only 1.0 is 1: programs write whole numbers so in a column that has blanks.
    """
    trimmed = text.strip()
    if _NUMBER.match(trimmed):
        return _NO_FRACTION.sub("", trimmed)
    return "".join(character for character in _plain(trimmed) if character.isalnum() or character in _TELLING)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
