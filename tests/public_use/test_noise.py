"""Counts have the noise that their ε says, differ each time, and never hold a word that one person alone has."""

from __future__ import annotations

import math
from itertools import combinations
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import UsageError
from pipeline.public_use.noise import DELTA, JOURNEY, count_with_noise, joined, library, parted
from tests.public_use.conftest import population

EPSILON = 4.0
PEOPLE = population(1200, 1)
"""Enough for the library to see how many answers people gave. Of 400 it once in thousands of times sees hardly any."""


def sigma(epsilon: float, lengths: int = 2) -> float:
    """The noise of one count for one contribution, by the library's documentation (docs/dp/README.md, 3.2.2).

    A fiftieth of ε is spent on the number of people, and a hundredth of the rest on percentiles.
    """
    failing = math.log(2 / DELTA)
    rho = (math.sqrt(0.98 * epsilon + failing) - math.sqrt(failing)) ** 2
    return math.sqrt(lengths / (2 * rho * 0.99))


def spread(noise: np.ndarray) -> float:
    """The standard deviation of normal noise, by the median: one count that went wrong does not matter."""
    return float(np.median(np.abs(noise)) / NormalDist().inv_cdf(0.75))


def test_noise_is_as_large_as_epsilon_says() -> None:
    """The spread of 300 counts is known to 7%, and the bounds are six times that."""
    counted = [count_with_noise(PEOPLE, EPSILON, 0) for _ in range(300)]
    width = len(joined(PEOPLE).columns)
    of_word = np.array([one.single["sex"]["male"] for one in counted]) - (PEOPLE["sex"] == "male").sum()
    assert spread(of_word) == pytest.approx(sigma(EPSILON) * math.sqrt(width), rel=0.4)
    assert abs(np.median(of_word)) < 2
    both = ((PEOPLE["sex"] == "male") & (PEOPLE["unpaid_work"] == "no")).sum()
    of_pair = np.array([one.pairs["sex", "unpaid_work"]["male", "no"] for one in counted]) - both
    assert spread(of_pair) == pytest.approx(sigma(EPSILON) * math.sqrt(math.comb(width, 2)), rel=0.4)
    # The size has Laplace noise, half of which is within its scale times ln 2.
    of_size = np.array([one.rows for one in counted]) - len(PEOPLE)
    assert np.median(np.abs(of_size)) == pytest.approx(math.log(2) / (0.02 * EPSILON), rel=0.5)


def test_two_counts_differ() -> None:
    one, other = (count_with_noise(PEOPLE, EPSILON, 0) for _ in range(2))
    assert one != other


def test_what_one_person_alone_said_never_appears() -> None:
    """The guarantee for a word that nobody else has: it may appear with a probability of δ at most."""
    alone = PEOPLE.assign(sex=["other", *PEOPLE["sex"][1:]])
    for _ in range(30):
        noisy = count_with_noise(alone, EPSILON, 0)
        assert "other" not in noisy.single["sex"]
        assert not any("other" in pair for of in noisy.pairs.values() for pair in of)


def test_words_and_pairs_are_of_their_columns() -> None:
    noisy = count_with_noise(PEOPLE, EPSILON, 0)
    frame = joined(PEOPLE)
    assert noisy.columns == list(frame.columns)
    assert list(noisy.pairs) == list(combinations(noisy.columns, 2))
    for name, words in noisy.single.items():
        assert set(words) <= set(frame[name])
    for (one, other), of in noisy.pairs.items():
        assert all(a in noisy.single[one] and b in noisy.single[other] and n > 0 for (a, b), n in of.items())


def test_a_pair_below_the_resolution_is_nobody() -> None:
    noisy = count_with_noise(PEOPLE, EPSILON, 60)
    assert any(noisy.pairs.values())
    for (one, other), of in noisy.pairs.items():
        for (a, b), n in of.items():
            # No pair has more than either of its words, which have noise of their own.
            assert n >= min(60, noisy.single[one][a], noisy.single[other][b])


def test_noise_that_drowns_a_column_is_told() -> None:
    """Each word has 10 people, and must have over 120 by the noise to be there: six times its spread."""
    people = population(3000, 1).assign(sex=[f"w{n % 300}" for n in range(3000)])
    with pytest.raises(UsageError, match=r"stands out of the noise: sex\."):
        count_with_noise(people, 1.0, 0)


def test_noise_that_is_larger_than_the_wave_is_told() -> None:
    """Half the time there is nobody at all, which the library gives up at; else every column drowns."""
    told = set()
    for _ in range(25):
        with pytest.raises(UsageError) as refused:
            count_with_noise(PEOPLE, 1e-4, 0)
        told.add(refused.value.what.partition(":")[0])
    assert told == {
        "There is more noise than respondents.",
        "No answer is given by so many that it stands out of the noise",
    }


def test_route_and_transit_are_one_column_while_counting() -> None:
    frame = joined(PEOPLE)
    assert frame.columns[0] == JOURNEY
    assert not {"route", "transit"} & set(frame.columns)
    pd.testing.assert_frame_equal(parted(frame)[list(PEOPLE.columns)], PEOPLE, check_dtype=False)


def test_the_library_is_named_with_its_version() -> None:
    assert library().startswith("pac-synth 0.")
