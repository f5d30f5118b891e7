"""Every layout of a made-up wave is read to the people that were drawn, answer by answer.

The people are worked out from what was drawn and not from any file, so that a reader that loses or changes something is
found, and so is a writer that does.
"""

from __future__ import annotations

from collections import Counter
from itertools import cycle, islice

import pytest

from pipeline.rehearsal import LAYOUTS
from pipeline.rehearsal.marginals import FIELDWORK
from pipeline.rehearsal.people import draw_people
from pipeline.wave import known_questionnaires, load_questionnaire
from tests.rehearsal.conftest import Rehearsed
from tests.rehearsal.drawn import as_read, as_told, differences, expected
from tests.support import oracle
from tests.support.run import Results

QUESTIONNAIRES = known_questionnaires()
SIZE, SEED = 80, 1

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
