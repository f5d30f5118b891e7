"""What the code says of itself in other languages: all of it, as it is now, with the same formulae and sources."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

from pipeline.report.glossary import GLOSSARY_TABLE
from pipeline.report.package import DICTIONARY_TABLE
from pipeline.report.text import of_code
from pipeline.report.text.of_code import FOLDER, fingerprint, meaning_in, method_in, without_released
from pipeline.stats.methods import Method, methods
from pipeline.tables import CHANGES, ESTIMATED
from tests.unit.test_languages import FORBIDDEN

CATALOGUES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
METHODS = {method.name: method for method in methods(beside_earlier=True)}
TABLES = (*ESTIMATED, CHANGES, DICTIONARY_TABLE, GLOSSARY_TABLE)
MEANINGS = list(dict.fromkeys(said for table in TABLES for said in (table.grain, *(c.about for c in table.columns))))
SYMBOLS = re.compile(r"[^\x00-\x7f–—’«»…×àâçéèêëîïôùûüÀÉÈÊ\u00a0\u202f]|[=<>/^_]")


def parts(said: str) -> set[str]:
    """The parts of a meaning that are translated one by one."""
    alone = without_released(said)
    return {part for part in (alone, said.removeprefix(alone).strip()) if part}


def numbers(text: str) -> Counter[str]:
    """Years, pages and other numbers. Whether a decimal has a point or a comma, and a nought before it, is its own."""
    return Counter(re.findall(r"(?<![.,\d])[1-9]\d*|(?<=[.,])\d+", text))


def symbols(text: str) -> Counter[str]:
    return Counter(SYMBOLS.findall(text))


def test_french_has_it() -> None:
    assert "fr" in CATALOGUES


@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_statistic_is_translated_and_no_other(locale: str) -> None:
    assert set(CATALOGUES[locale]["methods"]) == set(METHODS)


@pytest.mark.parametrize("locale", CATALOGUES)
@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_a_translation_is_of_what_the_code_says_now(method: Method, locale: str) -> None:
    """Has the docstring changed? Go over the translation, then give it the `of` that is asked for here."""
    assert CATALOGUES[locale]["methods"][method.name]["of"] == fingerprint(method.title, method.text)


@pytest.mark.parametrize("locale", CATALOGUES)
@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_a_translation_has_the_formulae_the_numbers_and_the_paragraphs(method: Method, locale: str) -> None:
    told = CATALOGUES[locale]["methods"][method.name]
    english, other = " ".join((method.title, *method.text)), " ".join((told["title"], *told["text"]))
    assert symbols(other) == symbols(english)
    assert numbers(other) == numbers(english)
    assert len(told["text"]) == len(method.text)


@pytest.mark.parametrize("locale", CATALOGUES)
def test_every_meaning_is_translated_and_no_other(locale: str) -> None:
    assert set(CATALOGUES[locale]["sentences"]) == set().union(*map(parts, MEANINGS))


@pytest.mark.parametrize("locale", CATALOGUES)
@pytest.mark.parametrize("said", MEANINGS)
def test_a_meaning_keeps_its_codes_and_numbers(said: str, locale: str) -> None:
    told, code = meaning_in(locale, said), re.compile(r"`[^`]+`|\b\w+_\w+\b")
    assert set(code.findall(told)) >= set(code.findall(said))
    assert numbers(told) == numbers(said)


@pytest.mark.parametrize("locale", CATALOGUES)
def test_no_description_calls_respondents_what_they_are_not_known_to_be(locale: str) -> None:
    catalogue = CATALOGUES[locale]
    said = [*catalogue["sentences"].values()]
    said += [text for told in catalogue["methods"].values() for text in (told["title"], *told["text"])]
    assert [text for text in said if re.search(FORBIDDEN[locale], text.lower())] == []


def test_french_keeps_marks_with_their_words() -> None:
    catalogue = CATALOGUES["fr"]
    said = [*catalogue["sentences"].values()]
    said += [text for told in catalogue["methods"].values() for text in (told["title"], *told["text"])]
    assert [text for text in said if re.search(r" [:;!?%»]|« |\d%|'", text)] == []


def test_a_translation_of_other_words_is_not_printed() -> None:
    """Better English than what the code no longer does."""
    method = METHODS["stats.proportion.wilson"]
    changed = (method.text[0].replace("Wilson (1927)", "Wilson (1928)"),)
    told = method_in("fr", method.name, method.title, changed)
    assert (told.language, told.title, told.text) == ("en", method.title, changed)
    assert meaning_in("fr", "A column that is new.") == "A column that is new."


def test_a_language_that_has_nothing_of_it_has_english(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(of_code, "FOLDER", tmp_path)
    method = METHODS["stats.proportion.wilson"]
    assert method_in("es", method.name, method.title, method.text).language == "en"
    assert meaning_in("es", MEANINGS[0]) == MEANINGS[0]


def test_what_is_done_before_release_is_translated_once() -> None:
    said = "Respondents asked. Released: rounded to the nearest 5."
    assert meaning_in("fr", said) == "Répondants à qui la question a été posée. Diffusé\u00a0: arrondi à 5 près."
    assert meaning_in("fr", without_released(said)) == "Répondants à qui la question a été posée."
    assert meaning_in("en", said) == said
