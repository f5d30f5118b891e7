"""Values of a workbook or a statistics program as the text that stands for them in a table of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

_EXACT = 1e15
"""Below this, programs that keep numbers as floats keep whole numbers exactly, and show them so."""


def number(value: float, digits: int = 15) -> str:
    """A number as people write it: `3` for 3.0. digits: how many of a decimal number are meant; Excel keeps 15."""
    if math.isfinite(value) and value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.{digits}g}"


def moment(value: date | datetime | time | timedelta) -> str:
    """A day, a moment, a time of day or a duration as ISO text, to the millisecond."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, datetime):
        return _short(_rounded(value).isoformat())
    if isinstance(value, time):
        on_some_day = _rounded(datetime.combine(date(2000, 1, 1), value))
        return _short(on_some_day.time().isoformat())
    return value.isoformat()


def _rounded(value: datetime) -> datetime:
    """To the second if it is within two milliseconds of one, which is how far days as floats are off."""
    off = value.microsecond
    if off >= 998_000:
        return value.replace(microsecond=0) + timedelta(seconds=1)
    return value.replace(microsecond=0 if off <= 2000 else off)


def _short(text: str) -> str:
    """Milliseconds instead of microseconds."""
    whole, point, part = text.partition(".")
    return f"{whole}{point}{part[:3]}"


class Texts(dict[object, str | None]):
    """Value → its text, worked out once for each value that occurs. Blank text is None."""

    def __init__(self, text_of: Callable[[object], str | None], labels: Mapping[object, str]) -> None:
        super().__init__({value: label or None for value, label in labels.items()})
        self._text_of = text_of

    def __missing__(self, value: object) -> str | None:
        text = self[value] = self._text_of(value) or None
        return text
