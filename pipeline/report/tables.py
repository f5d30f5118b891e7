"""The tables of the report: released cells as rows of text, ready to be set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.questionnaire import in_language
from pipeline.report import comparison_tables, model_tables, wave_tables
from pipeline.report.edition import Cell, Edition
from pipeline.report.grid import (
    WIDE,
    Row,
    Table,
    bounds,
    count,
    interval,
    people,
    said_once,
    share,
    table,
    tells,
    times,
)
from pipeline.vocabulary import (
    ALL,
    DECLINED,
    DIMENSIONS,
    NUMBER_OF_INDICATORS,
    OWN_OR_FAMILY,
    OWN_OR_FAMILY_LEVELS,
    TRANSIT_BINS,
    UNKNOWN,
    Derived,
)

FEW_LEVELS = ("year_outside_origin", "sex", "age_group", "travel_mode", "education", "region_of_origin")
"""Characteristics that are set in the report; the long lists are in the workbook."""


def appendix(edition: Edition) -> list[Table]:
    """Every table of the appendix, in order."""
    routes = edition.routes
    shown = [*routes, ALL] if len(routes) > 1 else routes
    return [
        *(indicators(edition, route) for route in shown),
        *comparison_tables.missing_answers(edition),
        *(_transit(edition, route) for route in routes),
        *comparison_tables.compared(edition),
        by_age(edition),
        *(_by_group(edition, route) for route in routes),
        *(_experience(edition, route) for route in routes),
        _numbers(edition),
        *comparison_tables.together(edition),
        *model_tables.appendix(edition),
        *wave_tables.beside_earlier(edition),
        _distributions(edition),
    ]


MOST_LINES = 245
"""How many lines of tables the report of a wave with many routes ends with at most, on about four pages. Those that set
it beside an earlier wave count as well."""
ELSEWHERE = ("experience", "stratified", "groups", "odds", "contrasts", "trends", "numbers")
"""Kinds of tables that a report of many routes leaves to the workbook, the first one first."""


class InReport(NamedTuple):
    """The tables at the end of the report.

    elsewhere: kinds that there is no room for. These and others are in the workbook, where they can be sorted and
    searched. untold: titles of tables in which no number may be shown.
    """

    told: list[Table]
    elsewhere: list[str]
    untold: list[str]


def in_report(edition: Edition) -> InReport:
    """The tables at the end of the report: those with a number, as far as there is room."""
    every, elsewhere = _for_report(edition), []
    found = [one for one in every if tells(one)]
    room = MOST_LINES - sum(map(_lines, wave_tables.beside_earlier(edition)))
    for kind in ELSEWHERE if edition.has_many_routes else ():
        if sum(map(_lines, found)) > room and any(one["kind"] == kind for one in found):
            found = [one for one in found if one["kind"] != kind]
            elsewhere.append(kind)
    return InReport(said_once(found), elsewhere, [one["title"] for one in every if not tells(one)])


def _lines(of: Table) -> int:
    """How many lines a table takes, about: title, head, rows and note."""
    return 5 + len(of["rows"]) + len(of["note"]) // 115


def _for_report(edition: Edition) -> list[Table]:
    routes = edition.routes
    shown = [*routes, ALL] if len(routes) > 1 else routes
    return [
        *(indicators(edition, route) for route in shown),
        *(_transit(edition, route) for route in routes),
        *comparison_tables.compared(edition),
        *(_by_group(edition, route, FEW_LEVELS) for route in routes),
        *(_experience(edition, route) for route in routes),
        _numbers(edition),
        *model_tables.odds(edition),
    ]


def by_age(edition: Edition) -> Table:
    """At least one indicator by age group, on each route."""
    text, rows = edition.text, []
    for route in edition.routes:
        ages = [age for age in edition.estimated_levels("age_group") if age not in (DECLINED, UNKNOWN)]
        told = [
            _level_row(edition, route, "age_group", age)
            for age in ages
            if edition.at_least_one(route, "age_group", age).n
        ]
        rows += [[text.heading(f"route.{route}")], *told] if told else []
    return _of_levels(edition, text.say("report.table_by_age"), rows, kind="by_age")


def ledger(edition: Edition) -> Table:
    """The exclusion ledger, exact."""
    text = edition.text
    return table(
        edition,
        "",
        "rule rows reason",
        "lrl",
        [
            [
                text.say(f"rule.{row['rule']}"),
                people(edition, int(row["rows"] or 0)),
                _reason(edition, str(row["rule"])),
            ]
            for row in edition.released.ledger
        ],
        kind="ledger",
    )


def _reason(edition: Edition, rule: str) -> str:
    """Why a rule takes rows out, in the language of the report; the analyst's ledger is in English."""
    text = edition.text
    for exclusion in edition.wave.questionnaire.exclusions:
        if exclusion.rule == rule:
            return in_language(exclusion.reason, text.locale)
    return text.say(f"rule_reason.{rule}") if text.has(f"rule_reason.{rule}") else ""


def checks(edition: Edition) -> Table:
    """What validation noticed, by rule: not where, not how often."""
    text = edition.text
    noticed = sorted(edition.released.checks, key=lambda one: (one[0] != "warning", one[1]))
    rows: list[Row] = [[text.say(f"severity.{severity}"), text.say(f"check.{check}")] for severity, check in noticed]
    return table(edition, "", "severity noticed", "ll", rows, kind="checks")


def _of_levels(edition: Edition, title: str, rows: list[Row], kind: str, of: Sequence[str] = ()) -> Table:
    """A table of at least one indicator, level by level."""
    note = " ".join(edition.text.say(f"report.{name}") for name in ("missing_note", "missing_note_groups"))
    columns, widths = "level answered yes share interval bounds complete_share", [0, 20, 16, 16, 22, 22, 22]
    return table(edition, title, columns, "lrrrrrr", rows, kind=kind, of=of, note=note, widths=widths)


def _level_row(edition: Edition, route: str, group: str, level: str) -> Row:
    """At least one indicator at a level, with what missing answers make of it."""
    cell = edition.at_least_one(route, group, level)
    complete = share(edition, edition.complete_cases(Derived.AT_LEAST_ONE, route, group, level))
    return [*_estimate_row(edition, edition.text.level(group, level), cell), complete]


def _estimate_row(edition: Edition, label: str, cell: Cell) -> Row:
    return [
        label,
        count(edition, cell.n),
        count(edition, cell.count),
        share(edition, cell),
        interval(edition, cell),
        bounds(edition, cell),
    ]


def indicators(edition: Edition, route: str) -> Table:
    """Each indicator on a route, with base, interval, and what missing answers make of it: bounds, complete cases."""
    text = edition.text
    derived = [name for name in Derived if name is not Derived.AT_LEAST_ONE_COMMON or edition.asks_common_core]
    rows = [
        [
            *_estimate_row(edition, text.say(f"indicator.{name}"), edition.estimate(name, route)),
            share(edition, edition.complete_cases(name, route)),
        ]
        for name in [*edition.singles, *map(str, derived)]
    ]
    title = text.say("report.table_indicators", route=text.say(f"route.{route}"))
    note = text.say("report.missing_note")
    if edition.apart:
        note = f"{text.say('report.table_indicators_note', indicators=', '.join(edition.apart))} {note}"
    columns, widths = "indicator answered yes share interval bounds complete_share", [0, 20, 16, 16, 22, 22, 22]
    of = [route]
    return table(edition, title, columns, "lrrrrrr", rows, kind="indicators", of=of, note=note, widths=widths)


def _transit(edition: Edition, route: str) -> Table:
    text = edition.text
    rows = [
        [text.say(f"indicator.{name}")]
        + [share(edition, edition.estimate(name, route, "transit", step)) for step in TRANSIT_BINS]
        for name in [*edition.singles, str(Derived.AT_LEAST_ONE)]
    ]
    bases = [count(edition, edition.at_least_one(route, "transit", step).n) for step in TRANSIT_BINS]
    rows.append([text.say("report.row_answered"), *bases])
    title = text.say("report.table_transit", route=text.say(f"route.{route}"))
    made = table(edition, title, "indicator", "l" + "r" * len(TRANSIT_BINS), rows, kind="transit", of=[route])
    made["columns"] += [text.level("transit", step) for step in TRANSIT_BINS]
    made["note"] = text.say("report.table_transit_note")
    return made


def _by_group(edition: Edition, route: str, groups: Sequence[str] = DIMENSIONS) -> Table:
    """At least one indicator by characteristic; levels with too few respondents to be shown are left out."""
    text, rows = edition.text, []
    for group in groups:
        levels = edition.estimated_levels(group)
        told = [level for level in levels if edition.at_least_one(route, group, level).n]
        if len(told) < 2:
            continue
        rows.append([text.say(f"variable.{group}")])
        rows += [_level_row(edition, route, group, level) for level in told]
    title = text.say("report.table_by_group", route=text.say(f"route.{route}"))
    made = _of_levels(edition, title, rows, kind="by_group", of=[route])
    made["note"] = " ".join([made["note"], *edition.caveats("sex")])
    return made


def _experience(edition: Edition, route: str) -> Table:
    text, rows = edition.text, []
    for name in [*edition.singles, str(Derived.AT_LEAST_ONE)]:
        cells = [edition.experience(OWN_OR_FAMILY, name, route, level) for level in OWN_OR_FAMILY_LEVELS]
        shares = [share(edition, cell) for cell in cells]
        rows.append([text.say(f"indicator.{name}"), count(edition, cells[0].n), *shares])
    title = text.say("report.table_experience", route=text.say(f"route.{route}"))
    columns = "indicator answered own family either neither"
    return table(edition, title, columns, "lrrrrr", rows, kind="experience", of=[route])


def events(edition: Edition) -> Table:
    """Direct experiences by the country where they took place; events, not people."""
    text, rows = edition.text, []
    for route in edition.routes:
        told = [
            [text.country(cell.key["country"]), count(edition, cell.count), share(edition, cell)]
            for cell in edition.events(route)
        ]
        rows += [[text.heading(f"route.{route}")], *told] if told else []
    return table(edition, text.say("report.table_events"), "country events share", "lrr", rows, kind="events")


def _numbers(edition: Edition) -> Table:
    q = edition.wave.questionnaire
    rows = []
    for number in map(str, range(len(q.counted) + 1)):
        cells = [edition.experience(NUMBER_OF_INDICATORS, q.indicator_set, r, number) for r in (*edition.routes, ALL)]
        rows.append([number, *(share(edition, cell) for cell in cells)])
    means = [edition.mean(route) for route in (*edition.routes, ALL)]
    rows.append([edition.text.say("report.row_mean"), *(times(edition, mean) for mean in means)])
    made = _by_route(edition, "numbers", "report.table_numbers", rows)
    return {**made, "widths": [0, *[WIDE] * (len(edition.routes) + 1)]}


def _distributions(edition: Edition) -> Table:
    text, rows = edition.text, []
    routes = [*edition.routes, ALL]
    for variable in edition.variables():
        lines = []
        for level in edition.levels(variable):
            cells = [edition.distribution(variable, route, level) for route in routes]
            if any(cell.count for cell in cells):
                lines.append([text.level(variable, level), *(share(edition, cell) for cell in cells)])
        if lines:
            rows += [[text.variable(variable)], *lines]
    analysed = edition.released.analysed_by_route
    first = [text.say("report.row_analysed"), *(people(edition, analysed[route]) for route in routes)]
    made = _by_route(edition, "distributions", "report.table_distribution", [first, *rows])
    made["note"] = text.say("report.table_distribution_note")
    return made


def _by_route(edition: Edition, kind: str, title: str, rows: list[Row]) -> Table:
    """A table with a column of shares for each route, and one for all of them."""
    routes = [*edition.routes, ALL]
    made = table(edition, edition.text.say(title), "level", "l" + "r" * len(routes), rows, kind=kind)
    made["columns"] += [edition.text.say(f"route_short.{route}") for route in routes]
    return made
