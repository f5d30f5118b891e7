"""The tables of the report: released cells as rows of text, ready to be set."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from pipeline.report.edition import Cell, Edition
from pipeline.vocabulary import ALL, DIMENSIONS, NUMBER_OF_INDICATORS, OWN_OR_FAMILY, TRANSIT_BINS, Derived

Row = list[str]
Table = dict[str, Any]
"""title, note, columns, rows, and `align`: one letter a column, l or r. A row with one cell is a subheading."""


def appendix(edition: Edition) -> list[Table]:
    """Every table of the appendix, in order."""
    routes = edition.routes
    shown = [*routes, ALL] if len(routes) > 1 else routes
    return [
        *(_indicators(edition, route) for route in shown),
        *(_contrasts(edition, *pair) for pair in combinations(routes, 2)),
        *(_transit(edition, route) for route in routes),
        _trends(edition),
        *(_by_group(edition, route) for route in routes),
        *(_experience(edition, route) for route in routes),
        _numbers(edition),
        _distributions(edition),
    ]


def ledger(edition: Edition) -> Table:
    """The exclusion ledger, exact."""
    text = edition.text
    return _table(
        edition,
        "",
        "rule rows reason",
        "lrl",
        [
            [text.say(f"rule.{row['rule']}"), text.count(int(row["rows"] or 0)), str(row["reason"])]
            for row in edition.released.ledger
        ],
    )


def checks(edition: Edition) -> Table:
    """What validation noticed, by rule: not where, not how often."""
    text = edition.text
    noticed = sorted(edition.released.checks, key=lambda one: (one[0] != "warning", one[1]))
    rows: list[Row] = [[text.say(f"severity.{severity}"), text.say(f"check.{check}")] for severity, check in noticed]
    return _table(edition, "", "severity noticed", "ll", rows)


def _table(edition: Edition, title: str, columns: str, align: str, rows: list[Row]) -> Table:
    heads = [edition.text.say(f"report.col_{name}") for name in columns.split()]
    return {"title": title, "columns": heads, "align": align, "rows": rows, "note": ""}


def _count(edition: Edition, number: int | None) -> str:
    return edition.text.say("format.withheld") if number is None else edition.text.count(number)


def _share(edition: Edition, cell: Cell) -> str:
    return edition.percent(cell, short=True) if cell.share is not None or cell.withheld else ""


def _interval(edition: Edition, cell: Cell) -> str:
    """The interval, with a mark where it says that the share is not firm enough to be relied on."""
    if cell.low is None or cell.high is None:
        return ""
    interval = edition.text.interval(cell.low, cell.high)
    return interval if cell.is_firm else edition.text.say("format.unreliable", interval=interval)


def _estimate_row(edition: Edition, label: str, cell: Cell) -> Row:
    return [
        label,
        _count(edition, cell.n),
        _count(edition, cell.count),
        _share(edition, cell),
        _interval(edition, cell),
        "" if cell.bounds is None else edition.text.interval(*cell.bounds),
    ]


def _indicators(edition: Edition, route: str) -> Table:
    singles = [str(item.indicator) for item in edition.wave.questionnaire.indicators]
    derived = [name for name in Derived if name is not Derived.AT_LEAST_ONE_COMMON or edition.asks_common_core]
    rows = [
        _estimate_row(edition, edition.text.say(f"indicator.{name}"), edition.estimate(name, route))
        for name in [*singles, *map(str, derived)]
    ]
    title = edition.text.say("report.table_indicators", route=edition.text.say(f"route.{route}"))
    table = _table(edition, title, "indicator answered yes share interval bounds", "lrrrrr", rows)
    if edition.apart:
        table["note"] = edition.text.say("report.table_indicators_note", indicators=", ".join(edition.apart))
    return table


def _contrasts(edition: Edition, first: str, second: str) -> Table:
    """One route against another, indicator by indicator."""
    text = edition.text
    singles = [str(item.indicator) for item in edition.wave.questionnaire.indicators]
    rows = []
    for name in [*singles, str(Derived.AT_LEAST_ONE)]:
        shares = [_share(edition, edition.estimate(name, route)) for route in (first, second)]
        found = edition.contrast(name, first, second)
        difference = text.points(*found.difference) if found.difference else ""
        ratio = text.times(*found.ratio) if found.ratio else ""
        rows.append([text.say(f"indicator.{name}"), *shares, difference, ratio])
    names = [text.say(f"route_short.{route}") for route in (first, second)]
    table = _table(edition, text.say("report.table_contrasts", first=names[0], second=names[1]), "", "lrrrr", rows)
    heads = [text.say(f"report.col_{name}") for name in ("indicator", "difference", "ratio")]
    return {**table, "columns": [heads[0], *names, *heads[1:]], "note": text.say("report.table_contrasts_note")}


def _transit(edition: Edition, route: str) -> Table:
    text = edition.text
    singles = [str(item.indicator) for item in edition.wave.questionnaire.indicators]
    rows = [
        [text.say(f"indicator.{name}")]
        + [_share(edition, edition.estimate(name, route, "transit", step)) for step in TRANSIT_BINS]
        for name in [*singles, str(Derived.AT_LEAST_ONE)]
    ]
    bases = [_count(edition, edition.at_least_one(route, "transit", step).n) for step in TRANSIT_BINS]
    rows.append([text.say("report.row_answered"), *bases])
    title = text.say("report.table_transit", route=text.say(f"route.{route}"))
    table = _table(edition, title, "indicator", "l" + "r" * len(TRANSIT_BINS), rows)
    table["columns"] += [text.level("transit", step) for step in TRANSIT_BINS]
    table["note"] = text.say("report.table_transit_note")
    return table


def _trends(edition: Edition) -> Table:
    """How many times the odds are from one bin of journey time to the next."""
    text = edition.text
    singles = [str(item.indicator) for item in edition.wave.questionnaire.indicators]
    rows = []
    for name in [*singles, str(Derived.AT_LEAST_ONE)]:
        found = [edition.trend(name, route) for route in edition.routes]
        told = [text.times(*trend) if trend else text.say("format.withheld") for trend in found]
        rows.append([text.say(f"indicator.{name}"), *told])
    routes = [text.say(f"route_short.{route}") for route in edition.routes]
    table = _table(edition, text.say("report.table_trends"), "indicator", "l" + "r" * len(routes), rows)
    return {**table, "columns": [*table["columns"], *routes], "note": text.say("report.table_trends_note")}


def _by_group(edition: Edition, route: str) -> Table:
    """At least one indicator by every characteristic; levels with too few respondents to be shown are left out."""
    text, rows = edition.text, []
    for group in DIMENSIONS:
        levels = edition.estimated_levels(group)
        cells = {level: edition.at_least_one(route, group, level) for level in levels}
        told = {level: cell for level, cell in cells.items() if cell.n}
        if len(told) < 2:
            continue
        rows.append([text.say(f"variable.{group}")])
        rows += [_estimate_row(edition, text.level(group, level), cell) for level, cell in told.items()]
    title = text.say("report.table_by_group", route=text.say(f"route.{route}"))
    table = _table(edition, title, "level answered yes share interval bounds", "lrrrrr", rows)
    table["note"] = " ".join(edition.caveats("sex"))
    return table


def _experience(edition: Edition, route: str) -> Table:
    text, rows = edition.text, []
    singles = [str(item.indicator) for item in edition.wave.questionnaire.indicators]
    for name in [*singles, str(Derived.AT_LEAST_ONE)]:
        cells = [edition.experience(OWN_OR_FAMILY, name, route, level) for level in ("own", "family", "neither")]
        shares = [_share(edition, cell) for cell in cells]
        rows.append([text.say(f"indicator.{name}"), _count(edition, cells[0].n), *shares])
    title = text.say("report.table_experience", route=text.say(f"route.{route}"))
    return _table(edition, title, "indicator answered own family neither", "lrrrr", rows)


def events(edition: Edition) -> Table:
    """Direct experiences by the country where they took place; events, not people."""
    text, rows = edition.text, []
    for route in edition.routes:
        told = [
            [text.country(cell.key["country"]), _count(edition, cell.count), _share(edition, cell)]
            for cell in edition.events(route)
        ]
        rows += [[text.say(f"route.{route}")], *told] if told else []
    return _table(edition, text.say("report.table_events"), "country events share", "lrr", rows)


def _numbers(edition: Edition) -> Table:
    q = edition.wave.questionnaire
    rows = []
    for number in map(str, range(len(q.counted) + 1)):
        cells = [edition.experience(NUMBER_OF_INDICATORS, q.indicator_set, r, number) for r in (*edition.routes, ALL)]
        rows.append([number, *(_share(edition, cell) for cell in cells)])
    return _by_route(edition, "report.table_numbers", rows)


def _distributions(edition: Edition) -> Table:
    text, rows = edition.text, []
    routes = [*edition.routes, ALL]
    for variable in edition.variables():
        lines = []
        for level in edition.levels(variable):
            cells = [edition.distribution(variable, route, level) for route in routes]
            if any(cell.count for cell in cells):
                lines.append([text.level(variable, level), *(_share(edition, cell) for cell in cells)])
        if lines:
            rows += [[text.variable(variable)], *lines]
    analysed = edition.released.analysed_by_route
    first = [text.say("report.row_analysed"), *(text.count(analysed[route]) for route in routes)]
    table = _by_route(edition, "report.table_distribution", [first, *rows])
    table["note"] = text.say("report.table_distribution_note")
    return table


def _by_route(edition: Edition, title: str, rows: list[Row]) -> Table:
    """A table with a column of shares for each route, and one for all of them."""
    routes = [*edition.routes, ALL]
    table = _table(edition, edition.text.say(title), "level", "l" + "r" * len(routes), rows)
    table["columns"] += [edition.text.say(f"route_short.{route}") for route in routes]
    return table
