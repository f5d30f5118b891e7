"""What the name of a column gives away: which kinds of identifier its words suggest.

A name may be an XML name with its groups, a name as R or Excel mangled it, or the text of a question. The words stand
in `words.toml`, so that who speaks a language can extend them without knowing Python.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.ingest.folding import unmangled

WORDS = Path(__file__).with_name("words.toml")

_HUMPS = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_GLUED_NAME = re.compile(r"\b([a-z]{1,20})(names?)\b")
_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_NOT_WORD = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[/.:]")
_GROUP = re.compile(r"\{([a-z]+)\}")
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"})


@dataclass(frozen=True)
class _Kind:
    """One kind of identifier. See the head of `words.toml`."""

    name: str
    sure: re.Pattern[str]
    harmless: re.Pattern[str]
    hints: re.Pattern[str]
    by_question: bool


@dataclass(frozen=True)
class _Words:
    kinds: tuple[_Kind, ...]
    platform: re.Pattern[str]
    staff: re.Pattern[str]
    closed_questions: re.Pattern[str]
    doubtful: re.Pattern[str]


def spoken(header: str) -> str:
    """The words of a name, as `words.toml` writes them, with a space before, between and after them."""
    parted = _HUMPS.sub(" ", unmangled(header))
    decomposed = unicodedata.normalize("NFKD", parted).casefold().translate(_ARABIC)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = _NOT_WORD.sub(" ", _DIGITS.sub(" ", bare)).strip()
    return " " + _GLUED_NAME.sub(r"\1 \2", words) + " "


def kinds_by_name(header: str) -> tuple[str, ...]:
    """Kinds of identifier that the name of a column, its label or the text of its question suggests."""
    words = spoken(header)
    if not words.strip() or is_of_platform(header):
        return ()
    known = _known()
    is_closed_question = bool(known.closed_questions.match(_last_part(header), 1))
    return tuple(kind.name for kind in known.kinds if _suggests(kind, words, is_closed_question))


def is_of_platform(header: str) -> bool:
    """Whether survey platforms and their exporters add a column of this name, whatever the form asks."""
    return bool(_known().platform.fullmatch(spoken(header), 1))


def is_of_staff(header: str) -> bool:
    """Whether a column of this name holds codes of the people who collect data, so that a name in it is a person's."""
    return bool(_known().staff.fullmatch(_last_part(header), 1))


def doubtful_by_name(header: str) -> tuple[str, ...]:
    """Kinds of identifier that a name suggests too weakly to refuse a column for it."""
    last = _last_part(header)
    is_one_answer = len(last.split()) == 1 and len(_PARTS.split(header.rstrip("/.: "))) > 1
    return () if is_one_answer or not _known().doubtful.search(last) else ("free text",)


def _last_part(header: str) -> str:
    return spoken(_PARTS.split(header.rstrip("/.: "))[-1])


def _suggests(kind: _Kind, words: str, is_closed_question: bool) -> bool:
    if kind.sure.search(words):
        return True
    if kind.by_question and is_closed_question:
        return False
    return bool(kind.hints.search(kind.harmless.sub(" ", words)))


def compile_words() -> None:
    """Makes the words ready. That takes a moment, which may be spent while a file is read."""
    _known()


@cache
def _known() -> _Words:
    """The words of all languages, compiled when first needed."""
    tables = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    groups: dict[str, str] = {}
    for name, words in tables["groups"].items():
        groups[name] = _either(words, groups)
    groups["of"] = f"(?: {groups['articles']})*"
    return _Words(
        kinds=tuple(_kind(table, groups) for table in tables["kinds"]),
        platform=_alone(tables["platform"], groups),
        staff=_alone(tables["staff"], groups),
        closed_questions=_whole(tables["closed_questions"], groups),
        doubtful=_whole(tables["doubtful"], groups),
    )


def _kind(table: dict[str, Any], groups: dict[str, str]) -> _Kind:
    parts = {
        part: _whole([word for words in table.get(part, {}).values() for word in words], groups)
        for part in ("sure", "harmless", "hints")
    }
    return _Kind(name=table["name"], by_question=table.get("by_question", False), **parts)


def _whole(words: Iterable[str], groups: dict[str, str]) -> re.Pattern[str]:
    """A pattern of whole words. `^` and `$` in it are the beginning and the end of a text of words."""
    spelt = _either(words, groups)
    anchored = re.sub(r"(?<!\\)\$", r"(?= $)", re.sub(r"(?<![\[\\])\^", r"(?<=^ )", spelt))
    return re.compile(rf"(?<= ){anchored}(?= )")


def _alone(words: Iterable[str], groups: dict[str, str]) -> re.Pattern[str]:
    """A pattern of a whole header."""
    return re.compile(f"{_either(words, groups)} ")


def _either(words: Iterable[str], groups: dict[str, str]) -> str:
    spelt = (_GROUP.sub(lambda found: groups[found[1]], word) for word in words)
    return "(?:" + "|".join(word.replace("(?", "\0").replace("(", "(?:").replace("\0", "(?") for word in spelt) + ")"
