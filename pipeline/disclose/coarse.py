"""Levels and lines of tables that are withheld as a whole, where they are too thin to withhold single cells of them.

A line that is withheld cell by cell costs more than it shows once most of its cells are small: each needs others beside
it, and those again. Its total stays in print. Levels that few people are at are merged: what stays in print is, by the
other levels, how many they are together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.disclose.cells import shows_complete
from pipeline.disclose.policy import Policy
from pipeline.vocabulary import (
    ALL,
    CROSSES,
    DECLINED,
    DERIVED,
    DIMENSIONS,
    NUMBER_OF_INDICATORS,
    OVER_6_MONTHS,
    OWN_OR_FAMILY,
    ROUTES,
    UNKNOWN,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.disclose.further import Unit

NATIONALITY, REGION = "nationality", "region_of_origin"
TOGETHER = ((NATIONALITY, REGION), ("transit", OVER_6_MONTHS))
"""Groups that are made of one another."""


class Line(NamedTuple):
    """What is withheld together.

    table: that of `COLUMNS`; or `people`, for all counts of a group on a route; or `levels`, for those at a level of
    it, which is merged with others there; or `bases`, for those of the shares of a distribution on a route.
    """

    table: str
    key: tuple[str, ...]


COLUMNS = {
    "estimates": ("indicator", "route", "group"),
    "events": ("indicator", "route"),
    "experience": ("measure", "indicator"),
    "cooccurrence": (),
    "nonresponse": ("indicator", "route", "group"),
}
"""The columns that a line of each table is told by."""
OF_LEVELS = ("estimates", "nonresponse")
"""Tables with rows for the levels of groups, besides distributions."""
SAME_LINES = {"nonresponse": "estimates"}
"""Tables whose rows are withheld with those of another as well."""


class Coarse(frozenset[Line]):
    """Lines that are withheld as a whole."""

    def hides(self, table: str, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether each row of a table is withheld with its line."""
        columns = [frame[name].tolist() for name in COLUMNS[table]]
        keys = zip(*columns, strict=True) if columns else [()] * len(frame)
        return _are_among(keys, self._keys(table) | self._keys(SAME_LINES.get(table, table)))

    def hides_group(self, group: str, route: str) -> bool:
        """Whether nothing is told by this characteristic of anyone on this route."""
        return Line("people", (group, route)) in self

    def merges(self, group: str, level: str, route: str) -> bool:
        """Whether this level is merged with others of its group on this route."""
        return Line("levels", (group, level, route)) in self

    def hides_level(self, group: str, level: str, route: str) -> bool:
        """Whether nothing is told of anyone at this level on this route."""
        return self.hides_group(group, route) or self.merges(group, level, route)

    def hides_base(self, group: str, route: str) -> bool:
        """Whether the base of the shares of this distribution is not told on this route."""
        return self.hides_group(group, route) or Line("bases", (group, route)) in self

    def hides_people(self, groups: pd.Series[str], levels: pd.Series[str], routes: pd.Series[str]) -> NDArray[np.bool_]:
        """Whether nothing is told of anyone at each of these levels, on each of these routes."""
        of_groups = zip(groups.tolist(), routes.tolist(), strict=True)
        of_levels = zip(groups.tolist(), levels.tolist(), routes.tolist(), strict=True)
        return _are_among(of_groups, self._keys("people")) | _are_among(of_levels, self._keys("levels"))

    def hides_bases(self, groups: pd.Series[str], routes: pd.Series[str]) -> NDArray[np.bool_]:
        """Whether the base of the shares of each of these distributions is not told, on each of these routes."""
        return np.fromiter(map(self.hides_base, groups.tolist(), routes.tolist()), dtype=bool)

    def _keys(self, table: str) -> set[tuple[str, ...]]:
        """The keys of its lines of one table."""
        return {line.key for line in self if line.table == table}


def _are_among(keys: Iterable[tuple[str, ...]], hidden: Collection[tuple[str, ...]]) -> NDArray[np.bool_]:
    return np.fromiter(map(hidden.__contains__, keys), dtype=bool)


NOT_COARSE = Coarse()


def thin_lines(exact: pd.DataFrame, policy: Policy, direct: Collection[str]) -> Coarse:
    """Crosses of which any cell may not be shown; and all lines of an indicator whose total on a route may not.

    exact: exact estimates. direct: indicators whose events are told together as well, so that either all of them are
    told one by one or none is. Most cells of such a cross, and all of such lines, would be withheld one by one.
    """
    shown = policy.shows_part(exact["yes"], exact["answered"]) | np.asarray(exact["asked"] == 0)
    hidden = exact[~shown]
    crosses = set(hidden["group"]) & set(CROSSES)
    totals = hidden[hidden["group"] == ALL]
    lines = {Line("people", (cross, route)) for cross in crosses for route in set(exact["route"])}
    for indicator, route in set(zip(totals["indicator"], totals["route"], strict=True)):
        lines |= _everywhere(indicator, route, (*DIMENSIONS, *CROSSES))
        lines |= _events_of(indicator, route, direct)
    return Coarse(lines)


def _everywhere(indicator: str, route: str, groups: Iterable[str]) -> set[Line]:
    """Lines of a route, and of all routes together, from which the others could be taken off."""
    return {Line("estimates", (indicator, where, group)) for where in {route, ALL} for group in groups}


def _events_of(indicator: str, route: str, direct: Collection[str]) -> set[Line]:
    """Where events of an experience happened, and of those that are told together with it."""
    names = direct if indicator in direct else (indicator,)
    return {Line("events", (name, where)) for where in {route, ALL} for name in names}


def thin_events(exact: pd.DataFrame, policy: Policy, direct: Collection[str]) -> Coarse:
    """Events of each direct experience, where a country that few named has them in many places of the table.

    Each place where there are any has one at least, and all together are few: with as many places as that leaves
    nothing else, each is known too well, whatever is withheld besides. exact: exact events. direct: as for
    `thin_lines`; events of all of them together stay.
    """
    named = exact[~exact["country"].isin((DECLINED, UNKNOWN)) & (exact["events"] > 0)]
    of_all = (named["indicator"] == ALL) & (named["route"] == ALL)
    few = set(named.loc[of_all & ~policy.shows(named["events"]), "country"])
    one_by_one = named[named["country"].isin(few) & named["indicator"].isin(direct) & (named["route"] != ALL)]
    if (one_by_one.groupby("country").size() <= policy.fewest - 1 - policy.width).all():
        return NOT_COARSE
    return Coarse(Line("events", (name, route)) for name in direct for route in set(exact["route"]))


def thin_complete_cases(exact: pd.DataFrame, policy: Policy) -> Coarse:
    """Lines of complete cases that may not be counted on a route, and of all routes, from which others are taken off.

    exact: exact rows of missing answers. Of them nothing is told, so that nothing is there to be worked out.
    """
    hidden = exact[(exact["group"] == ALL) & ~shows_complete(exact, policy) & (exact["answered"] > 0)]
    pairs = zip(hidden["indicator"], hidden["route"], strict=True)
    derived = [(indicator, route) for indicator, route in pairs if indicator in DERIVED]
    return Coarse(Line("nonresponse", (name, where, ALL)) for name, route in derived for where in (route, ALL))


def thin_levels(exact: pd.DataFrame, policy: Policy, regions: Mapping[str, str]) -> Coarse:
    """Levels that few people of a route are at, and the smallest others of their group, until they are not few.

    Each route has levels of its own that are merged: one on which few were met takes nothing from the others. A group
    of which no level may be shown is withheld as a whole: a search through its levels would find nothing to print. Of
    all routes together it is told only where routes tell the same levels: what one does not could be taken off them.
    exact: exact estimates. regions: by nationality. Where those without a known answer are merged with others, the base
    of shares, which tells how many they are, goes too.
    """
    of_groups = exact[exact["group"].isin(DIMENSIONS)].assign(close=lambda every: _are_close(every, policy))
    by_level = of_groups.groupby(["group", "level", "route"], sort=False)
    people, close = by_level["asked"].max().unstack(fill_value=0), by_level["close"].any().unstack(fill_value=False)
    few = close | ((people > 0) & (people < policy.fewest))
    met = [route for route in people.columns if route != ALL and people[route].any()]
    lines: set[Line] = set()
    pools: dict[str, dict[str, str]] = {}
    are_regions_alike = True
    for group in sorted(set(of_groups["group"]), key=lambda name: name == NATIONALITY):
        of_group, are_few = people.loc[group], few.loc[group]
        of_pools = pools if group == NATIONALITY else {}
        merged = {route: _merged(of_group[route], are_few[route], policy, of_pools.get(route, {})) for route in met}
        merged[ALL] = set().union(*merged.values())
        hidden = {route for route, levels in merged.items() if _tells_nothing(of_group[route], levels, policy)}
        are_alike = not hidden and all(levels == merged[ALL] for levels in merged.values())
        # Nationalities are merged by the regions of their route.
        if not are_alike or (group == NATIONALITY and not are_regions_alike):
            hidden.add(ALL)
        lines |= _lines_of(group, merged, hidden)
        if group == REGION:
            are_regions_alike = are_alike
            gone = {route: set(of_group.index) if route in hidden else levels for route, levels in merged.items()}
            pools = {route: _in_print(regions, of_route) for route, of_route in gone.items()}
    return Coarse(lines)


def _lines_of(group: str, merged: Mapping[str, Collection[str]], hidden: Collection[str]) -> set[Line]:
    """The lines of a group. merged: levels by route. hidden: routes on which nothing is told by it."""
    lines = {Line("levels", (group, level, route)) for route, levels in merged.items() for level in levels}
    lines |= {Line("people", (group, route)) for route in hidden}
    lines |= {Line("bases", (group, route)) for route, levels in merged.items() if {DECLINED, UNKNOWN} & set(levels)}
    if group == "transit":
        lines |= {Line("people", (OVER_6_MONTHS, line.key[-1])) for line in lines}
    return lines


def _tells_nothing(people: pd.Series[int], merged: Collection[str], policy: Policy) -> bool:
    """Whether no level of a group on a route may be shown. people: by level. merged: levels that are not told."""
    return not policy.shows_part(people.drop(list(merged)), people.sum()).any()


def _in_print(regions: Mapping[str, str], gone: Collection[str]) -> dict[str, str]:
    """The region of each nationality, where that is told."""
    return {country: "" if region in gone else region for country, region in regions.items()}


def _are_close(exact: pd.DataFrame, policy: Policy) -> NDArray[np.bool_]:
    """Whether enough people are at a level, of whom a few less answered: how many did would be known too well."""
    asked, answered = exact["asked"].to_numpy(), exact["answered"].to_numpy()
    is_between = (asked >= policy.fewest) & (answered < policy.fewest) & (answered > 0)
    return np.asarray(is_between & (asked - answered < policy.width))


def _merged(people: pd.Series[int], few: pd.Series[bool], policy: Policy, pools: Mapping[str, str]) -> set[str]:
    """The levels of a group that are merged on a route.

    people: by level. few: levels at which they are few. pools: what levels add up to in print.
    """
    chosen: set[str] = set()
    for _, levels in people.groupby([pools.get(level, "") for level in people.index], sort=False):
        thin = [level for level in levels.index if few[level]]
        there = levels.drop(thin)
        others = iter(there[there > 0].sort_values(kind="stable").index)
        while thin and not (len(thin) > 1 and levels[thin].sum() >= policy.fewest):
            more = next(others, None)
            if more is None:
                break
            thin.append(more)
        chosen |= set(thin)
    return chosen


def coarser(units: Iterable[Unit], direct: Collection[str], coarse: Coarse = NOT_COARSE) -> Coarse:
    """The lines that these units are in: what is left to do where withholding single cells was not enough.

    direct: as for `thin_lines`. coarse: lines that are withheld already.
    """
    lines: set[Line] = set()
    for unit in units:
        if unit.table == "estimates" and unit.part == "yes":
            indicator, route, group, _ = unit.key
            lines |= _everywhere(indicator, route, with_others(group))
            lines |= _of_total(indicator, route, direct) if group == ALL else set()
        elif unit.table in ("estimates", "distributions"):
            group = unit.key[2] if unit.table == "estimates" else unit.key[0]
            lines |= {Line("people", (each, route)) for each in with_others(group) for route in (unit.key[1], ALL)}
        elif unit.table == "events":
            # Where events of all direct experiences are known too well, telling them one by one goes first.
            one_by_one = _events_of(next(iter(direct), ""), unit.key[1], direct)
            first = unit.key[0] == ALL and not one_by_one <= coarse
            lines |= one_by_one if first else _events_of(unit.key[0], unit.key[1], direct)
        elif Line(unit.table, unit.key[:3]) in coarse and unit.table == "nonresponse":
            lines |= _all_complete_cases(*unit.key[:2])
        elif unit.table in COLUMNS:
            lines.add(Line(unit.table, unit.key[: len(COLUMNS[unit.table])]))
    return Coarse(lines)


def _all_complete_cases(indicator: str, route: str) -> set[Line]:
    """All that is told of complete cases among the people of a route."""
    routes = (*ROUTES, ALL) if route == ALL else (route, ALL)
    return {Line("nonresponse", (indicator, where, group)) for where in routes for group in (ALL, *DIMENSIONS)}


def _of_total(indicator: str, route: str, direct: Collection[str]) -> set[Line]:
    """What else tells of a total."""
    events = _events_of(indicator, route, direct) | _events_of(ALL, route, direct)
    measures = {Line("experience", (measure, indicator)) for measure in (OWN_OR_FAMILY, NUMBER_OF_INDICATORS)}
    missing = {Line("nonresponse", (indicator, where, ALL)) for where in (route, ALL)}
    return events | measures | missing | {Line("cooccurrence", ())}


def with_others(group: str) -> tuple[str, ...]:
    """A group with those that it is made of, or that are made of it."""
    return next((groups for groups in TOGETHER if group in groups), (group,))
