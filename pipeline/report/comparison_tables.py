"""Tables that set one group beside another: routes, groups within routes, missing answers, pairs of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from pipeline.report.edition import Edition
from pipeline.report.grid import (
    WIDE,
    Row,
    Table,
    bounds,
    count,
    interval,
    p_value,
    percent,
    points,
    points_alone,
    share,
    table,
    times,
    times_alone,
)
from pipeline.report.text import capitalised
from pipeline.vocabulary import ALL, ROUTE, Derived

_WITHIN = ("sex", "age_group", "travel_mode", "year_outside_origin")


def compared(edition: Edition) -> list[Table]:
    """Routes against one another, as they are and at equal journey time; trends; groups within routes."""
    pairs = list(combinations(edition.routes, 2))
    return [
        *(_routes(edition, *pair) for pair in pairs),
        *(_stratified(edition, *pair) for pair in pairs if _is_told(edition, *pair)),
        _trends(edition),
        *(_groups(edition, route) for route in edition.routes),
    ]


def _indicators(edition: Edition) -> list[str]:
    return [*edition.singles, str(Derived.AT_LEAST_ONE)]


def _routes(edition: Edition, first: str, second: str) -> Table:
    """One route against another, indicator by indicator."""
    text, rows = edition.text, []
    for name in _indicators(edition):
        shares = [share(edition, edition.estimate(name, route)) for route in (first, second)]
        found = edition.contrast(name, ROUTE, ALL, first, second)
        ratio = times(edition, found.ratio) if found.ratio else ""
        told = [points(edition, found.difference), ratio, p_value(edition, found.log10_p)]
        rows.append([text.say(f"indicator.{name}"), *shares, *told])
    names = [text.say(f"route_short.{route}") for route in (first, second)]
    title = text.say("report.table_contrasts", first=names[0], second=names[1])
    columns, note = "indicator difference ratio p", text.say("report.table_contrasts_note")
    made = table(edition, title, columns, "lrrrrr", rows, kind="contrasts", of=[first, second], note=note)
    made["columns"][1:1] = names
    return {**made, "widths": [0, 15, 15, 31, 27, 14]}


def _is_told(edition: Edition, first: str, second: str) -> bool:
    """Whether anything is printed of two routes at equal journey time; if not, it is among what cannot be stated."""
    return any(edition.stratified(name, first, second).ratio for name in _indicators(edition))


def _stratified(edition: Edition, first: str, second: str) -> Table:
    """Two routes without and with regard to journey time."""
    text, rows = edition.text, []
    for name in _indicators(edition):
        found = edition.stratified(name, first, second)
        told = [times_alone(edition, found.crude), times(edition, found.ratio), times(edition, found.odds)]
        rows.append([text.say(f"indicator.{name}"), *told, p_value(edition, found.log10_p_same)])
    names = [text.say(f"route_short.{route}") for route in (first, second)]
    title = text.say("report.table_stratified", first=names[0], second=names[1])
    columns = "indicator crude_ratio equal_ratio equal_odds p_same"
    note, widths = text.say("report.table_stratified_note"), [0, 17, 29, 29, 20]
    of = [first, second]
    return table(edition, title, columns, "lrrrr", rows, kind="stratified", of=of, note=note, widths=widths)


def _trends(edition: Edition) -> Table:
    """How many times the odds are from one bin of journey time to the next."""
    text = edition.text
    rows = [
        [text.say(f"indicator.{name}"), *(times(edition, edition.trend(name, route)) for route in edition.routes)]
        for name in _indicators(edition)
    ]
    align = "l" + "r" * len(edition.routes)
    note = text.say("report.table_trends_note", none=text.say("report.table_trends_none"))
    made = table(edition, text.say("report.table_trends"), "indicator", align, rows, kind="trends", note=note)
    made["columns"] += [text.say(f"route_short.{route}") for route in edition.routes]
    return {**made, "widths": [0, *[WIDE] * len(edition.routes)]}


def _groups(edition: Edition, route: str) -> Table:
    """At least one indicator by sex, age, company and a year outside the country of origin, pair by pair."""
    text = edition.text
    rows: list[Row] = []
    for group in _WITHIN:
        told = []
        for first, second in edition.contrasted(group):
            found = edition.contrast(Derived.AT_LEAST_ONE, group, route, first, second)
            if found.difference is None:
                continue
            cells = [share(edition, edition.at_least_one(route, group, level)) for level in (first, second)]
            pair = text.say("format.against", first=text.level(group, first), second=text.level(group, second))
            ratio = times(edition, found.ratio) if found.ratio else ""
            difference, p = points(edition, found.difference), p_value(edition, found.log10_p)
            told.append([pair, *cells, difference, ratio, p])
        rows += [[text.variable(group)], *told] if told else []
    title = text.say("report.table_groups", route=text.say(f"route.{route}"))
    note = " ".join([text.say("report.table_groups_note"), *edition.caveats("sex")])
    widths = [0, 15, 15, 31, 27, 14]
    columns = "pair first second difference ratio p"
    return table(edition, title, columns, "lrrrrr", rows, kind="groups", of=[route], note=note, widths=widths)


def missing_answers(edition: Edition) -> list[Table]:
    """What missing answers could change: four rules side by side, and how far two routes are from tipping."""
    pairs = combinations(edition.routes, 2)
    return [
        *(_four_rules(edition, route) for route in edition.routes),
        *(_tipping(edition, *pair) for pair in pairs),
    ]


def missing_in_report(edition: Edition) -> list[Table]:
    """The same in less room: all routes in one table, and where they make several pairs, the ends of each."""
    text, pairs = edition.text, list(combinations(edition.routes, 2))
    rows: list[Row] = []
    for route in edition.routes:
        rows += [[text.heading(f"route.{route}")], *_rules(edition, route)]
    rules = _of_rules(edition, text.say("report.table_missing_by_route"), rows, edition.routes)
    return [rules, *([_tips(edition, pairs)] if len(pairs) > 1 else (_tipping(edition, *pair) for pair in pairs))]


def _four_rules(edition: Edition, route: str) -> Table:
    title = edition.text.say("report.table_missing", route=edition.text.say(f"route.{route}"))
    return _of_rules(edition, title, _rules(edition, route), [route])


def _rules(edition: Edition, route: str) -> list[Row]:
    """Each derived indicator on a route by four rules for missing answers."""
    text = edition.text
    derived = [name for name in Derived if name is not Derived.AT_LEAST_ONE_COMMON or edition.asks_common_core]
    rows = []
    for name in map(str, derived):
        cell, complete = edition.estimate(name, route), edition.complete_cases(name, route)
        told = [count(edition, cell.n), share(edition, cell), bounds(edition, cell)]
        told += [count(edition, complete.n), share(edition, complete)]
        rows.append([text.say(f"indicator.{name}"), *told])
    return rows


def _of_rules(edition: Edition, title: str, rows: list[Row], of: Sequence[str]) -> Table:
    columns = "indicator answered share bounds complete complete_share"
    note = edition.text.say("report.missing_note")
    return table(edition, title, columns, "lrrrrr", rows, kind="missing", of=of, note=note)


def _tips(edition: Edition, pairs: list[tuple[str, str]]) -> Table:
    """The difference of each pair of routes in at least one, and the ends of what missing answers could make of it."""
    text, rows = edition.text, []
    for first, second in pairs:
        found = edition.contrast(Derived.AT_LEAST_ONE, ROUTE, ALL, first, second).difference
        grid = edition.tipping(Derived.AT_LEAST_ONE, first, second)
        least, most = min(grid, key=_lean), max(grid, key=_lean)
        names = {"first": text.say(f"route_short.{first}"), "second": text.say(f"route_short.{second}")}
        told = (points_alone(edition, number) for number in (found and found[0], grid[least], grid[most]))
        rows.append([text.say("format.against", **names), *told])
    note = text.say("report.table_tips_note", workbook=edition.file_name("annex.xlsx"))
    return table(
        edition, text.say("report.table_tips"), "pair as_counted least most", "lrrr", rows, kind="tips", note=note
    )


def _lean(supposed: tuple[float, float]) -> float:
    """How far suppositions on missing answers lean to the first of two routes."""
    return supposed[0] - supposed[1]


def _tipping(edition: Edition, first: str, second: str) -> Table:
    """The difference in at least one, for suppositions on those of whom an answer is missing."""
    text = edition.text
    grid = edition.tipping(Derived.AT_LEAST_ONE, first, second)
    assumed = sorted({a for a, _ in grid})
    names = [text.say(f"route_short.{route}") for route in (first, second)]
    rows = []
    for a in assumed:
        told = (grid[a, b] for b in assumed)
        rows.append([percent(edition, a), *(points_alone(edition, d) for d in told)])
    values = {"first": names[0], "second": names[1]}
    title, align = text.say("report.table_tipping", **values), "l" + "r" * len(assumed)
    made = table(edition, title, "", align, rows, kind="tipping", of=[first, second])
    made["columns"] = [text.say("report.col_assumed", **values), *(text.percent(b) for b in assumed)]
    made["note"] = text.say("report.table_tipping_note", **values)
    return made


def together(edition: Edition) -> list[Table]:
    """Pairs of indicators reported by the same respondents."""
    text, rows = edition.text, []
    for one, other in combinations(edition.singles, 2):
        cells = [edition.both(one, other, route) for route in edition.routes]
        pair = text.say(
            "format.both", one=text.say(f"indicator_short.{one}"), other=text.say(f"indicator_short.{other}")
        )
        told = [value for cell in cells for value in (share(edition, cell), interval(edition, cell))]
        rows.append([capitalised(pair), *told])
    columns = [text.say("report.col_pair")]
    for route in edition.routes:
        columns += [text.say(f"route_short.{route}"), text.say("report.col_interval")]
    title, note = text.say("report.table_together"), text.say("report.table_together_note")
    made = table(edition, title, "", "l" + "rr" * len(edition.routes), rows, kind="together", note=note)
    return [{**made, "columns": columns}]
