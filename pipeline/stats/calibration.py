"""Whether a model's predicted probabilities are borne out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.stats.proportion import share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TENTHS = 10
_DIGITS = 9
"""Predictions that agree so far are equal: two points with the same answers differ by rounding, as machines do."""


def calibration(predicted: Floats, y: Floats, n: Floats) -> pd.DataFrame:
    """Predicted against observed shares, from the tenth of people with the lowest predictions to the highest.

    Estimates whether people of whom a share of p was predicted report it as often: rows in the order of their predicted
    probability are cut into ten parts of about as many people; Σ n p / Σ n and Σ y / Σ n in each. Source: Hosmer and
    Lemeshow (1980), Communications in Statistics A9, 1043–1069, for the parts; without their test, which assumes
    independent people. Assumes nothing; but the model has seen the same people, and fits them better than it would
    fit others.

    Parameters: predicted probability, positive and all people of each row. Returns tenth, answered, yes, expected,
    observed; a part without anyone is not there.
    """
    there = n > 0
    p, place = np.unique(predicted[there].round(_DIGITS), return_inverse=True)
    positive, people = (np.bincount(place, weights=counted[there], minlength=len(p)) for counted in (y, n))
    # People of one prediction stand where the middle one of them does, and are not cut apart.
    middle = (np.cumsum(people) - people / 2) / people.sum()
    tenth = np.minimum(np.floor(middle * TENTHS).astype(int), TENTHS - 1) + 1
    parts = pd.DataFrame({"tenth": tenth, "answered": people, "yes": positive, "expected": people * p})
    sums = parts.groupby("tenth", as_index=False).sum()
    return sums.assign(
        expected=share(sums["expected"], sums["answered"]), observed=share(sums["yes"], sums["answered"])
    )


def concordance(predicted: Floats, y: Floats, n: Floats) -> float:
    """How well predictions tell positive people from others.

    Estimates the probability that of two people, one positive and one not, the positive one has the higher prediction;
    equal ones count half. Source: Hanley and McNeil (1982), Radiology 143, 29–36. Assumes that people
    were drawn one by one, and that the model has not seen them: it has, so the number is somewhat too high.

    Parameters: those of `calibration`. Returns a number from 0 to 1; NaN where nobody or everybody is positive.
    """
    values, place = np.unique(predicted.round(_DIGITS), return_inverse=True)
    positive = np.bincount(place, weights=y, minlength=len(values))
    others = np.bincount(place, weights=n - y, minlength=len(values))
    below = np.cumsum(others) - others / 2
    pairs = positive.sum() * others.sum()
    return float(positive @ below / pairs) if pairs > 0 else float("nan")


def brier(predicted: Floats, y: Floats, n: Floats) -> float:
    """The mean square of what predictions are off by.

    Estimates the mean over people of (answer − predicted)², with an answer of 1 or 0. Source: Brier (1950), Monthly
    Weather Review 78, 1–3. Assumes nothing; the model has seen the same people, so the number is somewhat too low.

    Parameters: those of `calibration`. Returns a number from 0 to 1; NaN without anyone.
    """
    return float(share((y * (1 - predicted) ** 2 + (n - y) * predicted**2).sum(), n.sum()))
