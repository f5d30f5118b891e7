"""Logistic regression with an intercept of its own for each monitoring point."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import NormalDist
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import CannotReadOrWrite
from pipeline.stats.logistic import probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LIKELIHOOD = "binomial_logit"
_EXACT: dict[str, Any] = {"delta_rel_conv": 1e-10, "max_num_restarts_lbfgs": 2}
"""gpboost stops too early by default: the third digit of a coefficient is not yet right. Begun again, it also finishes
where a search along a line has failed."""

_NODES = 21


@dataclass(frozen=True)
class Multilevel:
    """A fitted model. beta: coefficients, with their covariance; sd: of the intercepts of points.

    intercept: that of the point of each row; log_likelihood: as for one row a person.
    """

    beta: Floats
    covariance: Floats
    sd: float
    intercept: Floats
    log_likelihood: float


def fit(y: Floats, n: Floats, design: Floats, point: NDArray[np.str_], start: Floats | None = None) -> Multilevel:
    """A multilevel logistic regression with a random intercept by monitoring point.

    Estimates the coefficients β and the spread σ that make the counts likeliest, if a person at point j is positive
    with probability 1 / (1 + exp(−xβ − u_j)) and the u_j are normal with mean 0 and standard deviation σ. The integral
    over u_j is Laplace's approximation (gpboost). Covariance of β: (Σ_j [X_jᵀ W X_j − σ²/(1 + σ² w_j) (X_jᵀ W 1)
    (1ᵀ W X_j)])⁻¹, with W = n p(1−p) at the fitted intercepts and w_j its sum over point j.
    Source: Sigrist (2022), Journal of Machine Learning Research 23(232); Breslow and Clayton (1993), Journal of the
    American Statistical Association 88, 9–25. `glmer(nAGQ = 1)` of R maximises the same. Assumes that the intercepts
    are normal and have nothing to do with the covariates, and treats σ as known where it gives the covariance.

    Parameters: y and n, rows; design, rows × columns; point: of each row; start: coefficients to begin with, such as
    those of `logistic.fit`, which also tells whether the likelihood has a maximum, as it must. CannotReadOrWrite where
    gpboost cannot be loaded.
    """
    gpboost = load_gpboost()
    # One thread: two would add in another order, and the last digits would differ from run to run.
    model = gpboost.GPModel(group_data=point, likelihood=_LIKELIHOOD, weights=n, num_parallel_threads=1)
    model.fit(y=y / n, X=design, params=_EXACT if start is None else _EXACT | {"init_coef": start})
    beta = np.asarray(model.get_coef(format_pandas=False), dtype=np.float64).ravel()
    variance = float(np.asarray(model.get_cov_pars(format_pandas=False)).ravel()[0])
    intercept = np.asarray(model.predict_training_data_random_effects(), dtype=np.float64)[:, 0]
    weight = n * (p := probability(design @ beta + intercept)) * (1 - p)
    return Multilevel(
        beta,
        _covariance(design, weight, point, variance),
        float(np.sqrt(variance)),
        intercept,
        -float(model.get_current_neg_log_likelihood()) - _ways(y, n),
    )


def load_gpboost() -> Any:
    """The library. CannotReadOrWrite, with what to install, where the system lacks what it needs.

    It would also load libraries for drawing, tuning and interfaces that are not used here, which takes many times as
    long as itself; it does without them.
    """
    try:
        with _without("sklearn", "matplotlib", needed="optuna"):
            import gpboost
    except OSError as problem:
        raise CannotReadOrWrite(
            "The library that fits the model of factors (gpboost) cannot be loaded: this system lacks a library for "
            "parallel computing that it needs (libgomp, on a Mac libomp).",
            repair="Install it once, then run again: `apt install libgomp1` (Debian, Ubuntu), `dnf install libgomp` "
            "(Fedora, Red Hat), `brew install libomp` (Mac). Nothing was written.",
        ) from problem
    return gpboost


@contextmanager
def _without(*libraries: str, needed: str) -> Iterator[None]:
    """Within the body, these libraries are as if they were not installed, unless they are loaded already.

    needed: one that has to be there, and is empty.
    """
    instead = {**dict.fromkeys(libraries), needed: ModuleType(needed)}  # None: no such library
    hidden = {name: stand_in for name, stand_in in instead.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def _covariance(design: Floats, weight: Floats, point: NDArray[np.str_], variance: float) -> Floats:
    names, place = np.unique(point, return_inverse=True)
    of_point = np.zeros((len(names), design.shape[1]))
    np.add.at(of_point, place, design * weight[:, None])
    shrunk = variance / (1 + variance * np.bincount(place, weights=weight))
    information = (design * weight[:, None]).T @ design - (of_point * shrunk[:, None]).T @ of_point
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _ways(y: Floats, n: Floats) -> float:
    """log of the number of ways in which counts come about, which a likelihood of counts has on top."""
    from scipy.special import gammaln

    return float((gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)).sum())


def intraclass_correlation(sd: float) -> float:
    """How alike people at one point are, in log odds.

    Estimates the part of what is left unexplained that lies between points: σ² / (σ² + π²/3). Source: Snijders and
    Bosker (2012), Multilevel Analysis, 17.2. Assumes the model of `fit`.
    """
    return sd**2 / (sd**2 + np.pi**2 / 3)


def median_odds_ratio(sd: float) -> float:
    """How far two points lie apart, as an odds ratio.

    Estimates the median odds ratio of two people who are alike, at two points drawn at random, the higher over the
    lower: exp(√(2σ²) Φ⁻¹(¾)). Source: Larsen and Merlo (2005), American Journal of Epidemiology 161, 81–88. Assumes the
    model of `fit`.
    """
    return float(np.exp(np.sqrt(2) * sd * NormalDist().inv_cdf(0.75)))


def average_probability(
    model: Multilevel, rows: Floats, people: Floats, confidence: float
) -> tuple[float, float, float]:
    """The average predicted probability of people, over points.

    Estimates the share of these people that would be positive if they were met at points drawn at random: the mean over
    people of ∫ 1 / (1 + exp(−xβ − u)) φ(u; σ) du, by Gauss–Hermite quadrature. With covariates set to one level for
    everybody, it is that level's adjusted share. Its interval lies on the scale of log odds, by the delta method.
    Source: Lane and Nelder (1982), Biometrics 38, 613–621. Assumes the model of `fit`, and that its coefficients would
    hold if the covariates were others: an association, not an effect.

    Parameters: design rows and how many people each stands for. Returns the probability and its interval.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    each = probability((rows @ model.beta)[:, None] + model.sd * nodes)
    share = weights / weights.sum()
    alike = people / people.sum()
    mean = float(alike @ (each @ share))
    gradient = (alike * ((each * (1 - each)) @ share)) @ rows
    error = float(np.sqrt(gradient @ model.covariance @ gradient)) / (mean * (1 - mean))
    off = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    low, high = probability(np.log(mean / (1 - mean)) + np.array([-off, off]))
    return mean, float(low), float(high)
