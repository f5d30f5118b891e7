"""What the texts of a closed question mean: codes, names and labels of every language → our words.

A text is looked up as a code first, then as the name of a choice in the form, then as a label; each time as it stands,
then spelled differently. It is never matched to something merely similar: an unknown text stops the run. So does one
for which the questionnaire has another meaning than the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest.folding import fold_answer
from pipeline.ingest.form import Choice
from pipeline.questionnaire import Answer
from pipeline.vocabulary import MISSING_WORDS

_BETWEEN = re.compile(r"[\s,;|]+")


@dataclass(frozen=True)
class Meaning:
    """What a text means. word: ours, None if unknown or if it may mean several things, which are then in `either`."""

    word: str | None
    either: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What a text with several answers says: our words, and what is left of it that nobody knows."""

    words: frozenset[str]
    unknown: str = ""


class Answers:
    """The answers of one question. choices: those of the form, where the wave has one."""

    def __init__(self, answers: Mapping[str, Answer], choices: Iterable[Choice] = ()) -> None:
        codes = [(text, answer.word) for code, answer in answers.items() for text in (code, *answer.aliases)]
        labels = [(text, answer.word) for answer in answers.values() for text in answer.label.values()]
        names: list[tuple[str, str]] = []
        known = [*codes, *labels]
        for choice in choices:
            by_name, by_label = _word_of([choice.name], codes), _word_of(choice.labels.values(), known)
            if by_name in MISSING_WORDS and choice.name not in answers and choice.labels and by_label != by_name:
                # The form has an answer of its own for what other programs write where there is none.
                codes = [(text, word) for text, word in codes if text != choice.name]
                by_name = None
            if by_name and by_label and by_name != by_label:
                codes.append((choice.name, by_label))
            elif word := by_name or by_label:
                names.append((choice.name, word))
                labels.extend((text, word) for text in choice.labels.values())
        self._exact = [_together(pairs) for pairs in (codes, names, labels)]
        self._folded = [
            _together([(fold_answer(text), word) for text, word in pairs]) for pairs in (codes, names, labels)
        ]

    @property
    def texts(self) -> list[str]:
        """Every text that is known as it stands."""
        return list(dict.fromkeys(text for tier in self._exact for text in tier))

    def meaning(self, text: str) -> Meaning:
        """What a text means."""
        trimmed = text.strip()
        for tier, key in [(t, trimmed) for t in self._exact] + [(t, fold_answer(trimmed)) for t in self._folded]:
            words = tier.get(key) if key else None
            if words:
                return Meaning(words[0]) if len(words) == 1 else Meaning(None, words)
        return Meaning(None)

    def chosen(self, text: str) -> Chosen:
        """What a text with several answers says: codes or labels, with white space, commas or bars between them."""
        if word := self.meaning(text).word:
            return Chosen(frozenset({word}))
        meanings = [self.meaning(part) for part in text.split()]
        if meanings and all(meaning.word for meaning in meanings):
            return Chosen(frozenset(meaning.word for meaning in meanings if meaning.word))
        return self._chosen_labels(text)

    def _chosen_labels(self, text: str) -> Chosen:
        """Labels have spaces in them, and one may begin like another: the longest is taken first, from the left."""
        parts = [part for part in _BETWEEN.split(text) if part]
        words: set[str] = set()
        unknown: list[str] = []
        while parts:
            known = next(((n, w) for n, w in self._beginnings(parts) if w), None)
            if known is None:
                unknown.append(parts.pop(0))
                continue
            words.add(known[1])
            parts = parts[known[0] :]
        return Chosen(frozenset(words), " ".join(unknown))

    def _beginnings(self, parts: Sequence[str]) -> Iterator[tuple[int, str | None]]:
        """How many parts are taken together, the most first, and what they mean."""
        longest = min(len(parts), self._most_parts)
        return ((n, self.meaning(" ".join(parts[:n])).word) for n in range(longest, 0, -1))

    @cached_property
    def _most_parts(self) -> int:
        return max((len(_BETWEEN.split(text)) for text in self.texts), default=0)


def _word_of(texts: Iterable[str], known: Iterable[tuple[str, str]]) -> str | None:
    """Our word for what any of these texts says; None if none is known, or if they say several things."""
    keys = {fold_answer(text) for text in texts}
    words = {word for text, word in known if fold_answer(text) in keys}
    return words.pop() if len(words) == 1 else None


def _together(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    words: dict[str, dict[str, None]] = {}
    for text, word in pairs:
        words.setdefault(text, {})[word] = None
    return {text: tuple(several) for text, several in words.items()}


_TICKED = {
    "1": "yes",
    "true": "yes",
    "yes": "yes",
    "oui": "yes",
    "x": "yes",
    "0": "no",
    "false": "no",
    "no": "no",
    "non": "no",
}
NOT_TICKED = tuple(text for text, said in _TICKED.items() if said == "no")
"""What stands in the column of an answer that was not chosen."""

_BLANK = frozenset({"", "na", "null"})


def ticked(text: str, word: str, answers: Answers) -> str | None:
    """What the column of one answer says: yes, no, "" for a blank, None if unknown.

    Platforms write 1 and 0, TRUE and FALSE, or the answer's own name or label in the columns of those who chose it.
    """
    plain = fold_answer(text)
    if plain in _TICKED:
        return _TICKED[plain]
    if plain in _BLANK:
        return ""
    return "yes" if answers.meaning(text).word == word else None
