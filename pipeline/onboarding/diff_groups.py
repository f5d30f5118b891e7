"""How age groups and regions of origin differ, and why a characteristic may not be compared."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.differing.lines import Comparable, Line, Pair, Reason, Topic, each, listing, one_sided
from pipeline.differing.questions import reasons
from pipeline.questionnaire import Questionnaire

_MADE_FROM = {"age_group": "age", "region_of_origin": "nationality"}
"""Characteristics that are no question: made from the answers to one."""


def group_reasons(pair: Pair, name: str) -> list[Reason]:
    """Why the levels of a characteristic may not be compared as they are."""
    source = _MADE_FROM.get(name, name)
    there = each(lambda q: source in q.columns, pair.questionnaires)
    if not all(there):
        return [Reason(Comparable.NO, f"Only {pair.has(*there)} asks it.")]
    found = [reason for reason in reasons(pair, source) if source == name or reason.comparable is Comparable.NO]
    changed = [level for level, base, wave in _levels(pair, name) if base != wave]
    if changed:
        found.append(Reason(Comparable.CHECK, f"Not made from the same answers: {listing(changed)}."))
    return found


def groups(pair: Pair) -> Iterator[Line]:
    """Every difference between age groups, and between regions."""
    for name in _MADE_FROM:
        for level, base, wave in _levels(pair, name):
            if name == "region_of_origin" and all(level in q.regions for q in pair.questionnaires):
                yield from _region(pair, level)
            elif base != wave:
                advice = "Compare groups of the same ages only." if name == "age_group" else "Only one wave has it."
                yield Line(Topic.GROUP, f"{name} {level}", (base, wave), Comparable.NO, advice)


def _levels(pair: Pair, name: str) -> list[tuple[str, str, str]]:
    """Each level that is made by a rule, with what it is made from in the base and in the wave."""
    base, wave = each(lambda q: _made(q, name), pair.questionnaires)
    return [(level, base.get(level, ""), wave.get(level, "")) for level in dict.fromkeys([*base, *wave])]


def _made(q: Questionnaire, name: str) -> dict[str, str]:
    if name == "age_group":
        return {
            level: f"{group.low} to {group.high}" if group.high is not None else f"{group.low} and over"
            for level, group in q.age_groups.items()
        }
    if name == "region_of_origin":
        return {level: listing(sorted(region.countries)) for level, region in q.regions.items()}
    return {}


def _region(pair: Pair, level: str) -> Iterator[Line]:
    only = one_sided(*each(lambda q: q.regions[level].countries, pair.questionnaires))
    if any(only):
        sides = each(lambda countries: f"only here: {listing(countries)}" if countries else "", only)
        consequence = "Where the other form has no such nationality, these people are in another region or unknown."
        yield Line(Topic.GROUP, f"region_of_origin {level}", sides, Comparable.CHECK, consequence)
