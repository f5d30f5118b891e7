"""Lines that are withheld as a whole, and levels that are merged since few people are at them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.audit.release import MERGED, Release
from pipeline.disclose.audit.structure import Structure
from pipeline.disclose.coarse import Coarse, Line, coarser, thin_levels, thin_lines
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import PUBLIC
from pipeline.tables import ESTIMATES
from pipeline.vocabulary import CROSSES, DIMENSIONS
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


def merged(exact: pd.DataFrame) -> set[tuple[str, ...]]:
    return {line.key for line in thin_levels(exact, PUBLIC, REGIONS) if line.table == "people"}


# --- levels -----------------------------------------------------------------------------------------------------------


def test_nothing_is_merged_where_every_level_has_13_or_more_or_nobody() -> None:
    exact = people_at(sex__male=(400, 200), sex__female=(13, 0))
    assert merged(exact) == set()


def test_thin_levels_that_are_many_together_are_merged_alone() -> None:
    exact = people_at(education__none=(7, 50), education__primary=(8, 60), education__tertiary=(300, 400))
    assert merged(exact) == {("education", "none"), ("education", "primary")}


def test_a_lone_thin_level_takes_the_next_smallest_with_it() -> None:
    exact = people_at(education__none=(7, 20), education__primary=(80, 60), education__tertiary=(300, 400))
    assert merged(exact) == {("education", "none"), ("education", "primary")}


def test_thin_levels_take_more_until_they_are_many_on_every_route() -> None:
    levels = {"none": (3, 50), "primary": (8, 0), "secondary": (90, 80), "tertiary": (95, 90)}
    exact = people_at(**{f"education__{level}": n for level, n in levels.items()})
    assert merged(exact) == {("education", name) for name in ("none", "primary", "secondary")}


def test_a_group_goes_as_a_whole_once_all_of_its_levels_are_merged() -> None:
    exact = people_at(education__none=(3, 50), education__primary=(8, 0), education__secondary=(90, 80))
    assert merged(exact) == {("education",)}


def test_so_does_one_in_which_everybody_is_at_one_level() -> None:
    exact = people_at(education__none=(0, 0), education__primary=(16, 0), sex__male=(0, 80), sex__female=(50, 0))
    assert merged(exact) == {("education",)}, "of the other group, both levels may be shown over all routes"


def test_it_stays_where_they_are_many_and_the_zeros_beside_it_are_shown() -> None:
    assert merged(people_at(education__none=(0, 0), education__primary=(500, 0))) == set()


def test_a_region_stays_where_no_nationality_may_be_shown() -> None:
    regions = {"region_of_origin__west_africa": (16, 0), "region_of_origin__middle_east": (0, 16)}
    nations = {"NGA": (8, 0), "GMB": (8, 0), "SYR": (0, 8), "IRQ": (0, 8)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert merged(exact) == {("nationality",)}


@pytest.mark.parametrize("hidden", [("region_of_origin",), ("region_of_origin", "west_africa")])
def test_nationalities_of_a_region_that_is_not_in_print_are_merged_with_all_such(hidden: tuple[str, ...]) -> None:
    coarse = Coarse({Line("people", ("nationality", "NGA")), Line("people", hidden)})
    release = Release({}, {}, {}, Structure((), (), (), REGIONS, frozenset()), PUBLIC, coarse)
    assert release.label("nationality", "NGA") == f"{MERGED} {MERGED}"
    assert release.label("nationality", "SYR") == "SYR"


def test_those_who_did_not_say_are_merged_too_and_the_base_of_shares_goes() -> None:
    exact = people_at(sex__male=(400, 200), sex__female=(50, 60), sex__declined=(3, 2))
    assert merged(exact) == {("sex", "declined"), ("sex", "female")}
    assert Line("bases", ("sex",)) in thin_levels(exact, PUBLIC, REGIONS)


def test_the_base_stays_where_all_merged_levels_are_known() -> None:
    exact = people_at(education__none=(7, 50), education__primary=(8, 60), education__tertiary=(300, 400))
    assert not any(line.table == "bases" for line in thin_levels(exact, PUBLIC, REGIONS))


def test_nationalities_are_merged_within_their_region() -> None:
    regions = {"region_of_origin__west_africa": (200, 200), "region_of_origin__middle_east": (200, 200)}
    nations = {"NGA": (150, 100), "GMB": (45, 90), "MLI": (5, 10), "SYR": (190, 100), "IRQ": (14, 100)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert merged(exact) == {("nationality", "MLI"), ("nationality", "GMB")}


def test_nationalities_of_merged_regions_are_merged_with_one_another() -> None:
    regions = {"region_of_origin__west_africa": (8, 30), "region_of_origin__middle_east": (9, 30)}
    regions |= {"region_of_origin__europe": (900, 900)}
    nations = {"NGA": (8, 30), "SYR": (9, 30), "ITA": (900, 900)}
    exact = people_at(**regions, **{f"nationality__{name}": n for name, n in nations.items()})
    assert {key for key in merged(exact) if key[0] == "nationality"} == {("nationality", "NGA"), ("nationality", "SYR")}


def test_with_a_thin_bin_of_journey_time_nothing_is_told_of_over_six_months() -> None:
    exact = people_at(transit__12_months_or_more=(5, 40), transit__3_to_6_months=(80, 90), transit__declined=(99, 99))
    assert ("transit_over_6_months",) in merged(exact)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7))
def test_merged_levels_are_never_few_together_unless_all_are_merged(levels: list[tuple[int, int]]) -> None:
    exact = people_at(**{f"education__level_{place}": n for place, n in enumerate(levels)})
    everything = set(range(len(levels)))
    lines = merged(exact)
    chosen = everything if ("education",) in lines else {int(level.removeprefix("level_")) for _, level in lines}
    thin = {place for place, routes in enumerate(levels) if any(0 < n < 13 for n in (*routes, sum(routes)))}
    assert thin <= chosen
    if chosen and chosen != everything:
        assert len(chosen) > 1
        central, eastern = (sum(levels[place][side] for place in chosen) for side in (0, 1))
        assert all(n == 0 or n >= 13 for n in (central, eastern, central + eastern))


# --- lines ------------------------------------------------------------------------------------------------------------


def lines_of(*rows: tuple[str, str, str, tuple[int, int, int]]) -> Coarse:
    return thin_lines(exact_table(ESTIMATES, [cell(*row) for row in rows]), PUBLIC, DIRECT)


def test_a_cross_goes_as_a_whole_if_any_of_its_cells_is_small() -> None:
    shown = ("forced_work", "central", "transit_by_sex/3_to_6_months|male", (30, 90, 90))
    small = ("forced_work", "central", "transit_by_sex/3_to_6_months|female", (4, 90, 90))
    assert lines_of(shown) == set()
    assert lines_of(shown, small) == {Line("people", ("transit_by_sex",))}


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


# --- where single cells were not enough -------------------------------------------------------------------------------


def of_unit(table: str, key: tuple[str, ...], part: str) -> Coarse:
    return coarser([Unit(table, key, part)], DIRECT)


def test_a_narrow_cell_takes_its_group_on_its_route_and_on_all() -> None:
    found = of_unit("estimates", ("forced_work", "central", "sex", "male"), "yes")
    assert found == {Line("estimates", ("forced_work", route, "sex")) for route in ("central", "all")}


def test_a_group_goes_with_those_that_are_made_of_it() -> None:
    found = of_unit("estimates", ("forced_work", "central", "nationality", "NGA"), "yes")
    assert {line.key[2] for line in found} == {"nationality", "region_of_origin"}
    assert of_unit("distributions", ("transit", "central", "3_to_6_months"), "respondents") == {
        Line("people", ("transit",)),
        Line("people", ("transit_over_6_months",)),
    }


def test_narrow_pairs_of_indicators_go_all_together() -> None:
    assert of_unit("cooccurrence", ("forced_work", "central", "unpaid_work"), "yes") == {Line("cooccurrence", ())}
