"""What the figure and the page of the archive are drawn from: rows, words, stamps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.archive.rows import Row
from pipeline.report.edition import printed
from pipeline.report.figures.mark import NO_NUMBER, UNRELIABLE, VALUE, WITHHELD
from pipeline.report.text import Text
from pipeline.rounds import Round
from pipeline.vocabulary import ALL, BREAKS, ROUTES


@dataclass(frozen=True)
class Book:
    """The rows of the archive with what tells of them. left_out: made-up waves that real ones push aside."""

    rows: Sequence[Row]
    rounds: Sequence[Round]
    left_out: Sequence[str]
    text: Text

    @property
    def routes(self) -> list[str]:
        """The routes on which anyone was met in any wave."""
        return [route for route in ROUTES if any(row.has_anyone for row in self.on(route))]

    def on(self, route: str) -> list[Row]:
        """The rows of a route, in time."""
        return [row for row in self.rows if row.route == route]

    @property
    def breaks(self) -> list[str]:
        """Every reason for a break that there is, in the order of the vocabulary."""
        found = {word for row in self.rows for word in row.broken if row.route != ALL}
        return [word for word in BREAKS if word in found]

    @property
    def stamps(self) -> list[str]:
        """What the figure and the page must say of themselves."""
        kinds = {
            "synthetic": [one.name for one in self.rounds if one.wave.file.synthetic],
            "draft": [one.name for one in self.rounds if one.wave.file.status == "draft"],
        }
        return [self._stamp(kind, waves) for kind, waves in kinds.items() if waves]

    def _stamp(self, kind: str, waves: list[str]) -> str:
        stamp = self.text.say(f"stamp.{kind}")
        if len(waves) == len(self.rounds):
            return stamp
        return self.text.say("trend.stamp_some", stamp=stamp, waves=self.text.listing(waves))

    def number(self, row: Row) -> str:
        """A row's share as it is printed, with a mark where it is not firm enough to be relied on."""
        number = printed(row.cell, self.text, short=True)
        return (
            number
            if row.cell.is_firm or row.cell.share is None
            else self.text.say("format.unreliable_share", share=number)
        )

    def days(self, row: Row) -> str:
        """The days of fieldwork, in words."""
        period = row.period
        return self.text.say("trend.days", from_=self.text.day(period.from_), to=self.text.day(period.to))


def drawn(row: Row) -> str:
    """How a row is drawn, by the words of figure data."""
    if row.cell.share is None:
        return WITHHELD if row.cell.withheld else NO_NUMBER
    return VALUE if row.cell.is_firm else UNRELIABLE
