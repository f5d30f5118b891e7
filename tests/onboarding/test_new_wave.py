"""From what an analyst was given to a wave: whole or not at all, nothing guessed, nothing that names a person."""

from __future__ import annotations

import errno
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.engine import Engine
from pipeline.errors import CannotReadOrWrite, DeclarationError, ExportInvalid, NotAnonymised, UsageError
from pipeline.onboarding import allowed_columns, new_wave, print_proposal
from pipeline.onboarding.proposal import Proposal
from pipeline.wave import WAVE_FILE, load_wave
from tests.onboarding.conftest import NAME, Onboard
from tests.onboarding.filling import fill_in
from tests.support.exports import write_xlsx
from tests.support.messages import refusal
from tests.support.run import run_wave
from tests.support.six_layouts import FILES, FORM, LAYOUTS, MEASURES, expected_counts, expected_ledger
from tests.support.waves import Row, export_text, respondent, respondents, write_export, write_log

FIELDWORK = ("2016-09-01", "2016-11-30")


def written(given: Path, rows: list[Row], **options: tuple[str, ...]) -> Path:
    write_export(given / "export.csv", export_text(rows, **options))
    return given / "export.csv"


def said(proposal: Proposal) -> str:
    """What the terminal shows."""
    console = Console(soft_wrap=True, record=True, width=1000, quiet=False, file=None)
    with console.capture() as shown:
        print_proposal(console, proposal)
    return shown.get()


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def check_layout(file: str, given: Path, raw: Path, onboard: Onboard, engine: Engine, *, with_form: bool) -> None:
    """From the file to the counts, as an analyst goes."""
    for name in (file, *((FORM,) if with_form else ())):
        shutil.copyfile(LAYOUTS / name, given / name)
    proposal = onboard(given / file)
    assert proposal.fit.name == "fms-2016"
    assert proposal.files == (file, *((FORM,) if with_form else ()))
    assert (raw / NAME / file).read_bytes() == (LAYOUTS / file).read_bytes()
    shown = said(proposal)
    assert "718 records" in shown
    assert ("those of the questionnaire sufficed" in shown) == ("labels" in file and not with_form)
    assert "bring the XLSForm" not in shown
    fill_in(raw / NAME, FIELDWORK)
    results = run_wave(raw, engine, NAME)
    assert {rule: rows for rule, rows in results.ledger.items() if rows} == expected_ledger()
    expected = expected_counts()
    assert {cell: [results.counts[cell][measure] for measure in MEASURES] for cell in expected} == expected


def test_from_a_file_to_the_counts(given: Path, raw: Path, onboard: Onboard, engine: Engine) -> None:
    check_layout("kobo_labels_fr.csv", given, raw, onboard, engine, with_form=False)


@pytest.mark.long
@pytest.mark.parametrize("with_form", [True, False])
@pytest.mark.parametrize("file", FILES)
def test_from_every_file_to_the_counts(
    file: str, with_form: bool, given: Path, raw: Path, onboard: Onboard, engine: Engine
) -> None:
    check_layout(file, given, raw, onboard, engine, with_form=with_form)


def test_a_folder_with_everything(given: Path, raw: Path, onboard: Onboard) -> None:
    """Two exports, the form, another form, the log, a table that is no export: each goes where it belongs."""
    for first, country in ((1, "GRC"), (3, "ITA")):
        rows = [respondent(number, survey_country=country) for number in range(first, first + 3)]
        write_export(given / f"{country}.csv", export_text(rows))
    shutil.copyfile(LAYOUTS / FORM, given / FORM)
    write_xlsx(
        given / "another form.xlsx",
        {"survey": [["type", "name", "label"], ["text", "water", "Water points"]], "choices": [["list_name", "name"]]},
    )
    write_log(given, [{"uuid": "uuid-1", "change type": "remove_survey"}])
    (given / "points.csv").write_text("point;district\nA;B\n", encoding="utf-8")
    (given / "log of changes.csv").write_text("uuid;question;old value;new value;reason\n1;2;3;4;5\n", encoding="utf-8")
    proposal = onboard(given)
    assert proposal.files == ("GRC.csv", "ITA.csv", FORM, "cleaning.csv")
    assert files_in(raw / NAME) == {*proposal.files, WAVE_FILE}
    shown = said(proposal)
    assert re.search(r"Not copied: points\.csv \(.*hardly any", shown)
    assert re.search(r"Not copied: log of changes\.csv \(.*cleaning log", shown)
    assert "is there already: 1; they are left out. Do two files hold the same interviews?" in shown
    assert re.search(r"Not copied: another form\.xlsx \(.*form", shown)
    fill_in(raw / NAME)
    assert [export.file for export in load_wave(raw, NAME).file.exports] == ["GRC.csv", "ITA.csv"]


# --- nothing is written over, nothing half, nothing that is not anonymised -------------------------------------------


def test_a_wave_that_is_there_is_left_alone(given: Path, raw: Path, onboard: Onboard) -> None:
    (raw / NAME).mkdir(parents=True)
    error = refusal(CannotReadOrWrite, 6, lambda: onboard(written(given, respondents([{}]))))
    assert error.where == str(raw / NAME)
    assert files_in(raw) == set()


def test_a_copy_that_fails_leaves_nothing(
    given: Path, raw: Path, onboard: Onboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(given, respondents([{}]))
    shutil.copyfile(LAYOUTS / FORM, given / FORM)
    copied = []

    def fill_up(old: Path, new: Path) -> None:
        copied.append(new)
        new.write_bytes(b"half")
        if len(copied) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(new))

    monkeypatch.setattr(shutil, "copyfile", fill_up)
    error = refusal(CannotReadOrWrite, 6, lambda: onboard(source))
    assert len(copied) == 2
    assert "disk is full" in error.repair
    assert list(raw.iterdir()) == []
    assert source.exists()


NAMED = {"respondent_name": "Zq7"}


def test_an_export_that_is_not_anonymised_is_not_copied(given: Path, raw: Path, onboard: Onboard) -> None:
    """Even if there is more that is wrong with it."""
    source = written(given, [respondent(sex="mael") | NAMED], extra=tuple(NAMED))
    error = refusal(NotAnonymised, 4, lambda: onboard(source))
    assert '"respondent_name"' in error.what
    assert "Zq7" not in str(error)
    assert 'ALLOW="' in error.repair
    assert not raw.exists()


@pytest.mark.parametrize("text", ["respondent_name", "respondent_name=short", "=a reason without a column"])
def test_a_column_is_not_let_past_without_a_reason(text: str) -> None:
    refusal(UsageError, 2, lambda: allowed_columns(text))


def test_no_column_to_let_past() -> None:
    assert allowed_columns("") == allowed_columns(" ; ") == []


# --- what only the analyst knows -------------------------------------------------------------------------------------


def test_what_the_analyst_says_is_written_down(given: Path, raw: Path, onboard: Onboard, tmp_path: Path) -> None:
    """Which of two sheets, and which column is let past. So is what the workbook and a wave file beside it tell."""
    answers = [{"survey_date": "13/07/2016"}, {"survey_date": "03/05/2016"}]
    text = export_text([row | NAMED for row in respondents(answers)], extra=tuple(NAMED))
    rows = [line.split(";") for line in text.replace('"', "").splitlines()]
    path = write_xlsx(given / "export.xlsx", {"first": rows, "second": rows})
    (given / WAVE_FILE).write_text("synthetic = true\n", encoding="utf-8")
    error = refusal(ExportInvalid, 3, lambda: onboard(path))
    assert 'SHEET="' in error.repair
    assert not raw.exists()
    again = tmp_path / "again"
    again.mkdir()
    reason = "holds one code for all people"
    onboard(path, sheet="second", allowed=allowed_columns(f"respondent_name={reason}"), scratch=again)
    fill_in(raw / NAME)
    file = load_wave(raw, NAME).file
    assert (file.exports[0].sheet, file.exports[0].dates, file.synthetic) == ("second", "day/month/year", True)
    assert [(entry.column, entry.reason) for entry in file.allowed_columns] == [("respondent_name", reason)]


# --- what could not be matched ---------------------------------------------------------------------------------------

AWKWARD = 'Enquête "finale" # 2 \\ août.csv'
"""A file may be called anything."""


@dataclass(frozen=True)
class Troubled:
    """An export with much to mend, onboarded."""

    raw: Path
    proposal: Proposal
    shown: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Troubled:
    root = tmp_path_factory.mktemp("troubled")
    rows = respondents(
        [
            {"sex": "femal", "nationality": "Zed Qu", "survey_date": "03/05/2016"},
            {"survey_date": "04/05/2016", "age": "Zq8"},
        ]
    )
    more = {"journey/journey_tme": "3m_6m", "weather": "Zq9"}
    text = export_text([row | more for row in rows], without=("transit", "cost"), extra=tuple(more))
    write_export(root / AWKWARD, text)
    (root / "scratch").mkdir()
    proposal = new_wave(root / "raw", NAME, root / AWKWARD, scratch=root / "scratch", engine=engine)
    text = (root / "raw" / NAME / WAVE_FILE).read_text(encoding="utf-8")
    return Troubled(root / "raw", proposal, said(proposal), text)


@pytest.fixture
def mended(troubled: Troubled, tmp_path: Path) -> Path:
    """A copy of it, to be filled in."""
    shutil.copytree(troubled.raw, tmp_path / "mended")
    return tmp_path / "mended"


def test_what_only_the_analyst_knows_is_asked_line_by_line(troubled: Troubled) -> None:
    number = {line.partition(" = ")[0]: n for n, line in enumerate(troubled.lines, start=1)}
    error = refusal(DeclarationError, 2, lambda: load_wave(troubled.raw, NAME))
    for key, asked in {"fieldwork": "the first day of fieldwork", "dates": "day/month/year or month/day/year"}.items():
        assert f"line {number[key]}: {asked}" in error.what
        assert f"line {number[key]}: {key}\n" in troubled.shown
    assert "2016" not in troubled.lines[number["fieldwork"] - 1], "no day is taken from the data"
    assert "3 May or 5 March" in troubled.lines[number["dates"] - 2]


def test_filled_in_it_loads_whatever_the_file_is_called(mended: Path) -> None:
    fill_in(mended / NAME, dates="month/day/year")
    (export,) = load_wave(mended, NAME).file.exports
    assert (export.file, export.dates) == (AWKWARD, "month/day/year")


def test_answers_that_nobody_knows_come_with_hints(troubled: Troubled) -> None:
    assert '"femal"' in troubled.shown
    assert 'Did you mean "female"?' in troubled.shown


def test_no_text_that_one_person_gave_is_told(troubled: Troubled) -> None:
    for private in ("Zed Qu", "Zq8", "Zq9", "uuid-1"):
        assert private not in troubled.shown
        assert private not in troubled.text


def test_columns_that_are_missing_and_unused_come_with_proposals(troubled: Troubled) -> None:
    assert '"journey_time". Did you mean "journey/journey_tme"?' in troubled.shown
    assert '"journey/journey_tme". Could it be transit?' in troubled.shown
    assert re.search(r'"weather"\.$', troubled.shown, re.MULTILINE)
    assert '# [overrides.columns.transit]\n# headers = ["journey_time", "journey/journey_tme"]' in troubled.text
    assert '# [overrides.columns.cost]\n# headers = ["cost", "its name in the export"]' in troubled.text


KEY = re.compile(r"^# (?=\[|[a-z_]+ = )")


def test_every_key_in_a_comment_can_be_used(mended: Path, troubled: Troubled) -> None:
    """An analyst takes the # away, and the wave still loads."""
    fill_in(mended / NAME, ("2017-01-01", "2017-12-31"), dates="month/day/year")
    path = mended / NAME / WAVE_FILE
    path.write_text(
        "\n".join(KEY.sub("", line) for line in path.read_text(encoding="utf-8").splitlines()), encoding="utf-8"
    )
    assert sum(bool(KEY.match(line)) for line in troubled.lines) >= 15
    shutil.copyfile(LAYOUTS / FORM, mended / NAME / FORM)
    wave = load_wave(mended, NAME)
    assert wave.file.form == FORM
    assert wave.file.approved == ("validation_status_approved",)
    assert wave.file.allowed_columns
    assert wave.file.exports[0].fieldwork_by_route
    assert "journey/journey_tme" in wave.questionnaire.columns["transit"].headers
    assert not wave.questionnaire.columns["cost"].required
    assert wave.questionnaire.form_versions


def test_labels_that_nobody_knows_ask_for_the_form(given: Path, onboard: Onboard) -> None:
    text = (
        (LAYOUTS / "kobo_labels_fr.csv").read_text(encoding="utf-8-sig").replace("Situation matrimoniale", "État civil")
    )
    (given / "export.csv").write_text("\n".join(text.splitlines()[:20]), encoding="utf-8")
    shown = said(onboard(given / "export.csv"))
    assert "bring the XLSForm. In KoboToolbox:" in shown
    assert "In ONA:" in shown
