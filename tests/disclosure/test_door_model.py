"""What leaves of the model of factors."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.model import model
from pipeline.disclose.policy import PUBLIC
from pipeline.stats.factors import COMPARED, LEFT_OUT, REFERENCE
from pipeline.tables import CALIBRATION, ESTIMATES, FACTORS, MODEL, PREDICTED
from tests.disclosure.exact_tables import FEW, SIZES, Row, cell, exact_of, exact_table, released_estimates, rows_of
from tests.disclosure.slow_door import (
    hides_level,
    may_show,
    may_show_part,
    printed_count,
    released_part,
    two_digits,
    whole_percents,
)

ODDS = ("odds_ratio", "odds_low", "odds_high", "log10_p", "log10_p_bh", "single_ratio", "single_low", "single_high")
PROBABILITY = ("probability", "probability_low", "probability_high")
PROBABILITIES = st.floats(0, 1)


def released_model(table: str, exact: pd.DataFrame, estimates: pd.DataFrame | None = None) -> list[Row]:
    """What is released of one of the tables of the model."""
    of = exact_table(ESTIMATES, ()) if estimates is None else estimates
    return rows_of(model(exact_of(**{table: exact}).inferred.result(), of, PUBLIC)[table])


# --- factors --------------------------------------------------------------------------------------------------------

LEVELS = (
    *(("sex", "female", REFERENCE), ("sex", "male", COMPARED)),
    *(("route", "eastern", REFERENCE), ("route", "central", COMPARED), ("route", "western", LEFT_OUT)),
)
SHOWN, HIDDEN = (200, 1000, 1000), (3, 1000, 1000)


def place_of(factor: str, level: str) -> tuple[str, str]:
    """The route, and the group and level, in which a level of a factor is found among estimates."""
    return (level, "all") if factor == "route" else ("all", f"{factor}/{level}")


def estimates_of(hidden: set[tuple[str, str]]) -> pd.DataFrame:
    """Estimates of every level, those of some withheld; and of the same levels where nobody looks for them."""
    rows = [
        cell("at_least_one", *place_of(factor, level), HIDDEN if (factor, level) in hidden else SHOWN)
        for factor, level, _ in LEVELS
    ]
    rows += [cell("at_least_one", "central", "sex/female", HIDDEN), cell("at_least_two", "all", "sex/male", HIDDEN)]
    return released_estimates(exact_table(ESTIMATES, rows))


@given(
    st.sets(st.sampled_from([(factor, level) for factor, level, role in LEVELS if role != LEFT_OUT])),
    st.lists(st.tuples(SIZES, SIZES), min_size=5, max_size=5),
    st.floats(0.001, 90),
    PROBABILITIES,
)
@FEW
def test_factors_show_nothing_of_a_level_that_estimates_withhold(hidden, sizes, odds, probability) -> None:
    rows = []
    for (factor, level, role), (yes, others) in zip(LEVELS, sizes, strict=True):
        numbers = {} if role == LEFT_OUT else {"yes": yes, "answered": yes + others}
        numbers |= {} if role == LEFT_OUT else dict.fromkeys(PROBABILITY, probability)
        numbers |= dict.fromkeys(ODDS, odds) if role == COMPARED else {}
        rows.append({"factor": factor, "level": level, "role": role, **numbers})
    estimates = estimates_of(hidden)
    assert {(f, level) for f, level, _ in LEVELS if hides_level(rows_of(estimates), f, level)} == hidden
    shown = {
        (row["factor"], row["level"])
        for row in rows
        if "yes" in row and (row["factor"], row["level"]) not in hidden and may_show_part(row["yes"], row["answered"])
    }
    reference = {factor: (factor, level) for factor, level, role in LEVELS if role == REFERENCE}
    for row, printed in zip(rows, released_model("factors", exact_table(FACTORS, rows), estimates), strict=True):
        is_shown = (row["factor"], row["level"]) in shown
        # Odds against a level that is withheld would tell of it.
        has_odds = is_shown and row["role"] == COMPARED and reference[row["factor"]] in shown
        assert printed["suppressed"] == ("" if is_shown or row["role"] == LEFT_OUT else "withheld")
        for name in ("answered", "yes"):
            assert printed[name] == (printed_count(row[name]) if is_shown else None)
        assert all(printed[name] in (two_digits(odds if has_odds else None)) for name in ODDS)
        assert all(printed[name] in (whole_percents(probability if is_shown else None)) for name in PROBABILITY)


# --- profiles -------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.one_of(st.none(), SIZES), PROBABILITIES), min_size=1, max_size=10))
@FEW
def test_how_many_are_just_so_is_shown_where_they_are_enough(drawn) -> None:
    rows = [
        {"profile": f"p{place}", "route": "central", "answered": n, **dict.fromkeys(PROBABILITY, p)}
        for place, (n, p) in enumerate(drawn)
    ]
    for (n, p), printed in zip(drawn, released_model("predicted", exact_table(PREDICTED, rows)), strict=True):
        assert printed["answered"] == (printed_count(n) if n is not None and may_show(n) else None)
        assert all(printed[name] in whole_percents(p) for name in PROBABILITY)


# --- the model as a whole -------------------------------------------------------------------------------------------

AS_THEY_ARE = {"fitted": 1.0, "points": 101.0, "coefficients": 3.0}
TWO_DIGITS = {"sd_points": 0.91317, "median_odds_ratio": 2.38877, "concordance": 0.92345, "brier": 0.10987}


def released_quantities(respondents: int, positive: int, left_out: int, coefficients: int = 3) -> dict[str, Row]:
    """What is released of a model of so many people, by quantity."""
    people = {"respondents": respondents, "left_out": left_out, "positive": positive}
    to_each = min(positive, respondents - positive) / max(coefficients, 1)
    numbers = AS_THEY_ARE | {"coefficients": coefficients, **people, "events_per_coefficient": to_each, **TWO_DIGITS}
    rows = [{"quantity": name, "value": value} for name, value in (numbers | {"log_likelihood": -3131.9}).items()]
    return {row["quantity"]: row for row in released_model("model", exact_table(MODEL, rows))}


@given(SIZES, SIZES, SIZES, st.integers(0, 25))
@FEW
def test_people_of_the_model_are_rounded_or_withheld(positive, others, left_out, coefficients) -> None:
    found = released_quantities(positive + others, positive, left_out, coefficients)
    respondents = positive + others
    shown = {
        "respondents": respondents == 0 or may_show(respondents),
        "left_out": left_out == 0 or may_show(left_out),
        "positive": respondents == 0 or may_show_part(positive, respondents),
    }
    people = {"respondents": respondents, "left_out": left_out, "positive": positive}
    for name, n in people.items():
        assert found[name]["value"] == (printed_count(n) if shown[name] else None)
        assert found[name]["suppressed"] == ("" if shown[name] else "withheld")
    # To a coefficient, of the printed numbers: of exact ones it would tell how many are positive.
    fewer = min(printed_count(positive), printed_count(respondents) - printed_count(positive))
    to_each = max(fewer, 0) / max(coefficients, 1) if shown["positive"] and shown["respondents"] else None
    assert found["events_per_coefficient"]["value"] in two_digits(to_each)
    assert found["events_per_coefficient"]["suppressed"] == ("" if to_each is not None else "withheld")
    for name, value in (AS_THEY_ARE | {"coefficients": coefficients}).items():
        assert found[name]["value"] == value
    assert all(found[name]["value"] in two_digits(value) for name, value in TWO_DIGITS.items())
    assert "log_likelihood" not in found


@pytest.mark.parametrize("coefficients", [0, 1, 4])
def test_how_many_are_positive_cannot_be_worked_out_from_events_per_coefficient(coefficients: int) -> None:
    found = {few: released_quantities(500, few, 0, coefficients) for few in (3, 7, 11)}
    assert all(of["events_per_coefficient"]["value"] is None for of in found.values())
    assert released_quantities(500, 36, 0, coefficients) == released_quantities(500, 37, 0, coefficients)


# --- calibration ----------------------------------------------------------------------------------------------------

SHOWN_WITHOUT_SHARE = (20, 20, 0.5)


@given(st.lists(st.tuples(SIZES, SIZES, PROBABILITIES), min_size=1, max_size=10))
@FEW
def test_tenths_are_parts_of_a_base(drawn) -> None:
    rows = [
        {"tenth": place, "answered": yes + others, "yes": yes, "expected": p}
        for place, (yes, others, p) in enumerate([*drawn, SHOWN_WITHOUT_SHARE], start=1)
    ]
    printed = released_model("calibration", exact_table(CALIBRATION, rows))
    for place, (row, found) in enumerate(zip(rows, printed, strict=True), start=1):
        expected = released_part(row["yes"], row["answered"])
        assert found["tenth"] == place
        assert [found[name] for name in ("yes", "answered", "observed", "suppressed")] == list(expected.values())
        has_share = expected["share"] is not None
        assert found["expected"] in whole_percents(row["expected"] if has_share else None)
