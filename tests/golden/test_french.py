"""The shipped wave in French, from export to PDF: what a French-speaking reader holds in hand is in French."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from pypdf import PdfReader

from pipeline.questionnaire import in_language
from pipeline.report.figures import NAMES as FIGURES
from pipeline.report.text.of_code import method_in
from pipeline.stats.methods import methods
from pipeline.wave import load_wave
from tests.support.pdf import elements
from tests.support.whole_run import WAVE, lay_out, run_pipeline

NO_BREAK, NARROW = "\u00a0", "\u202f"
ENGLISH = re.compile(r"\b(the|of|and|with|was|were|which|from|this|their|respondents|reported|share|route of)\b", re.I)
NAMES = ("National Center for Health Statistics", "countries-from-2017")
"""What is called so in every language."""
COLUMNS = ("respondents", "share", "left_out")
"""Columns and words of tables, of which descriptions speak."""


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
    """Text of each page but those of the methods appendix, which cites English titles; spaces as they are read."""
    chapters = {
        entry["/Title"]: pdf.get_destination_page_number(entry) for entry in pdf.outline if isinstance(entry, dict)
    }
    appendix = range(chapters["Comment chaque nombre est calculé"], chapters["Tableaux"])
    said = {n: page.extract_text() for n, page in enumerate(pdf.pages) if n not in appendix}
    # It may end on the page where the tables begin.
    said[appendix.stop] = re.split(r"^Tableaux$", said[appendix.stop], flags=re.MULTILINE)[1]
    assert appendix
    return {n: re.sub(r"\s+", " ", text) for n, text in said.items()}


def in_english(text, names=NAMES):
    for name in names:
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


def test_no_page_has_english_in_it_but_titles_that_the_methods_appendix_cites(pages):
    assert [found for text in pages.values() for found in in_english(text)] == []


def test_the_pdf_says_that_it_is_french_from_beginning_to_end(pdf):
    assert pdf.trailer["/Root"]["/Lang"] == "fr"
    assert pdf.metadata.title.startswith(
        "Expériences pouvant s’apparenter à la traite des personnes ou à l’exploitation"
    )
    assert in_english(f"{pdf.metadata.title} {pdf.metadata.subject} {pdf.metadata.author}") == []
    assert {str(element["/Lang"]) for element in elements(pdf) if "/Lang" in element} <= {"fr"}


def test_the_methods_appendix_describes_each_statistic_in_french(pdf):
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))
    told = [method_in("fr", method.name, method.title, method.text) for method in methods(beside_earlier=False)]
    titles = [re.sub(r"\s+", " ", method.title) for method in told]
    assert {method.language for method in told} == {"fr"}
    assert [title for title in titles if title not in said] == []
    assert "Estimates" not in said


def test_figures_and_their_alt_texts_are_french(french, pdf):
    alts = [str(element["/Alt"]) for element in elements(pdf) if element.get("/S") == "/Figure"]
    assert len(alts) == len(FIGURES)
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
        name
        for name in re.findall(r"`([\w.]+\.(?:pdf|json|csv|xlsx))`", readme)
        if not (french.reports / name).is_file()
    ] == []


def test_every_question_and_caveat_stands_in_it(french, pages):
    q = load_wave(french.root / "data" / "raw", WAVE).questionnaire
    texts = [q.wording(item) for item in q.indicators] + [caveat.text for caveat in q.caveats.values()]
    said = " ".join(pages.values())
    spaced = [re.sub(r"\s+", " ", in_language(text, "fr")) for text in texts]
    assert [words for words in spaced if words not in said] == []


def test_the_workbook_is_french_but_for_codes(french):
    book = openpyxl.load_workbook(french.reports / "annex.fr.xlsx")
    said = [sheet.title for sheet in book]
    said += [words for sheet in book for words in (sheet.oddHeader.left.text, sheet.oddFooter.left.text) if words]
    said += [book.properties.title, book.properties.subject, book.properties.description]
    codes = {"Toutes les estimations", "Colonnes", "Termes"}
    assert codes < set(said)
    for sheet in book:
        rows = [[cell for cell in row if isinstance(cell, str)] for row in sheet.iter_rows(values_only=True)]
        if sheet.title in ("Termes", "Colonnes"):
            codes_first = 2 if sheet.title == "Termes" else 1
            rows = [row[codes_first:] if len(row) > 1 else row for row in rows]
        elif sheet.title in codes:
            rows = [row for row in rows if len(row) == 1]
        said += [cell for row in rows for cell in row]
    assert [found for text in said for found in in_english(text)] == []
    assert all(not re.search(r"\w:\s", text) for text in said)


def test_a_workbook_and_a_package_name_the_files_of_the_release(french):
    book = openpyxl.load_workbook(french.reports / "annex.fr.xlsx")
    said = " ".join(str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell)
    names = re.findall(r"[\w.]+\.(?:pdf|json|csv|xlsx)\b", said.replace("fms_2016_10.csv", ""))
    assert set(names) == {"report.fr.pdf", "manifest.json", "dictionary.csv"}
    assert all((french.reports / name).is_file() for name in names)
    package = json.loads((french.reports / "datapackage.json").read_text(encoding="utf-8"))
    said = [package["title"], package["description"], package["citation"], *package["keywords"]]
    assert [found for text in said for found in in_english(text)] == []


@pytest.mark.parametrize("table", ["glossary", "dictionary"])
def test_what_words_and_columns_mean_is_french(french, table):
    with (french.reports / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = [row[key] for row in rows for key in ("label", "meaning") if key in row]
    assert [found for text in said for found in in_english(text, COLUMNS)] == []


def test_the_package_describes_its_tables_in_french(french):
    package = json.loads((french.reports / "datapackage.json").read_text(encoding="utf-8"))
    said = [table["description"] for table in package["resources"]]
    said += [field["description"] for table in package["resources"] for field in table["schema"]["fields"]]
    assert len(said) > 200
    assert [found for text in said for found in in_english(text, COLUMNS)] == []


class Words(HTMLParser):
    """What a page says, and what it says of its images."""

    def __init__(self):
        super().__init__()
        self.said = []

    def handle_starttag(self, tag, attrs):
        self.said += [value for name, value in attrs if name in ("alt", "aria-label")]

    def handle_data(self, data):
        self.said.append(data)


def test_the_page_of_the_chart_pack_is_french(french):
    page = Words()
    page.feed((french.reports / "figures" / "index.html").read_text(encoding="utf-8"))
    said = [text for text in page.said if not text.startswith("\n*")]
    assert [found for text in said for found in in_english(text)] == []
    assert f"{NO_BREAK}: données de la figure" in said


def test_numbers_are_those_of_the_english_report(french, shipped_run):
    """The released tables are the same, byte for byte: a language is words, which two tables say the meaning of."""
    names = {path.name for path in shipped_run.reports.glob("*.csv")}
    assert names == {path.name for path in french.reports.glob("*.csv")}
    names -= {"glossary.csv", "dictionary.csv"}
    assert [
        n for n in sorted(names) if (french.reports / n).read_bytes() != (shipped_run.reports / n).read_bytes()
    ] == []
