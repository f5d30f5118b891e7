"""How two waves differ: the lines that a change adds are in `diff/differences.md`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipeline.command_line import main
from pipeline.differing.lines import Comparable, Line, Pair, Topic
from pipeline.differing.rounds import fieldwork
from pipeline.errors import UsageError
from pipeline.ingest.form import Choice, Form, Question
from pipeline.onboarding.diff import Difference, as_frame, diff_waves
from pipeline.onboarding.diff_forms import forms
from pipeline.onboarding.diff_results import results
from pipeline.onboarding.diff_shown import MOST, print_difference, statement
from pipeline.wave import Wave, WaveFile, known_questionnaires, load_questionnaire, load_wave
from tests.support.messages import refusal
from tests.support.tables import Row, Section, read_sections
from tests.support.waves import FILE, NAME, export_text, respondent, wave_toml, write_export

BASE = "2016-09"
ROWS = [respondent(1), respondent(2, sex="female")]
SECTIONS = read_sections(Path(__file__).parent / "diff" / "differences.md")

Differ = Callable[..., Difference]


def write(raw: Path, name: str, *, toml: str = "", text: str = "") -> Wave:
    """A wave of two people. toml: keys of the wave file, then its tables."""
    head, bracket, tables = f"\n{toml}".partition("\n[")
    keys = dict(line.split(" = ", 1) for line in head.strip().splitlines())
    folder = raw / name
    folder.mkdir(parents=True)
    (folder / "wave.toml").write_text(wave_toml(more=f"{bracket}{tables}", **{"wave": f'"{name}"', **keys}), "utf-8")
    write_export(folder / FILE, text or export_text(ROWS))
    return load_wave(raw, name)


@pytest.fixture
def differ(tmp_path) -> Differ:
    """The difference of two waves that are the same but for what is given."""

    def of(*, base: str = "", wave: str = "", base_text: str = "", wave_text: str = "") -> Difference:
        (tmp_path / "scratch").mkdir(parents=True)
        pair = Pair(
            base=write(tmp_path / "raw", BASE, toml=base, text=base_text),
            wave=write(tmp_path / "raw", NAME, toml=wave, text=wave_text),
        )
        return diff_waves(pair, tmp_path / "scratch")

    return of


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory) -> frozenset[Line]:
    """The lines of two waves that are the same."""
    root = tmp_path_factory.mktemp("unchanged")
    (root / "scratch").mkdir()
    pair = Pair(base=write(root / "raw", BASE), wave=write(root / "raw", NAME))
    return frozenset(diff_waves(pair, root / "scratch").lines)


def seen(line: Line) -> Row:
    """A line without its consequence."""
    return {key: text for key, text in line.record().items() if key != "consequence"}


def fits(row: Row, expected: Row) -> bool:
    return all(
        row[key].startswith(text.removesuffix("…").rstrip()) if text.endswith("…") else row[key] == text
        for key, text in expected.items()
    )


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_a_change_adds_these_lines_and_no_others(section: Section, differ: Differ, unchanged):
    new = [line for line in differ(wave=section.toml).lines if line not in unchanged and line.what != "overrides"]
    left = [seen(line) for line in new]
    (expected,) = section.tables
    for row in expected:
        found = [one for one in left if fits(one, row)]
        assert len(found) == 1, f"{row} is {len(found)} times among {left}"
        left.remove(found[0])
    assert left == []


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_from_the_other_side_the_verdicts_are_the_same(section: Section, tmp_path):
    (tmp_path / "scratch").mkdir()
    pair = write(tmp_path / "raw", BASE), write(tmp_path / "raw", NAME, toml=section.toml)
    there, back = (diff_waves(Pair(*waves), tmp_path / "scratch") for waves in (pair, pair[::-1]))
    assert {seen_back(line) for line in back.lines} == {tuple(seen(line).values()) for line in there.lines}


def seen_back(line: Line) -> tuple[str, ...]:
    return tuple(seen(replace(line, sides=line.sides[::-1])).values())


def test_the_same_questionnaire_leaves_everything_comparable_but_all_routes_together(unchanged):
    doubtful = {line.what for line in unchanged if line.comparable is not Comparable.YES}
    # The days of both are the same here.
    assert doubtful == {"route all", "all"}
    assert {line.topic for line in unchanged} == {Topic.COMPARE, Topic.FIELDWORK}


SPANS = [
    # The days of the base are 2015-12-01 to 2016-09-30.
    ("2016-10-01", "2017-02-01", Comparable.YES),
    ("2016-09-30", "2017-02-01", Comparable.CHECK),
    ("2015-01-01", "2015-12-01", Comparable.CHECK),
    ("2015-01-01", "2015-11-30", Comparable.YES),
    ("2016-01-01", "2016-01-02", Comparable.CHECK),
]


@pytest.mark.parametrize(("first", "last", "comparable"), SPANS)
def test_days_that_are_in_both_rounds_are_to_be_looked_at(first, last, comparable, tmp_path):
    base, wave = write(tmp_path / "raw", BASE), write(tmp_path / "raw", NAME)
    path = wave.folder / "wave.toml"
    usual = path.read_text(encoding="utf-8")
    days = f"from = {first}, to = {last}"
    path.write_text(usual.replace("from = 2015-12-01, to = 2016-09-30", days), encoding="utf-8")
    (line,) = fieldwork(Pair(base, load_wave(tmp_path / "raw", NAME)))
    assert line.sides == ("2015-12-01 to 2016-09-30", f"{first} to {last}")
    assert line.comparable is comparable


def test_overrides_are_named(differ: Differ, unchanged):
    lines = differ(wave="[overrides.answers.sex.male]\naliases = ['M']").about(Topic.WAVE)
    assert [(line.what, line.sides) for line in lines] == [("overrides", ("", "answers"))]


ONE_INDICATOR = """
overrides.indicators = [{ indicator = "unpaid_work", counts = true }]
overrides.caveats.awareness.beside = []
"""


def test_sets_that_differ_under_one_name_are_to_be_renamed(differ: Differ):
    told = next(line for line in differ(wave=ONE_INDICATOR).lines if line.what == "at_least_one").consequence
    assert 'Both call their set "fms-2016-six"' in told
    assert "indicator_set" in told


def test_what_may_be_compared_stands_first_and_then_what_may_not(differ: Differ):
    difference = differ(wave=ONE_INDICATOR)
    assert next(line.what for line in difference.lines if line.comparable is Comparable.YES) == "respondents"
    for topic in Topic:
        verdicts = [list(Comparable).index(line.comparable) for line in difference.about(topic)]
        if topic is not Topic.COMPARE:
            assert verdicts == sorted(verdicts, reverse=True)


# --- the instruments that come with the project -----------------------------------------------------------------------


def of_instrument(name: str) -> Wave:
    file = {
        "wave": name,
        "title": "",
        "questionnaire": name,
        "synthetic": False,
        "status": "final",
        "analysed_on": "2020-01-01",
        "exports": [{"file": "export.csv", "fieldwork": {"from": "2016-01-01", "to": "2016-02-01"}}],
    }
    return Wave(file=WaveFile.model_validate(file), questionnaire=load_questionnaire(name), folder=Path())


@pytest.mark.parametrize(("base", "wave"), [*permutations(known_questionnaires(), 2)])
def test_between_instruments_only_the_common_at_least_one_may_be_compared(base, wave):
    lines = tuple(results(Pair(of_instrument(base), of_instrument(wave))))
    difference = Difference(base, wave, lines)
    assert difference.verdict("at_least_one_common") is Comparable.YES
    assert difference.verdict("at_least_one") is Comparable.NO
    assert difference.verdict("at_least_two") is Comparable.NO
    assert "only at_least_one_common may be compared" in statement(difference)


# --- exports ----------------------------------------------------------------------------------------------------------


def test_columns_that_only_one_export_has_are_told_by_header(differ: Differ):
    rows = [{**respondent(1), "camp_name": "Zanzibar"}]
    difference = differ(
        base_text=export_text(ROWS, without=["unpaid_work_country", "root_uuid"]),
        wave_text=export_text(rows, extra=["camp_name"]),
    )
    assert [tuple(seen(line).values()) for line in difference.about(Topic.EXPORT)] == [
        ("exports", "unpaid_work_country", "in no file", "in every file", "check"),
        ("exports", f"unknown columns, only in {NAME}", "", "camp_name", "check"),
        ("exports", "root_uuid", "in no file", "in every file", "yes"),
    ]


def test_a_column_that_the_questionnaire_needs_may_be_missing_in_a_comparison(differ: Differ):
    difference = differ(wave_text=export_text(ROWS, without=["education"]))
    assert [(line.what, line.sides) for line in difference.about(Topic.EXPORT)] == [
        ("education", ("in every file", "in no file"))
    ]


def test_an_export_that_cannot_be_read_is_named_and_the_rest_is_compared(differ: Differ):
    difference = differ(wave='status = "draft"', wave_text="this is no table\nof an interview\n")
    (line,) = difference.about(Topic.EXPORT)
    assert line.sides == ("", FILE)
    assert f"make check-wave WAVE={NAME}" in line.consequence
    assert difference.about(Topic.WAVE)


# --- forms ------------------------------------------------------------------------------------------------------------

SEX = Question("sex", "select one", "sex", ("profile",), {"English": "Sex", "French": "Sexe"})
AGE = Question("age", "integer", "", ("profile",), {"English": "Age"})
START = Question("start", "start", "", (), {})
MALE, FEMALE, OTHER = (Choice(name, {"English": name.title()}) for name in ("male", "female", "other"))
FORM = Form((SEX, AGE), {"sex": (MALE, FEMALE)}, {})

FORMS = {
    "the same": (FORM, []),
    "a question less": (Form((SEX,), FORM.choices, {}), [("question age", "integer", "", "no")]),
    "a question more": (
        Form((SEX, AGE, replace(AGE, name="height")), FORM.choices, {}),
        [("question height", "", "integer", "no")],
    ),
    "what is put to nobody": (Form((START, SEX, AGE), FORM.choices, {}), [("question start", "", "start", "yes")]),
    "questions in another order": (
        Form((AGE, SEX), FORM.choices, {}),
        [("questions in order", "sex, age", "age, sex", "check")],
    ),
    "another label": (
        Form((SEX, replace(AGE, labels={"English": "How old are you?"})), FORM.choices, {}),
        [("question age: label (English)", "Age", "How old are you?", "check")],
    ),
    "another language": (
        Form((SEX, replace(AGE, labels={"Arabic": "العمر"})), FORM.choices, {}),
        [
            ("languages", "English, French", "English, French, Arabic", "check"),
            ("question age: label (English)", "Age", "", "check"),
        ],
    ),
    "a language that is called otherwise": (
        Form(
            (SEX, replace(AGE, labels={"English (en)": "Age"})),
            {"sex": (replace(MALE, labels={}), replace(FEMALE, labels={}))},
            {},
        ),
        [
            ("languages", "English, French", "English, French, English (en)", "check"),
            ("question age: label (English)", "Age", "", "check"),
            ("list sex, choice male: label (English)", "Male", "", "check"),
            ("list sex, choice female: label (English)", "Female", "", "check"),
        ],
    ),
    "no language in common": (
        Form(
            tuple(replace(one, labels={"": "x"}) for one in (SEX, AGE, replace(AGE, name="height"))),
            {"sex": (replace(MALE, labels={}), replace(FEMALE, labels={}))},
            {},
        ),
        [("languages", "English, French", "", "check"), ("question height", "", "integer", "no")],
    ),
    "a language more": (
        Form((SEX, replace(AGE, labels={"English": "Age", "French": "Âge"})), FORM.choices, {}),
        [("question age: label (French)", "", "Âge", "check")],
    ),
    "white space in a label": (Form((SEX, replace(AGE, labels={"English": " Age\n"})), FORM.choices, {}), []),
    "several answers": (
        Form((replace(SEX, kind="select multiple"), AGE), FORM.choices, {}),
        [("question sex: type", "select one", "select multiple", "check")],
    ),
    "another group": (
        Form((SEX, replace(AGE, groups=("intro", "you"))), FORM.choices, {}),
        [("question age: group", "profile", "intro/you", "check")],
    ),
    "a choice more, and one less": (
        Form((SEX, AGE), {"sex": (MALE, OTHER)}, {}),
        [("list sex: choices", "female", "other", "check")],
    ),
    "choices in another order": (
        Form((SEX, AGE), {"sex": (FEMALE, MALE)}, {}),
        [("list sex: choices in order", "male, female", "female, male", "check")],
    ),
    "a choice shown otherwise": (
        Form((SEX, AGE), {"sex": (replace(MALE, labels={"English": "Man"}), FEMALE)}, {}),
        [("list sex, choice male: label (English)", "Male", "Man", "check")],
    ),
    "a list under another name": (Form((replace(SEX, choices="gender"), AGE), {"gender": (MALE, FEMALE)}, {}), []),
    "a list that no question takes": (Form((SEX, AGE), {**FORM.choices, "spare": (OTHER,)}, {}), []),
}


@pytest.mark.parametrize(("other", "expected"), FORMS.values(), ids=FORMS.keys())
def test_what_differs_between_forms(other, expected):
    told = [(line.what, *line.sides, str(line.comparable)) for line in forms(FORM, other)]
    assert told == expected


def test_where_only_one_wave_has_a_form_it_is_said_so(tmp_path):
    (tmp_path / "scratch").mkdir()
    raw = Path(__file__).parents[2] / "data" / "raw"
    pair = Pair(base=write(tmp_path / "raw", BASE), wave=load_wave(raw, NAME))
    (line,) = diff_waves(pair, tmp_path / "scratch").about(Topic.FORM)
    assert line.sides == ("", "fms_2016_form.xlsx")


# --- the verb ---------------------------------------------------------------------------------------------------------


def run(root: Path, wave: str, base: str) -> int:
    return main(["diff", "--root", str(root), "--wave", wave, "--base", base])


def test_the_verb_shows_the_difference_and_keeps_it_without_anybodys_answer(tmp_path, capsys):
    raw = tmp_path / "data" / "raw"
    marked = {"sex": "Zanzibar", "age": "77123", "monitoring_point": "Atlantis"}
    write(raw, BASE, text=export_text([respondent(1, **marked)]))
    write(raw, NAME, text=export_text([{**respondent(1), "note": "Zanzibar"}], extra=["note"]), toml='status = "draft"')
    assert run(tmp_path, NAME, BASE) == 0
    shown = capsys.readouterr().out
    kept = (tmp_path / "data" / "processed" / "diff" / NAME / BASE / "diff.csv").read_text(encoding="utf-8")
    assert "The sets of indicators are equal: at_least_one may be compared." in shown
    assert "final → draft" in shown
    lines = list(csv.DictReader(io.StringIO(kept)))
    assert lines[0]["topic"] == "what may be compared"
    assert {"topic": "wave files", "what": "status", "base": "final", "wave": "draft"}.items() <= max(
        lines, key=lambda line: line["what"] == "status"
    ).items()
    assert not [word for word in ("Zanzibar", "77123", "Atlantis", "uuid-1") if word in shown + kept]
    assert sorted(path.name for path in (tmp_path / "data" / "processed" / "diff" / NAME).iterdir()) == [
        f".{BASE}.lock",
        BASE,
    ]


MISTAKES = {
    # What is wrong: (wave, base, exit code, what is said).
    "the same wave twice": (NAME, NAME, 2, "nothing to compare"),
    "a wave that is not there": ("2016-11", BASE, 6, 'There is no wave "2016-11". Did you mean "2016-10"?'),
    "a base that is not there": (NAME, "2015-09", 6, 'There is no wave "2015-09"'),
    "a base whose wave file is broken": (NAME, "broken", 2, "status: expected"),
    "a base whose form is none": (NAME, "formless", 2, "This is not an XLSForm"),
    "a name that leads elsewhere": (NAME, "../raw/2016-09", 2, "cannot be the name of a wave"),
}


@pytest.mark.parametrize(("wave", "base", "code", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_told_and_nothing_is_written(wave, base, code, said, tmp_path, capsys):
    raw = tmp_path / "data" / "raw"
    for name in (NAME, BASE, "broken", "formless"):
        write(raw, name)
    (raw / "broken" / "wave.toml").write_text(wave_toml(wave='"broken"', status='"finished"'), encoding="utf-8")
    (raw / "formless" / "wave.toml").write_text(wave_toml(wave='"formless"', form='"form.xlsx"'), encoding="utf-8")
    (raw / "formless" / "form.xlsx").write_text("no workbook", encoding="utf-8")
    assert run(tmp_path, wave, base) == code
    assert said in capsys.readouterr().err
    written = [path.name for path in (tmp_path / "data").glob("processed/**/*") if path.is_file()]
    assert [name for name in written if not name.endswith(".lock")] == []


def test_a_wave_is_not_compared_with_itself(tmp_path):
    wave = write(tmp_path, NAME)
    assert "make diff WAVE=" in refusal(UsageError, 2, lambda: Pair(wave, wave)).repair


# --- what is shown ----------------------------------------------------------------------------------------------------


class Listening:
    """A console that keeps what it is given."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def print(self, shown: object, **_: object) -> None:
        self.lines.append(str(shown))


def test_of_many_lines_on_a_topic_the_first_are_shown_and_the_rest_counted():
    whole = [
        Line(Topic.COMPARE, what, ("", ""), Comparable.YES, "") for what in ("at_least_one", "at_least_one_common")
    ]
    whole.append(Line(Topic.COMPARE, "route all", ("", ""), Comparable.CHECK, ""))
    many = [Line(Topic.FORM, f"question {n}", ("", "x" * 300), Comparable.CHECK, "Read.") for n in range(MOST + 3)]
    console = Listening()
    print_difference(console, Difference("a", "b", (*whole, *many)), Path("diff.csv"))
    shown = [line for line in console.lines if line.startswith("    question")]
    assert len(shown) == MOST
    assert all(len(line) < 150 and line.endswith("…") for line in shown)
    assert console.lines.count("  check: Read.") == 1
    assert "    and 3 more in the file" in console.lines
    assert len(as_frame(Difference("a", "b", (*whole, *many)))) == MOST + 6


STATEMENTS = [
    # at_least_one, at_least_one_common, all routes, made up: what is said.
    ("yes", "yes", "check", "", "The sets of indicators are equal: at_least_one may be compared."),
    ("check", "yes", "check", "", "at_least_one may be compared, once what is marked “check” is settled."),
    ("no", "yes", "check", "", "The sets of indicators differ: only at_least_one_common may be compared."),
    ("no", "check", "check", "", "only at_least_one_common may be compared, once what is marked “check” is settled."),
    ("no", "no", "check", "", "No “at least one” may be compared, not even at_least_one_common."),
    ("yes", "yes", "no", "", "may be compared. No route is in both: they tell of other journeys."),
    ("yes", "yes", "check", "yes", "The sets of indicators are equal: at_least_one may be compared."),
    ("yes", "yes", "check", "no", "set nothing of it beside"),
]


@pytest.mark.parametrize(("whole", "common", "routes", "made_up", "said"), STATEMENTS)
def test_the_first_sentence_says_what_may_be_compared(whole, common, routes, made_up, said):
    verdicts = {"at_least_one": whole, "at_least_one_common": common, "route all": routes}
    lines = [Line(Topic.COMPARE, what, ("", ""), Comparable(one), "") for what, one in verdicts.items()]
    if made_up:
        lines.append(Line(Topic.COMPARE, "respondents", ("", ""), Comparable(made_up), "set nothing of it beside"))
    assert statement(Difference("a", "b", tuple(lines))).endswith(said)
