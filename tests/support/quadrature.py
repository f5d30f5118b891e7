"""The multilevel model once more, without gpboost: its likelihood point by point, by adaptive Gauss–Hermite quadrature.

One node is Laplace's approximation. Liu and Pierce (1994), Biometrika 81, 624–629; `glmer(nAGQ = nodes)` of R.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, logsumexp


@dataclass(frozen=True)
class Counted:
    """Rows of counts: positive, all, design, monitoring point."""

    y: np.ndarray
    n: np.ndarray
    design: np.ndarray
    point: np.ndarray

    def by_point(self) -> list[Counted]:
        there = [self.point == one for one in dict.fromkeys(self.point)]
        return [Counted(self.y[of], self.n[of], self.design[of], self.point[of]) for of in there]


def log_likelihood(points: list[Counted], beta: np.ndarray, sd: float, nodes: int) -> float:
    """Of one row a person, with the intercepts of points integrated out."""
    at, weight = np.polynomial.hermite_e.hermegauss(nodes)
    return sum(_of_point(one, beta, sd, at, weight) for one in points)


def _of_point(one: Counted, beta: np.ndarray, sd: float, at: np.ndarray, weight: np.ndarray) -> float:
    """log ∫ Π p^y (1−p)^(n−y) φ(z) dz with log odds xβ + sd·z, at nodes around the likeliest z."""
    fixed = one.design @ beta

    def slope(z: float) -> float:
        return float(sd * (one.y - one.n * expit(fixed + sd * z)).sum() - z)

    far = abs(sd) * one.n.sum() + 1
    likeliest = brentq(slope, -far, far, xtol=1e-12)
    p = expit(fixed + sd * likeliest)
    curvature = 1 + sd**2 * (one.n * p * (1 - p)).sum()
    z = likeliest + at / np.sqrt(curvature)
    log_odds = fixed[:, None] + sd * z
    joint = (one.y[:, None] * log_odds - one.n[:, None] * np.logaddexp(0, log_odds)).sum(axis=0) - z**2 / 2
    return float(logsumexp(joint + at**2 / 2 + np.log(weight)) - np.log(2 * np.pi * curvature) / 2)


def fit(counted: Counted, nodes: int) -> np.ndarray:
    """The likeliest coefficients, and after them the standard deviation of the intercepts of points."""
    points = counted.by_point()
    start = np.append(np.zeros(counted.design.shape[1]), 0.5)
    found = minimize(lambda of: -log_likelihood(points, of[:-1], of[-1], nodes), start, options={"gtol": 1e-4})
    assert found.success, found.message
    return np.append(found.x[:-1], abs(found.x[-1]))
