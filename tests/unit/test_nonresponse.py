"""Bounds: what missing answers could change."""

from __future__ import annotations

import numpy as np

from pipeline.stats.nonresponse import bounds


def test_every_missing_answer_a_no_or_a_yes() -> None:
    # 10 yes, 30 no, 10 without an answer: from 10 in 50 to 20 in 50.
    assert np.allclose(bounds(10, 10, 50), (0.2, 0.4))


def test_without_missing_answers_both_are_the_share() -> None:
    assert np.allclose(bounds(10, 0, 40), (0.25, 0.25))


def test_when_nobody_answered_anything_is_possible() -> None:
    assert np.allclose(bounds(0, 7, 7), (0, 1))


def test_nobody_asked_has_no_bounds() -> None:
    assert np.isnan(bounds([0], [0], [0])).all()


def test_they_hold_the_share_of_those_who_answered() -> None:
    rng = np.random.default_rng(1)
    asked = rng.integers(1, 100, 500)
    answered = rng.integers(1, asked + 1)
    yes = rng.integers(0, answered + 1)
    low, high = bounds(yes, asked - answered, asked)
    assert (low <= yes / answered + 1e-12).all()
    assert (high >= yes / answered - 1e-12).all()
