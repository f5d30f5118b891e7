"""A piece of what a file tells, and the search for secrets in pieces."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_NUMBER = re.compile(r"[-−+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff\x00\u2010-\u2014-]+")


@dataclass(frozen=True)
class Piece:
    """A text in a file. place: where, for people. carrier: the kind of place, such as `PNG tEXt`."""

    place: str
    carrier: str
    text: str

    @property
    def numbers(self) -> list[float]:
        """The numbers in it; a percentage as a share. Between coordinates, a comma is no sign of thousands."""
        text = self.text.replace(",", " ") if self.carrier.endswith("coordinates") else self.text
        return [_number(found) for found in _NUMBER.findall(text)]


Scan = Callable[[str, bytes], Iterator[Piece]]
"""Name and bytes of a file → its pieces."""


def _number(text: str) -> float:
    value = float(text.rstrip("%").replace(",", "").replace("−", "-"))
    return value / 100 if text.endswith("%") else value


def as_read(text: str) -> str:
    """A text without what a page changes in it: breaks of lines and words, invisible characters, ligatures, case."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def hits(pieces: Iterable[Piece], secrets: Iterable[str]) -> list[tuple[str, str, str]]:
    """(carrier, place, secret) wherever one of the secrets is told."""
    sought = {as_read(secret): secret for secret in secrets}
    found = []
    for piece in pieces:
        text = as_read(piece.text)
        found += [(piece.carrier, piece.place, secret) for key, secret in sought.items() if key in text]
    return found


def told_exactly(pieces: Iterable[Piece], exact: Iterable[float], off: float = 1e-6) -> list[tuple[str, str, float]]:
    """(carrier, place, number) wherever one of some exact numbers is told to six decimals."""
    ordered = sorted(exact)
    found = []
    for piece in pieces:
        for number in piece.numbers:
            at = bisect_left(ordered, number - off)
            if at < len(ordered) and ordered[at] <= number + off:
                found.append((piece.carrier, piece.place, ordered[at]))
    return found
