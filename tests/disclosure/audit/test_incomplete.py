"""Complete cases of groups: they take nothing from the rest of a release, and tell nobody whom they leave out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.disclose import door
from pipeline.disclose.also import Also
from pipeline.disclose.audit.blocks import INCOMPLETE_YES, blocks_of
from pipeline.disclose.audit.earlier import Earlier
from pipeline.disclose.audit.said import say_everything
from pipeline.disclose.audit.system import Count
from pipeline.disclose.audit.verdict import JOINED, audit
from pipeline.disclose.coarse import Line
from pipeline.disclose.complementary import protect
from pipeline.disclose.further import KEYS, NOTHING
from tests.disclosure.audit.honest import Honest
from tests.disclosure.audit.plants import Plant, planted

WAVES = pytest.mark.parametrize("wave", ["of_shipped", "of_made_up"])


@pytest.fixture
def of(wave: str, request: pytest.FixtureRequest) -> Honest:
    return request.getfixturevalue(wave)


def before_protection(of: Honest) -> door.Release:
    """The release by the rules on single cells and lines alone."""
    tables = door._counted(of.exact, of.release.policy, Also(NOTHING, of.release.coarse))
    return replace(of.release, released=tables)


@pytest.mark.parametrize("wave", ["of_made_up", pytest.param("of_shipped", marks=pytest.mark.long)])
def test_nothing_else_is_withheld_for_their_sake(of: Honest) -> None:
    release = before_protection(of)
    of_groups = release.exact["nonresponse"]["group"] != "all"
    without = {
        "exact": release.exact | {"nonresponse": release.exact["nonresponse"][~of_groups]},
        "released": release.released | {"nonresponse": release.released["nonresponse"][~of_groups.to_numpy()]},
    }
    units = protect(release).units
    for_their_sake = units - protect(replace(release, _exact={}, **without)).units
    assert for_their_sake
    assert all(unit.table == "nonresponse" and unit.key[2] != "all" for unit in for_their_sake)


@WAVES
def test_every_world_that_the_audit_is_given_is_possible_with_them(of: Honest) -> None:
    system = say_everything(of.release)
    statements = system.built()
    blocks = blocks_of(system.place, statements.withheld)
    for name, worlds in of.given.items():
        places = blocks[name]
        whole = [behind.copy() for behind, _ in worlds]
        for world, (_, counts) in zip(whole, worlds, strict=True):
            world[places] = counts
        assert statements.hold(np.column_stack(whole)).all(), name


def test_of_a_route_with_few_incomplete_interviews_no_complete_cases_are_told(of_made_up: Honest) -> None:
    assert Line("nonresponse", ("at_least_one", "eastern", "all")) in of_made_up.release.coarse


@WAVES
def test_groups_have_the_same_people_also_where_complete_cases_of_the_route_are_not_told(of: Honest) -> None:
    system = say_everything(of.release)
    groups = {count[:4] for count in system.place if count.what == INCOMPLETE_YES and count.group != "all"}
    routes = {route for _, _, route, _ in groups}
    assert len(routes) == 3
    assert {Count(INCOMPLETE_YES, "at_least_one", route, "all", "all") for route in routes} <= system.place.keys()


@WAVES
def test_whom_they_leave_out_is_protected_and_in_the_audit(of: Honest) -> None:
    cells = of.disclosed.audit.cells
    left_out = cells[cells["count"] == INCOMPLETE_YES]
    assert len(left_out) > 20
    assert set(left_out["verdict"]) <= {"protected", "implied"}
    assert set(left_out.loc[left_out["greatest"] > 0, "verdict"]) == {"protected"}


NARROW = (
    "at_least_one central transit under_2_weeks",
    "at_least_one central nationality CMR",
    "at_least_one eastern survey_country HUN",
)
"""Small groups of the shipped wave, with few missing answers."""


def test_an_earlier_release_that_printed_such_a_share_is_not_forgotten(of_shipped: Honest) -> None:
    shares = planted(of_shipped, Plant("nonresponse", (NARROW[0],), ("complete_share",)))
    then = of_shipped.release.released | {"nonresponse": shares}
    keyed = {
        name: table.assign(**{key: of_shipped.release.exact[name][key].to_numpy() for key in KEYS[name]})
        for name, table in then.items()
        if name in KEYS
    }
    earlier = Earlier("1", of_shipped.release.policy, of_shipped.release.analysed, keyed)
    found = audit(replace(of_shipped.release, earlier=(earlier,)), of_shipped.further, of_shipped.given).broken
    assert (NARROW[0], INCOMPLETE_YES) in set(zip(found["cell"].str.replace(JOINED, " "), found["count"], strict=True))


@pytest.mark.parametrize("cell", NARROW)
def test_the_audit_finds_a_share_that_tells_whom_it_leaves_out(cell: str, of_shipped: Honest) -> None:
    plant = Plant("nonresponse", (cell,), ("complete_share",))
    found = of_shipped.audited(nonresponse=planted(of_shipped, plant)).broken
    assert (cell, INCOMPLETE_YES) in set(zip(found["cell"].str.replace(JOINED, " "), found["count"], strict=True))
