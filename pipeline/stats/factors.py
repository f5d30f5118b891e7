"""What goes with reports of at least one indicator, all characteristics taken together: association, not cause."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.questionnaire import Questionnaire
from pipeline.stats import logistic, multilevel
from pipeline.stats.calibration import brier, calibration, concordance
from pipeline.stats.model_data import Data, declared_levels, model_data
from pipeline.stats.multiple import benjamini_hochberg
from pipeline.stats.proportion import CONFIDENCE
from pipeline.tables import CALIBRATION, FACTORS, MODEL, PREDICTED, conform
from pipeline.vocabulary import ROUTE, ROUTES, Derived, FactorLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REFERENCE, COMPARED, LEFT_OUT = "reference", "compared", "left_out"
"""What a level is in the model."""

FEWEST_POINTS, FEW_POINTS = 8, 20
FEW_AT_POINTS = 10
"""With fewer respondents at a point, on average, Laplace's approximation makes points more different than they are."""
FEWEST_EVENTS, FEW_EVENTS = 5, 10
"""For each coefficient: fewer positive (or fewer other) respondents are none to fit on, or few."""
FEW_PEOPLE = 30
"""A profile with fewer respondents who are just so is predicted from others."""


@dataclass(frozen=True)
class Modelled:
    """What a model says; each as the table of its name in `tables`."""

    factors: pd.DataFrame
    predicted: pd.DataFrame
    model: pd.DataFrame
    calibration: pd.DataFrame


def factors(profiles: pd.DataFrame, q: Questionnaire, wave: str, are_points_known: bool) -> Modelled:
    """The model of at least one indicator: `tables.FACTORS`, `PREDICTED`, `MODEL`, `CALIBRATION`.

    Fits `multilevel.fit`, and `logistic.fit` with errors over monitoring points beside it, to the respondents of whom
    every factor is known. A level at which fewer than 15 respondents are positive, or fewer than 15 are not, is left
    out with its respondents; that a level is of everybody or nobody would say what each of them answered. There is no
    model, and the reason stands in `MODEL`, where points are not known or fewer than 8, where there are fewer than 5
    positive (or other) respondents to a coefficient, and where coefficients cannot be told apart.

    Parameters: `tables.PROFILES`, exact; the questionnaire, which declares factors and profiles.
    """
    data = model_data(profiles, q)
    refused = _refused(data, are_points_known)
    fitted = None if refused else _fit(data)
    told = _of_model(data, fitted, q) if fitted else _of_nothing(data, q, refused or "not_separable")
    return _tables(data, told, q, wave)


def _refused(data: Data, are_points_known: bool) -> str:
    """Why there is no model; empty if there may be one."""
    if not data.levels:
        return "no_factors"
    if not are_points_known:
        return "no_points"
    if data.points < FEWEST_POINTS:
        return "too_few_points"
    return "too_few_events" if data.events_per_coefficient < FEWEST_EVENTS else ""


# --- the two models -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fitted:
    """The multilevel model, and the single-level one with the errors of its coefficients over points."""

    multilevel: multilevel.Multilevel
    beta: Floats
    se: Floats
    df: int


def _fit(data: Data) -> _Fitted | None:
    y, n = (data.rows[name].to_numpy(float) for name in ("yes", "answered"))
    design, point = data.own_design, data.point
    single = logistic.fit(y, n, design)
    if single is None:
        return None
    covariance = logistic.clustered_covariance(single, y, n, design, point)
    df = data.points - data.rows[ROUTE].nunique()
    return _Fitted(multilevel.fit(y, n, design, point, single.beta), single.beta, np.sqrt(np.diag(covariance)), df)


def _odds(data: Data, fitted: _Fitted) -> pd.DataFrame:
    """A row for each level but the references: adjusted odds ratios of both models with their intervals."""
    from scipy.special import log_ndtr, stdtrit

    model = fitted.multilevel
    columns: dict[str, Floats] = {}
    normal, t = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2), float(stdtrit(fitted.df, 0.5 + CONFIDENCE / 2))
    sides = {"odds": (model.beta, np.sqrt(np.diag(model.covariance)), normal), "single": (fitted.beta, fitted.se, t)}
    for name, (beta, se, off) in sides.items():
        columns |= {
            f"{name}_ratio": np.exp(beta[1:]),
            f"{name}_low": np.exp(beta[1:] - off * se[1:]),
            f"{name}_high": np.exp(beta[1:] + off * se[1:]),
        }
    z = np.abs(model.beta / sides["odds"][1])[1:]
    log10_p = (np.log(2) + log_ndtr(-z)) / np.log(10)
    keys = pd.DataFrame(data.columns, columns=["factor", "level"])
    return keys.assign(**columns, log10_p=log10_p, log10_p_bh=benjamini_hochberg(log10_p))


# --- what is predicted ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Everybody:
    """Respondents by all factors together, over points, and the design of these rows."""

    people: pd.DataFrame
    design: Floats


def _everybody(data: Data) -> _Everybody:
    key = list(dict.fromkeys([ROUTE, *data.levels]))
    people = data.rows.groupby(key, as_index=False)[["answered"]].sum()
    return _Everybody(people, data.design(people))


def _average(data: Data, fitted: _Fitted, everybody: _Everybody, of: dict[str, str]) -> dict[str, float]:
    """The average predicted probability with everybody at these levels."""
    design = everybody.design
    for factor, level in of.items():
        design = data.set_to(design, factor, level)
    people = everybody.people["answered"].to_numpy(float)
    found = multilevel.average_probability(fitted.multilevel, design, people, CONFIDENCE)
    return dict(zip(("probability", "probability_low", "probability_high"), found, strict=True))


def _probabilities(data: Data, fitted: _Fitted, everybody: _Everybody) -> pd.DataFrame:
    """The average predicted probability at each level."""
    return pd.DataFrame(
        {"factor": name, "level": level, **_average(data, fitted, everybody, {name: level})}
        for name, levels in data.levels.items()
        for level in levels
    )


def _profile_routes(data: Data, q: Questionnaire) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each declared profile on each route that respondents of the model were met on."""
    there = set(data.rows[ROUTE])
    for name, profile in q.profiles.items():
        for route in (route for route in ROUTES if route in there):
            yield name, route, dict(profile.of)


def _just_so(people: pd.DataFrame, of: dict[str, str]) -> int:
    chosen = np.logical_and.reduce([(people[name] == level).to_numpy() for name, level in of.items()])
    return int(people.loc[chosen, "answered"].sum())


def _predicted(data: Data, fitted: _Fitted, q: Questionnaire, everybody: _Everybody) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name, route, of in _profile_routes(data, q):
        row: dict[str, object] = {"profile": name, "route": route}
        if not all(level in data.levels.get(factor, ()) for factor, level in of.items()):
            rows.append(row | {"note": "not_in_model"})
            continue
        just_so = _just_so(everybody.people, of | {ROUTE: route})
        found = _average(data, fitted, everybody, of | ({ROUTE: route} if ROUTE in data.levels else {}))
        rows.append(row | {"answered": just_so, **found, "note": "extrapolated" if just_so < FEW_PEOPLE else ""})
    return pd.DataFrame(rows, columns=PREDICTED.names)


def _unpredicted(data: Data, q: Questionnaire) -> pd.DataFrame:
    rows = [{"profile": name, "route": route, "note": "no_model"} for name, route, _ in _profile_routes(data, q)]
    return pd.DataFrame(rows, columns=PREDICTED.names)


# --- the tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """What there is to tell. note: why there is no model, or what makes it less sure than it looks."""

    odds: pd.DataFrame
    predicted: pd.DataFrame
    tenths: pd.DataFrame
    quantities: dict[str, float]
    note: str


def _of_model(data: Data, fitted: _Fitted, q: Questionnaire) -> _Told:
    y, n = (data.rows[name].to_numpy(float) for name in ("yes", "answered"))
    model, everybody = fitted.multilevel, _everybody(data)
    predicted = logistic.probability(data.own_design @ model.beta + model.intercept)
    return _Told(
        odds=_odds(data, fitted).merge(_probabilities(data, fitted, everybody), on=["factor", "level"], how="right"),
        predicted=_predicted(data, fitted, q, everybody),
        tenths=calibration(predicted, y, n),
        quantities={
            **_described(data),
            "sd_points": model.sd,
            "intraclass_correlation": multilevel.intraclass_correlation(model.sd),
            "median_odds_ratio": multilevel.median_odds_ratio(model.sd),
            "log_likelihood": model.log_likelihood,
            "concordance": concordance(predicted, y, n),
            "brier": brier(predicted, y, n),
        },
        note=_warned(data),
    )


def _of_nothing(data: Data, q: Questionnaire, reason: str) -> _Told:
    none, empty = pd.DataFrame(columns=["factor", "level"]), pd.DataFrame(columns=CALIBRATION.names)
    return _Told(none, _unpredicted(data, q), empty, _described(data), reason)


def _described(data: Data) -> dict[str, float]:
    return {
        "respondents": data.rows["answered"].sum(),
        "left_out": data.left_out,
        "positive": data.rows["yes"].sum(),
        "points": data.points,
        "coefficients": len(data.columns),
        "events_per_coefficient": data.events_per_coefficient,
    }


def _warned(data: Data) -> str:
    """What makes the model less sure than it looks; empty for nothing."""
    few = {
        "few_points": data.points < FEW_POINTS,
        "few_events": data.events_per_coefficient < FEW_EVENTS,
        "sparse_points": data.rows["answered"].sum() / data.points < FEW_AT_POINTS,
    }
    return ", ".join(word for word, is_so in few.items() if is_so)


def _tables(data: Data, told: _Told, q: Questionnaire, wave: str) -> Modelled:
    shared = {"wave": wave, "indicator": str(Derived.AT_LEAST_ONE), "suppressed": ""}
    verdict = {"quantity": "fitted", "value": float("sd_points" in told.quantities), "note": told.note}
    quantities = [{"quantity": k, "value": v, "note": ""} for k, v in told.quantities.items()]
    frames = {
        FACTORS: _all_levels(data, q, told.odds),
        PREDICTED: told.predicted,
        MODEL: pd.DataFrame([verdict, *quantities]),
        CALIBRATION: told.tenths,
    }
    return Modelled(*(conform(frame.assign(**shared).reindex(columns=one.names), one) for one, frame in frames.items()))


def _all_levels(data: Data, q: Questionnaire, odds: pd.DataFrame) -> pd.DataFrame:
    """Every level of every declared factor, whether it is in the model or not, by IOM's four levels."""
    order = sorted(q.factors, key=lambda name: list(FactorLevel).index(q.factors[name].level))
    rows: list[dict[str, object]] = []
    for name in order:
        sums = data.rows.groupby(name)[["answered", "yes"]].sum()
        for level in declared_levels(q, name):
            kept = level in data.levels.get(name, ())
            role = (REFERENCE if level == data.levels[name][0] else COMPARED) if kept else LEFT_OUT
            row = {"factor_level": str(q.factors[name].level), "factor": name, "level": level, "role": role}
            rows.append({**row, **(sums.loc[level] if kept else {})})
    frame = pd.DataFrame(rows, columns=["factor_level", "factor", "level", "role", "answered", "yes"])
    return frame.merge(odds, on=["factor", "level"], how="left")
