"""Which results of two waves may be compared: sets of indicators, single indicators, characteristics, routes.

This is decided from what is declared. Whether the samples are alike is another question, which nothing here answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.differing.lines import (
    RESPONDENTS,
    Comparable,
    Line,
    Pair,
    Reason,
    Topic,
    Two,
    each,
    judged,
    listing,
    one_sided,
)
from pipeline.differing.questions import reasons
from pipeline.differing.routes import route_reasons
from pipeline.onboarding.diff_groups import group_reasons
from pipeline.questionnaire import IndicatorItem, Questionnaire
from pipeline.vocabulary import ALL, COMMON_CORE, DIMENSIONS, ROUTES, Derived

_EXPERIENCE = {"own": "own experience", "awareness": "heard of", "witnessed": "seen"}
_MOST_LEVELS = 8


def results(pair: Pair) -> Iterator[Line]:
    """A line for each result that either wave has."""
    yield from _made_up(pair)
    yield from _sets(pair)
    base, wave = pair.questionnaires
    for name in dict.fromkeys(str(item.indicator) for item in (*base.indicators, *wave.indicators)):
        yield _line(name, (_described(base, name), _described(wave, name)), indicator_reasons(pair, name))
    for route in ROUTES:
        there = _declared(base, route), _declared(wave, route)
        if any(there):
            yield _line(f"route {route}", there, route_reasons(pair, route))
    yield _line(f"route {ALL}", (_all_routes(base), _all_routes(wave)), _together(pair))
    yield from _characteristics(pair)


def indicator_reasons(pair: Pair, name: str) -> list[Reason]:
    """Why a single indicator may not be compared as it is."""
    base, wave = each(lambda q: _item(q, name), pair.questionnaires)
    if base is None or wave is None:
        return [Reason(Comparable.NO, f"Only {pair.has(base, wave)} asks it.")]
    if base.experience != wave.experience:
        told = f"{_EXPERIENCE[base.experience]} in {pair.base.name}, {_EXPERIENCE[wave.experience]} in {pair.wave.name}"
        return [Reason(Comparable.NO, f"A yes tells of something else: {told}.")]
    return list(reasons(pair, name))


def _made_up(pair: Pair) -> Iterator[Line]:
    made_up = each(lambda wave: wave.file.synthetic, pair.waves)
    if any(made_up):
        sides = each(lambda one: "made up" if one else "real", made_up)
        verdict = Comparable.YES, "All of them are made up: no number of either is a finding."
        if not all(made_up):
            alone = f"The people of {pair.has(*made_up)} are made up: set nothing of it beside real answers."
            verdict = Comparable.NO, alone
        yield Line(Topic.COMPARE, RESPONDENTS, sides, *verdict)


def _sets(pair: Pair) -> Iterator[Line]:
    """The results over several indicators; what may be compared stands first."""
    counted = each(lambda q: [str(name) for name in q.counted], pair.questionnaires)
    only = one_sided(*counted)
    why = list(_unequal(pair, only)) if any(only) else [reason for name in counted[0] for reason in _named(pair, name)]
    common = _line(
        str(Derived.AT_LEAST_ONE_COMMON),
        each(lambda q: listing(q.common_core), pair.questionnaires),
        _core_reasons(pair),
    )
    sets = [_line(str(one), each(listing, counted), why) for one in (Derived.AT_LEAST_ONE, Derived.AT_LEAST_TWO)]
    yield from [common, *sets] if any(only) else [*sets, common]


def _unequal(pair: Pair, only: Two[list[str]]) -> Iterator[Reason]:
    told = [f"only {one.name} counts {listing(names)}" for one, names in zip(pair.waves, only, strict=True) if names]
    yield Reason(Comparable.NO, f"The sets differ: {'; '.join(told)}. Compare at_least_one_common instead.")
    names = {q.indicator_set for q in pair.questionnaires}
    if len(names) == 1:
        advice = f'Both call their set "{names.pop()}": give one another indicator_set under [overrides].'
        yield Reason(Comparable.NO, advice)


def _named(pair: Pair, name: str) -> list[Reason]:
    return [Reason(reason.comparable, f"{name}: {reason.text}") for reason in indicator_reasons(pair, name)]


def _core_reasons(pair: Pair) -> list[Reason]:
    for one in pair.waves:
        missing = [name for name in COMMON_CORE if name not in one.questionnaire.common_core]
        if missing:
            return [Reason(Comparable.NO, f"{one.name} does not ask {listing(missing)}.")]
    return [reason for name in COMMON_CORE for reason in _named(pair, name)]


def _item(q: Questionnaire, name: str) -> IndicatorItem | None:
    return next((item for item in q.indicators if item.indicator == name), None)


def _described(q: Questionnaire, name: str) -> str:
    item = _item(q, name)
    if item is None:
        return ""
    family = ", family members' apart" if "family" in q.words(name) else ""
    return f"{_EXPERIENCE[item.experience]}{family}, {'in the set' if item.counts else 'reported apart'}"


def _all_routes(q: Questionnaire) -> str:
    return listing(route for route in ROUTES if _declared(q, route))


def _together(pair: Pair) -> Iterator[Reason]:
    """Why all routes together may not be compared: who is in them depends on where interviews were held."""
    verdicts = [judged(route_reasons(pair, route))[0] for route in ROUTES]
    if all(verdict is Comparable.NO for verdict in verdicts):
        yield Reason(Comparable.NO, "No route is in both.")
    else:
        yield Reason(Comparable.CHECK, "It depends on how many were interviewed on each: compare route by route.")


def _declared(q: Questionnaire, route: str) -> str:
    return "declared" if any(rule.route == route for rule in q.routes) else ""


def _characteristics(pair: Pair) -> Iterator[Line]:
    base, wave = pair.questionnaires
    for name in dict.fromkeys([*DIMENSIONS, *base.distributions, *wave.distributions]):
        levels = _levels(base, name), _levels(wave, name)
        if any(levels):
            yield _line(name, levels, group_reasons(pair, name))


def _levels(q: Questionnaire, name: str) -> str:
    levels = q.levels(name) if name in ("age_group", "region_of_origin", *q.columns) else []
    return f"{len(levels)} levels" if len(levels) > _MOST_LEVELS else listing(levels)


def _line(what: str, sides: Two[str], why: Iterable[Reason]) -> Line:
    comparable, consequence = judged(why)
    return Line(Topic.COMPARE, what, sides, comparable, consequence)
