"""The people of one cell: how many said yes to what, and how many answered.

All counts of a cell are sums over its people, so those of several cells add up to those of the cells together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.disclosure.attack.form import COMMON, CORE, DERIVED, INDICATORS, ONE, SETS, TWO
from tests.disclosure.attack.system import Sum, System, total

Counts = dict[str, Sum]
_BY_NAME = ("sets", "answered", "yes", "possible", "complete", "positive")


@dataclass(frozen=True)
class People:
    """The people of a cell: all of them were asked every question.

    sets: how many said yes to exactly these indicators. answered, yes: by indicator. possible: how many said yes, or
    would if each missing answer were a yes. complete: who answered every question of a derived indicator. positive: who
    of these is.
    """

    everyone: Sum
    sets: dict[frozenset[str], Sum]
    answered: Counts
    yes: Counts
    possible: Counts
    complete: Counts
    positive: Counts

    def no(self, indicator: str) -> Sum:
        """Those who answered, and are not positive."""
        return self.answered[indicator] - self.yes[indicator]


def nobody() -> People:
    zeros = {name: Sum() for name in (*INDICATORS, *DERIVED)}
    of_derived = dict.fromkeys(DERIVED, Sum())
    return People(Sum(), dict.fromkeys(SETS, Sum()), zeros, zeros, zeros, of_derived, of_derived)


def some_people(system: System) -> People:
    """People of whom nothing is known but what holds for any people."""
    sets = {some: system.unknown(whole=False) for some in SETS}
    everyone = system.unknown()
    system.equal(everyone, total(sets.values()))
    answered = {name: system.unknown() for name in (*INDICATORS, ONE, COMMON)}
    answered[TWO] = answered[ONE]
    yes = {name: system.unknown() for name in (*INDICATORS, *DERIVED)}
    possible = {name: system.unknown() for name in DERIVED}
    possible |= {name: yes[name] + everyone - answered[name] for name in INDICATORS}
    complete = {name: system.unknown() for name in (ONE, COMMON)}
    complete[TWO] = complete[ONE]
    positive = {name: system.unknown() for name in DERIVED}
    people = People(everyone, sets, answered, yes, possible, complete, positive)
    for name in INDICATORS:
        system.equal(yes[name], total(n for some, n in sets.items() if name in some))
    for name, (among, least) in DERIVED.items():
        system.equal(yes[name], total(n for some, n in sets.items() if len(some.intersection(among)) >= least))
    for name in (*INDICATORS, *DERIVED):
        system.at_most(yes[name], answered[name])
        system.at_most(answered[name], everyone)
    _say_who_answered(system, people)
    _say_who_could(system, people)
    _say_who_is_complete(system, people)
    return people


def _say_who_answered(system: System, people: People) -> None:
    """A derived indicator is answered by whoever answered any of its questions."""
    for name, among in ((ONE, INDICATORS), (COMMON, CORE)):
        for item in among:
            system.at_most(people.answered[item], people.answered[name])
        system.at_most(people.answered[name], total(people.answered[item] for item in among))
    system.at_most(people.answered[COMMON], people.answered[ONE])


def _say_who_could(system: System, people: People) -> None:
    """Who is not positive, but may be: some of their answers are missing; and all of those who answered nothing."""
    missing = {name: people.everyone - people.answered[name] for name in people.answered}
    for name, (among, least) in DERIVED.items():
        possible = people.possible[name]
        system.at_most(people.yes[name] + missing[name], possible)
        system.at_most(possible, people.everyone)
        system.at_most(possible, people.yes[name] + total(missing[item] for item in among))
        if least == 1:
            for item in among:
                system.at_most(people.yes[item] + missing[item], possible)
    system.at_most(people.possible[TWO], people.possible[ONE])
    system.at_most(people.possible[COMMON], people.possible[ONE])


def _say_who_is_complete(system: System, people: People) -> None:
    """Who answered every question, and how many of them are positive."""
    for name, (among, least) in DERIVED.items():
        complete, positive = people.complete[name], people.positive[name]
        missing = total(people.everyone - people.answered[item] for item in among)
        system.at_most(people.everyone - missing, complete)
        system.at_most(positive, people.yes[name])
        system.at_most(people.yes[name] - positive, people.answered[name] - complete)
        system.at_most(positive, complete)
        for item in among:
            system.at_most(complete, people.answered[item])
        surely_not = people.everyone - people.possible[name]
        (system.equal if least == 1 else system.at_most)(complete - positive, surely_not)
    system.at_most(people.complete[ONE], people.complete[COMMON])


def together(cells: Sequence[People]) -> People:
    """The people of several cells."""

    def added(name: str) -> dict:
        counts = [getattr(cell, name) for cell in cells]
        return {key: total(of[key] for of in counts) for key in counts[0]}

    everyone = total(cell.everyone for cell in cells)
    return People(everyone, **{name: added(name) for name in _BY_NAME})
