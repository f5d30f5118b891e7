"""Which waves are in the archive, in which order, and where each stands in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pipeline.errors import CannotReadOrWrite
from pipeline.places import EVERY, Places
from pipeline.published import released_waves
from pipeline.rounds import Round, load_round
from pipeline.wave import Period


def load_rounds(waves: Sequence[str], places: Places) -> tuple[list[Round], list[str]]:
    """The rounds of these waves, or of every one that has a release; and those that are left out.

    They stand in time. If none is named, made-up waves are left out where there are real ones.
    Errors: CannotReadOrWrite without any release, and as `load_round`.
    """
    named = [wave for wave in waves if wave != EVERY]
    rounds = [load_round(name, places) for name in dict.fromkeys(named or released_waves(places))]
    if not rounds:
        raise CannotReadOrWrite(
            "There is no release yet: nothing to see a trend in.",
            where=f"{places.trend.parent}/",
            repair="Run `make report WAVE=…` for each wave first; it takes two waves to see a trend.",
        )
    real = [one for one in rounds if not one.wave.file.synthetic]
    taken = rounds if named or not real else real
    taken.sort(key=lambda one: (one.wave.period.from_, one.wave.period.to, one.name))
    return taken, [one.name for one in rounds if one not in taken]


def middle(period: Period) -> date:
    """The middle day of a period; of two, the earlier."""
    return period.from_ + timedelta(days=(period.to - period.from_).days // 2)


def quarter(day: date) -> str:
    """The quarter of a day, as 2016-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarters(period: Period) -> int:
    """How many quarters the days of a period touch."""
    first, last = (day.year * 4 + (day.month - 1) // 3 for day in (period.from_, period.to))
    return last - first + 1
