"""What the code says of itself, in the language of a report: how a number is computed, what a column of a table holds.

English stands in the code alone, as docstrings and beside columns. Another language may have a file for it in `code/`,
called by its code. Where that has nothing, or has translated what has changed since, English stands.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "code"
_RELEASED = " Released:"
"""Begins what is done to a number before it is released. It is said of many columns, and translated once."""


@dataclass(frozen=True)
class Described:
    """How a number is computed. language: of the words."""

    language: str
    title: str
    text: tuple[str, ...]


def method_in(locale: str, name: str, title: str, text: Sequence[str]) -> Described:
    """A statistic in a language. name: module and function; title, text: as the code has them."""
    told = _catalogue(locale).get("methods", {}).get(name, {})
    if told.get("of") != fingerprint(title, text):
        return Described("en", title, tuple(text))
    return Described(locale, told["title"], tuple(told["text"]))


def meaning_in(locale: str, sentences: str) -> str:
    """What the code says of a column, or of a row of a table, in a language."""
    of_it, released, of_released = sentences.partition(_RELEASED)
    parts = (of_it, f"{released}{of_released}".strip())
    known = _catalogue(locale).get("sentences", {})
    return " ".join(known.get(part, part) for part in parts if part)


def without_released(sentences: str) -> str:
    """What the code says of a column, without what is done to it before it is released."""
    return sentences.partition(_RELEASED)[0]


def fingerprint(title: str, text: Sequence[str]) -> str:
    """Tells whether a translation is of these words."""
    return sha256("\n".join((title, *text)).encode()).hexdigest()[:16]


@cache
def _catalogue(locale: str) -> dict[str, Any]:
    path = FOLDER / f"{locale}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
