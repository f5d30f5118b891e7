"""Whether shares differ at all, when people at one point are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Independence:
    """A test of independence, one value a table.

    chi_square: Pearson's, as if people had been drawn one by one; f: Rao and Scott's, with ndf and ddf degrees of
    freedom; log10_p: log10 of its p, which does not underflow. NaN where it cannot be told.
    """

    chi_square: Floats
    f: Floats
    ndf: Floats
    ddf: Floats
    log10_p: Floats


def rao_scott(share: Floats, n: Floats, covariance: Floats, df: Floats) -> Independence:
    """The Rao–Scott test that groups have one share.

    Estimates whether the shares p_i of groups differ by more than points do. With X² that of Pearson, and Δ = (L V₀
    Lᵀ)⁻¹ (L V Lᵀ), where V is the covariance of the log odds over monitoring points, V₀ the one for people drawn one by
    one, 1/(n_i p_i (1−p_i)), and L the differences between groups: F = X² / tr Δ with tr(Δ)²/tr(Δ²) and that times df
    degrees of freedom. For two groups tr Δ is the design effect of their log odds ratio.
    Source: Rao and Scott (1984), Annals of Statistics 12, 46–60; `svychisq(statistic = "F")` of R.
    Assumes that points are independent.

    Parameters: share and n, tables × groups; covariance of the shares, tables × groups × groups; df, tables: points
    less routes. Returns one value a table; NaN where a share is 0 or 1, or a covariance or df is not known.
    """
    usable = ((share > 0) & (share < 1) & (n > 0)).all(axis=1) & (df > 0)
    usable &= np.isfinite(covariance).all(axis=(1, 2))
    groups = share.shape[1]
    found = {name: np.full(len(share), np.nan) for name in ("chi_square", "f", "ndf", "ddf", "log10_p")}
    if not usable.any() or groups < 2:
        return Independence(**found)
    p, size, of_points, freedom = share[usable], n[usable], covariance[usable], df[usable]
    between = np.hstack([np.eye(groups - 1), -np.ones((groups - 1, 1))])
    odds = 1 / (p * (1 - p))
    alone = between @ (np.eye(groups) * (odds / size)[:, None, :]) @ between.T
    together = between @ (of_points * odds[:, :, None] * odds[:, None, :]) @ between.T
    delta = np.linalg.solve(alone, together)
    trace = np.trace(delta, axis1=1, axis2=2)
    squared = np.trace(delta @ delta, axis1=1, axis2=2)
    pooled = (p * size).sum(axis=1, keepdims=True) / size.sum(axis=1, keepdims=True)
    chi_square = (size * (p - pooled) ** 2 / (pooled * (1 - pooled))).sum(axis=1)
    # Where points do not differ at all, no difference between groups is due to them.
    there = trace > 0
    f, ndf = (
        np.divide(a, b, out=np.full(len(a), np.nan), where=there) for a, b in ((chi_square, trace), (trace**2, squared))
    )
    values = {"chi_square": chi_square, "f": f, "ndf": ndf, "ddf": ndf * freedom}
    for name, value in (values | {"log10_p": log10_p_of_f(f, ndf, ndf * freedom)}).items():
        found[name][usable] = value
    return Independence(**found)


def log10_p_of_f(f: Floats, ndf: Floats, ddf: Floats) -> Floats:
    """log10 of the upper tail of Fisher's F, for values so great that the tail itself is 0 in a computer.

    p = I_x(ddf/2, ndf/2) at x = ddf/(ddf + ndf F); where that is 0, its series x^a (1−x)^b ₂F₁(a+b, 1; a+1; x) / (a
    B(a, b)). Source: NIST Digital Library of Mathematical Functions, 8.17.8.
    """
    from scipy.special import betainc, betaln, hyp2f1

    a, b, x = ddf / 2, ndf / 2, ddf / (ddf + ndf * f)
    tail = betainc(a, b, x)
    series = a * np.log(x) + b * np.log1p(-np.minimum(x, 0.5)) - np.log(a) - betaln(a, b)
    series += np.log(hyp2f1(a + b, 1, a + 1, np.minimum(x, 0.5)))
    is_tiny = tail < 1e-290
    log_tail = np.log(np.where(is_tiny, 1.0, tail))
    return np.asarray(np.where(is_tiny, series, log_tail) / np.log(10), dtype=np.float64)
