"""How the dates of an export are written. Day and month are told apart by the dates alone, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.wave import DayOrder

_PARTS = re.compile(r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}$")
_MONTHS = 12
_FEW = 20
"""If so many times more dates could be read both ways than tell which, those that tell are more likely mistakes."""


@dataclass(frozen=True)
class Writing:
    """In how many rows a date tells which number is the day.

    day_first, month_first: rows such as 13/5/2016 and 5/13/2016. either: rows such as 3/5/2016, which may be 3 May or
    5 March. otherwise: rows with anything else, such as 2016-05-03 or a spreadsheet's serial number.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    otherwise: int = 0

    @property
    def order(self) -> DayOrder | None:
        """The order for the wave file; None if the dates do not tell, or tell both."""
        if not (self.day_first or self.month_first or self.either):
            return "year-month-day"
        telling = self.day_first + self.month_first
        if (self.day_first and self.month_first) or telling * _FEW <= self.either:
            return None
        return "day/month/year" if self.day_first else "month/day/year"

    @property
    def reason(self) -> str:
        """Why, or why not, in one sentence."""
        if self.order == "year-month-day":
            return "the year comes first, or they are a spreadsheet's serial numbers"
        if self.day_first and self.month_first:
            return (
                f"{_rows(self.day_first)} can only have the day first, {_rows(self.month_first)} only the month: the "
                "export mixes two ways to write dates"
            )
        telling = self.day_first or self.month_first
        if self.order is None:
            no = f"only {_rows(telling)} tell" if telling else "no row tells"
            return f"{_rows(self.either)} may be read with the day first or the month first, and {no} which"
        mixed = (
            f"; {_rows(self.otherwise)} stand otherwise, which happens when Excel takes day and month for each other: "
            "check some of them on the platform"
            if self.otherwise
            else ""
        )
        return f"in {_rows(telling)} the other number is above {_MONTHS}{mixed}"


def writing_of(texts: Mapping[str, int]) -> Writing:
    """How dates are written. texts: each text of the column of dates → in how many rows."""
    day_first = month_first = either = otherwise = 0
    for text, rows in texts.items():
        parts = _PARTS.match(text.strip())
        if not parts:
            otherwise += rows
        elif int(parts[1]) > _MONTHS:
            day_first += rows
        elif int(parts[2]) > _MONTHS:
            month_first += rows
        else:
            either += rows
    return Writing(day_first, month_first, either, otherwise)


def _rows(n: int) -> str:
    return f"{n:,} row{'s' if n != 1 else ''}"
