"""The tables of `answer_texts.md`: what a text means as an answer, by itself and in a whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.ingest.answers import Answers
from pipeline.ingest.form import Choice
from pipeline.wave import load_questionnaire
from tests.support.run import run_wave
from tests.support.tables import Row, Section, read_sections
from tests.support.waves import respondents, write_wave

SECTIONS = read_sections(Path(__file__).parent / "answer_texts.md")
Q = load_questionnaire("fms-2016")


def text_of(row: Row) -> str:
    return row["text"].replace("␠", " ")


def choices_of(section: Section) -> list[Choice]:
    """The choices of a form: a name, and a label for each language that has one."""
    rows = section.tables[0] if "With the choices:" in section.text else []
    return [Choice(row["name"], {key: text for key, text in row.items() if key != "name" and text}) for row in rows]


def becomes(row: Row, choices: list[Choice]) -> str:
    column = Q.columns[row["question"]]
    answers = Answers(Q.answers[column.answers], choices)
    if column.kind == "many":
        chosen = answers.chosen(text_of(row))
        return "unknown" if chosen.unknown else " ".join(sorted(chosen.words))
    meaning = answers.meaning(text_of(row))
    return meaning.word or " or ".join(meaning.either) or "unknown"


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_answer_texts(section: Section) -> None:
    rows = section.tables[-1]
    assert [{**row, "becomes": becomes(row, choices_of(section))} for row in rows] == rows


def test_answer_texts_in_a_whole_run(tmp_path: Path, engine: Engine) -> None:
    """Every text that is known without a form comes to the same word in the respondents."""
    rows = [
        row
        for section in SECTIONS
        if len(section.tables) == 1
        for row in section.tables[0]
        if row["becomes"] != "unknown" and row["question"] not in ("consent", "reasons")
    ]
    write_wave(tmp_path, respondents([{row["question"]: text_of(row)} for row in rows]))
    people = run_wave(tmp_path, engine).respondents.sort_values("row")
    found = [person[row["question"]] for row, (_, person) in zip(rows, people.iterrows(), strict=True)]
    assert [{**row, "becomes": word} for row, word in zip(rows, found, strict=True)] == rows
