"""Report, short report and brief of the shipped wave: how long they are, what they say, that they can be read out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.support.pdf import elements, said

GOLDEN = Path(__file__).parent
PAGES = {"brief": {1}, "short": {3, 4}, "report": set(range(15, 26))}


@pytest.fixture(scope="session")
def documents(shipped_run):
    return {name: PdfReader(shipped_run.reports / f"{name}.pdf") for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_a_document_has_as_many_pages_as_its_readers_have_time_for(documents, name):
    assert len(documents[name].pages) in PAGES[name]


@pytest.mark.parametrize("name", ["brief", "short"])
def test_its_text_is_as_it_was(documents, name):
    # After a change that is meant: tests/README.md says how these files are written again.
    assert said(documents[name]) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_that_it_is_synthetic(documents, name):
    for page in documents[name].pages:
        assert "Synthetic data: no person is in it" in page.extract_text()


@pytest.mark.parametrize("name", PAGES)
def test_it_is_archival_and_accessible(documents, name):
    pdf = documents[name]
    described = pdf.xmp_metadata.stream.get_data().decode("utf-8") if pdf.xmp_metadata else ""
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.outline
    alts = [str(element["/Alt"]) for element in elements(pdf) if element.get("/S") == "/Figure"]
    assert alts
    assert all(alt.startswith("Figure: ") and len(re.findall(r"\d", alt)) > 10 for alt in alts)


def test_the_brief_has_three_findings_a_chart_and_what_it_does_not_say(documents):
    text = " ".join(said(documents["brief"]).split())
    findings = text.split("What respondents reported")[1].split("Share of respondents")[0]
    assert findings.count("■") == 3
    assert "71% of respondents on the Central Mediterranean route and 14%" in findings
    assert "What it does not say" in text
    assert "does not say that anybody was trafficked" in text


def test_the_brief_of_a_synthetic_wave_may_not_be_quoted(documents):
    assert "Do not quote anything on this page" in " ".join(said(documents["brief"]).split())


def test_the_short_report_compares_nothing(documents):
    text = said(documents["short"])
    assert not re.search(r"times as often|odds|percentage points|model", text.split("Method\n")[0])
