"""Answers that the questionnaire does not know stop the run; their values are printed only where that is harmless."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from tests.support.exports import write_xlsx
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.waves import FILE, export_text, respondents, write_wave

Run = Callable[..., Results]


def refused(run: Callable[[], object]) -> str:
    error = refusal(ExportInvalid, 3, run)
    assert "cannot be used as it is" in error.what
    assert "run the command again" in error.repair
    assert FILE in error.what
    return error.what


def test_a_closed_question_prints_the_value_its_count_and_the_nearest_answer(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "femal"}, {"sex": "femal"}, {"sex": "male"}))
    assert 'column "profile/sex": Unknown answer "femal", in 2 rows. Did you mean "female"?' in message
    assert "Known answers: male, female, or their labels." in message
    assert '[overrides.answers.sex] as "the answer" = { means = "male" }' in message
    assert "(row" not in message


def test_the_nearest_answer_may_be_a_label(run_rows: Run) -> None:
    """The label is told with the word that it stands for, unless the two are the same word."""
    message = refused(lambda: run_rows({"nationality": "Nigerria"}, {"sex": "homm"}, {"education": "primry"}))
    assert 'Unknown answer "Nigerria", in 1 row. Did you mean "Nigeria" (NGA)?' in message
    assert 'Unknown answer "homm", in 1 row. Did you mean "Homme" (male)?' in message
    assert 'Unknown answer "primry", in 1 row. Did you mean "primary"?' in message


def test_the_nearest_answer_may_be_a_label_of_the_form(tmp_path: Path, engine: Engine) -> None:
    folder = write_wave(tmp_path, respondents([{"travel_mode": "Avec des inconus"}]), form='"form.xlsx"')
    write_xlsx(
        folder / "form.xlsx",
        {
            "survey": [
                ["type", "name", "label::Français"],
                ["select_one travel", "travel_mode", "Comment voyagez-vous ?"],
            ],
            "choices": [["list_name", "name", "label::Français"], ["travel", "group", "Avec des inconnus"]],
        },
    )
    message = refused(lambda: run_wave(tmp_path, engine))
    assert 'Did you mean "Avec des inconnus" (group)?' in message


def test_answers_that_one_repair_mends_name_it_once(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "x1"}, {"sex": "x2"}, {"sex": "x3"}))
    assert message.count("Known answers: male, female") == 1


def test_every_unknown_answer_is_listed_the_most_frequent_first(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "x1"}, {"sex": "x2"}, {"sex": "x2"}, {"education": "lt_2y"}))
    assert "3 problems" in message
    assert message.index('"x2", in 2 rows') < message.index('"x1", in 1 row')
    assert '"lt_2y", in 1 row' in message


def test_a_code_in_another_case_is_the_same_answer(run_rows: Run) -> None:
    assert list(run_rows({"sex": "Male"}, {"sex": "FEMALE"}).respondents["sex"]) == ["male", "female"]


def test_what_could_identify_is_told_by_its_length_and_row(run_rows: Run) -> None:
    indiscreet = ["Amina K", "Held by Two", "I was held near the harbour", "I was held near the old harbour for weeks"]
    message = refused(lambda: run_rows({}, *({"sex": value} for value in indiscreet)))
    assert [value for value in indiscreet if value in message] == []
    assert "4 unknown answers of 7 to 41 characters" in message
    assert "(rows 3, 4, 5, 6)" in message


def test_a_name_in_small_letters_is_no_code(run_rows: Run) -> None:
    names = ["amina", "amina_diallo", "amina_d2", "diallo1990", "x"]
    message = refused(lambda: run_rows({}, *({"sex": name} for name in names)))
    assert [name for name in names[:-1] if name in message] == []
    assert "5 unknown answers of 1 to 12 characters" in message
    assert "(rows 3, 4, 5, 6, 7)" in message


def test_what_is_no_code_is_printed_only_when_many_say_it(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "Amina Khalil"}, *([{"sex": "Not Specified"}] * 11)))
    assert "Amina" not in message
    assert "Unknown answer of 12 characters, not shown because so few gave it. (row 2)" in message
    assert 'Unknown answer "Not Specified", in 11 rows' in message


OPEN: list[tuple[str, str, str, str]] = [
    ("age", "thirty", "profile/age", "This is no whole number."),
    ("age", "12.5", "profile/age", "This is no whole number."),
    ("age", "1e2", "profile/age", "This is no whole number."),
    ("survey_date", "15-07-2016", "intro/survey_date", "This cannot be read as a date."),
    ("survey_date", "2016-2-30", "intro/survey_date", "This cannot be read as a date."),
    ("survey_date", "last Friday", "intro/survey_date", "This cannot be read as a date."),
    ("monitoring_point", "Lampedusa-Harbour", "intro/fmp", "This is no code of the declared form."),
    ("enumerator", "E1", "intro/enumerator", "This is no code of the declared form."),
]


def test_an_open_question_never_prints_a_value_and_says_in_which_rows(run_rows: Run) -> None:
    message = refused(lambda: run_rows(*({column: value} for column, value, *_ in OPEN)))
    rows: dict[tuple[str, str], list[int]] = {}
    for row, (_column, value, header, told) in enumerate(OPEN, start=2):
        assert value not in message
        rows.setdefault((header, told), []).append(row)
    assert f"{len(rows)} problems" in message
    for (header, told), numbers in rows.items():
        word = "rows" if len(numbers) > 1 else "row"
        (line,) = [line for line in message.splitlines() if f'column "{header}": {told}' in line]
        assert line.endswith(f"({word} {', '.join(map(str, numbers))})")


def test_a_serial_number_of_a_spreadsheet_is_a_date(run_rows: Run) -> None:
    assert str(run_rows({"survey_date": "42566"}).respondents["survey_date"][0])[:10] == "2016-07-15"


def test_an_unknown_code_among_several(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"reasons": "war r7"}, {"reasons": "r7"}, {"reasons": "economics"}))
    assert 'column "journey/reasons": Unknown answer "r7", in 2 rows' in message
    assert 'Unknown answer "economics", in 1 row. Did you mean "economic"?' in message


def test_an_unknown_answer_in_a_0_1_column(run_export: Run) -> None:
    text = export_text(respondents([{"reasons/war": "2"}]), without=["reasons"])
    message = refused(lambda: run_export(text))
    assert "journey/reasons" in message
    assert 'Unknown answer "2", in 1 row' in message


def test_a_string_of_codes_and_0_1_columns_that_disagree(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"reasons": "war"}, {"reasons": "war", "reasons/economic": "1"}))
    assert 'column "journey/reasons/economic": The column says otherwise than "journey/reasons". (row 3)' in message


def test_analysed_people_without_a_route(run_rows: Run) -> None:
    message = refused(lambda: run_rows({}, {"survey_country": "LBY"}, {"survey_country": "LBY", "consent": "no"}))
    assert "No route rule holds for these respondents. (row 3)" in message
    assert "[[routes]]" in message


def test_a_wave_with_nobody_left_to_analyse(run_rows: Run) -> None:
    error = refusal(ExportInvalid, 3, lambda: run_rows({"consent": "no"}, {"age": ""}, {"age": "13"}))
    assert "Of 3 interviews received, none is left to analyse" in error.what
    assert "by rule: no_consent 1, under_14 1, age_unknown 1." in error.what


def test_a_header_and_nothing_else(run_export: Run) -> None:
    error = refusal(ExportInvalid, 3, lambda: run_export(export_text([])))
    assert "column names and no records" in error.what


def test_white_space_around_an_answer_is_no_part_of_it(run_rows: Run) -> None:
    people = run_rows({"sex": " female "}, {"sex": "   "}).respondents
    assert list(people["sex"]) == ["female", "no_answer"]


def test_an_alias_is_the_answer(run_rows: Run) -> None:
    aliases = '[overrides.answers.sex]\nfemale = { means = "female", aliases = ["f", "woman"] }\n'
    people = run_rows({"sex": "f"}, {"sex": "woman"}, {"sex": "female"}, more=aliases).respondents
    assert set(people["sex"]) == {"female"}


def test_an_answer_to_a_question_that_was_not_put_is_a_warning(run_rows: Run) -> None:
    results = run_rows({"unpaid_work": "no", "unpaid_work_country": "LBY"})
    (finding,) = [found for found in results.ingested.findings if found.check == "answered_unasked"]
    assert (finding.severity, finding.column, finding.row_numbers) == ("warning", "ct/ct_unpaid_work_country", (2,))
    assert "LBY" not in finding.message


def test_blank_dates_and_identifiers_are_warnings(run_rows: Run) -> None:
    results = run_rows({}, {"survey_date": ""}, {"submission_uuid": ""})
    found = {f.check: (f.severity, f.row_numbers) for f in results.ingested.findings if f.row_numbers}
    assert found == {"blank_date": ("warning", (3,)), "blank_uuid": ("warning", (4,))}


def test_a_finding_names_the_header_in_the_file(run_rows: Run) -> None:
    results = run_rows({"age": "111"}, {"survey_date": "2016-10-01"}, {"survey_date": ""}, {"submission_uuid": ""})
    found = {(finding.check, finding.column) for finding in results.ingested.findings if finding.row_numbers}
    assert found == {
        ("invalid", "profile/age"),
        ("invalid", "intro/survey_date"),
        ("blank_date", "intro/survey_date"),
        ("blank_uuid", "_uuid"),
    }
