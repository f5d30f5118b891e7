"""The tables of `sentinels.md`, each in a whole run, and what the lists of every questionnaire know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.answers import Answers
from pipeline.questionnaire import AnswerColumn, ManyColumn
from pipeline.wave import known_questionnaires, load_questionnaire
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.tables import Row, read_sections
from tests.support.waves import respondents, write_wave

*SAID, REFUSED = read_sections(Path(__file__).parent / "sentinels.md")
QUESTIONS = ("unpaid_work", "nationality", "departure_country", "sex", "reasons", "age")
NUMBERS, WORDS = (section.tables[0] for section in SAID[:2])

Run = Callable[..., Results]


def questions(row: Row) -> list[str]:
    return [name for name in QUESTIONS if name in row]


@pytest.fixture(scope="module")
def together(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """Title of a section → its rows with what the run made of them. All are run as one wave."""
    raw = tmp_path_factory.mktemp("sentinels")
    rows = [row for section in SAID for row in section.tables[0]]
    answers = [{**dict.fromkeys(questions(row), row["text"]), "consent": row.get("consent", "yes")} for row in rows]
    write_wave(raw, respondents(answers))
    people = run_wave(raw, engine).respondents.sort_values("row").to_dict("records")
    found = [
        {**row, **{name: _said(person, name) for name in questions(row)}}
        for row, person in zip(rows, people, strict=True)
    ]
    return {section.title: [found.pop(0) for _ in section.tables[0]] for section in SAID}


def _said(person: dict[str, object], name: str) -> str:
    if name == "age":
        return str(int(str(person[name]))) if person["age_status"] == "given" else str(person["age_status"])
    if name == "reasons":
        return str(person["reasons_war"])
    return str(person[name])


@pytest.mark.parametrize("section", SAID, ids=str)
def test_what_stands_for_no_answer(section, together: dict[str, list[Row]]) -> None:
    assert together[section.title] == section.tables[0]


@pytest.mark.parametrize("questionnaire", known_questionnaires())
def test_every_list_of_every_questionnaire_reads_them_alike(questionnaire: str) -> None:
    q = load_questionnaire(questionnaire)
    wrong = []
    for name, column in q.columns.items():
        if isinstance(column, AnswerColumn | ManyColumn):
            answers = Answers(q.answers[column.answers])
            for row in (*NUMBERS, *WORDS):
                if answers.meaning(row["text"]).word != row["unpaid_work"]:
                    wrong.append((name, row["text"]))
    assert wrong == []


@pytest.mark.parametrize("questionnaire", known_questionnaires())
def test_every_questionnaire_reads_ages_alike(questionnaire: str) -> None:
    usual, column = load_questionnaire("fms-2016").columns["age"], load_questionnaire(questionnaire).columns["age"]
    assert column.missing == usual.missing
    assert column.possible == usual.possible


def test_a_wave_may_say_that_an_age_stands_for_no_answer(run_rows: Run) -> None:
    said = '[overrides.columns.age.missing]\n"99" = "declined"\n'
    people = run_rows({"age": "99"}, {"age": "98"}, {"age": "99.0"}, more=said).respondents
    assert list(people["age_status"]) == ["declined", "given", "declined"]


def test_anything_else_stops_the_run(run_rows: Run) -> None:
    rows = REFUSED.tables[0]
    error = refusal(ExportInvalid, 3, lambda: run_rows(*[{row["question"]: row["text"]} for row in rows]))
    assert [row for row in rows if row["told"] not in str(error)] == []
    assert f"{len(rows) - 2} problems" in error.what, "the three ages are one problem"
