"""The glossary for readers, as a document: the same words as in `glossary.csv` of a release."""

from __future__ import annotations

from itertools import groupby

from pipeline.dictionary.markdown import section, table
from pipeline.report.glossary import Word, glossary
from pipeline.report.text import load_text
from pipeline.stats.lacking import MEANING
from pipeline.wave import known_questionnaires, load_questionnaire

_OPENING = """# Glossary

The words of reports and tables, made from the code by `make dictionary`; do not edit it by hand. A release has the same
in `glossary.csv`. What each column means is in the [data dictionary](data-dictionary.md).
"""
_TITLES = {
    "term": "Terms",
    "route": "Routes",
    "indicator": "Indicators",
    "transit": "Journey time",
    "missing": "Missing answers",
    "rule": "The ledger",
    "suppressed": "Suppression",
    "mark": "Marks",
}


def glossary_text() -> str:
    """The whole document, in Markdown."""
    # No word of it is a questionnaire's, so that any will do.
    text = load_text("en", load_questionnaire(known_questionnaires()[0]))
    parts = [_kind(_TITLES[kind], list(words)) for kind, words in groupby(glossary(text), lambda one: one.kind)]
    reasons = [(f"`{word}`", meaning) for word, meaning in MEANING.items()]
    about = "Words of columns that say why a number is not there though nothing is withheld."
    return "\n".join([_OPENING, *parts, section("Reasons", about, table(("word", "meaning"), reasons))])


def _kind(title: str, words: list[Word]) -> str:
    if not any(one.label for one in words):
        return section(title, table(("word", "meaning"), [(one.word, one.meaning) for one in words]))
    rows = [(f"`{one.word}`", one.label, one.meaning) for one in words]
    return section(title, table(("word", "in reports", "meaning"), rows))
