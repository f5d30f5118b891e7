"""Draws answers: streams of random numbers, weighted choices, and conditions over what was drawn.

Each question has a stream of its own, so that a question more or less does not change what people answer to the others.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from pipeline.questionnaire import Answer, AnswerColumn, Condition, ManyColumn, Questionnaire
from pipeline.rehearsal.marginals import NO_ANSWER, REST, Weights

Rows = NDArray[np.int64]
Picked = NDArray[np.int16]
"""For each row the place of its code among the codes of the question, or -1 for a blank."""

BLANK = -1


def choices(q: Questionnaire, column: str) -> list[tuple[str, Answer]]:
    """Codes and answers that the form offers, in its order: those with a label."""
    spec = q.columns[column]
    if not isinstance(spec, AnswerColumn | ManyColumn):
        raise TypeError(f"{column} is not a closed question")
    answers = q.answers[spec.answers].items()
    return [(code, answer) for code, answer in answers if answer.label] or list(answers)


class Sample:
    """What is drawn so far. picked: column → `Picked`; numbers: column → whole numbers, 0 or more, -1 for none."""

    def __init__(self, questionnaire: Questionnaire, size: int, seed: int) -> None:
        self.questionnaire = questionnaire
        self.size = size
        self.picked: dict[str, Picked] = {}
        self.numbers: dict[str, NDArray[np.int32]] = {}
        self._seed = seed

    def stream(self, name: str) -> np.random.Generator:
        """The random numbers of one purpose."""
        return np.random.default_rng([self._seed, zlib.crc32(name.encode())])

    def words(self, column: str) -> list[str]:
        """The word of each code of a closed question."""
        return [answer.word for _, answer in choices(self.questionnaire, column)]

    def is_among(self, column: str, words: Iterable[str]) -> NDArray[np.bool_]:
        """For which rows the answer is one of these words. A blank is none of them."""
        wanted = set(words)
        # The last place stands for a blank, whose number is -1.
        table = np.array([*(word in wanted for word in self.words(column)), False])
        return np.asarray(table[self.picked[column]])

    def holds(self, conditions: Iterable[Condition]) -> NDArray[np.bool_]:
        """For which rows all conditions hold; a blank passes `is_not`, as when a wave is read."""
        result = np.ones(self.size, dtype=np.bool_)
        for condition in conditions:
            result &= self._holds(condition)
        return result

    def _holds(self, condition: Condition) -> NDArray[np.bool_]:
        name = condition.column
        if condition.is_ is not None:
            return self.is_among(name, condition.is_)
        if condition.is_not is not None:
            return ~self.is_among(name, condition.is_not)
        if name in self.numbers:
            number = self.numbers[name]
            below = np.asarray((number >= 0) & (number < (condition.below or 0)))
            return np.asarray((number < 0) == condition.missing) if condition.missing is not None else below
        return np.asarray((self.picked[name] == BLANK) == bool(condition.missing))

    def weights(self, column: str, table: Weights | None) -> NDArray[np.float64]:
        """A weight for each code. Without a table the first answers are the most frequent."""
        answers = [answer for _, answer in choices(self.questionnaire, column)]
        if table is None:
            table = {answer.word: 1 / place for place, answer in enumerate(answers, start=1) if answer.means}
        rest = REST if sum(table.values()) > 10 else 0.0
        given = np.array([table.get(answer.word, rest) if answer.means else 0.0 for answer in answers])
        total = given.sum() or 1.0
        missing = np.array([0.0 if answer.means else NO_ANSWER for answer in answers])
        return np.asarray(given / total + missing)

    def choose(self, column: str, weights: NDArray[np.float64], cells: Rows) -> Picked:
        """A code for each row, by the weights of its cell; weights has a row for each cell."""
        return choose(self.stream(column), weights, cells)

    def place_of(self, column: str, word: str) -> int | None:
        """The place of a word among the codes of a question, or None."""
        words = self.words(column)
        return words.index(word) if word in words else None


def choose(stream: np.random.Generator, weights: NDArray[np.float64], cells: Rows) -> Picked:
    """For each row the place of a choice, by the weights of its cell."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    steps = (cumulative + np.arange(len(weights))[:, np.newaxis]).ravel()
    found = np.searchsorted(steps, stream.random(len(cells)) + cells, side="right") - cells * weights.shape[1]
    return np.asarray(np.minimum(found, weights.shape[1] - 1), dtype=np.int16)
