"""When a wave was, what it may be joined to, and that a number is the one of the release or none."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.book import Book, drawn
from pipeline.archive.order import load_rounds, middle, quarter, quarters
from pipeline.archive.rows import COPIED, INDICATOR, Row, rows
from pipeline.places import Places
from pipeline.report.text import load_text
from pipeline.vocabulary import ALL, BREAKS, ROUTES
from pipeline.wave import Period, load_questionnaire
from tests.support.releases import NOBODY, SMALL, WITHHELD, share, write_release

A_SHARE = share(69, 63, 74)

PERIODS = {
    "one day": ("2016-06-30", "2016-06-30", "2016-06-30", "2016-Q2", 1),
    "a whole quarter": ("2016-07-01", "2016-09-30", "2016-08-15", "2016-Q3", 1),
    "the wave that ships": ("2015-12-01", "2016-09-30", "2016-05-01", "2016-Q2", 4),
    "the last day and the next": ("2016-12-31", "2017-01-01", "2016-12-31", "2016-Q4", 2),
    "a leap day in the middle": ("2016-02-28", "2016-03-01", "2016-02-29", "2016-Q1", 1),
    "a year": ("2016-01-01", "2016-12-31", "2016-07-01", "2016-Q3", 4),
    "the end of a year": ("2017-10-01", "2017-12-31", "2017-11-15", "2017-Q4", 1),
}


@pytest.mark.parametrize("case", PERIODS)
def test_a_period_is_placed_in_the_quarter_of_its_middle_day(case):
    first, last, between, named, touched = PERIODS[case]
    period = Period.model_validate({"from": date.fromisoformat(first), "to": date.fromisoformat(last)})
    assert middle(period) == date.fromisoformat(between)
    assert quarter(middle(period)) == named
    assert quarters(period) == touched


def made(root: Path, *waves: str) -> list[Row]:
    places = Places(root)
    rounds, _ = load_rounds(waves, places)
    return rows(rounds, {one.name: f"reports/{one.name}" for one in rounds})


def on(route: str, found: list[Row]) -> list[Row]:
    return [row for row in found if row.route == route]


BEFORE, AFTER = ("2016-01-01", "2016-03-31"), ("2016-04-01", "2016-06-30")
WORDS = '\n[overrides.columns.unpaid_work]\nwording = { en = "Did you ever work for nothing?" }\n'
OTHER_WORDS = '\n[overrides.columns.employment_offer]\nwording = { en = "Did anyone offer you work?" }\n'
ROUTE = '\n[[overrides.routes]]\nroute = "central"\nwhen = [{ column = "survey_country", is = ["ITA", "TUN"] }]\n'
PEOPLE = 'approved = ["validation_status_approved"]\n'
DIFFERENT = {
    "nothing": ({}, {}, ""),
    "the instrument": ({}, {"questionnaire": "fms-2018-west"}, "questionnaire|route_rule"),
    "the wording of a common question": ({}, {"more": WORDS}, "wording"),
    "the wording of another question": ({}, {"more": OTHER_WORDS}, ""),
    "the rule of the route": ({}, {"more": ROUTE}, "route_rule"),
    "days that are in both": ({"days": ("2016-01-01", "2016-04-01")}, {}, "days_overlap"),
    "people who are made up": ({}, {"synthetic": False}, "made_up"),
    "instrument and wording": (
        {},
        {"questionnaire": "fms-2018-west", "more": WORDS},
        "questionnaire|wording|route_rule",
    ),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_a_line_breaks_where_something_differs(case, tmp_path):
    base, wave, why = DIFFERENT[case]
    write_release(tmp_path, "a", **{"days": BEFORE, "numbers": {"central": A_SHARE}, **base})
    write_release(tmp_path, "b", **{"days": AFTER, "numbers": {"central": A_SHARE}, **wave})
    first, second = on("central", made(tmp_path, "a", "b"))
    assert (first.broken, first.joined) == ((), False)
    assert ("|".join(second.broken), second.joined) == (why, not why)


def test_every_break_is_a_word_of_the_vocabulary_and_has_words_for_readers():
    text = load_text("en", load_questionnaire("fms-2016"))
    assert all(text.has(f"trend.break.{word}") and text.has(f"trend.break_means.{word}") for word in BREAKS)


def three(root: Path, between: dict[str, str]) -> list[Row]:
    """Three waves on one route, of which the one between has these numbers."""
    for name, days, numbers in (
        ("a", BEFORE, A_SHARE),
        ("b", AFTER, between),
        ("c", ("2016-07-01", "2016-09-30"), A_SHARE),
    ):
        write_release(root, name, days, {"central": numbers})
    return on("central", made(root))


HIDDEN = {"withheld": WITHHELD, "a base too small": SMALL, "nobody": NOBODY}


@pytest.mark.parametrize("what", HIDDEN)
def test_no_line_is_drawn_over_a_number_that_is_not_there(what, tmp_path):
    found = three(tmp_path, HIDDEN[what])
    assert [row.joined for row in found] == [False, False, False]
    assert [row.broken for row in found] == [(), (), ()]
    assert found[1].copied["share"] == found[1].copied["ci_low"] == ""


def test_lines_join_neighbours(tmp_path):
    assert [row.joined for row in three(tmp_path, share(50, 40, 60))] == [False, True, True]


def test_a_wave_is_held_against_the_last_one_with_anyone_on_the_route(tmp_path):
    """Nobody was met on the route in the wave between: the instrument changes all the same from the one before."""
    write_release(tmp_path, "a", BEFORE, {"central": A_SHARE})
    write_release(tmp_path, "b", AFTER, {}, questionnaire="fms-2018-west")
    write_release(tmp_path, "c", ("2016-07-01", "2016-09-30"), {"central": A_SHARE}, questionnaire="fms-2018-west")
    first, none, last = on("central", made(tmp_path))
    assert (first.broken, none.broken) == ((), ())
    assert last.broken == ("questionnaire", "route_rule")


def test_waves_stand_in_time_whatever_they_are_called(tmp_path):
    write_release(tmp_path, "z", BEFORE, {"central": A_SHARE})
    write_release(tmp_path, "a", AFTER, {"central": A_SHARE})
    assert [row.wave for row in on("central", made(tmp_path, "a", "z"))] == ["z", "a"]


def test_a_route_stands_at_days_of_its_own(tmp_path):
    more = "\n[exports.fieldwork_by_route]\ncentral = { from = 2016-03-01, to = 2016-03-31 }\n"
    write_release(tmp_path, "a", BEFORE, {"central": A_SHARE, "eastern": A_SHARE}, more=more)
    found = made(tmp_path)
    assert on("central", found)[0].record()[4:7] == ["2016-03-01", "2016-03-31", "2016-Q1"]
    assert on("eastern", found)[0].record()[4:7] == ["2016-01-01", "2016-03-31", "2016-Q1"]


def test_every_number_is_that_of_the_release_letter_by_letter(tmp_path):
    numbers = {"central": A_SHARE, "eastern": WITHHELD, "western": SMALL, ALL: share(31, 28, 34)}
    folder = write_release(tmp_path, "a", BEFORE, numbers)
    with (folder / "estimates.csv").open(encoding="utf-8", newline="") as file:
        released = {
            row["route"]: row
            for row in csv.DictReader(file)
            if (row["indicator"], row["group"], row["level"]) == (INDICATOR, ALL, ALL)
        }
    found = made(tmp_path)
    assert [row.route for row in found] == [*ROUTES, ALL]
    assert [row.copied for row in found] == [{name: released[row.route][name] for name in COPIED} for row in found]


def test_what_is_withheld_is_told_from_what_is_small_and_from_nobody(tmp_path):
    numbers = {"central": A_SHARE, "eastern": WITHHELD, "western": SMALL}
    write_release(tmp_path, "a", BEFORE, {**numbers, "western_african": share(30, 5, 60, n=70, reliable="no")})
    found = made(tmp_path)
    book = Book(found, load_rounds((), Places(tmp_path))[0], [], load_text("en", load_questionnaire("fms-2016")))
    kinds = [drawn(on(route, found)[0]) for route in ROUTES]
    assert kinds == ["value", "withheld", "no_number", "unreliable"]
    assert [book.number(on(route, found)[0]) for route in ROUTES] == ["69%", "–", "–", "30%†"]
