"""What leaves of people with two answers at once: two indicators together, and answers that are missing."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.intervals import with_intervals
from pipeline.disclose.policy import PUBLIC
from pipeline.disclose.shares import cooccurrence, nonresponse
from pipeline.tables import COOCCURRENCE, ESTIMATES, NONRESPONSE
from tests.disclosure.exact_tables import (
    DEFF,
    FEW,
    MET,
    SIZES,
    Row,
    cell,
    exact_table,
    over_points,
    pairs_of,
    released_estimates,
    rows_of,
)
from tests.disclosure.slow_door import (
    intervals,
    nobody,
    printed_count,
    printed_share,
    shows_both,
    shows_complete,
    two_digits,
)

# --- two indicators together ----------------------------------------------------------------------------------------

Four = tuple[int, int, int, int]
"""People with both, with the one alone, with the other alone, with neither."""


@st.composite
def fours(draw: st.DrawFn) -> Four:
    both = draw(st.one_of(st.just(0), SIZES))
    return both, draw(SIZES), draw(SIZES), draw(st.one_of(SIZES, st.integers(200, 3000)))


def together(route: str, place: int, people: Four) -> Row:
    """The pair of two indicators that nobody else has."""
    both, one, other, _ = people
    counts = {"answered": sum(people), "yes": both, "yes_indicator": both + one, "yes_other": both + other}
    return {"route": route, "indicator": f"one_{place}", "other": f"other_{place}", **counts, "ratio": 0.777}


def both_alone(route: str, place: int, people: Four) -> list[Row]:
    """The estimates of both indicators."""
    both, one, other, _ = people
    n = sum(people)
    yes = {f"one_{place}": both + one, f"other_{place}": both + other}
    return [cell(name, route, "all", (y, n, n)) for name, y in yes.items()]


def released_pairs(drawn: list[Four], deff: float | None = None, df: int = 0) -> list[tuple[Row, list[float | None]]]:
    """What is released of pairs, and the released shares of both indicators of each."""
    alone = [row for place, people in enumerate(drawn) for row in both_alone("central", place, people)]
    estimates = released_estimates(exact_table(ESTIMATES, alone))
    points = {"ci_method": "wilson", **over_points(deff, df)}
    rows = (together("central", place, people) | points for place, people in enumerate(drawn))
    exact = exact_table(COOCCURRENCE, rows)
    found = rows_of(with_intervals(cooccurrence(exact, estimates, PUBLIC, MET), exact, PUBLIC))
    shares = [row["share"] for row in rows_of(estimates)]
    return list(zip(found, zip(shares[::2], shares[1::2], strict=True), strict=True))


@given(st.lists(fours(), min_size=1, max_size=12), st.one_of(st.none(), DEFF), st.integers(0, 90))
@FEW
def test_two_indicators_are_shown_where_each_group_that_they_make_is(drawn, deff, df) -> None:
    for people, (printed, (one, other)) in zip(drawn, released_pairs(drawn, deff, df), strict=True):
        both, of_one, of_other, _ = people
        shown, n = shows_both(*people), sum(people)
        has_share = shown and n >= 50
        assert printed["suppressed"] == ("" if shown else "withheld")
        counts = {"answered": n, "yes": both, "yes_indicator": both + of_one, "yes_other": both + of_other}
        for name, count in counts.items():
            assert printed[name] == (printed_count(count) if shown else None)
        assert printed["share"] == (printed_share(both, n) if has_share else None)
        assert all(printed[name] in may for name, may in intervals(printed).items())
        assert printed["deff"] in two_digits(deff if has_share else None)
        assert printed["df"] == (df if has_share and deff is not None else None)
        carries = None not in (printed["share"], one, other) and min(printed["share"], one, other) >= 0.05
        assert printed["ratio"] in two_digits(printed["share"] / (one * other) if carries else None)


TOGETHER = """
both  one  other  neither  shown  why
13    13   13     13       yes    each is printed as 15
12    13   13     13       no     12 with both
13    12   13     13       no     12 with the one alone
13    13   12     13       no     12 with the other alone
13    13   13     12       no     12 with neither
0     50   50     13       yes    nobody with both, in large margins
0     49   50     500      no     nobody with both of 49
0     50   49     500      no     nobody with both of 49
50    0    50     500      no     everybody with the one has the other
50    50   0      500      no     everybody with the other has the one
50    50   50     0        no     everybody has one of them
"""


@pytest.mark.parametrize("line", TOGETHER.strip().splitlines()[1:])
def test_edges_of_two_indicators(line: str) -> None:
    *people, shown = line.split()[:5]
    four = tuple(int(group) for group in people)
    ((printed, _),) = released_pairs([four])
    assert (printed["suppressed"] == "") == (shown == "yes")
    assert shows_both(*four) == (shown == "yes")


def test_no_ratio_of_a_pair_has_shares_below_5_percent_in_it() -> None:
    # 5% and 4% have both; 20% each.
    (enough, _), (few, _) = released_pairs([(50, 150, 150, 650), (44, 156, 156, 644)])
    assert (enough["ratio"], few["ratio"]) == (1.2, None)


# --- missing answers ------------------------------------------------------------------------------------------------

MISSING_PARTS = ("complete", "complete_yes", "others", "others_yes", "silent")
Missing = dict[str, int]
"""How many answered all, of them yes; how many answered something, of them yes; how many nothing."""


@st.composite
def missing(draw: st.DrawFn) -> Missing:
    parts = [draw(SIZES), draw(st.one_of(SIZES, st.integers(50, 2000)))]
    others = [draw(st.one_of(st.just(0), SIZES)), draw(st.one_of(st.just(0), SIZES))]
    sizes = (sum(parts), parts[0], sum(others), others[0], draw(st.integers(0, 40)))
    return dict(zip(MISSING_PARTS, sizes, strict=True))


def of_both_rules(indicator: str, route: str, of: Missing) -> tuple[Row, Row]:
    """The estimate, and the row of all rules for missing answers."""
    yes, answered = of["complete_yes"] + of["others_yes"], of["complete"] + of["others"]
    estimate = cell(indicator, route, "all", (yes, answered, answered + of["silent"]))
    copied = ("asked", "answered", "yes", "share", "bound_low", "bound_high")
    four_rules = {name: estimate[name] for name in copied} | {name: of[name] for name in ("complete", "complete_yes")}
    return estimate, {"indicator": indicator, "route": route, "group": "all", "level": "all", **four_rules}


def released_rules(drawn: dict[tuple[str, str], Missing], hidden: str = "") -> list[tuple[Row, Row, Row]]:
    """Each exact row, what is released of it, and the estimate that is. hidden: route whose estimates are withheld."""
    estimates, rows = zip(*(of_both_rules(*place, of) for place, of in drawn.items()), strict=True)
    released = released_estimates(exact_table(ESTIMATES, estimates))
    # As another rule of disclosure control may do, which knows of other cells.
    released["suppressed"] = released["suppressed"].mask(released["route"] == hidden, "withheld")
    exact = exact_table(NONRESPONSE, rows)
    found = pairs_of(exact, nonresponse(exact, released, PUBLIC, MET))
    return [(*pair, estimate) for pair, estimate in zip(found, rows_of(released), strict=True)]


@given(st.lists(missing(), min_size=4, max_size=4))
@FEW
def test_complete_cases_are_shown_where_those_who_are_not_complete_may_be_too(drawn) -> None:
    places = product(("unpaid_work", "at_least_one"), ("central", "eastern"))
    for row, printed, estimate in released_rules(dict(zip(places, drawn, strict=True))):
        for name in ("asked", "answered", "yes", "share", "bound_low", "bound_high"):
            assert printed[name] == estimate[name]
        shown = shows_complete(row, estimate)
        assert printed["suppressed"] == ("" if shown else "withheld")
        assert printed["complete"] == (printed_count(row["complete"]) if shown else None)
        assert printed["complete_yes"] == (printed_count(row["complete_yes"]) if shown else None)
        share = printed_share(row["complete_yes"], row["complete"]) if shown else None
        assert printed["complete_share"] == share


COMPLETE = """
complete  complete_yes  others  others_yes  shown  why
500       100           0       0           yes    everybody is complete
500       100           26      13          yes    13 and 13 of those who are not
500       100           25      13          no     12 of those who are not said no
500       100           25      12          no     12 of them said yes
500       100           50      0           yes    nobody of them, and they are 50
500       100           49      0           no     nobody of them, and they are 49
500       100           50      50          no     everybody of them said yes
500       12            50      20          no     12 of the complete ones said yes
500       0             100     40          yes    nobody of the complete ones
"""


@pytest.mark.parametrize("line", COMPLETE.strip().splitlines()[1:])
def test_edges_of_complete_cases(line: str) -> None:
    *sizes, shown = line.split()[:5]
    of = dict(zip(MISSING_PARTS, [*map(int, sizes), 9], strict=True))
    ((row, printed, estimate),) = released_rules({("at_least_one", "central"): of})
    assert (printed["complete"] is not None) == (shown == "yes")
    assert shows_complete(row, estimate) == (shown == "yes")


@given(missing())
@FEW
def test_of_a_group_complete_cases_are_a_share_and_no_count(of: Missing) -> None:
    women = {"group": "sex", "level": "female"}
    estimate, row = (made | women for made in of_both_rules("at_least_one", "central", of))
    released = released_estimates(exact_table(ESTIMATES, [estimate]))
    exact = exact_table(NONRESPONSE, [row])
    ((row, printed),) = pairs_of(exact, nonresponse(exact, released, PUBLIC, MET))
    shown = shows_complete(row, *rows_of(released))
    assert printed["suppressed"] == ("" if shown else "withheld")
    assert (printed["complete"], printed["complete_yes"]) == (None, None)
    assert printed["complete_share"] == (printed_share(row["complete_yes"], row["complete"]) if shown else None)


def test_complete_cases_are_withheld_with_the_estimate() -> None:
    of = dict(zip(MISSING_PARTS, (500, 100, 0, 0, 9), strict=True))
    rows = released_rules({("at_least_one", route): of for route in ("central", "eastern")}, hidden="eastern")
    assert [printed["suppressed"] for _, printed, _ in rows] == ["", "withheld"]
    assert [printed["complete_share"] for _, printed, _ in rows] == [0.2, None]


# --- routes on which nobody was met ---------------------------------------------------------------------------------


def test_routes_without_interviews_have_zeros_in_both() -> None:
    ((_, printed, _),) = released_rules({("at_least_one", "western"): dict.fromkeys(MISSING_PARTS, 0)})
    assert printed.items() >= nobody("asked", "answered", "yes", "complete", "complete_yes").items()
    assert printed["complete_share"] is None
    exact = exact_table(COOCCURRENCE, [together("western", 0, (0, 0, 0, 0))])
    estimates = released_estimates(exact_table(ESTIMATES, both_alone("western", 0, (0, 0, 0, 0))))
    (both,) = rows_of(cooccurrence(exact, estimates, PUBLIC, MET))
    assert both.items() >= nobody("answered", "yes", "yes_indicator", "yes_other").items()
    assert (both["share"], both["ratio"]) == (None, None)
