"""Leaks, planted one at a time in an honest release: the audit finds each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.disclose.audit.said import say_everything
from pipeline.disclose.audit.verdict import JOINED, Audit
from pipeline.engine import Engine
from tests.disclosure.audit.honest import Honest, honest
from tests.disclosure.audit.made_up import KINDS, made_up_people
from tests.disclosure.audit.plants import Plant, planted
from tests.support.run import run_wave
from tests.support.waves import respondents, write_wave


def broken(found: Audit) -> set[tuple[str, str]]:
    """Table and cell of each count that is known too well."""
    return {(table, cell.replace(JOINED, " ")) for table, cell in found.broken[["table", "cell"]].to_numpy()}


def test_the_honest_release_has_nothing_broken(of_made_up: Honest) -> None:
    found = of_made_up.audited()
    assert len(found.cells) > 1000
    assert broken(found) == set()


@pytest.mark.parametrize("impossible", ["counts", "background"])
def test_worlds_that_are_given_and_are_not_possible_count_for_nothing(of_made_up: Honest, impossible: str) -> None:
    # Either the true world with other counts of a block, or nothing but what no one can be behind them: 40 more of all.
    truth = say_everything(of_made_up.release).built().truth
    behind = truth if impossible == "counts" else truth + 40
    misleading = {name: [(behind, counts + 40) for _, counts in worlds] for name, worlds in of_made_up.given.items()}
    ranges = ["table", "cell", "count", "least", "greatest"]
    alone, misled = (of_made_up.given_others(given).audited().cells[ranges] for given in ({}, misleading))
    assert sum(map(len, misleading.values())) > 100
    assert misled.equals(alone)


OF = "own_or_family"
SIX = "number_of_indicators fms-2016-six"
OTHER_BINS = ("2_weeks_to_3_months", "3_to_6_months", "6_to_12_months", "12_months_or_more")

ESTIMATES = {
    "a share of a small cell": (
        ("unpaid_work eastern transit under_2_weeks",),
        "share",
        "estimates unpaid_work eastern transit under_2_weeks",
    ),
    "a lower bound of a small cell": (
        ("unpaid_work eastern transit under_2_weeks",),
        "bound_low",
        "estimates unpaid_work eastern transit under_2_weeks",
    ),
    "an upper bound of a small cell": (
        ("unpaid_work eastern transit under_2_weeks",),
        "bound_high",
        "estimates unpaid_work eastern transit under_2_weeks",
    ),
    "a share of the rest of a small cell": (
        ("forced_work central age_group 18_24",),
        "share",
        "estimates forced_work central age_group 18_24",
    ),
    "all levels but the small one, beside the total": (
        tuple(f"unpaid_work eastern transit {step}" for step in OTHER_BINS),
        "yes",
        "estimates unpaid_work all transit 2_weeks_to_3_months",
    ),
    "a region that has one nationality": (
        ("forced_work central region_of_origin central_africa",),
        "share",
        "estimates forced_work central nationality CMR",
    ),
    "one of the two nationalities of a region in print": (
        ("unpaid_work eastern nationality SYR",),
        "yes",
        "estimates unpaid_work eastern nationality IRQ",
    ),
    "all routes, while one of two is withheld": (
        ("forced_work all nationality CMR",),
        "yes",
        "estimates forced_work central nationality CMR",
    ),
    "the total of all routes, while one of two is withheld": (
        ("marriage_offer all all all",),
        "yes",
        "experience own_or_family marriage_offer eastern own",
    ),
    "a share of a whole route": (
        ("marriage_offer eastern all all",),
        "share",
        "experience own_or_family marriage_offer all own",
    ),
    "a share of those who report two or more": (
        ("at_least_two eastern transit under_2_weeks",),
        "share",
        "estimates at_least_two eastern transit under_2_weeks",
    ),
    "those asked at a merged level": (
        ("unpaid_work eastern sex female",),
        "asked",
        "estimates unpaid_work eastern sex female",
    ),
    "those who answered at a merged level": (
        ("unpaid_work eastern sex female",),
        "answered",
        "estimates unpaid_work eastern sex female",
    ),
    "yes at a merged level": (
        ("unpaid_work eastern sex female",),
        "yes",
        "estimates unpaid_work eastern sex female",
    ),
    "a cell of a cross that is withheld as a whole": (
        ("unpaid_work central transit_by_sex under_2_weeks|male",),
        "yes",
        "estimates unpaid_work central transit_by_sex under_2_weeks|male",
    ),
}

OTHERS = {
    "people at a thin level": (
        Plant("distributions", ("sex eastern female",), ("respondents",)),
        "distributions sex eastern female",
    ),
    "the share of those who did not say": (
        Plant("distributions", ("sex all declined",), ("share",)),
        "distributions sex all declined",
    ),
    "how many said at all, where those who did not are merged": (
        Plant("distributions", ("sex eastern *",), ("base",)),
        "distributions sex eastern",
    ),
    "events of one country": (
        Plant("events", ("forced_work central LBY",), ("events",)),
        "events forced_work central LBY",
    ),
    "the people behind events": (
        Plant("events", ("forced_work eastern TUR",), ("people",)),
        "events forced_work eastern TUR",
    ),
    "a share of few events": (
        Plant("events", ("forced_work central NGA",), ("share",)),
        "events forced_work central NGA",
    ),
    "the base of events that are withheld as a whole": (
        Plant("events", ("forced_work eastern *",), ("base",)),
        "events forced_work eastern LBY",
    ),
    "a zero among events that are withheld as a whole": (
        Plant("events", ("forced_work eastern ITA",), ("events",)),
        "events forced_work eastern ITA",
    ),
    "either, while own is in print": (
        Plant("experience", (f"{OF} forced_work central either",), ("respondents",)),
        "experience own_or_family forced_work central family",
    ),
    "neither, while those who answered are in print": (
        Plant("experience", (f"{OF} forced_work central neither",), ("respondents",)),
        "experience own_or_family forced_work central family",
    ),
    "own, while the total is withheld": (
        Plant("experience", (f"{OF} marriage_offer all own",), ("respondents",)),
        "estimates marriage_offer all all all",
    ),
    "a share of those with three indicators": (
        Plant("experience", (f"{SIX} central 3",), ("share",)),
        "experience number_of_indicators fms-2016-six central 4",
    ),
    "those with two indicators, on every route": (
        Plant("experience", tuple(f"{SIX} {route} 2" for route in ("central", "eastern", "all")), ("respondents",)),
        "experience number_of_indicators fms-2016-six eastern 3",
    ),
    "the margin of a pair whose total is withheld": (
        Plant("cooccurrence", ("unpaid_work all marriage_offer",), ("yes_other",)),
        "experience own_or_family marriage_offer eastern own",
    ),
    "yes among complete cases, while the total is withheld": (
        Plant("nonresponse", ("marriage_offer all all all",), ("complete_yes",)),
        "experience own_or_family marriage_offer eastern own",
    ),
    "the share of complete cases, while the total is withheld": (
        Plant("nonresponse", ("marriage_offer eastern all all",), ("complete_share",)),
        "experience own_or_family marriage_offer eastern own",
    ),
}
LEAKS = {name: (Plant("estimates", cells, (column,)), cell) for name, (cells, column, cell) in ESTIMATES.items()}
LEAKS |= OTHERS


@pytest.mark.parametrize("name", LEAKS)
def test_the_audit_finds(name: str, of_made_up: Honest) -> None:
    plant, cell = LEAKS[name]
    found = of_made_up.audited(**{plant.table: planted(of_made_up, plant)})
    assert tuple(cell.split(" ", 1)) in broken(found)


@pytest.mark.long
def test_the_audit_finds_over_six_months_beside_bins_that_are_merged(tmp_path: Path, engine: Engine) -> None:
    people = made_up_people(transit=KINDS["transit"] | {"ge_12m": 0.5})
    write_wave(tmp_path, respondents(people))
    release = honest(run_wave(tmp_path, engine))
    plant = Plant("distributions", ("transit_over_6_months central yes",), ("respondents",))
    assert broken(release.audited()) == set()
    assert broken(release.audited(distributions=planted(release, plant))) == {
        ("distributions", "transit_over_6_months central yes")
    }
