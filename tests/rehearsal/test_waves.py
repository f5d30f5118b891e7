"""Made-up waves in the pipeline: every layout is read to the people that were drawn, every questionnaire is reported.

The people are worked out from what was drawn and not from any file, so that a reader that loses or changes something is
found, and so is a writer that does.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.disclose.door import release
from pipeline.disclose.policy import POLICIES
from pipeline.manifest import Provenance
from pipeline.rehearsal import LAYOUTS
from pipeline.rehearsal.marginals import FIELDWORK
from pipeline.rehearsal.people import draw_people
from pipeline.report.claims import claims
from pipeline.report.edition import Edition
from pipeline.report.pages import content
from pipeline.report.text import load_text
from pipeline.vocabulary import COMMON_CORE
from pipeline.wave import known_questionnaires, load_questionnaire
from tests.rehearsal.conftest import Rehearsed
from tests.rehearsal.drawn import as_read, as_told, differences, expected
from tests.support import oracle
from tests.support.run import Results
from tests.support.whole_run import run_pipeline

QUESTIONNAIRES = known_questionnaires()
SIZE, SEED = 80, 1
NOWHERE = Provenance("wave", {}, {}, {}, "", {}, "", "", "")

# Every layout once, and the questionnaires in turn. All pairs are in the long run.
PAIRS = list(zip(LAYOUTS, islice(cycle(QUESTIONNAIRES), 1, None), strict=False))


def drawn(results: Results, size: int, seed: int) -> list[oracle.Person]:
    name = results.wave.file.questionnaire
    people = draw_people(load_questionnaire(name), size=size, seed=seed, fieldwork=FIELDWORK[name])
    return expected(people, results.wave)


def check(results: Results, size: int, seed: int) -> None:
    q = results.wave.questionnaire
    persons = drawn(results, size, seed)
    received = results.engine.frame(results.ingested.received)
    assert differences(as_read(received, q), as_told(persons, q)) == []
    assert results.ledger == oracle.ledger(persons)


def test_every_layout_and_questionnaire_is_tried() -> None:
    assert {layout for layout, _ in PAIRS} == set(LAYOUTS)
    assert {questionnaire for _, questionnaire in PAIRS} == set(QUESTIONNAIRES) == set(FIELDWORK)


@pytest.mark.parametrize(("layout", "questionnaire"), PAIRS)
def test_a_layout_is_read_to_the_people_drawn(rehearsed: Rehearsed, layout: str, questionnaire: str) -> None:
    check(rehearsed(questionnaire, layout, size=SIZE, seed=SEED), SIZE, SEED)


@pytest.mark.parametrize(("layout", "questionnaire"), PAIRS[: len(QUESTIONNAIRES)])
def test_a_questionnaire_gives_the_counts_of_the_people_drawn(
    rehearsed: Rehearsed, layout: str, questionnaire: str
) -> None:
    results = rehearsed(questionnaire, layout, size=SIZE, seed=SEED)
    wanted = oracle.counts(drawn(results, SIZE, SEED), results.wave.questionnaire)
    found = {cell: Counter({m: n for m, n in measures.items() if n}) for cell, measures in results.counts.items()}
    assert {cell: measures for cell, measures in found.items() if measures} == {
        cell: measures for cell, measures in wanted.items() if measures
    }


@pytest.mark.parametrize(("layout", "questionnaire"), PAIRS[: len(QUESTIONNAIRES)])
def test_the_report_says_what_the_questionnaire_says(rehearsed: Rehearsed, layout: str, questionnaire: str) -> None:
    results = rehearsed(questionnaire, layout, size=SIZE, seed=SEED)
    q, text = results.wave.questionnaire, load_text("en", results.wave.questionnaire)
    checks = [(str(finding.severity), finding.check) for finding in results.ingested.findings]
    released = release(results.estimates, results.ingested.ledger, POLICIES["public"], checks)
    edition = Edition(released, results.wave, text)
    page = content(edition, claims(edition), NOWHERE)
    assert q.indicator_set in page["frame"]["footer"]
    assert text.say("stamp.synthetic") in page["frame"]["stamps"]
    assert page["cover"]["synthetic"]
    told = [(line["wording"], "reported apart" in line["note"]) for line in page["method"]["wording"]]
    assert told == [(f"“{q.wording(item)['en']}”", not item.counts) for item in q.indicators]
    for fact in q.inferred:
        assert f"Inferred, not stated by the source: {fact['en']}" in page["method"]["limits"]
    assert all(text.say(f"indicator_short.{indicator}") in page["method"]["common"] for indicator in COMMON_CORE)
    by_route = page["tables"][: len(edition.routes)]
    common = text.say("indicator.at_least_one_common")
    assert all(common in [row[0] for row in table["rows"]] for table in by_route)


def test_what_cannot_be_compared_is_left_out_with_a_reason(rehearsed: Rehearsed) -> None:
    """An instrument of one route."""
    layout = next(layout for layout, questionnaire in PAIRS if questionnaire == "fms-2015")
    results = rehearsed("fms-2015", layout, size=SIZE, seed=SEED)
    released = release(results.estimates, results.ingested.ledger, POLICIES["public"], [])
    edition = Edition(released, results.wave, load_text("en", results.wave.questionnaire))
    omitted = content(edition, claims(edition), NOWHERE)["chapters"]["omitted"]
    (one_route,) = [line for line in omitted if line.startswith("Only one route has respondents: ")]
    assert "How many times as often on one route as on another" in one_route
    reasons = [line.partition(": ")[0] for line in omitted]
    assert len(reasons) == len(set(reasons)), "each reason is told once, with all that it is of"
    withheld = next(line for line in omitted if line.startswith("The number is withheld"))
    assert re.search(r"; [^;]+ \((Eastern|Central)\)", withheld)


@pytest.mark.long
@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
def test_a_whole_report_says_on_every_page_that_it_is_synthetic(questionnaire: str, tmp_path: Path) -> None:
    made = run_pipeline(tmp_path, *f"dummy-wave --wave rehearsal --questionnaire {questionnaire} --size 600".split())
    assert made.code == 0, made.errors
    reported = run_pipeline(tmp_path, "report", "--wave", "rehearsal")
    assert reported.code == 0, reported.errors
    pages = PdfReader(tmp_path / "reports" / "rehearsal" / "report.pdf").pages
    assert len(pages) > 8
    assert all("Synthetic data: no person is in it" in page.extract_text() for page in pages)


@pytest.mark.long
@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_layouts_of_all_questionnaires(rehearsed: Rehearsed, layout: str, questionnaire: str) -> None:
    check(rehearsed(questionnaire, layout, size=150, seed=2, locale="fr"), 150, 2)


@pytest.mark.long
@pytest.mark.parametrize("questionnaire", QUESTIONNAIRES)
@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "kobo_xlsx"])
def test_all_layouts_without_a_form(rehearsed: Rehearsed, layout: str, questionnaire: str) -> None:
    check(rehearsed(questionnaire, layout, with_form=False, size=SIZE, seed=SEED), SIZE, SEED)
