"""Headline claims: sentences with a number, each computed from released rows, each under its own condition.

A claim is a template with a condition, not a sentence: a wave that lacks a route or a question omits it and says why.
No number is written here; every one comes from `Released`, and every claim names the rows that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.report.edition import Cell, Edition, Interval
from pipeline.report.figures.adjusted_by_factor import finding, model_notes, widest
from pipeline.vocabulary import ALL, OWN_OR_FAMILY, ROUTE, TRANSIT_BINS, Derived

YOUNG, ADULT = ("14_17", "18_24"), "25_plus"
"""Age groups of children and youth, and the one that they are set beside."""
RATIO_LEAST = 2
"""A ratio is a headline from here on."""


@dataclass(frozen=True)
class Claim:
    """A sentence and what is behind it.

    value: the number of the sentence, as released. base: rounded number of respondents behind it. rows: keys of the
    released rows. omitted: why the wave cannot state it; then there is no sentence.
    """

    claim: str
    sentence: str = ""
    value: float | None = None
    base: int | None = None
    interval: tuple[float, float] | None = None
    table: str = ""
    rows: tuple[dict[str, str], ...] = ()
    omitted: str = ""
    headline: bool = True
    values: dict[str, float] = field(default_factory=dict)


def claims(edition: Edition) -> list[Claim]:
    """Every claim of the registry, stated or omitted with its reason."""
    return [claim for make in REGISTRY for claim in make(edition)]


def stated(all_claims: list[Claim], *names: str) -> list[Claim]:
    """The claims that could be stated, of these kinds (`kind` or `kind:route`), in the order of the names."""
    found = []
    for name in names:
        found += [c for c in all_claims if not c.omitted and (c.claim == name or c.claim.startswith(f"{name}:"))]
    return found


def _omit(edition: Edition, name: str, reason: str, **values: object) -> Claim:
    return Claim(name, omitted=edition.text.say(f"omitted.{reason}", **values))


def _from_cell(name: str, sentence: str, cell: Cell, table: str = "estimates", *, headline: bool = True) -> Claim:
    interval = (cell.low, cell.high) if cell.low is not None and cell.high is not None else None
    return Claim(name, sentence, cell.share, cell.n, interval, table, (cell.key,), headline=headline)


def _route(edition: Edition, route: str) -> str:
    return edition.text.say(f"route.{route}")


def _largest_first(edition: Edition) -> list[str]:
    """The routes by how many respondents reported at least one indicator, most first: the order of comparisons."""
    shares = {route: edition.at_least_one(route).share for route in edition.routes}
    return sorted(edition.routes, key=lambda route: -(shares[route] or 0))


def _analysed(edition: Edition) -> Iterator[Claim]:
    text, numbers = edition.text, edition.released.analysed_by_route
    parts = [
        text.say("claims.analysed_part", n=text.count(numbers[route]), route=_route(edition, route))
        for route in sorted(edition.routes, key=lambda route: -numbers[route])
    ]
    total = numbers.get(ALL, 0)
    sentence = text.say("claims.analysed", n=text.count(total), by_route=text.listing(parts))
    rows = ({"rule": "analysed"},)
    exact = {route: float(numbers[route]) for route in edition.routes}
    yield Claim("analysed", sentence, float(total), total, None, "ledger", rows, values=exact)


def _data_collection(edition: Edition) -> Iterator[Claim]:
    text, periods = edition.text, {route: edition.wave.route_period(route) for route in edition.routes}
    alike = len(periods) > 1 and len({(period.from_, period.to) for period in periods.values()}) == 1
    count = text.number_word(len(periods))
    parts = [
        text.say(
            "claims.data_collection_all" if alike else "claims.data_collection_part",
            from_=text.month(period.from_, with_year=period.from_.year != period.to.year),
            to=text.month(period.to),
            route=_route(edition, route),
            count=count,
        )
        for route, period in sorted(periods.items(), key=lambda one: one[1].from_)
    ]
    on = text.day(edition.wave.file.analysed_on)
    sentence = text.say("claims.data_collection", by_route=text.listing(parts[:1] if alike else parts), analysed_on=on)
    yield Claim("data_collection", sentence, table="wave.toml")


def _at_least_one(edition: Edition) -> Iterator[Claim]:
    text, q = edition.text, edition.wave.questionnaire
    awareness = any(item.experience == "awareness" and item.counts for item in q.indicators)
    for route in _largest_first(edition):
        name, cell = f"at_least_one:{route}", edition.at_least_one(route)
        if cell.share is None:
            yield _omit(edition, name, "withheld")
            continue
        sentence = text.say(
            "claims.at_least_one",
            route=_route(edition, route),
            share=edition.percent(cell),
            count=text.number_word(len(q.counted)),
            awareness=text.say("claims.at_least_one_awareness") if awareness else "",
        )
        yield _from_cell(name, sentence, cell)
    if len(edition.routes) == 1:
        # Nothing can be compared; then it is said for each route that the questionnaire knows why it is not there.
        for route in sorted({str(rule.route) for rule in q.routes} - set(edition.routes)):
            yield _omit(edition, f"at_least_one:{route}", "no_route", route=_route(edition, route))


def _at_least_one_common(edition: Edition) -> Iterator[Claim]:
    """The only "at least one" that may be compared with waves of another instrument."""
    kind = Derived.AT_LEAST_ONE_COMMON
    if not edition.asks_common_core:
        yield _omit(edition, kind, "not_common")
        return
    for route in _largest_first(edition):
        name, cell = f"{kind}:{route}", edition.estimate(kind, route)
        if cell.share is None:
            yield _omit(edition, name, "withheld")
            continue
        sentence = edition.text.say(
            "claims.at_least_one_common", route=_route(edition, route), share=edition.percent(cell)
        )
        yield _from_cell(name, sentence, cell, headline=False)


def _single(edition: Edition) -> Iterator[Claim]:
    text = edition.text
    for route in _largest_first(edition):
        for item in edition.wave.questionnaire.indicators:
            name = f"{item.indicator}:{route}"
            cell = edition.estimate(item.indicator, route)
            if cell.share is None:
                yield _omit(edition, name, "withheld")
                continue
            reported = text.say(f"reported.{item.indicator}")
            sentence = text.say(
                "claims.indicator", route=_route(edition, route), share=edition.percent(cell), reported=reported
            )
            yield _from_cell(name, sentence, cell, headline=False)


def _pair(edition: Edition) -> tuple[str, str] | None:
    """The routes with the most and the fewest reports."""
    ordered = [route for route in _largest_first(edition) if edition.at_least_one(route).share is not None]
    return (ordered[0], ordered[-1]) if len(ordered) > 1 else None


def _as_tables_have_it(edition: Edition, pair: tuple[str, str]) -> tuple[str, str, bool]:
    """The two routes in the order of tables, and whether that turns them round."""
    turned = edition.routes.index(pair[0]) > edition.routes.index(pair[1])
    return (pair[1], pair[0], True) if turned else (*pair, False)


def _ratio(edition: Edition) -> Iterator[Claim]:
    pair = _pair(edition)
    if pair is None:
        yield _omit(edition, "ratio", "one_route" if len(edition.routes) < 2 else "withheld")
        return
    found, least = [], edition.released.policy.ratio_share
    for item in edition.wave.questionnaire.indicators:
        above, below = (edition.estimate(item.indicator, route) for route in pair)
        if above.share is None or below.share is None or round(below.share, 2) < least:
            continue
        if above.share / below.share >= RATIO_LEAST:
            found.append((item.indicator, above, below, above.share / below.share))
    if not found:
        yield _omit(edition, "ratio", "too_close")
        return
    text = edition.text
    found.sort(key=lambda entry: -entry[3])
    low, high = round(found[-1][3]), round(found[0][3])
    parts = [
        text.say(
            "claims.ratio_part",
            indicator=text.say(f"indicator_short.{indicator}"),
            share=edition.percent(above),
            other_share=edition.percent(below),
        )
        for indicator, above, below, _ in found
    ]
    sentence = text.say(
        "claims.ratio" if low < high else "claims.ratio_one" if len(found) == 1 else "claims.ratio_same",
        low=low,
        high=high,
        route=_route(edition, pair[0]),
        other=_route(edition, pair[1]),
        parts=text.listing(parts),
    )
    rows = tuple(cell.key for _, above, below, _ in found for cell in (above, below))
    values = {str(indicator): round(ratio, 1) for indicator, _, _, ratio in found}
    yield Claim("ratio", sentence, float(high), None, None, "estimates", rows, values=values)


def _year_outside(edition: Edition) -> Iterator[Claim]:
    name = "year_outside_origin"
    if name not in edition.wave.questionnaire.columns:
        yield _omit(edition, name, "not_asked")
        return
    cell = edition.at_least_one(ALL, name, "yes")
    if cell.share is None:
        yield _omit(edition, name, "withheld")
        return
    by_route = [edition.at_least_one(route, name, "yes") for route in _largest_first(edition)]
    by_route = [told for told in by_route if told.share is not None]
    text = edition.text
    parts = [
        text.say("claims.year_outside_part", route=text.say(f"route_short.{c.route}"), share=edition.percent(c))
        for c in by_route
    ]
    kind = "year_outside_origin" if len(edition.routes) > 1 and parts else "year_outside_origin_alone"
    sentence = text.say(f"claims.{kind}", share=edition.percent(cell), by_route=", ".join(parts))
    claim = _from_cell(name, sentence, cell)
    yield Claim(
        claim.claim,
        sentence,
        claim.value,
        claim.base,
        claim.interval,
        claim.table,
        tuple(c.key for c in [cell, *by_route]),
    )


def _over_6_months(edition: Edition) -> Iterator[Claim]:
    name = "over_6_months"
    if edition.over_6_months not in edition.variables():
        yield _omit(edition, name, "not_asked")
        return
    cells = [edition.distribution(edition.over_6_months, route, "yes") for route in _largest_first(edition)]
    told = [cell for cell in cells if cell.share is not None]
    if not told:
        yield _omit(edition, name, "withheld")
        return
    text = edition.text
    parts = [
        text.say("claims.over_6_months_part", share=edition.percent(c), route=_route(edition, c.route)) for c in told
    ]
    compared = text.say("claims.over_6_months_against").join(parts) if len(parts) == 2 else text.listing(parts)
    sentence = text.say("claims.over_6_months", by_route=compared)
    values = {c.route: c.share for c in told if c.share is not None}
    rows = tuple(c.key for c in told)
    yield Claim(name, sentence, told[0].share, told[0].n, None, "distributions", rows, values=values)


def _transit(edition: Edition) -> Iterator[Claim]:
    for route in _largest_first(edition):
        first, last = (edition.at_least_one(route, "transit", step) for step in (TRANSIT_BINS[0], TRANSIT_BINS[-1]))
        name = f"transit:{route}"
        if first.share is None or last.share is None:
            yield _omit(edition, name, "withheld")
            continue
        sentence = edition.text.say(
            "claims.transit",
            route=_route(edition, route),
            first=edition.percent(first),
            last=edition.percent(last),
        )
        yield Claim(name, sentence, last.share, last.n, None, "estimates", (first.key, last.key))


def _where(edition: Edition) -> Iterator[Claim]:
    for route in _largest_first(edition):
        name = f"where:{route}"
        told = [cell for cell in edition.events(route) if cell.share is not None and _is_country(edition, cell)]
        if not told:
            yield _omit(edition, name, "withheld")
            continue
        top = max(told, key=lambda cell: cell.share or 0)
        sentence = edition.text.say(
            "claims.where",
            country=edition.text.country(top.key["country"]),
            share=edition.percent(top),
            route=_route(edition, route),
        )
        yield _from_cell(name, sentence, top, "events")


def _is_country(edition: Edition, cell: Cell) -> bool:
    return len(cell.key["country"]) == 3 and cell.key["country"].isupper()


def _family(edition: Edition) -> Iterator[Claim]:
    for route in _largest_first(edition):
        name = f"family:{route}"
        cell = edition.experience(OWN_OR_FAMILY, Derived.AT_LEAST_ONE, route, "family")
        if cell.share is None:
            yield _omit(edition, name, "withheld")
            continue
        sentence = edition.text.say("claims.family", route=_route(edition, route), share=edition.percent(cell))
        yield _from_cell(name, sentence, cell, "experience", headline=False)


def _young(edition: Edition) -> Iterator[Claim]:
    """Children and youth beside adults, on each route."""
    text = edition.text
    for route in _largest_first(edition):
        name = f"young:{route}"
        cells = {age: edition.at_least_one(route, "age_group", age) for age in (*YOUNG, ADULT)}
        told = [age for age in YOUNG if cells[age].share is not None]
        if cells[ADULT].share is None or not told:
            yield _omit(edition, name, "withheld")
            continue
        parts = [
            text.say("claims.young_part", share=edition.percent(cells[age]), age=text.level("age_group", age))
            for age in told
        ]
        adults = {"share": edition.percent(cells[ADULT]), "age": text.level("age_group", ADULT)}
        sentence = text.say("claims.young", route=_route(edition, route), parts=text.listing(parts), **adults)
        rows = tuple(cells[age].key for age in (*told, ADULT))
        values = {age: cells[age].share or 0.0 for age in (*told, ADULT)}
        yield Claim(
            name,
            sentence,
            cells[told[0]].share,
            cells[told[0]].n,
            None,
            "estimates",
            rows,
            headline=False,
            values=values,
        )


def _trend(edition: Edition) -> Iterator[Claim]:
    """How the odds change from one journey time to the next, on each route."""
    text, kind = edition.text, str(Derived.AT_LEAST_ONE)
    for route in _largest_first(edition):
        name, found = f"trend:{route}", edition.trend(kind, route)
        if found is None:
            yield _omit(edition, name, "withheld")
            continue
        times, low, high = map(text.times_alone, found)
        sentence = text.say("claims.trend", route=_route(edition, route), times=times, low=low, high=high)
        row = {"indicator": kind, "route": route}
        yield Claim(name, sentence, found[0], None, found[1:], "trends", (row,), headline=False)


def _difference(edition: Edition) -> Iterator[Claim]:
    """By how many percentage points the routes with the most and the fewest reports differ."""
    pair = _pair(edition)
    if pair is None:
        yield _omit(edition, "difference", "one_route" if len(edition.routes) < 2 else "withheld")
        return
    first, second, turned = _as_tables_have_it(edition, pair)
    found = edition.contrast(Derived.AT_LEAST_ONE, ROUTE, ALL, first, second).difference
    if found is None:
        yield _omit(edition, "difference", "withheld")
        return
    number, low, high = (-found[0], -found[2], -found[1]) if turned else found
    told = {"points": round(number * 100), "low": round(low * 100), "high": round(high * 100)}
    routes = {"route": _route(edition, pair[0]), "other": _route(edition, pair[1])}
    sentence = edition.text.say("claims.difference", **told, **routes)
    row = {"compared": ROUTE, "first": first, "second": second, "indicator": str(Derived.AT_LEAST_ONE)}
    yield Claim("difference", sentence, number, None, (low, high), "contrasts", (row,), headline=False)


def _equal_time(edition: Edition) -> Iterator[Claim]:
    """How much of the difference between two routes goes with longer journeys: crude against adjusted."""
    pair = _pair(edition)
    if pair is None:
        yield _omit(edition, "equal_time", "one_route" if len(edition.routes) < 2 else "withheld")
        return
    text = edition.text
    first, second, turned = _as_tables_have_it(edition, pair)
    found = edition.stratified(Derived.AT_LEAST_ONE, first, second)
    if found.crude is None or found.ratio is None:
        yield _omit(edition, "equal_time", "withheld")
        return
    ratio, crude = (1 / value if turned else value for value in (found.ratio[0], found.crude))
    told = {"ratio": text.times_alone(ratio), "crude": text.times_alone(crude)}
    kind = "equal_time" if ratio < crude and told["ratio"] != told["crude"] else "equal_time_none"
    sentence = text.say(f"claims.{kind}", **told, route=_route(edition, pair[0]), other=_route(edition, pair[1]))
    row = {"indicator": str(Derived.AT_LEAST_ONE), "first": first, "second": second}
    values = {"crude_risk_ratio": crude, "risk_ratio": ratio}
    yield Claim("equal_time", sentence, ratio, table="stratified", rows=(row,), headline=False, values=values)


def _factors(edition: Edition) -> Iterator[Claim]:
    """The factor by which reports differ most, all others taken into account."""
    found = widest(edition) if edition.has_model else None
    if found is None:
        why = {} if edition.has_model else {"why": model_notes(edition)}
        yield _omit(edition, "factors", "no_model" if why else "withheld", **why)
        return
    _, (_, low), (_, high) = found
    sentence = edition.text.say("claims.factors", **(finding(edition) or {}))
    values = {cell.key["level"]: cell.share for cell in (low, high) if cell.share is not None}
    rows = (low.key, high.key)
    yield Claim("factors", sentence, high.share, high.n, None, "factors", rows, headline=False, values=values)


def _change(edition: Edition) -> Iterator[Claim]:
    """The common set beside that of an earlier wave, on each route, if the wave file names one."""
    if edition.earlier is None:
        return
    text, waves = edition.text, {"wave": edition.wave.name, "earlier": edition.earlier.name}
    for route in _largest_first(edition):
        name, found = f"change:{route}", edition.changes(route)
        if not found:
            yield _omit(edition, name, "no_route_in_both", **waves)
        elif found[0].broken:
            yield _omit(edition, name, "broken", **waves)
        elif found[0].difference is None:
            yield _omit(edition, name, "withheld")
        else:
            change, (points, low, high) = found[0], found[0].difference
            kind, told = _told(found[0].difference, edition)
            shares = {"share": edition.percent(change.later), "earlier_share": edition.percent(change.earlier)}
            sentence = text.say(f"claims.{kind}", route=_route(edition, route), **shares, **told, **waves)
            row = {"indicator": change.later.key["indicator"], "route": route}
            yield Claim(name, sentence, points, None, (low, high), "changes", (row,), headline=False)


def _told(difference: Interval, edition: Edition) -> tuple[str, dict[str, object]]:
    """Which sentence a difference has, and its numbers: without a sign where the sentence says more or fewer."""
    points, low, high = difference
    if low <= 0 <= high:
        ends = map(edition.text.points_alone, (low, high))
        return "change_open", dict(zip(("low", "high"), ends, strict=True))
    kind, whole = ("change_more", (points, low, high)) if points > 0 else ("change_fewer", (-points, -high, -low))
    return kind, dict(zip(("points", "low", "high"), (round(number * 100) for number in whole), strict=True))


REGISTRY: tuple[Callable[[Edition], Iterator[Claim]], ...] = (
    _analysed,
    _data_collection,
    _at_least_one,
    _at_least_one_common,
    _single,
    _ratio,
    _year_outside,
    _over_6_months,
    _transit,
    _where,
    _family,
    _young,
    _trend,
    _difference,
    _equal_time,
    _factors,
    _change,
)
