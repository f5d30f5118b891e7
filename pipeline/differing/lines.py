"""What a difference between two waves is made of: lines that say what is so in each, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pipeline.errors import UsageError
from pipeline.questionnaire import Condition, Questionnaire
from pipeline.wave import Wave


class Comparable(StrEnum):
    """Whether results may be set beside each other. check: someone who knows the field must decide."""

    YES = "yes"
    CHECK = "check"
    NO = "no"


class Topic(StrEnum):
    """What a line is about, the most important first."""

    COMPARE = "what may be compared"
    PEOPLE = "who is in it"
    WORDING = "wording"
    BASE = "who was asked"
    ANSWER = "answers"
    MISSING = "codes for no answer"
    GROUP = "age groups and regions"
    ROUTE = "route rules"
    QUESTION = "questions"
    FIELDWORK = "fieldwork"
    WAVE = "wave files"
    FORM = "forms"
    EXPORT = "exports"


RESPONDENTS = "respondents"
"""The line that says whether the people of a wave are made up."""

T = TypeVar("T")
R = TypeVar("R")
Two = tuple[T, T]
"""Something of the base, and the same of the wave."""


@dataclass(frozen=True)
class Line:
    """One thing, how it is in the base and in the wave, and what follows from it. Never what a person answered."""

    topic: Topic
    what: str
    sides: Two[str]
    comparable: Comparable
    consequence: str

    def record(self) -> dict[str, str]:
        """The line as a row of the table."""
        base, wave = self.sides
        told = {"topic": self.topic, "what": self.what, "base": base, "wave": wave}
        return told | {"comparable": self.comparable, "consequence": self.consequence}


@dataclass(frozen=True)
class Reason:
    """Why something may not be compared, or not without a look."""

    comparable: Comparable
    text: str


@dataclass(frozen=True)
class Pair:
    """The two waves that are compared. UsageError if they are the same."""

    base: Wave
    wave: Wave

    def __post_init__(self) -> None:
        """There must be two."""
        if self.base.name == self.wave.name:
            raise UsageError(
                f"Both waves are {self.wave.name}: there is nothing to compare.",
                where="WAVE and BASE",
                repair="Name two waves, as in: make diff WAVE=2017-06 BASE=2016-10",
            )

    @property
    def waves(self) -> Two[Wave]:
        """Both."""
        return self.base, self.wave

    @property
    def questionnaires(self) -> Two[Questionnaire]:
        """The questionnaires of both, with their overrides."""
        return self.base.questionnaire, self.wave.questionnaire

    def has(self, in_base: object, in_wave: object) -> str:
        """Which of the waves has something that not both have: its name."""
        return self.base.name if in_base and not in_wave else self.wave.name

    def lacks(self, in_base: object, in_wave: object) -> str:
        """Which of the waves does not have it."""
        return self.has(in_wave, in_base)


def judged(reasons: Iterable[Reason]) -> tuple[Comparable, str]:
    """The strictest of some reasons, and all of them in words. Without any: yes."""
    listed = list(reasons)
    order = list(Comparable)
    worst = max((reason.comparable for reason in listed), key=order.index, default=Comparable.YES)
    return worst, " ".join(dict.fromkeys(reason.text for reason in listed))


def each(tell: Callable[[T], R], two: Two[T]) -> Two[R]:
    """The same told of both."""
    return tell(two[0]), tell(two[1])


def alone(place: int, text: str) -> Two[str]:
    """A text on the side of the base (0) or of the wave (1), and nothing on the other."""
    return (text, "") if place == 0 else ("", text)


def one_sided(base: Iterable[str], wave: Iterable[str]) -> Two[list[str]]:
    """What only the base has, and what only the wave has, each in its own order."""
    in_base, in_wave = list(base), list(wave)
    return [one for one in in_base if one not in in_wave], [one for one in in_wave if one not in in_base]


def told(conditions: Iterable[Condition]) -> str:
    """Conditions in words; "everybody" where there is none."""
    return " and ".join(_told(condition) for condition in conditions) or "everybody"


def _told(condition: Condition) -> str:
    if condition.is_ is not None:
        return f"{condition.column} is {' or '.join(condition.is_)}"
    if condition.is_not is not None:
        return f"{condition.column} is not {' or '.join(condition.is_not)}"
    if condition.below is not None:
        return f"{condition.column} is below {condition.below}"
    return f"{condition.column} is {'not known' if condition.missing else 'known'}"


def listing(words: Iterable[str]) -> str:
    """Words with commas between them."""
    return ", ".join(words)
