"""How the rules differ that put respondents on a route."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.differing.lines import Comparable, Line, Pair, Reason, Topic, each, told
from pipeline.questionnaire import Questionnaire, RouteRule
from pipeline.vocabulary import ROUTES


def route_reasons(pair: Pair, route: str) -> list[Reason]:
    """Why results by a route may not be compared as they are."""
    rules = each(lambda q: _rules(q, route), pair.questionnaires)
    if not all(rules):
        return [Reason(Comparable.NO, f"Only {pair.has(*rules)} has this route.")]
    if rules[0] != rules[1]:
        return [Reason(Comparable.CHECK, "Another rule puts people on it: see the route rules.")]
    return []


def routes(pair: Pair) -> Iterator[Line]:
    """Every route with another rule."""
    base, wave = pair.questionnaires
    for route in ROUTES:
        rules = _rules(base, route), _rules(wave, route)
        if rules[0] != rules[1]:
            consequence = "Compare people whom both rules put on it, such as those interviewed in the same countries."
            comparable = Comparable.CHECK if all(rules) else Comparable.NO
            yield Line(Topic.ROUTE, route, rules, comparable, consequence if all(rules) else "Only one wave has it.")


def _rules(q: Questionnaire, route: str) -> str:
    """When someone is on a route, in words; with the rules before it that take people to another. Empty: never."""
    own = [(place, rule) for place, rule in enumerate(q.routes) if rule.route == route]
    parts = []
    for place, rule in own:
        before = [told(other.when) for other in q.routes[:place] if other.route != route and _can_meet(other, rule)]
        parts.append(f"{told(rule.when)}{''.join(f', unless {other}' for other in before)}")
    return "; or ".join(sorted(parts))


def _can_meet(one: RouteRule, other: RouteRule) -> bool:
    """Whether both rules can hold for one person: no column has to be something else for the other rule."""
    return not any(
        a.column == b.column and a.is_ is not None and b.is_ is not None and not set(a.is_) & set(b.is_)
        for a in one.when
        for b in other.when
    )
