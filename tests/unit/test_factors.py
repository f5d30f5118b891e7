"""The model of factors: whom it takes, what it refuses, that its tables are whole and its numbers those of the fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import false_discovery_control, norm, t

from pipeline.errors import DeclarationError
from pipeline.questionnaire import FactorProfile, Questionnaire
from pipeline.stats import logistic, multilevel
from pipeline.stats.factors import Modelled, factors
from pipeline.stats.model_data import Data, model_data
from pipeline.tables import CALIBRATION, FACTORS, MODEL, PREDICTED, PROFILES, conform
from pipeline.vocabulary import PROFILE, ROUTES, TRANSIT_BINS
from pipeline.wave import load_questionnaire, load_wave
from tests.support.messages import refusal
from tests.support.waves import NAME, write_wave

SHIPPED = load_questionnaire("fms-2016")
USUAL = {
    "route": "central",
    "transit": "3_to_6_months",
    "sex": "male",
    "age_group": "25_plus",
    "travel_mode": "alone",
    "education": "none",
    "region_of_origin": "west_africa",
}
Person = dict[str, str]
"""Every characteristic, the monitoring point, and `answer`: yes or no."""


def people(yes: int, no: int, points: int = 12, **levels: str) -> list[Person]:
    """So many who say yes and no, met at the points of their route by turns."""
    person = USUAL | levels
    answers = ["yes"] * yes + ["no"] * no
    points_of = [f"{person['route']}-{number}" for number in range(points)]
    return [person | {"monitoring_point": points_of[n % points], "answer": answer} for n, answer in enumerate(answers)]


def tabulated(some: Iterable[Person]) -> pd.DataFrame:
    """`tables.PROFILES` of these people; and of another indicator, of which the model must take nothing."""
    counts: dict[tuple[str, ...], Counter[str]] = {}
    key = ["route", "monitoring_point", *PROFILE]
    for person in some:
        counts.setdefault(tuple(person[name] for name in key), Counter())[person["answer"]] += 1
    rows = [dict(zip(key, cell, strict=True)) | dict(of) for cell, of in counts.items()]
    frame = pd.DataFrame(rows, columns=[*key, "yes", "no"]).fillna({"yes": 0, "no": 0})
    frame["answered"] = frame["yes"] + frame["no"]
    other = frame.assign(indicator="unpaid_work", answered=frame["answered"] + 3, yes=3)
    return conform(pd.concat([frame.assign(indicator="at_least_one"), other]), PROFILES)


def asking(*names: str, profiles: dict[str, dict[str, str]] | None = None) -> Questionnaire:
    """The shipped questionnaire with these factors alone, and these profiles."""
    label = {"en": "A profile"}
    return SHIPPED.model_copy(
        update={
            "factors": {name: SHIPPED.factors[name] for name in names},
            "profiles": {name: FactorProfile(label=label, of=of) for name, of in (profiles or {}).items()},
        }
    )


def a_wave(
    seed: int = 1, points: int = 12, each: int = 6, routes: Iterable[str] = ("central", "eastern")
) -> list[Person]:
    """People of both sexes and three ways to travel at every point of these routes; points differ from one another."""
    random = np.random.default_rng(seed)
    found: list[Person] = []
    effects = {"male": 0.6, "alone": 0.8, "group": -0.1, "central": 1.0}
    for route in routes:
        for number, intercept in enumerate(random.normal(0, 0.6, points)):
            for sex, mode in product(("male", "female"), ("alone", "family", "group")):
                log_odds = -1.2 + intercept + sum(effects.get(word, 0) for word in (sex, mode, route))
                for answer in random.random(each) < expit(log_odds):
                    met = {"monitoring_point": f"{route}-{number}", "answer": "yes" if answer else "no"}
                    found.append(USUAL | {"route": route, "sex": sex, "travel_mode": mode} | met)
    return found


THREE = ("sex", "travel_mode", "route")
ALONE, NOBODY = {"sex": "male", "travel_mode": "alone"}, {"travel_mode": "alone", "sex": "female"}
Q = asking(*THREE, profiles={"man_alone": ALONE, "woman": {"sex": "female"}, "anybody": {}})
WAVE = a_wave()


def modelled(some: Iterable[Person], q: Questionnaire = Q, are_points_known: bool = True) -> Modelled:
    return factors(tabulated(some), q, "2016-10", are_points_known)


def quantities(model: Modelled) -> dict[str, float]:
    return model.model.set_index("quantity")["value"].astype(float).to_dict()


# --- whom it is about -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("yes", "no", "is_in"), [(15, 15, True), (14, 40, False), (40, 14, False), (0, 40, False)])
def test_a_level_needs_15_of_either_answer(yes: int, no: int, is_in: bool) -> None:
    some = people(50, 60) + people(40, 60, travel_mode="family") + people(yes, no, travel_mode="group")
    data = model_data(tabulated(some), asking("travel_mode"))
    assert data.levels == {"travel_mode": ["family", "alone", *(["group"] if is_in else [])]}
    assert data.left_out == (0 if is_in else yes + no)
    assert set(data.rows["travel_mode"]) == set(data.levels["travel_mode"])
    assert data.rows["answered"].sum() == len(some) - data.left_out


def test_a_level_that_goes_takes_others_with_it() -> None:
    """Few of Europe say yes. Without them few who travel in a group do, and without those few of tertiary education."""
    some = [
        *people(60, 60, sex="female"),
        *people(60, 60, sex="female", travel_mode="family", education="primary"),
        *people(8, 40, sex="female", travel_mode="group", region_of_origin="europe", education="primary"),
        *people(6, 40, travel_mode="group", education="tertiary"),
        *people(6, 40, travel_mode="group", education="primary"),
        *people(14, 40, travel_mode="family", education="tertiary"),
        *people(80, 80, region_of_origin="east_africa", sex="male"),
    ]
    data = model_data(tabulated(some), asking("sex", "travel_mode", "education", "region_of_origin"))
    assert data.levels == {
        "sex": ["female", "male"],
        "travel_mode": ["family", "alone"],
        "education": ["none", "primary"],
        "region_of_origin": ["west_africa", "east_africa"],
    }
    assert data.left_out == 48 + 46 + 46 + 54


def test_people_of_whom_a_factor_is_not_known_are_left_out() -> None:
    some = [
        *WAVE,
        *people(30, 40, sex="declined"),
        *people(30, 40, travel_mode="unknown"),
        *people(30, 40, education="unknown"),
    ]
    data = model_data(tabulated(some), Q)
    assert data.left_out == 140
    assert data.rows["answered"].sum() == len(WAVE) + 70


@pytest.mark.parametrize("word", ["unknown", "declined"])
def test_a_factor_that_nobody_was_asked_costs_nobody(word: str) -> None:
    some = [person | {"education": word} for person in WAVE]
    q = asking(*THREE, "education")
    data = model_data(tabulated(some), q)
    assert data.left_out == 0
    assert list(data.levels) == list(THREE)
    found = modelled(some, q)
    of_education = found.factors[found.factors["factor"] == "education"]
    assert list(of_education["level"]) == SHIPPED.levels("education")
    assert set(of_education["role"]) == {"left_out"}
    assert quantities(found) == pytest.approx(quantities(modelled(WAVE)))


def test_a_factor_with_a_single_level_is_not_in_the_model() -> None:
    some = [person | {"age_group": "18_24"} for person in WAVE] + people(3, 4, age_group="25_plus", sex="female")
    data = model_data(tabulated(some), asking(*THREE, "age_group"))
    assert list(data.levels) == list(THREE)
    assert data.left_out == 0


def test_people_of_one_route_are_modelled_without_it() -> None:
    some = a_wave(points=24, routes=["central"])
    found = modelled(some)
    assert quantities(found)["fitted"] == 1
    assert quantities(found)["coefficients"] == 3
    of_route = found.factors[found.factors["factor"] == "route"]
    assert list(of_route["level"]) == list(ROUTES)
    assert set(of_route["role"]) == {"left_out"}
    assert list(found.predicted["route"]) == ["central"] * 3
    assert found.predicted["probability"].notna().all()


def test_the_declared_reference_stands_first() -> None:
    assert model_data(tabulated(WAVE), Q).levels == {
        "sex": ["female", "male"],
        "travel_mode": ["family", "alone", "group"],
        "route": ["eastern", "central"],
    }


def test_the_largest_level_stands_for_a_reference_that_is_left_out() -> None:
    some = [
        *people(40, 50, travel_mode="alone"),
        *people(40, 51, travel_mode="group"),
        *people(14, 90, travel_mode="family"),
    ]
    q = asking("travel_mode")
    assert model_data(tabulated(some), q).levels == {"travel_mode": ["group", "alone"]}
    roles = modelled(some, q).factors.set_index("level")["role"].to_dict()
    assert roles == {"alone": "compared", "family": "left_out", "group": "reference"}


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """Groups of people at some levels, known or not, with few or many of either answer."""
    some: list[Person] = []
    for _ in range(draw(st.integers(0, 12))):
        levels = {
            "route": draw(st.sampled_from(ROUTES[:2])),
            "sex": draw(st.sampled_from(["male", "female", "declined"])),
            "travel_mode": draw(st.sampled_from(["alone", "family", "group", "unknown"])),
            "education": draw(st.sampled_from(["none", "primary", "tertiary", "unknown"])),
        }
        some += people(draw(st.integers(0, 25)), draw(st.integers(0, 25)), points=3, **levels)
    return some


@given(crowds())
@settings(max_examples=60)
def test_who_is_in_the_model_is_at_a_level_with_enough_of_either_answer(some: list[Person]) -> None:
    q = asking("sex", "travel_mode", "education", "route")
    data = model_data(tabulated(some), q)
    kept = [person for person in some if all(person[name] in levels for name, levels in data.levels.items())]
    assert data.rows["answered"].sum() == len(kept) == len(some) - data.left_out
    assert data.rows["yes"].sum() == sum(person["answer"] == "yes" for person in kept)
    for name, levels in data.levels.items():
        assert len(levels) > 1
        assert set(levels) <= {*(ROUTES if name == "route" else q.levels(name))}
        for level, answer in product(levels, ("yes", "no")):
            assert sum(person[name] == level and person["answer"] == answer for person in kept) >= 15


# --- what is refused, and what is warned of -------------------------------------------------------------------------


class Case(NamedTuple):
    """People, questionnaire, whether points are known, the note that there must be, and whether there is a model."""

    people: list[Person]
    note: str
    is_fitted: bool
    questionnaire: Questionnaire = Q
    are_points_known: bool = True


EVERY = ("age_group", "sex", "education", "travel_mode", "region_of_origin", "route", "transit")
SEVERAL = {
    "age_group": ("14_17", "18_24", "25_plus"),
    "sex": ("male", "female"),
    "education": ("none", "primary", "lower_secondary", "upper_secondary", "tertiary"),
    "travel_mode": ("alone", "group", "family"),
    "region_of_origin": ("west_africa", "north_africa", "east_africa", "middle_east", "south_asia"),
    "route": ("central", "eastern"),
    "transit": TRANSIT_BINS,
}
"""18 coefficients."""


def of_every_level(yes: int, no: int = 400, points: int = 12) -> list[Person]:
    """People whose characteristics have nothing to do with one another, about as many at each level of each."""
    random = np.random.default_rng(3)
    found: list[Person] = []
    for answer, many in (("yes", yes), ("no", no)):
        levels = {name: random.permutation(np.resize(words, many)) for name, words in SEVERAL.items()}
        for number in range(many):
            person = {name: str(of[number]) for name, of in levels.items()}
            found.append(person | {"monitoring_point": f"p{number % points}", "answer": answer})
    return found


def together(*words: str) -> list[Person]:
    """Men on one route and women on the other."""
    sexes = dict(zip(ROUTES, words, strict=False))
    return [person | {"sex": sexes[person["route"]]} for person in WAVE]


CASES = {
    "a model": Case(WAVE, "", True),
    "no factors declared": Case(WAVE, "no_factors", False, asking()),
    "nobody": Case([], "no_factors", False),
    "no factor with two levels": Case(people(90, 90), "no_factors", False, asking(*EVERY, profiles={"man": ALONE})),
    "points not known": Case(WAVE, "no_points", False, Q, False),
    "seven points": Case(a_wave(points=7, each=20, routes=["central"]), "too_few_points", False),
    "eight points": Case(a_wave(points=8, each=20, routes=["central"]), "few_points", True),
    "nineteen points": Case(a_wave(points=19, routes=["central"]), "few_points", True),
    "twenty points": Case(a_wave(points=10), "", True),
    "four point nine to a coefficient": Case(of_every_level(89), "too_few_events", False, asking(*EVERY)),
    "five to a coefficient": Case(of_every_level(90), "few_events", True, asking(*EVERY)),
    "nine point nine to a coefficient": Case(of_every_level(179), "few_events", True, asking(*EVERY)),
    "ten to a coefficient": Case(of_every_level(180), "", True, asking(*EVERY)),
    "few who say no": Case(of_every_level(400, 89), "too_few_events", False, asking(*EVERY)),
    "few of both": Case(of_every_level(100, points=9), "few_points, few_events", True, asking(*EVERY)),
    "factors that are one": Case(together("male", "female"), "not_separable", False),
    "a profile that is left out": Case(
        WAVE,
        "",
        True,
        asking(*THREE, "age_group", profiles={"boy": {"sex": "male", "age_group": "14_17"}, "man": ALONE}),
    ),
}


@pytest.fixture(scope="module")
def cases() -> dict[str, Modelled]:
    return {name: modelled(case.people, case.questionnaire, case.are_points_known) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_first_row_says_whether_there_is_a_model_and_why(name: str, cases: dict[str, Modelled]) -> None:
    first = cases[name].model.iloc[0]
    assert (first["quantity"], first["value"], first["note"]) == ("fitted", CASES[name].is_fitted, CASES[name].note)


@pytest.mark.parametrize("name", CASES)
def test_the_model_is_described(name: str, cases: dict[str, Modelled]) -> None:
    case, found = CASES[name], quantities(cases[name])
    described = ["respondents", "left_out", "positive", "points", "coefficients", "events_per_coefficient"]
    of_fit = ["sd_points", "intraclass_correlation", "median_odds_ratio", "log_likelihood", "concordance", "brier"]
    assert list(found) == ["fitted", *described, *(of_fit if case.is_fitted else [])]
    assert not pd.isna(list(found.values())).any()
    assert found["respondents"] + found["left_out"] == len(case.people)
    assert (cases[name].model["note"].iloc[1:] == "").all()


@pytest.mark.parametrize("name", CASES)
def test_every_level_that_is_declared_has_its_row(name: str, cases: dict[str, Modelled]) -> None:
    case, found = CASES[name], cases[name].factors
    q = case.questionnaire
    levels = {factor: ROUTES if factor == "route" else q.levels(factor) for factor in q.factors}
    assert sorted(zip(found["factor"], found["level"], strict=True)) == sorted(
        (factor, level) for factor, of in levels.items() for level in of
    )
    for factor, rows in found.groupby("factor"):
        assert list(rows["level"]) == list(levels[factor]), "in declared order"
        assert set(rows["factor_level"]) == {str(q.factors[factor].level)}
        assert list(rows["role"]).count("reference") == (1 if "compared" in set(rows["role"]) else 0)


@pytest.mark.parametrize("name", CASES)
def test_a_number_is_missing_only_where_the_row_says_why(name: str, cases: dict[str, Modelled]) -> None:
    case, found = CASES[name], cases[name].factors
    is_compared, is_kept = found["role"] == "compared", found["role"] != "left_out"
    numbers = [
        "odds_ratio",
        "odds_low",
        "odds_high",
        "log10_p",
        "log10_p_bh",
        "single_ratio",
        "single_low",
        "single_high",
    ]
    for column in ("answered", "yes"):
        assert (found[column].notna() == is_kept).all()
    for column in numbers:
        assert (found[column].notna() == (is_compared & case.is_fitted)).all(), column
    for column in ("probability", "probability_low", "probability_high"):
        assert (found[column].notna() == (is_kept & case.is_fitted)).all(), column
    predicted = cases[name].predicted
    is_told = ~predicted["note"].isin(["no_model", "not_in_model"])
    for column in ("answered", "probability", "probability_low", "probability_high"):
        assert (predicted[column].notna() == is_told).all(), column
    assert set(predicted["note"]) <= {"", "extrapolated", "not_in_model", "no_model"}


@pytest.mark.parametrize("name", CASES)
def test_the_tables_have_every_column_and_one_wave_and_indicator(name: str, cases: dict[str, Modelled]) -> None:
    tables = vars(cases[name])
    for table in (FACTORS, PREDICTED, MODEL, CALIBRATION):
        frame = tables[table.name]
        assert list(frame.columns) == table.names
        assert set(frame["wave"]) <= {"2016-10"}
        assert set(frame["indicator"]) <= {"at_least_one"}
        assert set(frame["suppressed"]) <= {""}
    assert (len(tables["calibration"]) > 0) == CASES[name].is_fitted
    assert tables["calibration"].notna().all(axis=None)


@pytest.mark.parametrize("name", CASES)
def test_intervals_hold_what_they_are_about(name: str, cases: dict[str, Modelled]) -> None:
    found, predicted = cases[name].factors, cases[name].predicted
    for frame, column in ((found, "odds"), (found, "single"), (found, "probability"), (predicted, "probability")):
        middle = column if column == "probability" else f"{column}_ratio"
        rows = frame.dropna(subset=[middle])
        assert (rows[f"{column}_low"] < rows[middle]).all()
        assert (rows[middle] < rows[f"{column}_high"]).all()
    assert (found["log10_p"].dropna() <= 0).all()
    assert (found["log10_p_bh"].dropna() >= found["log10_p"].dropna()).all()


def test_factors_stand_from_the_person_outwards() -> None:
    found = modelled(WAVE, asking("transit", "route", "travel_mode", "sex")).factors
    assert list(dict.fromkeys(found["factor"])) == ["sex", "travel_mode", "transit", "route"]


# --- its numbers ----------------------------------------------------------------------------------------------------


class Fits(NamedTuple):
    """The two models, fitted apart from the tables."""

    data: Data
    multilevel: multilevel.Multilevel
    beta: np.ndarray
    se: np.ndarray


@pytest.fixture(scope="module")
def fits() -> Fits:
    data = model_data(tabulated(WAVE), Q)
    y, n, design = data.rows["yes"].to_numpy(float), data.rows["answered"].to_numpy(float), data.design(data.rows)
    single = logistic.fit(y, n, design)
    assert single is not None
    covariance = logistic.clustered_covariance(single, y, n, design, data.point)
    return Fits(data, multilevel.fit(y, n, design, data.point, single.beta), single.beta, np.sqrt(np.diag(covariance)))


COEFFICIENTS = [("sex", "male"), ("travel_mode", "alone"), ("travel_mode", "group"), ("route", "central")]


def of_coefficients(table: pd.DataFrame, column: str) -> np.ndarray:
    return table.set_index(["factor", "level"]).loc[COEFFICIENTS, column].to_numpy(float)


def test_odds_ratios_are_those_of_the_fits(fits: Fits, cases: dict[str, Modelled]) -> None:
    table, model = cases["a model"].factors, fits.multilevel
    assert fits.data.columns == COEFFICIENTS
    df = 24 - 2
    for name, beta, off in [
        ("odds", model.beta, norm.ppf(0.975) * np.sqrt(np.diag(model.covariance))),
        ("single", fits.beta, t.ppf(0.975, df) * fits.se),
    ]:
        for end, log_odds in {"ratio": beta, "low": beta - off, "high": beta + off}.items():
            assert of_coefficients(table, f"{name}_{end}") == pytest.approx(np.exp(log_odds)[1:], rel=1e-9)


def test_p_values_are_those_of_wald_and_of_benjamini_and_hochberg(fits: Fits, cases: dict[str, Modelled]) -> None:
    table, model = cases["a model"].factors, fits.multilevel
    p = 2 * norm.sf(np.abs(model.beta / np.sqrt(np.diag(model.covariance))))[1:]
    assert 10 ** of_coefficients(table, "log10_p") == pytest.approx(p, rel=1e-9)
    assert 10 ** of_coefficients(table, "log10_p_bh") == pytest.approx(false_discovery_control(p), rel=1e-9)


def test_respondents_at_each_level(cases: dict[str, Modelled]) -> None:
    for row in cases["a model"].factors.dropna(subset=["answered"]).itertuples():
        there = [person["answer"] for person in WAVE if person[row.factor] == row.level]
        assert (row.answered, row.yes) == (len(there), there.count("yes"))


def average(fits: Fits, of: dict[str, str]) -> float:
    """Everybody set to these levels, one by one, and met at points drawn at random."""
    model, total, seen = fits.multilevel, 0.0, {}
    coefficient = dict(zip(COEFFICIENTS, model.beta[1:], strict=True))
    for person in WAVE:
        changed = person | of
        fixed = model.beta[0] + sum(coefficient.get((name, changed[name]), 0) for name in THREE)
        if fixed not in seen:
            seen[fixed] = quad(lambda z, fixed=fixed: expit(fixed + model.sd * z) * norm.pdf(z), -10, 10)[0]
        total += seen[fixed]
    return total / len(WAVE)


def test_average_predicted_probabilities(fits: Fits, cases: dict[str, Modelled]) -> None:
    rows = cases["a model"].factors.dropna(subset=["probability"])
    assert len(rows) == 7
    for row in rows.itertuples():
        assert row.probability == pytest.approx(average(fits, {row.factor: row.level}), rel=1e-6)


def test_profiles_are_predicted_on_each_route(fits: Fits, cases: dict[str, Modelled]) -> None:
    predicted = cases["a model"].predicted
    keys = list(zip(predicted["profile"], predicted["route"], strict=True))
    assert keys == list(product(["man_alone", "woman", "anybody"], ["central", "eastern"]))
    for row in predicted.itertuples():
        of = Q.profiles[row.profile].of | {"route": row.route}
        just_so = [person for person in WAVE if of.items() <= person.items()]
        assert row.answered == len(just_so)
        assert row.probability == pytest.approx(average(fits, of), rel=1e-6)
        assert row.note == ""


@pytest.mark.parametrize(("many", "note"), [(29, "extrapolated"), (30, "")])
def test_a_profile_that_few_are_is_extrapolated(many: int, note: str) -> None:
    just_so = [person for person in WAVE if person["route"] == "central" and ALONE.items() <= person.items()]
    others = [person for person in WAVE if not (person["route"] == "central" and ALONE.items() <= person.items())]
    found = modelled(others + just_so[:many]).predicted.set_index(["profile", "route"]).loc[("man_alone", "central")]
    assert (found["answered"], found["note"]) == (many, note)
    assert 0 < found["probability"] < 1


def test_a_profile_at_a_level_that_is_not_in_the_model(cases: dict[str, Modelled]) -> None:
    predicted = cases["a profile that is left out"].predicted
    assert list(zip(predicted["profile"], predicted["note"], strict=True)) == [
        *[("boy", "not_in_model")] * 2,
        *[("man", "")] * 2,
    ]
    assert set(cases["points not known"].predicted["note"]) == {"no_model"}


def test_calibration_is_about_everybody_in_the_model(cases: dict[str, Modelled]) -> None:
    tenths = cases["a model"].calibration
    assert tenths["answered"].sum() == len(WAVE)
    assert tenths["yes"].sum() == sum(person["answer"] == "yes" for person in WAVE)
    assert 5 <= len(tenths) <= 10
    # The intercepts of points are shrunk, so what is predicted is only about what was seen.
    expected = float((tenths["expected"] * tenths["answered"]).sum())
    assert expected == pytest.approx(float(tenths["yes"].sum()), rel=0.01)


def test_what_is_borne_out_is_predicted_at_the_point_where_each_was_met(fits: Fits, cases: dict[str, Modelled]) -> None:
    """So concordance and the Brier score are of predictions with the intercept of the point, by loops over people."""
    rows, model = fits.data.rows, fits.multilevel
    log_odds = fits.data.design(rows) @ model.beta + model.intercept
    predicted = dict(
        zip(zip(*(rows[name] for name in (*THREE, "monitoring_point")), strict=True), log_odds, strict=True)
    )
    told: dict[str, list[float]] = {"yes": [], "no": []}
    for person in WAVE:
        told[person["answer"]].append(expit(predicted[tuple(person[name] for name in (*THREE, "monitoring_point"))]))
    yes, no = (np.array(told[answer]) for answer in ("yes", "no"))
    found = quantities(cases["a model"])
    assert found["brier"] == pytest.approx((((1 - yes) ** 2).sum() + (no**2).sum()) / len(WAVE), rel=1e-9)
    apart = np.round(yes[:, None] - no[None, :], 9)
    assert found["concordance"] == pytest.approx(((apart > 0) + (apart == 0) / 2).mean(), rel=1e-9)


# --- what must not matter -------------------------------------------------------------------------------------------


def assert_same(one: Modelled, other: Modelled, near: float = 1e-4) -> None:
    for name, table in vars(one).items():
        pd.testing.assert_frame_equal(table, getattr(other, name), check_exact=False, rtol=near, atol=near)


def test_the_order_of_profiles_does_not_matter(cases: dict[str, Modelled]) -> None:
    shuffled = tabulated(WAVE).sample(frac=1, random_state=4)
    assert_same(cases["a model"], factors(shuffled, Q, "2016-10", True), near=1e-12)


def test_what_other_characteristics_cut_apart_is_put_together(cases: dict[str, Modelled]) -> None:
    random = np.random.default_rng(2)
    bins = random.choice(["unknown", *TRANSIT_BINS], len(WAVE))
    some = [person | {"transit": str(word)} for person, word in zip(WAVE, bins, strict=True)]
    assert_same(cases["a model"], modelled(some), near=1e-12)


def test_names_of_points_do_not_matter(cases: dict[str, Modelled]) -> None:
    """Also if both routes have the same, which are then no less two points."""
    some = [person | {"monitoring_point": person["monitoring_point"].split("-")[1][::-1]} for person in WAVE]
    one, other = cases["a model"], modelled(some)
    assert quantities(other)["points"] == 24
    # Tenths may be cut elsewhere: points with the same answers are no longer quite alike once the search ends.
    assert_same(replace(one, calibration=one.calibration[:0]), replace(other, calibration=other.calibration[:0]))


def test_another_reference_turns_only_odds_ratios_round(cases: dict[str, Modelled]) -> None:
    changed = {
        name: factor.model_copy(update={"reference": of})
        for (name, factor), of in zip(Q.factors.items(), ("male", "family", "central"), strict=True)
    }
    one, other = cases["a model"], modelled(WAVE, Q.model_copy(update={"factors": changed}))
    assert_same(replace(one, factors=one.factors[:0]), replace(other, factors=other.factors[:0]))
    before, after = (of.factors.set_index(["factor", "level"]) for of in (one, other))
    for column in ("probability", "probability_low", "probability_high"):
        assert before[column].to_numpy(float) == pytest.approx(after[column].to_numpy(float), rel=1e-4, nan_ok=True)
    for level, opposite in ((("sex", "male"), ("sex", "female")), (("route", "central"), ("route", "eastern"))):
        for end, from_end in (("ratio", "ratio"), ("low", "high"), ("high", "low")):
            for model in ("odds", "single"):
                turned = 1 / after.loc[opposite, f"{model}_{from_end}"]
                assert before.loc[level, f"{model}_{end}"] == pytest.approx(turned, rel=1e-3)


# --- what a questionnaire may declare -------------------------------------------------------------------------------


def factor(name: str, reference: str, level: str = "individual") -> str:
    return f'[overrides.factors.{name}]\nlevel = "{level}"\nreference = "{reference}"\n'


def profile(**of: str) -> str:
    levels = ", ".join(f'{name} = "{level}"' for name, level in of.items())
    return f'[overrides.profiles.tall]\nlabel = {{ en = "Tall" }}\nof = {{ {levels} }}\n'


MISTAKES: dict[str, tuple[str, tuple[str, ...]]] = {
    "a factor that is no column": (
        factor("educaton", "none"),
        ("factors:", '"educaton" is not declared', 'Did you mean "education"?', "route"),
    ),
    "a factor that is not counted with the others": (
        factor("marital_status", "single"),
        ("factors:", '"marital_status" is not declared', "travel_mode"),
    ),
    "a reference that is no level": (
        factor("sex", "femal"),
        ("factors.sex.reference:", '"femal" is not declared', 'Did you mean "female"?'),
    ),
    "a reference that is a kind of missing": (
        factor("sex", "declined"),
        ("factors.sex.reference:", '"declined" is not declared', "male, female"),
    ),
    "a route as reference that is none": (
        factor("route", "eastren", "structural"),
        ("factors.route.reference:", '"eastren" is not declared', 'Did you mean "eastern"?'),
    ),
    "a region as reference that is none": (
        factor("region_of_origin", "north_afrika", "community"),
        ("factors.region_of_origin.reference:", 'Did you mean "north_africa"?'),
    ),
    "a level of IOM that is none": (
        factor("sex", "female", "comunity"),
        ("factors.sex.level:", "'community'", "found 'comunity'", 'Did you mean "community"?'),
    ),
    "a factor without a reference": (
        '[overrides.factors]\nsex = { level = "individual", referense = "female" }\n',
        ("factors.sex.referense:", 'Did you mean "reference"?'),
    ),
    "a profile of a factor that is not declared": (
        profile(sex="male", travelmode="alone"),
        ("profiles.tall.of:", '"travelmode" is not declared', 'Did you mean "travel_mode"?'),
    ),
    "a profile of a column that is no factor": (
        profile(marital_status="single"),
        ("profiles.tall.of:", '"marital_status" is not declared', "age_group"),
    ),
    "a profile on a route, which is each in turn": (
        profile(route="central"),
        ("profiles.tall.of:", '"route" is not declared'),
    ),
    "a profile at a level that is none": (
        profile(sex="male", travel_mode="alon"),
        ("profiles.tall.of.travel_mode:", '"alon" is not declared', 'Did you mean "alone"?'),
    ),
    "a profile without English": (
        '[overrides.profiles.tall]\nlabel = { fr = "Grand" }\nof = { sex = "male" }\n',
        ("profiles.tall.label:", "English"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake(mistake: str, tmp_path: Path) -> None:
    overrides, expected = MISTAKES[mistake]
    write_wave(tmp_path, [], more=overrides)
    error = refusal(DeclarationError, 2, lambda: load_wave(tmp_path, NAME))
    assert "wave.toml [overrides] over fms-2016.toml" in error.where
    assert [fragment for fragment in expected if fragment not in error.what] == [], error.what


def test_a_factor_must_be_a_closed_question() -> None:
    """Of other columns there are no levels to declare."""
    tables = SHIPPED.model_dump(by_alias=True, exclude_unset=True)
    tables["columns"]["travel_mode"] = {"kind": "code", "headers": ["mode"], "pattern": ".*"}
    with pytest.raises(ValidationError, match='factors: "travel_mode" is not declared'):
        Questionnaire.model_validate(tables)
