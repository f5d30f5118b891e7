"""Which instrument an export is of: told by its questions, answers and wording, or asked where nothing tells."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.errors import UsageError
from pipeline.onboarding.gather import gather
from pipeline.onboarding.look import lenient
from pipeline.onboarding.opened import open_all
from pipeline.onboarding.recognise import Fit, decide, fits
from pipeline.questionnaire import Questionnaire
from pipeline.rehearsal import FORM, LAYOUTS, make_dummy_wave
from pipeline.wave import known_questionnaires, load_questionnaire
from tests.onboarding.conftest import Onboard
from tests.support.messages import refusal
from tests.support.waves import export_text, respondents, write_export

QUESTIONNAIRES = known_questionnaires()
PAIRS = [
    ("kobo_names", "fms-2015"),
    ("kobo_labels_fr", "fms-2016"),
    ("ona_question_row", "fms-2017"),
    ("several_files", "fms-2018-west"),
]
"""Each instrument in another layout. All pairs are in the long run."""

OTHER_PAIRS = [(layout, q) for layout in LAYOUTS for q in QUESTIONNAIRES if (layout, q) not in PAIRS]
SIZE = 40


def made_up(folder: Path, questionnaire: str, layout: str, *, with_form: bool = True) -> Path:
    """A folder with what an analyst would be given: no wave file, which would tell."""
    make_dummy_wave(folder, questionnaire, layout=layout, size=SIZE)
    (folder / "wave.toml").unlink()
    if not with_form:
        (folder / FORM).unlink()
    return folder


@cache
def declared() -> dict[str, Questionnaire]:
    return {name: load_questionnaire(name) for name in QUESTIONNAIRES}


def ranked(source: Path, scratch: Path, engine: Engine) -> list[Fit]:
    scratch.mkdir()
    instruments = declared()
    opened = open_all(gather(source, scratch), {name: lenient(q) for name, q in instruments.items()}, None, scratch)
    return fits(instruments, opened.codebooks, opened.sheets, engine, scratch)


def check_recognised(layout: str, questionnaire: str, folder: Path, engine: Engine) -> None:
    best, other, *_ = ranked(made_up(folder / "given", questionnaire, layout), folder / "scratch", engine)
    assert best.name == questionnaire
    assert best.points > other.points
    assert best.against == ""
    assert decide([best, other], None) is best


def test_every_questionnaire_is_tried() -> None:
    assert {questionnaire for _, questionnaire in PAIRS} == set(QUESTIONNAIRES)
    assert {layout for layout, _ in PAIRS} <= set(LAYOUTS)


@pytest.mark.parametrize(("layout", "questionnaire"), PAIRS)
def test_recognised_with_its_form(layout: str, questionnaire: str, tmp_path: Path, engine: Engine) -> None:
    check_recognised(layout, questionnaire, tmp_path, engine)


@pytest.mark.long
@pytest.mark.parametrize(("layout", "questionnaire"), OTHER_PAIRS)
def test_recognised_with_its_form_in_every_pair(
    layout: str, questionnaire: str, tmp_path: Path, engine: Engine
) -> None:
    check_recognised(layout, questionnaire, tmp_path, engine)


def check_without_a_form(questionnaire: str, layout: str, folder: Path, engine: Engine) -> None:
    source = made_up(folder / "given", questionnaire, layout, with_form=False)
    assert decide(ranked(source, folder / "scratch", engine), None).name == questionnaire


def test_without_a_form_a_country_may_tell(tmp_path: Path, engine: Engine) -> None:
    """The columns are those of 2015, where an interview in Italy has no route."""
    check_without_a_form("fms-2016", "kobo_names", tmp_path, engine)


@pytest.mark.long
@pytest.mark.parametrize(
    ("questionnaire", "layout"),
    [("fms-2015", "kobo_labels_en"), ("fms-2017", "kobo_names"), ("fms-2018-west", "stata")],
)
def test_recognised_without_a_form(questionnaire: str, layout: str, tmp_path: Path, engine: Engine) -> None:
    check_without_a_form(questionnaire, layout, tmp_path, engine)


def test_where_two_fit_alike_the_analyst_is_asked_and_answers(tmp_path: Path, engine: Engine) -> None:
    """With names and without a form, the instruments of 2015 and 2016 have the same columns and answers."""
    source = made_up(tmp_path / "given", "fms-2015", "kobo_names", with_form=False)
    found = ranked(source, tmp_path / "scratch", engine)
    error = refusal(UsageError, 2, lambda: decide(found, None))
    assert "fits fms-2015 and fms-2016 alike" in error.what
    assert "fms-2017" not in error.what
    assert "QUESTIONNAIRE=fms-2015" in error.repair
    assert decide(found, "fms-2016").name == "fms-2016"


def test_too_little_is_no_guess(given: Path, raw: Path, onboard: Onboard) -> None:
    with (given / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["_uuid", "survey_date", "age", "sex"], ["u1", "2017-02-01", "30", "male"]])
    error = refusal(UsageError, 2, lambda: onboard(given / "export.csv"))
    assert "cannot be recognised" in error.what
    assert all(name in error.what for name in QUESTIONNAIRES)
    assert "In KoboToolbox:" in error.repair
    assert not raw.exists()


def test_a_slip_in_the_country_does_not_tell_against_an_instrument(given: Path, tmp_path: Path, engine: Engine) -> None:
    """One interview of two hundred in Italy may be a slip; five in Spain are none."""
    countries = ["ITA", *["ESP"] * 5, *["GRC"] * 194]
    write_export(given / "export.csv", export_text(respondents([{"survey_country": country} for country in countries])))
    of = {fit.name: fit for fit in ranked(given / "export.csv", tmp_path / "scratch", engine)}
    assert of["fms-2015"].unplaced == ("ESP",)
    assert of["fms-2016"].unplaced == ()


def test_a_word_that_is_no_questionnaire(given: Path, onboard: Onboard) -> None:
    write_export(given / "export.csv", export_text(respondents([{}])))
    error = refusal(UsageError, 2, lambda: onboard(given / "export.csv", questionnaire="fms2016"))
    assert 'Did you mean "fms-2016"?' in error.what
    assert error.where == "QUESTIONNAIRE"
