"""Logistic regression on counts, and how far its coefficients may be off when people at one point are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS, _HALVINGS = 50, 30
_CLOSE = 1e-8
"""A step so small is the last: the next would be about its square. Rounding keeps steps above 1e-12 for many people."""

_ALIKE = 1e12
"""Columns whose information is so badly conditioned cannot be told apart."""


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic regression. beta: coefficients; probability: of each row; bread: the inverse information."""

    beta: Floats
    probability: Floats
    bread: Floats


def fit(y: Floats, n: Floats, design: Floats) -> Logistic | None:
    """A logistic regression on counts.

    Estimates the coefficients β that make the counts likeliest, if each of n people is positive with probability
    1 / (1 + exp(−xβ)): iteratively reweighted least squares. Source: McCullagh and Nelder (1989), Generalized Linear
    Models. Assumes that people are independent; `clustered_covariance` does not.

    Parameters: y and n, rows; design, rows × columns. Returns None where the likelihood has no maximum: a column says
    nothing that others do not, or tells a positive response with certainty.
    """
    beta, step = np.zeros(design.shape[1]), np.full(design.shape[1], np.inf)
    for _ in range(_STEPS):
        p = probability(design @ beta)
        information = (design * (n * p * (1 - p))[:, None]).T @ design
        if np.linalg.cond(information) > _ALIKE:
            return None
        if np.abs(step).max() < _CLOSE * max(1.0, np.abs(beta).max()):
            return Logistic(beta, p, np.asarray(np.linalg.inv(information), dtype=np.float64))
        newton = np.asarray(np.linalg.solve(information, design.T @ (y - n * p)), dtype=np.float64)
        step = _uphill(beta, newton, y, n, design)
        beta = beta + step
    return None


def _uphill(beta: Floats, step: Floats, y: Floats, n: Floats, design: Floats) -> Floats:
    """The step, or as much of it as does not make the counts less likely: from far off, a whole one may overshoot."""
    if np.abs(design @ step).max() <= 1:
        # No log odds move by more than 1: such a step of Newton's cannot overshoot (the curvature changes too slowly).
        return step
    before = _log_likelihood(beta, y, n, design)
    for _ in range(_HALVINGS):
        # A fall in the last digits is rounding.
        if _log_likelihood(beta + step, y, n, design) >= before - _CLOSE * abs(before):
            break
        step = step / 2
    return step


def _log_likelihood(beta: Floats, y: Floats, n: Floats, design: Floats) -> float:
    log_odds = design @ beta
    return float((y * log_odds - n * np.logaddexp(0, log_odds)).sum())


def probability(log_odds: Floats) -> Floats:
    """1 / (1 + exp(−log odds)), for log odds of any size."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))), dtype=np.float64)


def clustered_covariance(fitted: Logistic, y: Floats, n: Floats, design: Floats, cluster: NDArray[np.str_]) -> Floats:
    """The covariance of logistic coefficients over monitoring points.

    Estimates how much they would vary if other points had been visited: B (Σ_g u_g u_gᵀ) B · G/(G−1), with B the
    inverse information, u_g = Σ x (y − n p) over the rows of point g, and G points. Source: Liang and Zeger (1986),
    Biometrika 73, 13–22; the correction is that of `vcovCL(type = "HC0")` of R. Assumes that points are independent.

    Parameters: those of the fit; cluster: the point of each row. Returns columns × columns; NaN for a single point.
    """
    scores = design * (y - n * fitted.probability)[:, None]
    names, place = np.unique(cluster, return_inverse=True)
    by_point = np.zeros((len(names), design.shape[1]))
    np.add.at(by_point, place, scores)
    correction = len(names) / (len(names) - 1) if len(names) > 1 else np.nan
    # A square of what each point adds: bread on both sides could round to a variance below zero where points are alike.
    added = by_point @ fitted.bread
    return np.asarray(added.T @ added * correction, dtype=np.float64)
