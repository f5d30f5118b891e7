"""Answers that do not go together. Each rule is declared here, from what the questionnaire says about its columns."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.ingest.conditions import holds
from pipeline.ingest.recode import NO, YES, part
from pipeline.questionnaire import AnswerColumn, ManyColumn, Questionnaire
from pipeline.vocabulary import MISSING_WORDS

if TYPE_CHECKING:
    import ibis.expr.types as ir

OTHER = "other_or_unknown"
"""The answer that stands for every country without a choice of its own: two of them need not be the same country."""

DESTINATIONS = ("destination_country", "destination")
CAME_FROM = ("nationality", "departure_country", "last_departure_country")
"""Countries in which somebody has been, whatever the route."""

Tests = dict[str, "ir.BooleanValue"]


def logic_tests(table: ir.Table, q: Questionnaire) -> tuple[Tests, list[str]]:
    """The test of each queue that can be made, and one line for each that cannot."""
    tests: Tests = {}
    missing: list[str] = []
    for queue, (one, others) in _SAME_COUNTRY.items():
        other = next((name for name in others if name in table.columns), None)
        if one in table.columns and other is not None:
            tests[queue] = _same_country(table, q, one, other)
        else:
            absent = others[0] if one in table.columns else one
            missing.append(f"{_NAMED[queue]}: the questionnaire has no column {absent}.")
    events = _events(table, q)
    elsewhere = _elsewhere(q)
    if events and elsewhere and "route" in table.columns:
        tests["event_off_route"] = _any([_off_route(table, event, elsewhere) for event in events])
    else:
        missing.append("Events off the route: this needs countries of events, and routes through different countries.")
    if events and {"nationality", "departure_country"} <= set(table.columns):
        tests["event_before_journey"] = _any([_before_journey(table, event) for event in events])
    unasked = [*_unasked_by_answers(table, q), *_unasked_by_version(table, q)]
    if unasked:
        tests["answered_unasked"] = _any(unasked)
    return tests, missing


_SAME_COUNTRY = {
    "interviewed_at_home": ("survey_country", ("nationality",)),
    "departed_from_here": ("survey_country", ("departure_country",)),
    "destination_is_origin": ("nationality", DESTINATIONS),
}
_NAMED = {
    "interviewed_at_home": "Interviewed in the country of nationality",
    "departed_from_here": "Departed from the country of interview",
    "destination_is_origin": "Destination is the country of origin",
}


def _any(tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, [test.fill_null(False) for test in tests])


def _is_country(value: ir.StringValue) -> ir.BooleanValue:
    return ~value.isin([*MISSING_WORDS, OTHER])


def _same_country(table: ir.Table, q: Questionnaire, one: str, other: str) -> ir.BooleanValue:
    """The same country twice. Nothing where the two questions take their answers from different lists."""
    lists = {column.answers for name in (one, other) if isinstance(column := q.columns[name], AnswerColumn)}
    if len(lists) != 1:
        return ibis.literal(False)
    return (table[one] == table[other]) & _is_country(table[one])


def _events(table: ir.Table, q: Questionnaire) -> list[str]:
    """The columns with the country of an event."""
    return [item.event_country for item in q.indicators if item.event_country and item.event_country in table.columns]


def _elsewhere(q: Questionnaire) -> dict[str, list[str]]:
    """Route → the countries that the rules of other routes name, and its own do not."""
    visited = q.columns["survey_country"]
    named: dict[str, set[str]] = {}
    for rule in q.routes:
        countries = named.setdefault(str(rule.route), set())
        for condition in rule.when:
            column = q.columns[condition.column]
            # Only questions about countries: they take their answers from the same list.
            if (
                isinstance(column, AnswerColumn)
                and isinstance(visited, AnswerColumn)
                and column.answers == visited.answers
            ):
                countries.update(condition.is_ or ())
    everywhere = set().union(*named.values()) - {OTHER, *MISSING_WORDS}
    return {route: sorted(everywhere - here) for route, here in named.items() if everywhere - here}


def _off_route(table: ir.Table, event: str, elsewhere: dict[str, list[str]]) -> ir.BooleanValue:
    """An event in a country of other routes, from which the person did not come."""
    tests = [(table["route"] == route) & table[event].isin(countries) for route, countries in elsewhere.items()]
    came_from = [table[name] for name in CAME_FROM if name in table.columns]
    return reduce(lambda test, origin: test & (table[event] != origin), came_from, _any(tests))


def _before_journey(table: ir.Table, event: str) -> ir.BooleanValue:
    """An event in the country of nationality, though the journey began in another one."""
    home, departure = table["nationality"], table["departure_country"]
    return (table[event] == home) & (departure != home) & _is_country(home) & _is_country(departure)


def _unasked_by_answers(table: ir.Table, q: Questionnaire) -> list[ir.BooleanValue]:
    """Answers to questions that the form would not have put after the answers before."""
    tests = []
    for name, column in q.columns.items():
        conditions = q.condition(column.asked_if)
        if conditions and all(c.column in table.columns for c in conditions):
            tests += [answered & ~holds(conditions, table) for answered in _answered(table, q, name)]
    return tests


def _unasked_by_version(table: ir.Table, q: Questionnaire) -> list[ir.BooleanValue]:
    """Answers to questions that the form did not have yet, or no longer."""
    if "form_version" not in table.columns:
        return []
    return [
        answered & (table["form_version"].strip() == version)
        for version, form in q.form_versions.items()
        for name in form.not_asked
        for answered in _answered(table, q, name)
    ]


def _answered(table: ir.Table, q: Questionnaire, name: str) -> list[ir.BooleanValue]:
    column = q.columns[name]
    if isinstance(column, AnswerColumn) and name in table.columns:
        return [~table[name].isin(MISSING_WORDS)]
    if isinstance(column, ManyColumn):
        return [table[p].isin([YES, NO]) for p in (part(name, word) for word in q.words(name)) if p in table.columns]
    return []
