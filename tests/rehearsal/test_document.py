"""`docs/questionnaires.md` says what the questionnaires say, and its examples work as they stand."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from pipeline import wave
from pipeline.engine import Engine
from pipeline.questionnaire import Questionnaire
from pipeline.rehearsal import LAYOUTS, make_dummy_wave
from pipeline.vocabulary import COMMON_CORE, Indicator
from pipeline.wave import known_questionnaires, load_questionnaire, load_wave
from tests.support.run import run_wave
from tests.support.tables import Row, read_sections
from tests.support.waves import NAME, write_wave
from tests.support.whole_run import REPOSITORY

PAGE = REPOSITORY / "docs" / "questionnaires.md"
SECTIONS = {section.title: section for section in read_sections(PAGE)}
QUESTIONNAIRES = {name: load_questionnaire(name) for name in known_questionnaires()}


def table(title: str) -> list[Row]:
    return SECTIONS[title].tables[0]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`\s]+)`", cell)


def examples(title: str) -> list[str]:
    """The blocks of TOML of a section."""
    blocks = re.findall(r"^ *```toml\n(.*?)^ *```", SECTIONS[title].text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(r"^ +(?=[a-z\[])", "", block, flags=re.MULTILINE) for block in blocks]


def test_every_instrument_stands_there_with_its_set_and_routes() -> None:
    told = {
        quoted(row["questionnaire"])[0]: (row["routes"].split(", "), quoted(row["set"]), row["in “at least one”"])
        for row in table("The instruments")
    }
    assert told == {
        name: (list(dict.fromkeys(str(rule.route) for rule in q.routes)), [q.indicator_set], str(len(q.counted)))
        for name, q in QUESTIONNAIRES.items()
    }


def test_the_table_of_indicators_agrees_with_the_questionnaires() -> None:
    rows = table("Which indicators count")
    assert [quoted(row["indicator"])[0] for row in rows] == list(Indicator)
    for name, q in QUESTIONNAIRES.items():
        assert {quoted(row["indicator"])[0]: row[f"`{name}`"] for row in rows} == {
            str(indicator): _said(q, indicator) for indicator in Indicator
        }


def _said(q: Questionnaire, indicator: Indicator) -> str:
    item = next((item for item in q.indicators if item.indicator == indicator), None)
    if item is None:
        return "not asked"
    of_whom = "" if item.experience == "own" else f", {item.experience}"
    return ("counts" if item.counts else "apart") + of_whom


def test_the_common_core_is_named_and_asked_by_all() -> None:
    assert all(f"`{indicator}`" in SECTIONS["What may be compared"].text for indicator in COMMON_CORE)
    assert all(q.common_core == COMMON_CORE for q in QUESTIONNAIRES.values())


def test_what_is_inferred_is_what_the_report_prints_as_such() -> None:
    told = {(name, row["inferred"]) for row in table("What is inferred") for name in quoted(row["in"])}
    assert told == {(name, fact["en"]) for name, q in QUESTIONNAIRES.items() for fact in q.inferred}


def test_every_layout_is_named() -> None:
    assert set(LAYOUTS) <= set(quoted(SECTIONS["A new instrument"].text))


@pytest.mark.parametrize("example", examples("When this round’s form differs"))
def test_an_example_of_an_override_is_taken_as_it_stands(example: str, tmp_path: Path) -> None:
    write_wave(tmp_path, [], more=example)
    changed, usual = load_wave(tmp_path, NAME).questionnaire, QUESTIONNAIRES["fms-2016"]
    assert changed != usual
    keys = set(tomllib.loads(example)["overrides"])
    assert keys >= {name for name in type(usual).model_fields if getattr(changed, name) != getattr(usual, name)}


def test_the_example_of_an_answer_list_is_one(tmp_path: Path) -> None:
    (example,) = examples("How an answer is read")
    write_wave(tmp_path, [], more=example.replace("[answers.", "[overrides.answers."))
    assert load_wave(tmp_path, NAME).questionnaire.answers["sex"]["male"].aliases == ("m", "1")


def test_a_new_instrument_is_rehearsed_as_the_page_says(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied, renamed, with the question of the page added; then made up and read, without a line of code."""
    folder = tmp_path / "questionnaires"
    shutil.copytree(wave.QUESTIONNAIRES, folder)
    copied = (folder / "fms-2018-west.toml").read_text(encoding="utf-8")
    renamed = copied.replace('"fms-2018-west"', '"fms-2019"').replace('"fms-2018-west-five"', '"fms-2019-five"')
    (question,) = examples("A new instrument")
    place = renamed.index("[columns.cost]")
    text = f"{renamed[:place]}{question}\n{renamed[place:]}"
    (folder / "fms-2019.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(wave, "QUESTIONNAIRES", folder)
    make_dummy_wave(tmp_path / "raw" / "rehearsal", "fms-2019", layout="kobo_labels_fr", size=60)
    results = run_wave(tmp_path / "raw", engine, "rehearsal")
    assert results.wave.questionnaire.indicator_set == "fms-2019-five"
    assert {"yes", "no"} <= set(results.respondents["phone_use"])
    assert results.ledger["analysed"] > 40
