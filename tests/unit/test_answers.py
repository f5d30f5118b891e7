"""Answers that the questionnaire does not know stop the run; their values are printed only where that is harmless."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.errors import ExportInvalid
from tests.support.messages import refusal
from tests.support.run import Results
from tests.support.waves import FILE, export_text, respondents

Run = Callable[..., Results]


def refused(run: Callable[[], object]) -> str:
    error = refusal(ExportInvalid, 3, run)
    assert "cannot be used as it is" in error.what
    assert "Nothing was written" in error.repair
    assert FILE in error.what
    return error.what


def test_a_closed_question_prints_the_value_its_count_and_the_nearest_answer(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "femal"}, {"sex": "femal"}, {"sex": "male"}))
    assert 'column "profile/sex": Unknown answer "femal", in 2 rows. Did you mean "female"?' in message
    assert "Known answers: male, female" in message
    assert "(rows " not in message


def test_every_unknown_answer_is_listed_the_most_frequent_first(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "x"}, {"sex": "y"}, {"sex": "y"}, {"education": "phd"}))
    assert "3 problems" in message
    assert message.index('"y", in 2 rows') < message.index('"x", in 1 row')
    assert '"phd", in 1 row' in message


def test_a_code_is_not_an_answer_in_another_case(run_rows: Run) -> None:
    assert 'Unknown answer "Male"' in refused(lambda: run_rows({"sex": "Male"}))


def test_what_could_identify_is_described_by_its_length(run_rows: Run) -> None:
    indiscreet = [
        "+39 333 1234567",
        "amina.k@example.org",
        "37.50213, 15.08719",
        "I was held near the old harbour for weeks",
    ]
    message = refused(lambda: run_rows(*({"sex": value} for value in indiscreet)))
    assert [value for value in indiscreet if value in message] == []
    lengths = [f"Unknown answer of {len(value)} characters, in 1 row" for value in indiscreet]
    assert [length for length in lengths if length not in message] == []


def test_what_is_no_code_is_printed_only_when_many_say_it(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"sex": "Amina Khalil"}, *([{"sex": "Not Specified"}] * 11)))
    assert "Amina" not in message
    assert "Unknown answer of 12 characters, in 1 row" in message
    assert 'Unknown answer "Not Specified", in 11 rows' in message


OPEN: list[tuple[str, str, str]] = [
    ("age", "thirty", "profile/age"),
    ("age", "12.5", "profile/age"),
    ("age", "1e2", "profile/age"),
    ("survey_date", "15-07-2016", "intro/survey_date"),
    ("survey_date", "2016-2-30", "intro/survey_date"),
    ("survey_date", "42566", "intro/survey_date"),
    ("monitoring_point", "Lampedusa-Harbour", "intro/fmp"),
    ("enumerator", "Giulia", "intro/enumerator"),
]


def test_an_open_question_never_prints_a_value(run_rows: Run) -> None:
    message = refused(lambda: run_rows(*({column: value} for column, value, _header in OPEN)))
    assert f"{len(OPEN)} problems" in message
    for _column, value, header in OPEN:
        assert value not in message
        assert f'column "{header}": Unknown answer of {len(value)} characters, in 1 row' in message


def test_an_unknown_code_among_several(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"reasons": "war climate"}, {"reasons": "climate"}, {"reasons": "economics"}))
    assert 'column "journey/reasons": Unknown answer "climate", in 2 rows' in message
    assert 'Unknown answer "economics", in 1 row. Did you mean "economic"?' in message


def test_an_unknown_answer_in_a_0_1_column(run_export: Run) -> None:
    text = export_text(respondents([{"reasons/war": "perhaps"}]), without=["reasons"])
    message = refused(lambda: run_export(text))
    assert "journey/reasons" in message
    assert '"perhaps"' in message


def test_a_string_of_codes_and_0_1_columns_that_disagree(run_rows: Run) -> None:
    message = refused(lambda: run_rows({"reasons": "war"}, {"reasons": "war", "reasons/economic": "1"}))
    assert 'column "journey/reasons/economic": The column says otherwise than "journey/reasons". (rows 3)' in message


def test_analysed_people_without_a_route(run_rows: Run) -> None:
    message = refused(lambda: run_rows({}, {"survey_country": "LBY"}, {"survey_country": "LBY", "consent": "no"}))
    assert "No route rule holds for these respondents. (rows 3)" in message
    assert "[[routes]]" in message


def test_a_wave_with_nobody_left_to_analyse(run_rows: Run) -> None:
    error = refusal(ExportInvalid, 3, lambda: run_rows({"consent": "no"}, {"age": ""}, {"age": "13"}))
    assert "Of 3 interviews received, none is left to analyse" in error.what


def test_a_header_and_nothing_else(run_export: Run) -> None:
    error = refusal(ExportInvalid, 3, lambda: run_export(export_text([])))
    assert "Of 0 interviews received, none is left to analyse" in error.what


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
    found = {finding.check: (finding.severity, finding.row_numbers) for finding in results.ingested.findings}
    assert found == {"blank_date": ("warning", (3,)), "blank_uuid": ("warning", (4,))}


def test_a_finding_names_the_header_in_the_file(run_rows: Run) -> None:
    results = run_rows({"age": "111"}, {"survey_date": "2016-10-01"}, {"survey_date": ""}, {"submission_uuid": ""})
    found = {(finding.check, finding.column) for finding in results.ingested.findings}
    assert found == {
        ("invalid", "profile/age"),
        ("invalid", "intro/survey_date"),
        ("blank_date", "intro/survey_date"),
        ("blank_uuid", "_uuid"),
    }
