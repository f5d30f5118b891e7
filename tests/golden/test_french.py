"""The shipped wave in French, from export to PDF: what a French-speaking reader holds in hand is in French."""

from __future__ import annotations

import json
import re

import pytest
from pypdf import PdfReader

from pipeline.questionnaire import in_language
from pipeline.wave import load_wave
from tests.golden.test_report import structure
from tests.support.whole_run import WAVE, lay_out, run_pipeline

NO_BREAK, NARROW = "\u00a0", "\u202f"
ENGLISH = re.compile(r"\b(the|of|and|with|was|were|which|from|this|their|respondents|reported|share|route of)\b", re.I)
NAMES = ("National Center for Health Statistics", "countries-from-2017")
"""What is called so in every language."""


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    run = run_pipeline(lay_out(tmp_path_factory.mktemp("french")), "report", LOCALE="fr")
    assert run.code == 0, run.errors
    return run


@pytest.fixture(scope="module")
def pdf(french):
    return PdfReader(french.reports / "report.fr.pdf")


@pytest.fixture(scope="module")
def pages(pdf):
    """Text of each page but those of the methods appendix, which comes from the code; spaces as they are read."""
    chapters = {
        entry["/Title"]: pdf.get_destination_page_number(entry) for entry in pdf.outline if isinstance(entry, dict)
    }
    appendix = range(chapters["Comment chaque nombre est calculé"], chapters["Tableaux"])
    said = {n: page.extract_text() for n, page in enumerate(pdf.pages) if n not in appendix}
    assert appendix
    return {n: re.sub(r"\s+", " ", text) for n, text in said.items()}


def in_english(text):
    for name in NAMES:
        text = text.replace(name, "")
    return [text[max(0, found.start() - 60) : found.end() + 60] for found in ENGLISH.finditer(text)]


# The results of October 2016 that IOM published, as in test_report, in French.
PUBLISHED = [
    "8 475 répondants : 5 695 sur la route de la Méditerranée orientale et 2 780 sur la route de la Méditerranée "
    "centrale",
    "entre décembre 2015 et septembre 2016 sur la route de la Méditerranée orientale et entre juin et septembre 2016 "
    "sur la route de la Méditerranée centrale ; les données ont été analysées le 11 octobre 2016",
    "Sur la route de la Méditerranée centrale, 71 % des répondants ont répondu positivement à au moins un des six "
    "indicateurs indirects d’expériences pouvant s’apparenter à la traite des personnes ou à l’exploitation",
    "Sur la route de la Méditerranée orientale, 14 % des répondants ont répondu positivement",
    "49 % ont déclaré avoir été retenus contre leur gré",
    "7 à 8 fois plus souvent",
    "35 % des répondants sur la route de la Méditerranée centrale contre 11 % des répondants",
    "ont été situés dans un même pays : Libye",
    "Entretiens du 1er décembre 2015 au 30 septembre 2016",
    "Italie, Grèce, Macédoine du Nord, Serbie, Hongrie, Croatie, Slovénie et Bulgarie",
]


@pytest.mark.parametrize("words", PUBLISHED)
def test_published_results_are_in_the_report(pages, words):
    assert words in " ".join(pages.values())


def test_no_page_but_the_methods_appendix_has_english_in_it(pages):
    assert [found for text in pages.values() for found in in_english(text)] == []


def test_the_pdf_says_that_it_is_french_and_where_it_is_english(pdf):
    assert pdf.trailer["/Root"]["/Lang"] == "fr"
    assert pdf.metadata.title.startswith(
        "Expériences pouvant s’apparenter à la traite des personnes ou à l’exploitation"
    )
    assert in_english(f"{pdf.metadata.title} {pdf.metadata.subject} {pdf.metadata.author}") == []
    told = [str(element["/Lang"]) for element in structure(pdf) if "/Lang" in element]
    assert len(told) > 20
    assert set(told) == {"en"}
    assert "sont donc en anglais" in " ".join(page.extract_text() for page in pdf.pages)


def test_figures_and_their_alt_texts_are_french(french, pdf):
    alts = [str(element["/Alt"]) for element in structure(pdf) if element.get("/S") == "/Figure"]
    assert len(alts) == len(NAMES)
    assert all(alt.startswith(f"Figure{NO_BREAK}: ") for alt in alts)
    drawings = [path.read_text(encoding="utf-8") for path in (french.reports / "figures").glob("*.svg")]
    # Text is drawn as outlines; matplotlib keeps the words beside them as comments.
    drawn = [words for drawing in drawings for words in re.findall(r"<!-- (.*?) -->", drawing, re.S)]
    assert len(drawn) > 200
    assert [found for text in [*alts, *drawn] for found in in_english(text)] == []


def test_claims_and_readme_are_french(french):
    told = json.loads((french.reports / "claims.fr.json").read_text(encoding="utf-8"))
    sentences = [claim.get("sentence") or claim["omitted"] for claim in told["claims"]] + told["status"]
    readme = (french.reports / "README.fr.md").read_text(encoding="utf-8")
    assert [found for text in [*sentences, readme] for found in in_english(text)] == []
    assert [
        name for name in re.findall(r"`([\w.]+\.(?:pdf|json|csv))`", readme) if not (french.reports / name).is_file()
    ] == []


def test_every_question_and_caveat_stands_in_it(french, pages):
    q = load_wave(french.root / "data" / "raw", WAVE).questionnaire
    texts = [q.wording(item) for item in q.indicators] + [caveat.text for caveat in q.caveats.values()]
    said = " ".join(pages.values())
    spaced = [re.sub(r"\s+", " ", in_language(text, "fr")) for text in texts]
    assert [words for words in spaced if words not in said] == []


def test_numbers_are_those_of_the_english_report(french, shipped_run):
    """The released tables are the same, byte for byte: a language is words."""
    names = {path.name for path in shipped_run.reports.glob("*.csv")}
    assert names == {path.name for path in french.reports.glob("*.csv")}
    assert [
        n for n in sorted(names) if (french.reports / n).read_bytes() != (shipped_run.reports / n).read_bytes()
    ] == []
