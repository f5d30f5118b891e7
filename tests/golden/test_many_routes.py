"""Three routes beside an earlier wave: the report has room for what matters most, and the workbook has the rest."""

from __future__ import annotations

import csv
import re
from itertools import combinations

import openpyxl
import pytest
from pypdf import PdfReader

from tests.disclosure.audit.made_up import made_up_people
from tests.support.pdf import said
from tests.support.releases import share, write_release
from tests.support.waves import respondents, write_wave
from tests.support.whole_run import Run, run_pipeline

EARLIER = "2015-11"
ROUTES = {"central": "Central", "eastern": "Eastern", "western": "Western"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root = tmp_path_factory.mktemp("many")
    people = made_up_people(people=1500, survey_country={"ITA": 40, "GRC": 35, "ESP": 25})
    folder = write_wave(root / "data" / "raw", respondents(people))
    file = folder / "wave.toml"
    file.write_text(f'earlier_wave = "{EARLIER}"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    shares = {"central": share(58, 53, 63), "eastern": share(13, 11, 15), "western": share(40, 34, 46)}
    write_release(root, EARLIER, ("2015-06-01", "2015-11-30"), shares, questionnaire="fms-2018-west")
    run = run_pipeline(root, "report")
    assert run.code == 0, run.errors
    return run


@pytest.fixture(scope="module")
def pages(run: Run) -> list[str]:
    return [page.extract_text() for page in PdfReader(run.reports / "report.pdf").pages]


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return " ".join(said(PdfReader(run.reports / "report.pdf")).split())


def test_the_report_has_no_more_pages_than_one_wants_to_read(pages: list[str]) -> None:
    assert 15 <= len(pages) <= 25


def test_what_big_numbers_say_is_not_said_again_beside_them(text: str, pages: list[str], run: Run) -> None:
    key = next(" ".join(page.split()) for page in pages if "How to read these numbers" in page)
    for route, name in ROUTES.items():
        (cell,) = rows_of(run, "estimates", indicator="at_least_one", route=route, group="all")
        assert f"{round(100 * float(cell['share']))}% {name} Mediterranean route" in key
    assert "reported at least one of the six proxy indicators" not in key


def test_that_waves_may_not_be_compared_is_said_once_if_it_is_so_everywhere(text: str) -> None:
    chapter = text[text.index("Wave against wave Wave 2016") :]
    assert chapter.count("The two waves are not to be compared on any route. They differ in: questionnaire") == 1
    assert chapter.count("≠: the two may not be compared.") == 1


def test_notes_on_waves_stand_beside_the_figure_and_not_alone_on_a_page(pages: list[str]) -> None:
    (noted,) = (page for page in pages if "People were not drawn at random, and where" in " ".join(page.split()))
    assert "Wave against wave" in noted


def rows_of(run: Run, table: str, **key: str) -> list[dict[str, str]]:
    with (run.reports / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if key.items() <= row.items()]


def test_each_route_has_the_indicators_reported_most_and_what_was_reported_for_family_members(
    text: str, run: Run
) -> None:
    chapter = text[text.index("Lines: 95% intervals") : text.index("Of each route, the 3 reported most")]
    for route in ROUTES.values():
        assert f"{route} Mediterranean route" in chapter
    assert len(re.findall(r"\d+% reported having|\d+% reported knowing", chapter)) == 3 * len(ROUTES)
    family = rows_of(run, "experience", measure="own_or_family", indicator="at_least_one", level="family")
    printed = [row for row in family if row["share"] and row["route"] in ROUTES]
    assert len(re.findall(r"Another \d+% reported something for a family member", chapter)) == len(printed) > 0


def test_tables_that_are_left_out_are_named_and_in_the_workbook(text: str, run: Run) -> None:
    (named,) = re.findall(r"With this many routes, tables of (.+?) are in annex\.xlsx, a sheet each", text)
    assert named.startswith("own and family members’ experience")
    assert "Own and family members’ experience, Central" not in text
    sheets = openpyxl.load_workbook(run.reports / "annex.xlsx", read_only=True).sheetnames
    assert {f"Own, family, {route}" for route in ROUTES.values()} <= set(sheets)


def test_what_missing_answers_could_make_of_each_difference_is_in_one_table(text: str, run: Run) -> None:
    rows = rows_of(run, "tipping", indicator="at_least_one")
    table = text[text.index("Pair As counted Least Most") :]
    for first, second in combinations(ROUTES, 2):
        grid = [row for row in rows if (row["first"], row["second"]) == (first, second)]
        ends = [
            next(
                row["difference"] for row in grid if (float(row["first_assumed"]), float(row["second_assumed"])) == end
            )
            for end in ((0, 1), (1, 0))
        ]
        least, most = (f"{round(100 * float(end)):+d}".replace("-", "−") for end in ends)
        assert re.search(rf"{ROUTES[first]} / {ROUTES[second]} [+−]?\d+ {re.escape(least)} {re.escape(most)}", table)
