"""The model of factors on the shipped wave gives what R gave: glm with sandwich, and glmer of lme4."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit, xlogy
from scipy.stats import t

from pipeline.questionnaire import Questionnaire
from pipeline.stats import logistic, multilevel
from pipeline.stats.factors import Modelled, factors
from pipeline.stats.model_data import Data, model_data
from tests.support.quadrature import Counted, log_likelihood
from tests.support.run import Results

REFERENCE = Path(__file__).with_name("reference_r.csv")


def of_r(what: str) -> dict[str, dict[str, float]]:
    """quantity → name of a coefficient in R, or what else it is of → number."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with REFERENCE.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            if row["what"] == what:
                found[row["quantity"]][row["route"]] = float(row["value"])
    return found


SINGLE, LAPLACE, QUADRATURE = (of_r(w) for w in ("logistic", "random_intercept_nAGQ1", "random_intercept_nAGQ15"))


@dataclass(frozen=True)
class Model:
    """What R was given: every factor but the region of origin, of which its model has nothing."""

    questionnaire: Questionnaire
    data: Data
    modelled: Modelled

    @cached_property
    def counted(self) -> Counted:
        y, n = (self.data.rows[name].to_numpy(float) for name in ("yes", "answered"))
        return Counted(y, n, self.data.design(self.data.rows), self.data.point)

    @cached_property
    def names(self) -> list[str]:
        """R's name of each coefficient."""
        return ["(Intercept)", *(factor + level for factor, level in self.data.columns)]

    @cached_property
    def single(self) -> logistic.Logistic:
        fitted = logistic.fit(self.counted.y, self.counted.n, self.counted.design)
        assert fitted is not None
        return fitted

    @cached_property
    def multilevel(self) -> multilevel.Multilevel:
        return multilevel.fit(self.counted.y, self.counted.n, self.counted.design, self.counted.point)

    def named(self, values: np.ndarray) -> dict[str, float]:
        return dict(zip(self.names, values.tolist(), strict=True))

    def in_order(self, values: dict[str, float]) -> np.ndarray:
        return np.array([values[name] for name in self.names])


@pytest.fixture(scope="module")
def model(shipped: Results) -> Model:
    q = shipped.wave.questionnaire
    kept = {name: factor for name, factor in q.factors.items() if name != "region_of_origin"}
    q = q.model_copy(update={"factors": kept})
    profiles = shipped.tabulated.profiles
    return Model(q, model_data(profiles, q), factors(profiles, q, "2016-10", True))


def test_nothing_of_the_reference_is_left_out(model: Model) -> None:
    assert [sum(map(len, of.values())) for of in (SINGLE, LAPLACE, QUADRATURE)] == [47, 32, 32]
    for of in (SINGLE["coef"], SINGLE["se"], SINGLE["cluster_se"], LAPLACE["coef"], LAPLACE["se"]):
        assert sorted(of) == sorted(model.names)


# --- glm ------------------------------------------------------------------------------------------------------------


def errors(bread: np.ndarray, scores: np.ndarray, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standard errors from the information, and from what points add to the scores: loops over points."""
    names = sorted(set(point))
    meat = sum(np.outer(u, u) for u in (scores[point == name].sum(axis=0) for name in names))
    clustered = bread @ meat @ bread * len(names) / (len(names) - 1)
    return np.sqrt(np.diag(bread)), np.sqrt(np.diag(clustered))


@dataclass(frozen=True)
class ByHand:
    """A logistic regression as glm of R goes about it, after some steps."""

    coef: np.ndarray
    se: np.ndarray
    cluster_se: np.ndarray


def as_r_does(counted: Counted, epsilon: float) -> ByHand:
    """Iteratively reweighted least squares over people, from (y + ½)/2: 25 steps, or until the deviance changes by less
    than epsilon of itself, which is 1e-8 in R. Errors are those of the weights that the last step began with."""
    people = np.concatenate([counted.y, counted.n - counted.y])
    y = np.repeat([1.0, 0.0], len(counted.y))
    x, point = np.tile(counted.design, (2, 1)), np.tile(counted.point, 2)
    p, before = (y + 0.5) / 2, np.inf
    for _ in range(25):
        weight, residual = people * p * (1 - p), (y - p) / (p * (1 - p))
        bread = np.linalg.inv((x * weight[:, None]).T @ x)
        coef = bread @ (x * weight[:, None]).T @ (logit(p) + residual)
        p = expit(x @ coef)
        deviance = -2 * float((people * (xlogy(y, p) + xlogy(1 - y, 1 - p))).sum())
        if abs(deviance - before) < epsilon * (abs(deviance) + 0.1):
            break
        before = deviance
    scores = x * (weight * (y - p) / (p * (1 - p)))[:, None]
    return ByHand(coef, *errors(bread, scores, point))


@pytest.mark.parametrize("quantity", ["coef", "se", "cluster_se"])
def test_r_as_it_stops(quantity: str, model: Model) -> None:
    """R's own numbers to their last digit, so that what is left between them and ours is where R stops."""
    found = getattr(as_r_does(model.counted, 1e-8), quantity)
    assert model.named(found) == pytest.approx(SINGLE[quantity], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("quantity", ["coef", "se", "cluster_se"])
def test_ours_is_where_r_would_come_to(quantity: str, model: Model) -> None:
    ours = ours_of(model)[quantity]
    assert ours == pytest.approx(getattr(as_r_does(model.counted, 0), quantity), rel=1e-9, abs=1e-11)


STOPPED = {"coef": 1e-6, "se": 2e-4, "cluster_se": 5e-5}
"""How near R comes. Its errors are those of the weights before the last step, which have not all their digits yet."""


@pytest.mark.parametrize("quantity", STOPPED)
def test_single_level(quantity: str, model: Model) -> None:
    """R: glm(binomial), vcov, and sandwich::vcovCL(type = "HC0", cadjust = TRUE) by monitoring point."""
    found = model.named(ours_of(model)[quantity])
    assert found == pytest.approx(SINGLE[quantity], rel=STOPPED[quantity], abs=0)


def ours_of(model: Model) -> dict[str, np.ndarray]:
    covariance = logistic.clustered_covariance(
        model.single, model.counted.y, model.counted.n, model.counted.design, model.counted.point
    )
    bread = model.single.bread
    return {"coef": model.single.beta, "se": np.sqrt(np.diag(bread)), "cluster_se": np.sqrt(np.diag(covariance))}


def test_respondents_and_likelihood(model: Model) -> None:
    y, n, p = model.counted.y, model.counted.n, model.single.probability
    assert n.sum() == SINGLE["n"]["n"]
    assert float((xlogy(y, p) + xlogy(n - y, 1 - p)).sum()) == pytest.approx(SINGLE["logLik"]["n"], rel=1e-9)


def test_odds_ratios_of_the_table_are_those_of_r(model: Model) -> None:
    rows = model.modelled.factors.dropna(subset=["single_ratio"])
    keys = rows["factor"] + rows["level"]
    coef, se = (np.array([SINGLE[quantity][key] for key in keys]) for quantity in ("coef", "cluster_se"))
    off = t.ppf(0.975, 101 - 2) * se
    for column, expected in (("single_ratio", coef), ("single_low", coef - off), ("single_high", coef + off)):
        assert np.log(rows[column].to_numpy(float)) == pytest.approx(expected, rel=1e-5, abs=2e-5)
    odds = np.log(rows["odds_ratio"].to_numpy(float))
    assert odds == pytest.approx([LAPLACE["coef"][key] for key in keys], rel=0, abs=2e-3)
    assert sorted(keys) == sorted(set(model.names) - {"(Intercept)"})


# --- glmer ----------------------------------------------------------------------------------------------------------


def test_multilevel_coefficients(model: Model) -> None:
    assert model.named(model.multilevel.beta) == pytest.approx(LAPLACE["coef"], rel=0, abs=2e-3)
    assert model.multilevel.sd == pytest.approx(LAPLACE["sd"]["sd_fmp"], rel=0, abs=2e-3)


def test_multilevel_standard_errors(model: Model) -> None:
    """lme4 takes them from a Hessian by finite differences, in which the spread of points is not known either."""
    found = model.named(np.sqrt(np.diag(model.multilevel.covariance)))
    assert found == pytest.approx(LAPLACE["se"], rel=0.02, abs=0)


def test_multilevel_likelihood(model: Model) -> None:
    assert model.multilevel.log_likelihood == pytest.approx(LAPLACE["logLik"]["sd_fmp"], rel=0, abs=1e-2)


def test_the_likelihood_of_r_by_quadrature(model: Model) -> None:
    """With 15 nodes ours by hand is R's to the last digit; with one, it is gpboost's, and R's inner iterations,
    which stop at 1e-7, leave 1.5e-3 to it."""
    points = model.counted.by_point()
    of_r = log_likelihood(points, model.in_order(QUADRATURE["coef"]), QUADRATURE["sd"]["sd_fmp"], 15)
    assert of_r == pytest.approx(QUADRATURE["logLik"]["sd_fmp"], rel=0, abs=1e-6)
    ours = log_likelihood(points, model.multilevel.beta, model.multilevel.sd, 1)
    assert model.multilevel.log_likelihood == pytest.approx(ours, rel=0, abs=1e-6)
    laplace = log_likelihood(points, model.in_order(LAPLACE["coef"]), LAPLACE["sd"]["sd_fmp"], 1)
    assert 1e-3 < laplace - LAPLACE["logLik"]["sd_fmp"] < 2e-3
    assert ours > laplace, "gpboost is nearer to the maximum than R is"


def test_laplace_is_off_by_little(model: Model) -> None:
    """R: glmer(nAGQ = 15), against what quadrature would give."""
    assert model.named(model.multilevel.beta) == pytest.approx(QUADRATURE["coef"], rel=0, abs=2e-3)
    assert model.multilevel.sd == pytest.approx(QUADRATURE["sd"]["sd_fmp"], rel=0, abs=4e-3)
    found = model.named(np.sqrt(np.diag(model.multilevel.covariance)))
    assert found == pytest.approx(QUADRATURE["se"], rel=0.02, abs=0)


def test_the_table_of_the_model(model: Model) -> None:
    found = model.modelled.model.set_index("quantity")["value"].astype(float).to_dict()
    assert (found["fitted"], found["respondents"], found["points"], found["coefficients"]) == (1, 8282, 101, 14)
    assert found["sd_points"] == pytest.approx(LAPLACE["sd"]["sd_fmp"], rel=0, abs=2e-3)
    assert found["log_likelihood"] == pytest.approx(LAPLACE["logLik"]["sd_fmp"], rel=0, abs=1e-2)
