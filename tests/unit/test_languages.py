"""Each language of the reports: a catalogue with the same keys and gaps, careful words, and CLDR's conventions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.manifest import Provenance
from pipeline.questionnaire import in_language
from pipeline.report import text as texts
from pipeline.report.claims import claims
from pipeline.report.edition import Edition
from pipeline.report.pages import content
from pipeline.report.text import FOLDER, Text, known_locales, load_text
from pipeline.vocabulary import GLOSSARY, ROUTES
from pipeline.wave import load_questionnaire
from tests.support.run import Results

CATALOGUES = {locale: tomllib.loads((FOLDER / f"{locale}.toml").read_text("utf-8")) for locale in known_locales()}
OTHERS = sorted(set(CATALOGUES) - {"en"})
NO_BREAK, NARROW = "\u00a0", "\u202f"


def leaves(words: dict[str, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every text of a catalogue by its dotted key, as a list of paragraphs."""
    for key, word in words.items():
        if isinstance(word, dict):
            yield from leaves(word, f"{above}{key}.")
        else:
            yield f"{above}{key}", word if isinstance(word, list) else [word]


def gaps(paragraphs: list[str]) -> list[set[str]]:
    return [{name for _, name, _, _ in Formatter().parse(line) if name} for line in paragraphs]


@pytest.fixture(scope="module")
def spoken() -> dict[str, Text]:
    return {locale: load_text(locale, load_questionnaire("fms-2016")) for locale in CATALOGUES}


# --- catalogues ------------------------------------------------------------------------------------------------------


def test_there_are_english_and_french():
    assert {"en", "fr"} <= set(CATALOGUES)


@pytest.mark.parametrize("locale", OTHERS)
def test_a_catalogue_has_the_keys_of_english_and_no_others(locale):
    assert set(dict(leaves(CATALOGUES[locale]))) == set(dict(leaves(CATALOGUES["en"])))


@pytest.mark.parametrize("locale", OTHERS)
def test_a_text_has_the_gaps_of_the_english_one(locale):
    english = dict(leaves(CATALOGUES["en"]))
    assert {key for key, said in leaves(CATALOGUES[locale]) if gaps(said) != gaps(english[key])} == set()


def test_english_has_the_glossary_of_the_vocabulary():
    """The data dictionary is made from the vocabulary, and the glossary of a release from a catalogue."""
    package = CATALOGUES["en"]["package"]
    assert package["term"] == GLOSSARY
    assert package["term_label"] == {word: word for word in GLOSSARY}


@pytest.mark.parametrize("locale", OTHERS)
def test_a_sheet_of_a_workbook_has_a_name_that_excel_takes_whole(locale):
    short, workbook = CATALOGUES[locale]["route_short"], CATALOGUES[locale]["workbook"]
    pairs = [workbook["of"].format(first=short[a], second=short[b]) for a, b in combinations(ROUTES, 2)]
    on_two = ("sheet_tipping", "sheet_contrasts", "sheet_stratified")
    names = [
        words.format(of=of)
        for key, words in workbook.items()
        if key.startswith("sheet_")
        for of in (pairs if key in on_two else short.values())
    ]
    assert [name for name in names if len(name) > 31 or set(name) & set("[]:*?/\\'")] == []


FORBIDDEN = {
    "en": r"victim|prevalence|trafficked (migrant|respondent)|% (were|was) trafficked|slave",
    "fr": r"victime|prévalence|trafiqué|% (étaient|sont|ont été) soumis|esclav|migrants? illég|clandestin",
}
"""What no report may say. A further language owes its own words here."""


@pytest.mark.parametrize("locale", CATALOGUES)
def test_no_text_calls_respondents_what_they_are_not_known_to_be(locale):
    said = {key: " ".join(paragraphs).lower() for key, paragraphs in leaves(CATALOGUES[locale])}
    assert [key for key, words in said.items() if re.search(FORBIDDEN[locale], words)] == []


@pytest.mark.parametrize("locale", CATALOGUES)
def test_headlines_speak_of_proxy_indicators_and_of_what_may_be(locale):
    careful = {"en": ("proxy indicators", "may amount to"), "fr": ("indicateurs indirects", "pouvant s’apparenter")}
    assert all(words in CATALOGUES[locale]["claims"]["at_least_one"] for words in careful[locale])


def test_french_keeps_marks_with_their_words():
    """No mark may begin a line: the spaces before and inside of them do not break."""
    said = {key: " ".join(words) for key, words in leaves(CATALOGUES["fr"]) if not key.endswith("readme.lines")}
    assert [key for key, words in said.items() if re.search(r" [:;!?%»]|« |\w[;!?»]|\d%|[\"']", words)] == [
        "format.first_day"
    ]


# --- conventions -----------------------------------------------------------------------------------------------------

WRITTEN = {
    "a count": (lambda t: t.count(1234567), "1,234,567", f"1{NARROW}234{NARROW}567"),
    "a share": (lambda t: t.percent(0.71), "71%", f"71{NO_BREAK}%"),
    "a share that is nearly nothing": (
        lambda t: t.percent(0.001, nobody=False),
        "less than 1%",
        f"moins de 1{NO_BREAK}%",
    ),
    "an interval": (lambda t: t.interval(0.65, 0.76), "65–76%", f"65–76{NO_BREAK}%"),
    "points": (lambda t: t.points(0.05, -0.01, 0.11), "+5 (−1 to +11)", "+5 (−1 à +11)"),
    "a small ratio": (lambda t: t.times_alone(0.385), "0.39", "0,39"),
    "a ratio": (lambda t: t.times(2.95, 1.0, 12.4), "3.0 (1.0 to 12)", "3,0 (1,0 à 12)"),
    "a p value": (lambda t: t.p_value(-1.5), "0.03", "0,03"),
    "a small p value": (lambda t: t.p_value(-9), "<0.001", f"<{NO_BREAK}0,001"),
    "a day": (lambda t: t.day(date(2016, 10, 11)), "11 October 2016", "11 octobre 2016"),
    "the first of a month": (lambda t: t.day(date(2015, 12, 1)), "1 December 2015", "1er décembre 2015"),
    "a month": (lambda t: t.month(date(2016, 8, 1)), "August 2016", "août 2016"),
    "a month without its year": (lambda t: t.month(date(2016, 8, 1), with_year=False), "August", "août"),
    "nothing to list": (lambda t: t.listing([]), "", ""),
    "one": (lambda t: t.listing(["a"]), "a", "a"),
    "two": (lambda t: t.listing(["a", "b"]), "a and b", "a et b"),
    "three": (lambda t: t.listing(["a", "b", "c"]), "a, b and c", "a, b et c"),
    "one of three": (lambda t: t.listing(["a", "b", "c"], "or"), "a, b or c", "a, b ou c"),
    "a label": (lambda t: t.labelled("Italy", "5"), "Italy: 5", f"Italy{NO_BREAK}: 5"),
    "a level": (lambda t: t.level("transit_by_sex", "3_to_6_months|male"), "3 to 6 months, Male", "3 à 6 mois, Homme"),
    "a country": (lambda t: t.country("GRC"), "Greece", "Grèce"),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_it_is_written_as_the_language_has_it(spoken, what):
    write, english, french = WRITTEN[what]
    assert (write(spoken["en"]), write(spoken["fr"])) == (english, french)


@pytest.mark.parametrize("number", [0.125, 0.385, 0.995, 1.05, 2.675, 9.95])
def test_a_number_has_the_same_digits_in_every_language(spoken, number):
    assert spoken["fr"].times_alone(number) == spoken["en"].times_alone(number).replace(".", ",")


# --- a further language ----------------------------------------------------------------------------------------------


@pytest.fixture
def further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A catalogue called es: the English one, which follows Spanish conventions."""
    english = (FOLDER / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "es.toml").write_text(english.replace('"en_GB"', '"es"'), encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    return "es"


def test_a_further_language_needs_a_catalogue_and_no_code(further: str, shipped: Results) -> None:
    released = release(shipped.estimates, shipped.ingested.ledger, PUBLIC)
    edition = Edition(released, shipped.wave, load_text(further, shipped.wave.questionnaire))
    source = Provenance("2016-10", {}, {}, {}, "", {}, "", "", "")
    pages = content(edition, claims(edition), source)
    assert pages["language"] == "es"
    assert pages["cover"]["n"] == "8.475"
    assert pages["cover"]["period"] == "Interviews 1 diciembre 2015 – 30 de septiembre de 2016"
    assert f"35{NO_BREAK}% of respondents on the Central Mediterranean route" in " ".join(pages["key"]["claims"])
    assert "Greece" in pages["cover"]["countries"]  # The questionnaire has no Spanish: English stands.
    assert edition.file_name_in_language("report.pdf") == "report.es.pdf"


def test_labels_of_a_questionnaire_are_taken_where_they_are_there(further: str) -> None:
    q = load_questionnaire("fms-2016")
    male = q.answers["sex"]["male"].model_copy(update={"label": {"en": "Male", "es": "Hombre"}})
    answers = {**q.answers["sex"], "male": male}
    labelled = q.model_copy(update={"answers": {**q.answers, "sex": answers}})
    text = load_text(further, labelled)
    assert (text.level("sex", "male"), text.level("sex", "female")) == ("Hombre", "Female")
    assert in_language({"en": "Sex", "es": "Sexo"}, "es") == "Sexo"
