"""Lines that are withheld as a whole, and levels that are merged since few people are at them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.audit.release import MERGED, Release
from pipeline.disclose.audit.structure import Structure
from pipeline.disclose.coarse import Coarse, Line, coarser, thin_events, thin_levels, thin_lines
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import PUBLIC
from pipeline.tables import ESTIMATES, EVENTS
from pipeline.vocabulary import CROSSES, DIMENSIONS, ROUTES
from tests.disclosure.exact_tables import cell, exact_table

REGIONS = {"NGA": "west_africa", "GMB": "west_africa", "MLI": "west_africa", "SYR": "middle_east", "IRQ": "middle_east"}
DIRECT = ("forced_work", "unpaid_work")


def people_at(**levels: tuple[int, int]) -> pd.DataFrame:
    """Exact estimates of those asked at each level on two routes. levels: `group__level` → central, eastern."""
    rows = []
    for name, (central, eastern) in levels.items():
        for route, n in (("central", central), ("eastern", eastern), ("all", central + eastern)):
            rows.append(cell("forced_work", route, name.replace("__", "/"), (0, n, n)))
    return exact_table(ESTIMATES, rows)


def merged(exact: pd.DataFrame) -> dict[str, set[str]]:
    """Which levels are merged, by route."""
    lines = [line for line in thin_levels(exact, PUBLIC, REGIONS) if line.table == "levels"]
    return {route: {line.key[1] for line in lines if line.key[2] == route} for route in {line.key[2] for line in lines}}


def hidden(exact: pd.DataFrame) -> set[tuple[str, ...]]:
    """Of which groups nothing is told, and on which route."""
    return {line.key for line in thin_levels(exact, PUBLIC, REGIONS) if line.table == "people"}


# --- levels -----------------------------------------------------------------------------------------------------------


def test_nothing_is_merged_where_every_level_has_13_or_more_or_nobody() -> None:
    assert thin_levels(people_at(sex__male=(400, 200), sex__female=(13, 0)), PUBLIC, REGIONS) == set()


def test_thin_levels_that_are_many_together_are_merged_alone() -> None:
    exact = people_at(education__none=(7, 50), education__primary=(8, 60), education__tertiary=(300, 400))
    assert merged(exact) == {"central": {"none", "primary"}, "all": {"none", "primary"}}


def test_a_lone_thin_level_takes_the_next_smallest_of_its_route_with_it() -> None:
    exact = people_at(education__none=(7, 20), education__primary=(80, 6), education__tertiary=(300, 40))
    assert merged(exact) == {
        "central": {"none", "primary"},
        "eastern": {"none", "primary"},
        "all": {"none", "primary"},
    }
    exact = people_at(education__none=(7, 60), education__primary=(80, 20), education__tertiary=(300, 4))
    assert merged(exact) == {
        "central": {"none", "primary"},
        "eastern": {"primary", "tertiary"},
        "all": {"none", "primary", "tertiary"},
    }


@pytest.mark.parametrize(
    ("answered", "asked", "is_merged"), [(12, 13, True), (12, 16, True), (12, 17, False), (0, 13, False)]
)
def test_so_is_a_level_at_which_too_few_answered_but_for_a_few(answered: int, asked: int, *, is_merged: bool) -> None:
    """They are at most 12, and those who did not answer are few: how many answered would be told closely."""
    levels = {"none": (0, answered, asked), "primary": (9, 80, 81), "tertiary": (40, 300, 300)}
    rows = [
        cell("forced_work", route, f"education/{level}", n)
        for level, n in levels.items()
        for route in ("central", "all")
    ]
    expected = {"none", "primary"} if is_merged else set()
    assert merged(exact_table(ESTIMATES, rows)).get("central", set()) == expected


def test_thin_levels_take_more_until_they_are_many() -> None:
    levels = {"none": (3, 50), "primary": (8, 0), "secondary": (90, 80), "tertiary": (95, 90)}
    exact = people_at(**{f"education__{level}": n for level, n in levels.items()})
    assert merged(exact) == {route: {"none", "primary", "secondary"} for route in ("central", "all")}


def test_a_route_on_which_few_were_met_takes_nothing_from_the_others_but_from_all_together() -> None:
    """All routes together, less the others, would be what it does not tell."""
    exact = people_at(education__none=(3, 50), education__primary=(8, 0), education__secondary=(90, 80))
    assert hidden(exact) == {("education", "central"), ("education", "all")}


def test_a_group_in_which_everybody_is_at_one_level_goes_as_a_whole() -> None:
    exact = people_at(education__none=(0, 0), education__primary=(16, 0), sex__male=(0, 80), sex__female=(50, 0))
    assert {group for group, _ in hidden(exact)} == {"education"}, "of the other, that nobody is at a level is shown"


def test_it_stays_where_they_are_many_and_the_zeros_beside_it_are_shown() -> None:
    assert hidden(people_at(education__none=(0, 0), education__primary=(500, 500))) == set()


def test_a_region_stays_where_no_nationality_may_be_shown() -> None:
    regions = {"region_of_origin__west_africa": (16, 0), "region_of_origin__middle_east": (16, 0)}
    nations = {"NGA": (8, 0), "GMB": (8, 0), "SYR": (8, 0), "IRQ": (8, 0)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert hidden(exact) == {("nationality", "central"), ("nationality", "all")}


@pytest.mark.parametrize("line", [("people", "region_of_origin"), ("levels", "region_of_origin", "west_africa")])
def test_nationalities_of_a_region_that_is_not_in_print_are_merged_with_all_such(line: tuple[str, ...]) -> None:
    table, *key = line
    coarse = Coarse({Line("levels", ("nationality", "NGA", "central")), Line(table, (*key, "central"))})
    release = release_of(coarse)
    assert release.label("nationality", "NGA", "central") == f"{MERGED} {MERGED}"
    assert release.label("nationality", "NGA", "eastern") == "NGA"
    assert release.label("nationality", "SYR", "central") == "SYR"


def release_of(coarse: Coarse) -> Release:
    return Release({}, {}, {}, Structure((), (), (), REGIONS, frozenset()), PUBLIC, coarse)


def test_of_all_routes_together_a_group_is_told_only_where_each_route_tells_the_same_of_it() -> None:
    """All routes together, less the others, would be what one does not tell."""
    same = people_at(education__none=(7, 9), education__primary=(80, 60), education__tertiary=(300, 400))
    assert (merged(same)["central"], hidden(same)) == ({"none", "primary"}, set())
    other = people_at(education__none=(7, 60), education__primary=(80, 20), education__tertiary=(300, 400))
    assert hidden(other) == {("education", "all")}


def test_nor_are_nationalities_where_regions_are_not() -> None:
    """They are merged within the regions that their route tells of."""
    regions = {"region_of_origin__west_africa": (90, 7), "region_of_origin__middle_east": (90, 30)}
    regions |= {"region_of_origin__europe": (900, 900)}
    nations = {"NGA": (7, 3), "GMB": (83, 4), "SYR": (90, 30), "ITA": (900, 900)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert {("nationality", "all"), ("region_of_origin", "all")} <= hidden(exact)


def test_those_who_did_not_say_are_merged_too_and_the_base_of_shares_goes() -> None:
    exact = people_at(sex__male=(400, 200), sex__female=(50, 60), sex__declined=(3, 20))
    assert merged(exact) == {route: {"declined", "female"} for route in ("central", "all")}
    bases = {line.key for line in thin_levels(exact, PUBLIC, REGIONS) if line.table == "bases"}
    assert bases == {("sex", "central"), ("sex", "all")}


def test_the_base_stays_where_all_merged_levels_are_known() -> None:
    exact = people_at(education__none=(7, 50), education__primary=(8, 60), education__tertiary=(300, 400))
    assert not any(line.table == "bases" for line in thin_levels(exact, PUBLIC, REGIONS))


def test_nationalities_are_merged_within_their_region() -> None:
    regions = {"region_of_origin__west_africa": (200, 200), "region_of_origin__middle_east": (200, 200)}
    nations = {"NGA": (150, 100), "GMB": (45, 85), "MLI": (5, 15), "SYR": (185, 100), "IRQ": (15, 100)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert merged(exact) == {route: {"MLI", "GMB"} for route in ("central", "all")}


def test_nationalities_of_merged_regions_are_merged_with_one_another() -> None:
    regions = {"region_of_origin__west_africa": (8, 30), "region_of_origin__middle_east": (9, 30)}
    regions |= {"region_of_origin__europe": (900, 900)}
    nations = {"NGA": (8, 30), "SYR": (9, 30), "ITA": (900, 900)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert merged(exact)["central"] == {"west_africa", "middle_east", "NGA", "SYR"}
    assert "eastern" not in merged(exact)


def test_with_a_thin_bin_of_journey_time_nothing_is_told_of_over_six_months_on_its_route() -> None:
    exact = people_at(transit__12_months_or_more=(5, 40), transit__3_to_6_months=(80, 90), transit__declined=(99, 99))
    assert {route for group, route in hidden(exact) if group == "transit_over_6_months"} == {"central", "all"}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7))
def test_merged_levels_are_never_few_together_unless_nothing_is_told(levels: list[tuple[int, int]]) -> None:
    exact = people_at(**{f"education__level_{place}": n for place, n in enumerate(levels)})
    chosen, gone = merged(exact), {route for _, route in hidden(exact)}
    assert chosen.get("all", set()) == chosen.get("central", set()) | chosen.get("eastern", set())
    assert "all" in gone or not gone
    for side, route in enumerate(("central", "eastern")):
        people = {f"level_{place}": of[side] for place, of in enumerate(levels)}
        thin = {level for level, n in people.items() if 0 < n < 13}
        assert thin <= chosen.get(route, set())
        if route in chosen and route not in gone:
            assert len(chosen[route]) > 1
            assert sum(people[level] for level in chosen[route]) >= 13


# --- lines ------------------------------------------------------------------------------------------------------------


def lines_of(*rows: tuple[str, str, str, tuple[int, int, int]]) -> Coarse:
    return thin_lines(exact_table(ESTIMATES, [cell(*row) for row in rows]), PUBLIC, DIRECT)


def test_a_cross_goes_as_a_whole_if_any_of_its_cells_is_small() -> None:
    shown = ("forced_work", "central", "transit_by_sex/3_to_6_months|male", (30, 90, 90))
    small = ("forced_work", "central", "transit_by_sex/3_to_6_months|female", (4, 90, 90))
    assert lines_of(shown) == set()
    assert lines_of(shown, small) == {Line("people", ("transit_by_sex", "central"))}


def test_no_line_goes_for_a_single_small_cell_of_one_group() -> None:
    assert lines_of(("forced_work", "central", "sex/female", (4, 90, 90))) == set()


def test_a_small_total_of_a_route_takes_every_group_of_it_and_of_all_routes() -> None:
    found = lines_of(
        ("forced_work", "central", "all", (4, 900, 900)), ("forced_work", "eastern", "all", (90, 900, 900))
    )
    groups = (*DIMENSIONS, *CROSSES)
    expected = {Line("estimates", ("forced_work", route, group)) for route in ("central", "all") for group in groups}
    assert {line for line in found if line.table == "estimates"} == expected


@pytest.mark.parametrize(("indicator", "names"), [("forced_work", DIRECT), ("blood_organs", ("blood_organs",))])
def test_and_its_events_with_those_that_are_told_together(indicator: str, names: tuple[str, ...]) -> None:
    found = lines_of((indicator, "central", "all", (4, 900, 900)))
    expected = {Line("events", (name, route)) for name in names for route in ("central", "all")}
    assert {line for line in found if line.table == "events"} == expected


# --- events -----------------------------------------------------------------------------------------------------------

PLACES = [
    (name, route) for name in (*DIRECT, "held_against_will", "marriage_offer") for route in ("central", "eastern")
]


def events_in(places: int, *, of_each: int = 1, country: str = "SYR") -> Coarse:
    """Lines for events in a country at so many places, beside many in another one."""
    told = [(*place, country, of_each) for place in PLACES[:places]]
    told += [("all", "all", country, places * of_each), ("all", "all", "LBY", 800)]
    told += [(*place, "LBY", 100) for place in PLACES]
    rows = [
        {"indicator": indicator, "route": route, "country": code, "events": n, "base": 900, "people": n}
        for indicator, route, code, n in told
    ]
    return thin_events(exact_table(EVENTS, rows), PUBLIC, {name for name, _ in PLACES})


def test_events_of_one_experience_go_where_a_country_has_one_at_each_of_many_places() -> None:
    assert events_in(7) == set()
    direct = {name for name, _ in PLACES}
    assert events_in(8) == {Line("events", (name, route)) for name in direct for route in ("central", "eastern", "all")}


def test_they_stay_where_all_of_them_together_are_many_or_the_country_is_not_known() -> None:
    assert events_in(8, of_each=2) == set()
    assert events_in(8, country="unknown") == set()


# --- where single cells were not enough -------------------------------------------------------------------------------


def of_unit(table: str, key: tuple[str, ...], part: str) -> Coarse:
    return coarser([Unit(table, key, part)], DIRECT)


def test_a_narrow_cell_takes_its_group_on_its_route_and_on_all() -> None:
    found = of_unit("estimates", ("forced_work", "central", "sex", "male"), "yes")
    assert found == {Line("estimates", ("forced_work", route, "sex")) for route in ("central", "all")}


def test_where_no_complete_cases_of_a_route_are_told_those_of_its_groups_go_next() -> None:
    unit = Unit("nonresponse", ("at_least_one", "eastern", "all", "all"), "incomplete_yes")
    first = coarser([unit], DIRECT)
    assert first == {Line("nonresponse", ("at_least_one", "eastern", "all"))}
    then = coarser([unit], DIRECT, Coarse(first))
    groups = ("all", *DIMENSIONS)
    assert then == {
        Line("nonresponse", ("at_least_one", route, group)) for route in ("eastern", "all") for group in groups
    }
    everywhere = Unit("nonresponse", ("at_least_one", "all", "all", "all"), "incomplete_yes")
    of_all = coarser([everywhere], DIRECT, Coarse({Line("nonresponse", everywhere.key[:3])}))
    assert {line.key[1] for line in of_all} == {*ROUTES, "all"}


def test_a_group_goes_with_those_that_are_made_of_it() -> None:
    found = of_unit("estimates", ("forced_work", "central", "nationality", "NGA"), "yes")
    assert {line.key[2] for line in found} == {"nationality", "region_of_origin"}
    assert of_unit("distributions", ("transit", "central", "3_to_6_months"), "respondents") == {
        Line("people", (group, route)) for group in ("transit", "transit_over_6_months") for route in ("central", "all")
    }


def test_narrow_pairs_of_indicators_go_all_together() -> None:
    assert of_unit("cooccurrence", ("forced_work", "central", "unpaid_work"), "yes") == {Line("cooccurrence", ())}
