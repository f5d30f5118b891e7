"""The tabulate stage: analysed respondents → counts. After it, nothing in the pipeline sees a person.

The engine groups once over a few small sets of related characteristics, with the monitoring point; every table after
that is a sum of these small results. One grouping a characteristic would read the people ten times, and one grouping
over all characteristics at once would have nearly as many cells as people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from operator import add, or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine
from pipeline.ingest.exclude import EXCLUDED_BY
from pipeline.ingest.recode import FILE, ROW, part, together
from pipeline.questionnaire import AnswerColumn, IndicatorItem, ManyColumn, Questionnaire, group_level
from pipeline.tables import COUNTS, PAIRS, PROFILES, conform
from pipeline.vocabulary import (
    ALL,
    DECLINED,
    DIMENSIONS,
    EXPERIENCE_WORDS,
    GROUPS,
    MISSING_WORDS,
    PROFILE,
    ROUTES,
    UNKNOWN,
    Derived,
    Experience,
    Indicator,
    Missing,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

POINT = "monitoring_point"
PEOPLE = "people"
MEASURES = ("asked", "answered", "yes", "family", "undecided", "complete", "complete_yes")
OF_ONE = ("asked", "answered", "yes", "family")
"""What is counted of a single indicator; its other measures follow from these."""

RELATED = (
    ("transit", "sex", "age_group", "travel_mode"),
    ("year_outside_origin", "education"),
    ("nationality", "region_of_origin"),
    ("departure_country",),
    ("survey_country",),
)
"""Sets of characteristics that are grouped together. Every cross of `GROUPS` lies within one of them."""


@dataclass(frozen=True)
class Tabulated:
    """Counts of people, exact.

    counts, profiles, pairs: see `tables`. classes: the questionnaire's keys, respondents. people: route, variable,
    level, people, for every distribution (for a question with several answers: how many chose each). bases: route,
    variable, people with a known answer. events: route, indicator, country, events, people. numbers: route, number (of
    indicators reported), people.
    """

    counts: pd.DataFrame
    profiles: pd.DataFrame
    pairs: pd.DataFrame
    classes: pd.DataFrame
    people: pd.DataFrame
    bases: pd.DataFrame
    events: pd.DataFrame
    numbers: pd.DataFrame


def tabulate(respondents: ir.Table, q: Questionnaire, engine: Engine) -> Tabulated:
    """Counts every indicator and distribution over the analysed respondents."""
    analysed = engine.hold(_measured(respondents.filter(respondents[EXCLUDED_BY] == ""), q, engine))
    cells = _cells(analysed, q, engine)
    people, bases = _people(analysed, cells, q, engine)
    return Tabulated(
        counts=_counts(cells, q),
        profiles=_profiles(analysed, q, engine),
        pairs=_pairs(analysed, q, engine),
        classes=_classes(analysed, q, engine),
        people=people,
        bases=bases,
        events=_events(analysed, q, engine),
        numbers=_numbers(analysed, engine),
    )


def indicators(q: Questionnaire) -> list[str]:
    """The indicators of a questionnaire, single ones first, then the derived ones."""
    return [str(item.indicator) for item in q.indicators] + [str(derived) for derived in Derived]


def occurring_levels(dimension: str, q: Questionnaire, there: Iterable[str]) -> list[str]:
    """All declared levels of a dimension, then `declined` and `unknown` where they occur."""
    present = set(there)
    declared = q.levels(dimension) if dimension in q.columns or dimension in ("age_group", "region_of_origin") else []
    return [*declared, *(level for level in (DECLINED, UNKNOWN) if level in present)]


# --- people: what each respondent adds to each count ----------------------------------------------------------------


def _measured(analysed: ir.Table, q: Questionnaire, engine: Engine) -> ir.Table:
    """One row a respondent: the dimensions as levels, and for each indicator a 0/1 column for each measure."""
    sets = {
        Derived.AT_LEAST_ONE: (q.counted, 1),
        Derived.AT_LEAST_TWO: (q.counted, 2),
        Derived.AT_LEAST_ONE_COMMON: (q.common_core, 1),
    }
    columns: dict[str, ir.Value] = {"route": analysed["route"], POINT: analysed[POINT]}
    columns |= {dimension: _level(analysed, dimension) for dimension in _grouped(q)}
    for item in q.indicators:
        columns |= _single(analysed, item.indicator)
    keep = [FILE, ROW, *_asked_columns(analysed, q)]
    columns |= {name: analysed[name] for name in keep if name not in columns}
    # What is derived adds up what single indicators say: as a step of its own, each answer is looked at once.
    of_one = engine.step(analysed.select(**columns), {})
    derived: dict[str, ir.Value] = {}
    for name, (among, least) in sets.items():
        derived |= _derived(of_one, str(name), among, least)
    return of_one.mutate(**derived, n_indicators=_number(of_one, q.counted, "yes"))


def _grouped(q: Questionnaire) -> list[str]:
    closed = [name for name in q.distributions if isinstance(q.columns.get(name), AnswerColumn)]
    return list(dict.fromkeys([*DIMENSIONS, *closed]))


def _asked_columns(analysed: ir.Table, q: Questionnaire) -> list[str]:
    """The columns that events and questions with several answers need as they are."""
    parts = [part(n, word) for n, c in q.columns.items() if isinstance(c, ManyColumn) for word in q.words(n)]
    items = [name for i in q.indicators for name in (str(i.indicator), i.event_country) if name]
    return [name for name in [*parts, *items] if name in analysed.columns]


def _level(analysed: ir.Table, dimension: str) -> ir.StringValue:
    if dimension not in analysed.columns:
        return ibis.literal(UNKNOWN)
    as_level = {word: group_level(word) for word in MISSING_WORDS}
    return analysed[dimension].cases(*as_level.items(), else_=analysed[dimension])


def _flags(indicator: str, tests: dict[str, ir.BooleanValue]) -> dict[str, ir.Value]:
    # A byte for each: they are held for everyone, and there are some fifty of them.
    return {_measure(indicator, name): test.cast("int8") for name, test in tests.items()}


def _measure(indicator: str, measure: str) -> str:
    return f"{indicator}:{measure}"


def _single(analysed: ir.Table, indicator: Indicator) -> dict[str, ir.Value]:
    """Base: a valid answer. Don't know and declined are neither yes nor no; not asked is not even asked."""
    answer = analysed[str(indicator)]
    tests = {
        "asked": answer != str(Missing.NOT_ASKED),
        "answered": answer.isin(EXPERIENCE_WORDS),
        "yes": answer == str(Experience.YES),
        "family": answer == str(Experience.FAMILY),
    }
    return _flags(str(indicator), tests)


def _number(of_one: ir.Table, among: Iterable[Indicator], measure: str) -> ir.IntegerValue:
    """For how many of these indicators a respondent has this measure."""
    return reduce(add, [of_one[_measure(i, measure)] for i in among], ibis.literal(0, "int8"))


def _derived(of_one: ir.Table, name: str, among: tuple[Indicator, ...], least: int) -> dict[str, ir.Value]:
    """Base: a valid answer to at least one of the set. Positive: `least` or more own positive responses."""
    asked, answered, yes, family = (_number(of_one, among, measure) for measure in OF_ONE)
    missing = asked - answered
    complete = (asked > 0) & (answered == len(among))
    tests = {
        "asked": asked > 0,
        "answered": answered > 0,
        "yes": yes >= least,
        "family": (yes < least) & (yes + family >= least),
        "undecided": (yes < least) & (yes + missing >= least),
        "complete": complete,
        "complete_yes": complete & (yes >= least),
    }
    return _flags(name, tests)


# --- small tables: sums of what the engine counted ------------------------------------------------------------------


def _sums(analysed: ir.Table, measures: list[str]) -> dict[str, ir.Value]:
    # An empty group gives no row and SUM over nothing is NULL, so zeros are added later, over the whole grid.
    return {PEOPLE: analysed.count(), **{name: analysed[name].sum() for name in measures}}


def _cells(analysed: ir.Table, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """One row for each route, monitoring point, group and level with anyone in it; a column for each measure.

    `all` routes are the sum of the routes.
    """
    import pandas as pd

    measures = [_measure(i, m) for i in indicators(q) for m in MEASURES]
    counted = [name for name in measures if name in analysed.columns]
    found: dict[str, pd.DataFrame] = {}
    for dimensions in RELATED:
        grouped = analysed.group_by(["route", POINT, *dimensions]).agg(**_sums(analysed, counted))
        small = _with_all_measures(engine.frame(grouped), q)
        for group, crossed in GROUPS.items():
            if group not in found and set(crossed) <= set(dimensions):
                found[group] = _one_group(small, group, crossed, measures)
    cells = pd.concat([found[group] for group in GROUPS], ignore_index=True)
    every_route = cells.drop(columns="route").groupby(["group", "level", POINT], as_index=False, sort=False).sum()
    return pd.concat([cells, every_route.assign(route=ALL)], ignore_index=True)


def _with_all_measures(small: pd.DataFrame, q: Questionnaire) -> pd.DataFrame:
    """Adds what follows from the measures of single indicators: a valid answer to one question is a complete one."""
    follow: dict[str, pd.Series] = {}
    for item in q.indicators:
        asked, answered, yes, _ = (small[_measure(item.indicator, name)] for name in OF_ONE)
        of_one = {"undecided": asked - answered, "complete": answered, "complete_yes": yes}
        follow |= {_measure(item.indicator, name): values for name, values in of_one.items()}
    # In one piece: of one column after the other, sums take half as long again.
    return small.assign(**follow).copy()


def _one_group(small: pd.DataFrame, group: str, crossed: tuple[str, ...], measures: list[str]) -> pd.DataFrame:
    sums = small.groupby(["route", POINT, *crossed], as_index=False, sort=False)[[PEOPLE, *measures]].sum()
    level = reduce(lambda above, below: above + "|" + below, [sums[c] for c in crossed]) if crossed else ALL
    return sums.drop(columns=list(crossed)).assign(group=group, level=level)


def _grid(cells: pd.DataFrame, q: Questionnaire) -> list[tuple[str, str, str]]:
    """Every route, group and level, whether anyone is in it or not, in the order of the tables."""
    levels = {
        dimension: occurring_levels(dimension, q, cells.loc[cells["group"] == dimension, "level"])
        for dimension in DIMENSIONS
    }
    grid: list[tuple[str, str, str]] = []
    for group, crossed in GROUPS.items():
        of_group = ["|".join(words) for words in product(*(levels[d] for d in crossed))] if crossed else [ALL]
        grid.extend((route, group, level) for route in (*ROUTES, ALL) for level in of_group)
    return grid


def _counts(cells: pd.DataFrame, q: Questionnaire) -> pd.DataFrame:
    """The cells with a row an indicator, over the complete grid, in order."""
    import pandas as pd

    key = ["route", "group", "level"]
    grid = pd.DataFrame(_grid(cells, q), columns=key)
    grid["place"] = range(len(grid))
    whole = grid.merge(cells.drop(columns=PEOPLE), on=key, how="left", validate="one_to_many")
    whole[POINT] = whole[POINT].fillna("")
    whole = whole.sort_values(["place", POINT], kind="stable").fillna(0)
    # Below each other in the order of the indicators, each in the order of the grid.
    parts = [
        whole[[*key, POINT]].assign(indicator=name, **{m: whole[_measure(name, m)].astype("int64") for m in MEASURES})
        for name in indicators(q)
    ]
    return conform(pd.concat(parts, ignore_index=True), COUNTS)


def _profiles(analysed: ir.Table, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """What models and standardised shares are made from: characteristics all together, with the monitoring point."""
    import pandas as pd

    names = indicators(q)
    key = ["route", POINT, *PROFILE]
    sums = {_measure(i, m): analysed[_measure(i, m)].sum() for i in names for m in ("answered", "yes")}
    wide = engine.frame(analysed.group_by(key).agg(**sums)).sort_values(key, kind="stable")
    parts = [
        wide[key].assign(indicator=name, answered=wide[_measure(name, "answered")], yes=wide[_measure(name, "yes")])
        for name in names
    ]
    frame = pd.concat(parts, ignore_index=True)
    return conform(frame[frame["answered"] > 0], PROFILES)


def _classes(analysed: ir.Table, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """Respondents by what somebody may know of them, all together."""
    import pandas as pd

    keys = list(dict.fromkeys(q.keys))
    if not keys:
        return pd.DataFrame(columns=["respondents"])
    return engine.frame(analysed.group_by(keys).agg(respondents=analysed.count()))


def _pairs(analysed: ir.Table, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """How often two indicators are reported by the same respondent."""
    import pandas as pd

    pairs = list(combinations([str(item.indicator) for item in q.indicators], 2))
    key = ["route", POINT]
    if not pairs:
        return conform(pd.DataFrame(columns=PAIRS.names), PAIRS)
    sums = {f"{place}:{name}": flag.sum() for place, pair in enumerate(pairs) for name, flag in _both(analysed, *pair)}
    wide = engine.frame(analysed.group_by(key).agg(**sums)).sort_values(key, kind="stable")
    parts = [
        wide[key].assign(
            indicator=one, other=other, **{name: wide[f"{place}:{name}"] for name in PAIRS.names[len(key) + 2 :]}
        )
        for place, (one, other) in enumerate(pairs)
    ]
    return conform(pd.concat(parts, ignore_index=True), PAIRS)


def _both(analysed: ir.Table, one: str, other: str) -> Iterator[tuple[str, ir.IntegerValue]]:
    """What a respondent adds to each measure of a pair of indicators."""
    answered, yes = ([analysed[_measure(name, m)] for name in (one, other)] for m in ("answered", "yes"))
    yield "answered", answered[0] * answered[1]
    yield "yes", yes[0] * yes[1]
    yield "yes_indicator", yes[0] * answered[1]
    yield "yes_other", yes[1] * answered[0]


def _with_all_routes(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    import pandas as pd

    every_route = frame.drop(columns="route").groupby(keys, as_index=False, sort=False).sum()
    return pd.concat([frame, every_route.assign(route=ALL)], ignore_index=True)


def _people(
    analysed: ir.Table, cells: pd.DataFrame, q: Questionnaire, engine: Engine
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents by variable and level, and for each variable those with a known answer."""
    import pandas as pd

    from_cells = cells[cells["group"].isin(DIMENSIONS)]
    people = from_cells.groupby(["route", "group", "level"], as_index=False, sort=False)[[PEOPLE]].sum()
    people = people.rename(columns={"group": "variable"})
    others = [n for n in q.distributions if n not in DIMENSIONS and isinstance(q.columns[n], AnswerColumn)]
    for name in others:
        counted = engine.frame(analysed.group_by(["route", name]).agg(people=analysed.count()))
        counted = counted.rename(columns={name: "level"}).assign(variable=name)
        people = pd.concat([people, _with_all_routes(counted, ["variable", "level"])], ignore_index=True)
    known = people[~people["level"].isin([DECLINED, UNKNOWN])]
    bases = known.groupby(["route", "variable"], as_index=False, sort=False)[[PEOPLE]].sum()
    for name in (n for n in q.distributions if isinstance(q.columns.get(n), ManyColumn)):
        several, base = _several(analysed, name, q, engine)
        people, bases = pd.concat([people, several]), pd.concat([bases, base])
    return people.reset_index(drop=True), bases.reset_index(drop=True)


def _several(analysed: ir.Table, name: str, q: Questionnaire, engine: Engine) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How many chose each answer of a question with several, how many said nothing, and how many said something."""
    words = q.words(name)
    parts = [analysed[part(name, word)] for word in words]
    answered = reduce(or_, [each.isin(["yes", "no"]) for each in parts])
    declined = ~answered & reduce(or_, [each == DECLINED for each in parts])
    sums = {word: (analysed[part(name, word)] == "yes").sum() for word in words}
    sums |= {DECLINED: declined.sum(), UNKNOWN: (~answered & ~declined).sum()}
    wide = engine.frame(analysed.group_by("route").agg(**sums, _base=answered.sum())).fillna(0)
    long = wide.melt(id_vars=["route"], value_vars=list(sums), var_name="level", value_name=PEOPLE)
    long = long[~(long["level"].isin([DECLINED, UNKNOWN]) & (long[PEOPLE] == 0))].assign(variable=name)
    base = wide[["route", "_base"]].rename(columns={"_base": PEOPLE}).assign(variable=name)
    return _with_all_routes(long, ["variable", "level"]), _with_all_routes(base, ["variable"])


def _events(analysed: ir.Table, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """Own experiences by the country where they took place. One person may report several events."""
    import pandas as pd

    items = [i for i in q.indicators if i.event_country and i.event_country in analysed.columns]
    columns = ["route", "indicator", "country", "events", PEOPLE]
    if not items:
        return pd.DataFrame(columns=columns)
    events = together(_happened(analysed, i).select("route", "indicator", "country") for i in items)
    # A person says of each indicator once where it took place: as many people as events.
    counted = engine.frame(events.group_by(["route", "indicator", "country"]).agg(events=events.count()))
    by_indicator = counted.assign(**{PEOPLE: counted["events"]})
    frames = [by_indicator]
    own = [i for i in items if i.experience == "own"]
    if own:
        key = ["route", "country"]
        persons = together(_happened(analysed, i).select(*key, FILE, ROW) for i in own).distinct()
        people = engine.frame(persons.group_by(key).agg(people=persons.count()))
        direct = by_indicator[by_indicator["indicator"].isin([str(i.indicator) for i in own])]
        of_all = direct.groupby(key, as_index=False)[["events"]].sum()
        frames.append(of_all.merge(people, on=key).assign(indicator=ALL))
    # A person is on one route, so people of all routes are the sum over routes.
    return _with_all_routes(pd.concat(frames, ignore_index=True)[columns], ["indicator", "country"])


def _happened(analysed: ir.Table, item: IndicatorItem) -> ir.Table:
    """Those who report an indicator themselves, and the country where it took place."""
    those = analysed.filter(analysed[str(item.indicator)] == str(Experience.YES))
    return those.select(
        "route", FILE, ROW, indicator=ibis.literal(str(item.indicator)), country=_level(those, str(item.event_country))
    )


def _numbers(analysed: ir.Table, engine: Engine) -> pd.DataFrame:
    """How many indicators of the set respondents reported, among those in the base of at least one."""
    answered = analysed.filter(analysed[_measure(Derived.AT_LEAST_ONE, "answered")] == 1)
    counted = engine.frame(answered.group_by(["route", "n_indicators"]).agg(people=answered.count()))
    return _with_all_routes(counted.rename(columns={"n_indicators": "number"}), ["number"])
