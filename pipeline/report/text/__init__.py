"""The words of the reports: a catalogue for each language; numbers, dates and lists as Unicode CLDR writes them in it.

A further language is a further catalogue, called by its code, and no code. Babel, which knows CLDR, is loaded where it
is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import UsageError
from pipeline.questionnaire import Questionnaire, in_language

_MOST_TIMES = 1000
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Text:
    """A catalogue, and the questionnaire whose labels complete it."""

    locale: str
    catalogue: dict[str, Any]
    questionnaire: Questionnaire
    _levels: dict[str, dict[str, str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What levels of a variable are called, once it has been asked for: they are asked for thousands of times."""

    @property
    def conventions(self) -> str:
        """Whose conventions numbers, dates and lists follow, as CLDR calls them: a language may have several."""
        return self.say("format.conventions")

    def say(self, key: str, **values: object) -> str:
        """The text under a dotted key, filled in. KeyError if it is not in the catalogue."""
        return str(self._at(key)).format(**values)

    def paragraphs(self, key: str, **values: object) -> list[str]:
        """Several paragraphs under a dotted key, filled in."""
        return [str(text).format(**values) for text in self._at(key)]

    def heading(self, key: str) -> str:
        """The text under a key as it stands alone: it begins with a capital."""
        return capitalised(self.say(key))

    def under(self, policy: str) -> Text:
        """The same words, but for those that the catalogue has otherwise under a disclosure policy of this name."""
        others = self.catalogue.get("under", {}).get(policy)
        return self if others is None else replace(self, catalogue=_over(self.catalogue, others))

    def has(self, key: str) -> bool:
        """Whether the catalogue has a text under this key."""
        try:
            self._at(key)
        except KeyError:
            return False
        return True

    def _at(self, key: str) -> Any:
        found: Any = self.catalogue
        for word in key.split("."):
            found = found[word]
        return found

    def level(self, variable: str, word: str) -> str:
        """What a reader sees for a level; crosses are joined with a comma."""
        if "|" in word:
            dimensions = _crossed(variable)
            return ", ".join(self.level(d, w) for d, w in zip(dimensions, word.split("|"), strict=True))
        labels = self._levels.get(variable)
        if labels is None:
            labels = self._levels[variable] = self.questionnaire.level_labels(variable, self.locale)
        if word in labels and not self._is_closed_word(variable):
            return labels[word]
        return self.say(f"level.{word}") if self.has(f"level.{word}") else labels.get(word, word)

    @staticmethod
    def _is_closed_word(variable: str) -> bool:
        # Journey time has one wording in every report, whatever a form called its bins.
        return variable == "transit"

    def variable(self, name: str) -> str:
        """What a reader sees for a question: as this catalogue calls it, else as the questionnaire labels it."""
        if self.has(f"variable.{name}"):
            return self.say(f"variable.{name}")
        column = self.questionnaire.columns.get(name)
        label = (column.label or column.wording) if column else {}
        return in_language(label, self.locale) if label else name

    def country(self, word: str) -> str:
        """The name of a country as the form writes it."""
        return self.level("nationality", word)

    def count(self, number: int) -> str:
        """A count with the language's separator of thousands."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.conventions)

    def percent(self, share: float, *, nobody: bool = True, everybody: bool = True, short: bool = False) -> str:
        """A share as a whole percent. A share that only rounds to 0 or 100 says so, unless nobody or everybody did.

        short: for tables and figures, "<1%" rather than "less than 1%".
        """
        n = round(share * 100)
        length = "_short" if short else ""
        if n == 0 and not nobody:
            return self.say(f"format.under_one_percent{length}")
        if n == 100 and not everybody:
            return self.say(f"format.over_99_percent{length}")
        return _percent(n, self.conventions)

    def points(self, difference: float, low: float, high: float) -> str:
        """A difference of shares in percentage points, with its interval."""
        whole = map(self.points_alone, (difference, low, high))
        return self.say("format.number_interval", **dict(zip(("number", "low", "high"), whole, strict=True)))

    def times(self, ratio: float, low: float, high: float) -> str:
        """A ratio to two digits, with its interval."""
        digits = map(self.times_alone, (ratio, low, high))
        return self.say("format.number_interval", **dict(zip(("number", "low", "high"), digits, strict=True)))

    def points_alone(self, difference: float) -> str:
        """A difference of shares in percentage points."""
        whole = round(difference * 100)
        return f"{whole:+d}".replace("-", "−") if whole else "0"

    def times_alone(self, ratio: float) -> str:
        """A ratio to two digits; one that no data could tell from a larger one says so."""
        if ratio >= _MOST_TIMES:
            return self.say("format.over_ratio", most=_MOST_TIMES - 1)
        return self._digits(ratio, 2 if ratio < 1 else int(ratio < 10))

    def p_value(self, log10_p: float | int | str | None) -> str:
        """A p value from its logarithm; nothing where there is none."""
        if log10_p is None:
            return ""
        p = 10 ** float(log10_p)
        return self.say("format.p_under") if p < 0.001 else self._digits(p, 3 if p < 0.01 else 2)

    def interval(self, low: float, high: float) -> str:
        """An interval of shares in whole percents."""
        return self.say("format.interval", low=round(low * 100), high=round(high * 100))

    def day(self, when: date) -> str:
        """A date in words."""
        from babel.dates import format_date

        pattern = self.say("format.first_day") if when.day == 1 else "long"
        return format_date(when, pattern, locale=self.conventions)

    def month(self, when: date, *, with_year: bool = True) -> str:
        """A month in words."""
        from babel.dates import format_date, format_skeleton

        if with_year:
            return format_skeleton("yMMMM", when, locale=self.conventions)
        return format_date(when, "LLLL", locale=self.conventions)

    def quarter(self, when: date) -> str:
        """The quarter of a day, with its year."""
        from babel.dates import format_skeleton

        return format_skeleton("yQQQ", when, locale=self.conventions)

    def listing(self, parts: list[str], last: Literal["and", "or"] = "and") -> str:
        """`a`, `a and b`, `a, b and c`; or the same with "or"."""
        from babel.lists import format_list

        return format_list(parts, style="or" if last == "or" else "standard", locale=self.conventions)

    def series(self, parts: Iterable[str]) -> str:
        """Parts that have commas in them, one after another."""
        return self.say("format.series").join(parts)

    def labelled(self, label: str, what: str) -> str:
        """What something is, after its label."""
        return self.say("format.labelled", label=label, what=what)

    def number_word(self, number: int) -> str:
        """A small number in words."""
        key = f"number_words.{number}"
        return self.say(key) if self.has(key) else str(number)

    def _digits(self, number: float, digits: int) -> str:
        from babel.numbers import format_decimal

        # Python rounds, so that a number has the same digits in every language.
        return format_decimal(Decimal(f"{number:.{digits}f}"), f"0.{'0' * digits}".rstrip("."), self.conventions)


def capitalised(words: str) -> str:
    """Words as they stand at the beginning: the first letter a capital, the others as they are."""
    return words[:1].upper() + words[1:]


@cache
def _percent(n: int, conventions: str) -> str:
    """So many percent. There are some hundred of them, and each is written over and over."""
    from babel.numbers import format_percent

    return format_percent(Decimal(n) / 100, locale=conventions)


def _over(words: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """A catalogue with other words for some keys. KeyError for a key that it has no words for."""
    return words | {
        key: _over(words[key], other) if isinstance(words[key], dict) else other for key, other in others.items()
    }


def _crossed(group: str) -> tuple[str, ...]:
    from pipeline.vocabulary import GROUPS

    return GROUPS[group]


def load_text(locale: str, questionnaire: Questionnaire) -> Text:
    """The catalogue of a language. UsageError for one that is not there."""
    known = known_locales()
    if locale not in known:
        raise UsageError(f'There is no language "{locale}".', where="LOCALE", repair=f"Use one of: {', '.join(known)}.")
    catalogue = tomllib.loads((FOLDER / f"{locale}.toml").read_text(encoding="utf-8"))
    return Text(locale, catalogue, questionnaire)


def known_locales() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
