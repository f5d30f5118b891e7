"""The closed words: other people's scripts read them in the tables."""

from __future__ import annotations

from pipeline.tabulate import RELATED
from pipeline.vocabulary import (
    COMMON_CORE,
    CROSSES,
    DECLARED_RULES,
    DIMENSIONS,
    GROUPS,
    MISSING_WORDS,
    ROUTES,
    RULES,
    TRANSIT_BINS,
    TRANSIT_OVER_6_MONTHS,
    Derived,
    Indicator,
)


def test_the_ledger_in_order() -> None:
    assert (
        *("received", "removed_by_log", "duplicate", "not_approved", "invalid", "repeat_respondent", "no_consent"),
        *("under_14", "age_unknown", "analysed"),
    ) == RULES
    assert tuple(rule for rule in RULES if rule in DECLARED_RULES) == DECLARED_RULES


def test_journey_time_in_order() -> None:
    assert (
        *("under_2_weeks", "2_weeks_to_3_months", "3_to_6_months", "6_to_12_months", "12_months_or_more"),
    ) == TRANSIT_BINS
    assert TRANSIT_BINS[-2:] == TRANSIT_OVER_6_MONTHS


def test_routes_and_kinds_of_missing() -> None:
    assert ROUTES == ("central", "eastern", "western", "western_african")
    assert MISSING_WORDS == ("dont_know", "declined", "no_answer", "not_asked")


def test_indicators() -> None:
    single = ("unpaid_work", "forced_work", "employment_offer", "marriage_offer", "held_against_will", "blood_organs")
    assert tuple(Indicator) == (*single, "physical_violence", "sexual_violence_threats")
    assert tuple(Derived) == ("at_least_one", "at_least_two", "at_least_one_common")
    assert COMMON_CORE == ("unpaid_work", "forced_work", "marriage_offer", "held_against_will")


def test_groups() -> None:
    assert set(GROUPS) == {
        *("all", "transit", "year_outside_origin", "sex", "age_group", "travel_mode", "education", "nationality"),
        *("region_of_origin", "departure_country", "survey_country"),
        *("transit_by_sex", "transit_by_age_group", "transit_by_travel_mode"),
    }


def test_every_group_is_counted_in_one_grouping() -> None:
    assert set(DIMENSIONS) == {dimension for related in RELATED for dimension in related}
    assert all(any(set(crossed) <= set(related) for related in RELATED) for crossed in CROSSES.values())
