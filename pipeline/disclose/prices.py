"""What a reader loses when a number is withheld: what is dear is withheld last."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pipeline.disclose.further import KEYS
from pipeline.vocabulary import ALL, TRANSIT_BINS, Derived

if TYPE_CHECKING:
    from pipeline.disclose.audit.system import Statements
    from pipeline.disclose.further import Unit

OF_TABLE = {"estimates": 1.0, "distributions": 50.0, "events": 3.0}
OTHER_TABLE = 100.0
OF_INDICATOR = {str(Derived.AT_LEAST_ONE): 4.0, str(Derived.AT_LEAST_TWO): 2.0, str(Derived.AT_LEAST_ONE_COMMON): 2.0}
OF_SHARE = 0.1
"""A share alone: its count stays in print."""
OF_GROUP = {ALL: 1000.0, "transit": 3.0, "sex": 3.0, "age_group": 3.0, "region_of_origin": 0.6}
OF_ALL_ROUTES = 0.15
"""A share over all routes depends on where interviews were held, and is the first to give up."""
HEADLINES = {("transit", step) for step in TRANSIT_BINS} | {("year_outside_origin", "yes")}
OF_HEADLINE = 100.0
"""Levels at which the report's first page says how many report at least one: dearest, over all routes too."""


def price(unit: Unit, people: int) -> float:
    """What a reader loses with a unit, for each person by which it must be wrong. people: whom it counts."""
    named = dict(zip(KEYS.get(unit.table, ()), unit.key, strict=False))
    value = OF_TABLE.get(unit.table, OTHER_TABLE) * math.log(2 + people)
    if unit.part == "share":
        value *= OF_SHARE
    if unit.table == "estimates":
        value *= OF_INDICATOR.get(named["indicator"], 1.0) * OF_GROUP.get(named["group"], 1.0)
        if named["indicator"] == Derived.AT_LEAST_ONE and (named["group"], named["level"]) in HEADLINES:
            return value * OF_HEADLINE
    return value * (OF_ALL_ROUTES if named.get("route") == ALL else 1.0)


def price_of(statements: Statements, unit: int) -> float:
    """The price of a unit of a system, by its number."""
    people = statements.truth[statements.prints[unit]].max(initial=0)
    return price(statements.units[unit], int(people))
