"""Rows drawn from noisy counts. No respondent is looked at here, so nothing of the guarantee is spent.

pac-synth can draw rows as well. On the shipped wave they were 3 to 38 points off in the share of at least one on the
Central route, at any ε, and took 10 to 50 seconds; these are off by what the noise makes, and take one or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.public_use.columns import ANY, MISSING, NO, YES
from pipeline.public_use.noise import JOURNEY, Noisy, parted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_TIMES = 5
"""Candidates for each row that is kept."""

_SWEEPS = 40
"""Rounds of weighting. After twenty nothing but the noise itself keeps counts from agreeing."""


@dataclass(frozen=True)
class _Target:
    """How a pair of columns should be distributed: the cell of each candidate, and the share of each cell."""

    cell: NDArray[np.int64]
    share: NDArray[np.float64]


def draw_rows(noisy: Noisy, counted: list[str], order: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """As many rows as there are respondents, about, in which words and pairs are about as frequent as counted.

    counted: the indicators that `at_least_one` is over; a row has it if it has one of them. order: the columns.
    Candidates are drawn column after column, as if answers depended on the journey and on `at_least_one` alone; then
    weighted until all pairs have their share (iterative proportional fitting, with half a step at a time, since noisy
    counts contradict each other); then drawn by weight.
    """
    import pandas as pd

    codes = _candidates(noisy, noisy.rows * _TIMES, rng)
    frame = pd.DataFrame({name: np.array(list(noisy.single[name]))[codes[name]] for name in noisy.columns})
    frame[ANY] = at_least_one(frame, counted)
    words = list(noisy.single[ANY])
    possible = np.asarray(frame[ANY].isin(words))
    codes[ANY] = np.array([words.index(word) if word in words else 0 for word in frame[ANY]], dtype=np.int64)
    targets = [_target(noisy, pair, codes) for pair in noisy.pairs]
    # Where noise has left none that its indicators allow, any will do: what is drawn must still be a row.
    weights = _weighted((possible | ~possible.any()).astype(float), targets)
    # Evenly from candidates in the order of their words: each word then has its share, but for a row or two.
    by_words = np.lexsort([codes[name] for name in (*reversed(noisy.columns), ANY, JOURNEY)])
    rows = frame.iloc[by_words[_chosen(weights[by_words], noisy.rows, rng)]].reset_index(drop=True)
    return parted(rows)[order]


def at_least_one(frame: pd.DataFrame, counted: list[str]) -> NDArray[np.str_]:
    """yes, no or missing, from the indicators of each row."""
    yes = (frame[counted] == YES).any(axis=1)
    answered = (frame[counted] != MISSING).any(axis=1)
    return np.where(yes, YES, np.where(answered, NO, MISSING))


def _candidates(noisy: Noisy, many: int, rng: np.random.Generator) -> dict[str, NDArray[np.int64]]:
    """Numbers of words, column after column: the journey, at least one by journey, the rest by both."""
    journey = _drawn(np.broadcast_to(_single(noisy, JOURNEY), (many, len(noisy.single[JOURNEY]))), rng)
    any_one = _drawn(_pair(noisy, (JOURNEY, ANY))[journey], rng)
    codes = {JOURNEY: journey, ANY: any_one}
    for name in noisy.columns:
        if name not in codes:
            by_journey, by_any = _pair(noisy, (JOURNEY, name)), _pair(noisy, (ANY, name))
            codes[name] = _drawn(_conditional(by_journey)[journey] * by_any[any_one] / _single(noisy, name), rng)
    return codes


def _single(noisy: Noisy, name: str) -> NDArray[np.float64]:
    counts = np.array(list(noisy.single[name].values()), dtype=float)
    return np.asarray(counts / counts.sum())


def _pair(noisy: Noisy, pair: tuple[str, str]) -> NDArray[np.float64]:
    """Shares of each word of one column (rows) with each of another; as if independent where no pair is known.

    A pair that the noise has taken away has a tiny share instead of none, so that each row has something to draw.
    """
    one, other = pair
    apart = np.outer(_single(noisy, one), _single(noisy, other))
    turned = pair not in noisy.pairs
    there = {(b, a): n for (a, b), n in noisy.pairs[other, one].items()} if turned else noisy.pairs[pair]
    counts = np.array([[there.get((a, b), 0) for b in noisy.single[other]] for a in noisy.single[one]], dtype=float)
    return (counts / counts.sum() if counts.any() else apart) + 1e-9 * apart


def _conditional(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _drawn(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """For each row of weights, the number of a column drawn by them."""
    upto = weights.cumsum(axis=1)
    return np.asarray((rng.random((len(upto), 1)) * upto[:, -1:] >= upto).sum(axis=1), dtype=np.int64)


def _target(noisy: Noisy, pair: tuple[str, str], codes: dict[str, NDArray[np.int64]]) -> _Target:
    one, other = pair
    return _Target(codes[one] * len(noisy.single[other]) + codes[other], _pair(noisy, pair).ravel())


def _weighted(weights: NDArray[np.float64], targets: list[_Target]) -> NDArray[np.float64]:
    for _ in range(_SWEEPS):
        for target in targets:
            now = np.bincount(target.cell, weights, len(target.share))
            step = np.divide(target.share * weights.sum(), now, out=np.ones_like(now), where=now > 0)
            weights = weights * np.sqrt(step)[target.cell]
    return np.asarray(weights / weights.sum())


def _chosen(weights: NDArray[np.float64], many: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Numbers of candidates, each as often as its weight says up to one, in no order."""
    at = (np.arange(many) + rng.random()) / many
    numbers = np.minimum(np.searchsorted(weights.cumsum(), at, side="right"), len(weights) - 1)
    return np.asarray(rng.permutation(numbers), dtype=np.int64)
