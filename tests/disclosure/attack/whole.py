"""What the tables of whole routes say of their people: events, experience, pairs, missing answers and means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.disclosure.attack.form import ALL, COMMON, CORE, DERIVED, DIRECT, INDICATORS, NOT_KNOWN, ONE
from tests.disclosure.attack.people import People
from tests.disclosure.attack.printed import FEWEST, rows_of, say_count, say_mean, say_part, say_share
from tests.disclosure.attack.system import Sum, System, total

Counts = dict[tuple[str, ...], Sum]
Routes = Mapping[str, People]


def by_route(routes: Routes, make: Callable[[People], Sum]) -> dict[str, Sum]:
    """A count for each route, nobody where nobody was met; and their sum."""
    counts = {r: Sum() if of.everyone.is_zero else make(of) for r, of in routes.items() if r != ALL}
    return counts | {ALL: total(counts.values())}


def say_events(system: System, routes: Routes, folder: Path) -> Counts:
    """Each yes is one event in one country. Returns the events by indicator, route and country."""
    rows = rows_of(folder, "events")
    countries = list(dict.fromkeys(row["country"] for row in rows))
    events: Counts = {}
    for country in countries:
        for name in INDICATORS:
            events |= {(name, r, country): n for r, n in by_route(routes, lambda _: system.unknown()).items()}
        for r in routes:
            events[ALL, r, country] = total(events[name, r, country] for name in DIRECT)
    for name in INDICATORS:
        for r, people in routes.items():
            system.equal(people.yes[name], total(events[name, r, country] for country in countries))
    persons = _persons(system, routes, events, countries)
    answered = [country for country in countries if country not in NOT_KNOWN]
    places = [(name, r) for name in (*INDICATORS, ALL) for r in routes]
    everywhere = {place: system.named(total(events[*place, c] for c in countries)) for place in places}
    known = {place: system.named(total(events[*place, c] for c in answered)) for place in places}
    for row in rows:
        name, r, country = key = row["indicator"], row["route"], row["country"]
        base = everywhere[name, r] if country in NOT_KNOWN else known[name, r]
        say_part(system, events[key], base, row["events"], row["base"], row["share"])
        say_count(system, persons[key] if name == ALL else events[key], row["people"])
    return events


def _persons(system: System, routes: Routes, events: Counts, countries: Sequence[str]) -> Counts:
    """Who reported direct experiences in a country: somebody may have reported several."""
    persons: Counts = {}
    for country in countries:
        persons |= {(ALL, r, country): n for r, n in by_route(routes, lambda _: system.unknown()).items()}
    for r, people in routes.items():
        anywhere = system.named(total(n for some, n in people.sets.items() if some.intersection(DIRECT)))
        for country in countries:
            of = persons[ALL, r, country]
            system.at_most(of, events[ALL, r, country])
            system.at_most(of, anywhere)
            for name in DIRECT:
                system.at_most(events[name, r, country], of)
        system.at_most(anywhere, total(persons[ALL, r, country] for country in countries))
    return persons


def say_experience(system: System, routes: Routes, folder: Path) -> Counts:
    """Own and family members' experiences. Returns the count of each row, by measure, indicator, route and level."""
    names = (*INDICATORS, ONE, COMMON)
    family = {name: by_route(routes, lambda _: system.unknown()) for name in names}
    rows = rows_of(folder, "experience")
    said: Counts = {}
    for r, people in routes.items():
        either = {name: people.yes[name] + family[name][r] for name in names}
        for name in names:
            levels = (people.yes[name], family[name][r], either[name], people.answered[name] - either[name])
            for level, n in zip(("own", "family", "either", "neither"), levels, strict=True):
                said["own_or_family", name, r, level] = n
            system.at_most(either[name], people.answered[name])
        for name, among in ((ONE, INDICATORS), (COMMON, CORE)):
            system.at_most(either[name], total(either[item] for item in among))
            for item in among:
                system.at_most(either[item], either[name])
        system.at_most(either[COMMON], either[ONE])
        said |= _numbers(people, r, rows)
    for row in rows:
        key = row["measure"], row["indicator"], row["route"], row["level"]
        name = row["indicator"] if row["measure"] == "own_or_family" else ONE
        base = routes[row["route"]].answered[name]
        say_part(system, said[key], base, row["respondents"], row["base"], row["share"])
    return said


def _numbers(people: People, r: str, rows: Sequence[dict[str, str]]) -> Counts:
    """How many reported so many indicators, of those who answered any of the questions."""
    name = next(row["indicator"] for row in rows if row["measure"] == "number_of_indicators")
    silent = people.everyone - people.answered[ONE]
    reported = {
        n: total(count for some, count in people.sets.items() if len(some) == n) - (silent if n == 0 else 0)
        for n in range(len(INDICATORS) + 1)
    }
    return {("number_of_indicators", name, r, str(n)): count for n, count in reported.items()}


def say_pairs(system: System, routes: Routes, folder: Path) -> Counts:
    """Two indicators of those who answered both. Returns who reported both, by route, indicator and other."""
    rows = rows_of(folder, "cooccurrence")
    said: Counts = {}
    pairs = list(dict.fromkeys((row["indicator"], row["other"]) for row in rows))
    shown = {(row["route"], row["indicator"], row["other"]): row for row in rows}
    for pair in pairs:
        counted = [by_route(routes, lambda _: system.unknown()) for _ in ("answered", *pair)]
        for r, people in routes.items():
            both = system.named(total(n for some, n in people.sets.items() if some.issuperset(pair)))
            answered, *yes = (counts[r] for counts in counted)
            said[r, *pair] = both
            _say_pair(system, people, pair, both, answered, yes)
            _say_printed_pair(system, shown[r, *pair], both, answered, yes)
    return said


def _say_pair(
    system: System, people: People, pair: Sequence[str], both: Sum, answered: Sum, yes: Sequence[Sum]
) -> None:
    """Whoever reported both answered both. Whoever answered one and not the other is missing from the pair."""
    one, other = (people.answered[name] for name in pair)
    system.at_most(one + other, answered + people.answered[ONE])
    system.at_most(total(yes) - both, answered)
    for name, reported in zip(pair, yes, strict=True):
        system.at_most(answered, people.answered[name])
        system.at_most(both, reported)
        system.at_most(reported, people.yes[name])
        system.at_most(people.yes[name] - reported, people.answered[name] - answered)


def _say_printed_pair(system: System, row: dict[str, str], both: Sum, answered: Sum, yes: Sequence[Sum]) -> None:
    say_part(system, both, answered, row["yes"], row["answered"], row["share"])
    for reported, column in zip(yes, ("yes_indicator", "yes_other"), strict=True):
        say_count(system, reported, row[column])
    if row["yes"] and row["yes"] != "0":
        for reported in yes:
            system.within(reported - both, least=FEWEST)
        system.within(answered - total(yes) + both, least=FEWEST)


def say_nonresponse(system: System, people: Mapping[tuple[str, ...], People], folder: Path) -> None:
    """Those who answered every question: counted of whole routes; of others, how many percent of them are positive."""
    for row in rows_of(folder, "nonresponse"):
        name, of = row["indicator"], people.get((row["group"], row["route"], row["level"]))
        if of is None:
            continue
        complete, positive = (of.complete, of.positive) if name in DERIVED else (of.answered, of.yes)
        if row["group"] == ALL:
            texts = (row["complete_yes"], row["complete"], row["complete_share"])
            say_part(system, positive[name], complete[name], *texts)
        elif row["complete_share"]:
            say_share(system, positive[name], complete[name], row["complete_share"])
            system.within(complete[name] - positive[name], least=FEWEST)


def say_means(system: System, routes: Routes, folder: Path) -> None:
    for row in rows_of(folder, "means"):
        people = routes[row["route"]]
        say_count(system, people.answered[ONE], row["answered"])
        say_mean(system, total(people.yes[name] for name in INDICATORS), people.answered[ONE], row["mean"])
