"""Everything that leaves of the shipped wave, cell by cell against the plain rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from pipeline.disclose.door import release
from pipeline.disclose.policy import INTERNAL, PUBLIC
from pipeline.disclose.released import Released
from pipeline.tables import ESTIMATED, Table
from tests.disclosure import slow_door
from tests.disclosure.exact_tables import Row, rows_of
from tests.disclosure.slow_door import (
    has_two_digits,
    is_whole_percent,
    released_estimate,
    released_part,
)
from tests.support.run import Results

BY_NAME = {table.name: table for table in ESTIMATED}
NOBODY_MET = ("western", "western_african")


@pytest.fixture(scope="module")
def released(shipped: Results) -> Released:
    return release(shipped.estimates, shipped.ingested.ledger, PUBLIC)


def exact_and_printed(shipped: Results, released: Released, table: str) -> Iterator[tuple[Row, Row]]:
    """Each exact row, and what leaves of it."""
    exact = rows_of(shipped.estimates.every_table()[table])
    kept = [row for row in exact if row.get("quantity") != "log_likelihood"]
    return zip(kept, getattr(released, table), strict=True)


# --- how numbers are rounded ----------------------------------------------------------------------------------------

NO_PEOPLE = {"df", "breslow_day_df", "tenth"}
"""Counts of something else than people or events."""

TWO_DIGITS = {
    "estimates": {"deff"},
    "means": {"mean", "mean_low", "mean_high"},
    "cooccurrence": {"deff", "ratio"},
    "contrasts": {*slow_door.RATIOS, "correlation", "f", "log10_p", "log10_p_holm"},
    "stratified": {column.name for column in BY_NAME["stratified"].columns if column.type == "number"},
    "trends": {column.name for column in BY_NAME["trends"].columns if column.type == "number"},
    "factors": {
        *("odds_ratio", "odds_low", "odds_high", "log10_p", "log10_p_bh"),
        *("single_ratio", "single_low", "single_high"),
    },
}
"""Numbers that are released to two digits. The others are shares, to whole percents."""

COPIED = ("wave", "suppressed", "indicator", "route", "group", "level", "first", "second", "note", "family")
DIGITS, PERCENTS = ("two digits", "2 digits"), ("whole percents", "whole %")


@pytest.mark.parametrize("table", BY_NAME)
def test_counts_are_multiples_of_5_and_none_is_from_1_to_14(table: str, released: Released) -> None:
    names = [c.name for c in BY_NAME[table].columns if c.type == "count" and c.name not in NO_PEOPLE]
    printed = {row[name] for row in getattr(released, table) for name in names} - {None}
    assert all(n % 5 == 0 and (n == 0 or n >= 15) for n in printed)
    assert len(printed) > 1 or not names


@pytest.mark.parametrize("table", sorted(BY_NAME.keys() - {"model"}))
def test_numbers_are_rounded_as_the_dictionary_says(table: str, released: Released) -> None:
    names = [column.name for column in BY_NAME[table].columns if column.type == "number"]
    for name in names:
        is_rounded = has_two_digits if name in TWO_DIGITS.get(table, ()) else is_whole_percent
        printed = [row[name] for row in getattr(released, table) if row[name] is not None]
        assert printed, name
        assert all(is_rounded(value) for value in printed), name


def test_so_are_the_quantities_of_the_model(released: Released) -> None:
    people = {"respondents", "left_out", "positive"}
    for row in released.model:
        quantity, value = row["quantity"], row["value"]
        if quantity in people:
            assert value % 5 == 0
        elif quantity not in ("fitted", "points", "coefficients"):
            assert has_two_digits(value), quantity
        else:
            assert value == int(value)
    assert people <= {row["quantity"] for row in released.model}


@pytest.mark.parametrize("table", ESTIMATED, ids=BY_NAME)
def test_the_dictionary_says_so(table: Table) -> None:
    for column in table.columns:
        if column.type == "number" and table.name != "model":
            has_digits = column.name in TWO_DIGITS.get(table.name, ())
            assert not any(said in column.about for said in (PERCENTS if has_digits else DIGITS)), column.name


# --- nothing small, nothing of what is withheld, nothing hidden of nobody -------------------------------------------


@pytest.mark.parametrize("table", BY_NAME)
def test_no_exact_count_from_1_to_12_is_printed_in_any_form(table: str, shipped: Results, released: Released) -> None:
    names = [c.name for c in BY_NAME[table].columns if c.type == "count" and c.name not in NO_PEOPLE]
    for row, printed in exact_and_printed(shipped, released, table):
        small = {name for name in names if row[name] is not None and 1 <= row[name] <= 12}
        assert not small or {printed[name] for name in small} == {None}


OF_ONE_SIDE = {
    "contrasts": {"first_answered", "first_share", "second_answered", "second_share"},
    "tipping": {"first_assumed", "second_assumed", "first_share", "second_share"},
    "nonresponse": {"asked", "answered", "yes", "share", "bound_low", "bound_high"},
}
"""What a row that is withheld may hold: a side of a comparison that is not; what another table prints."""

BASES = {"asked", "answered", "base", "tenth"}


@pytest.mark.parametrize("table", sorted(BY_NAME.keys() - {"model"}))
def test_a_row_that_is_withheld_has_no_numbers(table: str, released: Released) -> None:
    may = {*OF_ONE_SIDE.get(table, ()), *BASES}
    names = [column.name for column in BY_NAME[table].columns if column.type != "text" and column.name not in may]
    for row in getattr(released, table):
        if row["suppressed"]:
            assert [row[name] for name in names] == [None] * len(names)


@pytest.mark.parametrize("table", [name for name, table in BY_NAME.items() if "route" in table.names])
def test_on_routes_where_nobody_was_met_there_are_zeros_and_nothing_is_withheld(table: str, released: Released) -> None:
    counts = [c.name for c in BY_NAME[table].columns if c.type == "count" and c.name not in NO_PEOPLE]
    numbers = [column.name for column in BY_NAME[table].columns if column.type == "number"]
    of_nobody = [row for row in getattr(released, table) if row["route"] in NOBODY_MET]
    for row in of_nobody:
        assert [row[name] for name in counts] == [0] * len(counts)
        assert [row[name] for name in numbers] == [None] * len(numbers)
        assert row["suppressed"] == ""
    # The model predicts only for routes on which someone was met.
    assert bool(of_nobody) == (table != "predicted")


# --- cell by cell ---------------------------------------------------------------------------------------------------


def test_every_estimate(shipped: Results, released: Released) -> None:
    for row, printed in exact_and_printed(shipped, released, "estimates"):
        if row["route"] not in NOBODY_MET:
            expected = released_estimate(row, shipped.estimates.analysed[row["route"]])
            found = [printed[name] for name in ("asked", "yes", "answered", "share", "suppressed")]
            assert found == list(expected.values())


@pytest.mark.parametrize("table", ["experience", "calibration"])
def test_every_part_of_a_base(table: str, shipped: Results, released: Released) -> None:
    part, base, share = {
        "experience": ("respondents", "base", "share"),
        "calibration": ("yes", "answered", "observed"),
    }[table]
    for row, printed in exact_and_printed(shipped, released, table):
        if row.get("route") not in NOBODY_MET:
            expected = released_part(row[part], row[base])
            assert [printed[name] for name in (part, base, share, "suppressed")] == list(expected.values())


def test_every_pair_of_indicators(shipped: Results, released: Released) -> None:
    for row, printed in exact_and_printed(shipped, released, "cooccurrence"):
        if row["route"] not in NOBODY_MET:
            both, one, other = (row[name] for name in ("yes", "yes_indicator", "yes_other"))
            shown = slow_door.shows_both(both, one - both, other - both, row["answered"] - one - other + both)
            assert printed["suppressed"] == ("" if shown else "withheld")


def test_every_contrast(released: Released) -> None:
    of = {(row["indicator"], row["route"], row["group"], row["level"]): row for row in released.estimates}
    families = defaultdict(list)
    for row in released.contrasts:
        between = row["compared"] == "route"
        first, second = (
            of[row["indicator"], row[side], "all", "all"]
            if between
            else of[row["indicator"], row["route"], row["compared"], row[side]]
            for side in ("first", "second")
        )
        expected = slow_door.contrast(first, second, row["correlation"], row["df"])
        for name, may in slow_door.printed_contrast(expected).items():
            assert slow_door.without_dust(row[name]) in may, name
        families[row["compared"], row["route"], row["family"]].append((expected["log10_p"], row["log10_p_holm"]))
    for tests in families.values():
        for adjusted, (_, found) in zip(slow_door.holm([p for p, _ in tests]), tests, strict=True):
            assert slow_door.without_dust(found) in slow_door.two_digits(adjusted)
    assert sum(row["f"] is not None for row in released.contrasts) > 100


def test_every_supposition(released: Released) -> None:
    of = {(row["indicator"], row["route"]): row for row in released.estimates if row["group"] == "all"}
    for row in released.tipping:
        sides = [of[row["indicator"], row[side]] for side in ("first", "second")]
        expected = slow_door.tipping(*sides, (row["first_assumed"], row["second_assumed"]))
        assert all(row[name] in may for name, may in expected.items())


def test_every_rule_for_missing_answers(shipped: Results, released: Released) -> None:
    key = ("indicator", "route", "group", "level")
    of = {tuple(row[name] for name in key): row for row in released.estimates}
    told = 0
    for row, printed in exact_and_printed(shipped, released, "nonresponse"):
        if row["route"] not in NOBODY_MET:
            may = slow_door.shows_complete(row, of[tuple(row[name] for name in key)])
            told += printed["complete_share"] is not None
            # Of groups, more may be withheld, so that nobody can work out whom complete cases leave out.
            assert printed["suppressed"] == ("" if may else "withheld") or (may and row["group"] != "all")
    assert told > 100


def test_every_comparison_along_journey_time(released: Released) -> None:
    estimates = list(released.estimates)
    for row in released.trends:
        if row["route"] not in NOBODY_MET:
            of = ("central", "eastern", "all") if row["route"] == "all" else (row["route"],)
            is_hidden = slow_door.hides_bin(estimates, row["indicator"], *of)
            assert (row["suppressed"], row["slope"] is None) == ("withheld" if is_hidden else "", is_hidden)
            if not is_hidden:
                bins = slow_door.printed_bins(estimates, row["indicator"], *(name for name in of if name != "all"))
                slow_door.agree(row, slow_door.trend(bins, row["slope_se"], row["df"], ""))
    for row in released.stratified:
        is_met = not {row["first"], row["second"]} & set(NOBODY_MET)
        is_hidden = is_met and slow_door.hides_bin(estimates, row["indicator"], row["first"], row["second"])
        assert row["suppressed"] == ("withheld" if is_hidden else "")
        assert (row["odds_ratio"] is not None) == (is_met and not is_hidden)


def test_trends_and_equal_journey_time_are_the_exact_ones_where_counts_are_not_rounded(shipped: Results) -> None:
    internal = release(shipped.estimates, shipped.ingested.ledger, INTERNAL)
    along = ("slope", "slope_se", "odds_ratio", "chi_square", "log10_p", "df", "reason")
    equal = ("crude_risk_ratio", "risk_ratio", "odds_high", "breslow_day", "adjusted_odds_ratio", "df", "reason")
    for table, names in (("trends", along), ("stratified", equal)):
        for row, printed in exact_and_printed(shipped, internal, table):
            for name in names:
                is_number = isinstance(row[name], float)
                assert printed[name] in (slow_door.two_digits(row[name]) if is_number else {row[name]}), name


def test_every_level_of_a_factor(released: Released) -> None:
    estimates = list(released.estimates)
    for row in released.factors:
        is_hidden = slow_door.hides_level(estimates, row["factor"], row["level"])
        assert row["suppressed"] == "" or row["role"] != "left_out"
        assert not is_hidden or row["odds_ratio"] is None
