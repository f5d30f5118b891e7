"""The words of a release: its terms, routes, indicators, journey times, kinds of missing answer, ledger, marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.report.edition import Edition
from pipeline.report.text import Text
from pipeline.report.text.of_code import meaning_in, without_released
from pipeline.tables import Column, Table
from pipeline.vocabulary import ALL, GLOSSARY, MISSING_WORDS, ROUTES, RULES, TRANSIT_BINS, WITHHELD, Derived, Indicator

GLOSSARY_TABLE = Table(
    "glossary",
    "One word, for one kind of thing.",
    (
        Column("kind", "text", "What it is a word for."),
        Column("word", "text", "The word."),
        Column("label", "text", "What readers see for it, if that is not the word itself."),
        Column("meaning", "text", "What it means."),
    ),
    key=("kind", "word"),
)
MARKS = ("withheld", "unreliable", "extrapolated", "under_one_percent", "over_99_percent")
_LABELS = {"transit": "level", "missing": "level"}
"""Kind → where the catalogue has its labels, if not under its own name."""


@dataclass(frozen=True)
class Word:
    """A word of the glossary. kind: what it is a word for. label: what readers see for it, if that is not itself."""

    kind: str
    word: str
    label: str
    meaning: str


def glossary(text: Text) -> list[Word]:
    """Every word, by kind, in the order of the vocabulary."""
    return [
        *(_term(text, word) for word in GLOSSARY),
        *_words(text, "route", [*ROUTES, ALL]),
        *_words(text, "indicator", [*map(str, Indicator), *map(str, Derived)]),
        *_words(text, "transit", TRANSIT_BINS),
        *_words(text, "missing", MISSING_WORDS),
        *_words(text, "rule", RULES),
        Word("suppressed", WITHHELD, "", text.say("package.mark.withheld")),
        *(Word("mark", marked(text, name), "", text.say(f"package.mark.{name}")) for name in MARKS),
    ]


def _term(text: Text, word: str) -> Word:
    label = text.say(f"package.term_label.{word}")
    return Word("term", word, "" if label == word else label, text.say(f"package.term.{word}"))


def _words(text: Text, kind: str, words: Iterable[str]) -> list[Word]:
    """Words with what the catalogue says of each, or of all of their kind."""
    labels = _LABELS.get(kind, kind)
    found = []
    for word in words:
        own = f"package.{kind}.{word}"
        label = text.say(f"{labels}.{word}") if text.has(f"{labels}.{word}") else ""
        found.append(Word(kind, word, label, text.say(own if text.has(own) else f"package.{kind}.each")))
    return found


def marked(text: Text, name: str) -> str:
    """A mark as readers see it."""
    for key in (f"workbook.mark_{name}", f"format.{name}_short"):
        if text.has(key):
            return text.say(key)
    return text.say(f"format.{name}")


def meaning(column: Column, edition: Edition) -> str:
    """What a released column holds. An internal edition is not rounded, so that what is said of that is left out."""
    about = without_released(column.about) if edition.released.policy.is_internal else column.about
    return meaning_in(edition.text.locale, about)
