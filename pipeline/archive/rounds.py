"""A wave in the archive: its release, verified, and what its wave file and questionnaire declare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline import manifest
from pipeline.errors import CannotReadOrWrite, DeclarationError, DisclosureBroken
from pipeline.places import EVERY, Places
from pipeline.publish import reading
from pipeline.published import Release, release_of, released_waves
from pipeline.vocabulary import ALL
from pipeline.wave import WAVE_FILE, Period, Wave, declared_wave, questionnaire_files


@dataclass(frozen=True)
class Round:
    """One wave of the archive."""

    wave: Wave
    release: Release

    @property
    def name(self) -> str:
        """The wave's name."""
        return self.wave.name

    def period(self, route: str) -> Period:
        """The days of fieldwork on a route, as the wave file declares them; of `all`, on any."""
        return self.wave.period if route == ALL else self.wave.route_period(route)

    @property
    def is_declared_otherwise_now(self) -> bool:
        """Whether the questionnaire's files have changed since the release: breaks go by what they say today."""
        now = {
            path.relative_to(manifest.QUESTIONNAIRES).with_suffix("").as_posix(): manifest.sha256(path)
            for path in questionnaire_files(self.wave.file.questionnaire)
        }
        return bool(self.release.told["provenance"]["questionnaire"] != now)


def load_rounds(waves: Sequence[str], places: Places) -> tuple[list[Round], list[str]]:
    """The rounds of these waves, or of every one that has a release; and those that are left out.

    They stand in time. If none is named, made-up waves are left out where there are real ones.
    Errors: CannotReadOrWrite without any release, ExportInvalid for one that is not as it was made, DeclarationError
    for a wave file that is another one, DisclosureBroken for a release that was not audited.
    """
    named = [wave for wave in waves if wave != EVERY]
    rounds = [_load(name, places) for name in dict.fromkeys(named or released_waves(places))]
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


def _load(name: str, places: Places) -> Round:
    release = release_of(name, places)
    told = release.told
    if not told.get("policy", {}).get("audited"):
        raise DisclosureBroken(
            f"The release of {name} was not audited for what could be worked out from it.",
            where=str(release.folder),
            repair=f"Run `make report WAVE={name}` again.",
        )
    path = places.raw / name / WAVE_FILE
    wave = declared_wave(places.raw, name)
    with reading():
        is_the_same = manifest.sha256(path) == told["provenance"]["wave_file"]
    if not is_the_same:
        raise DeclarationError(
            f"The wave file of {name} is another one than that of its release: its days may be others.",
            where=str(path),
            repair=f"Run `make report WAVE={name}`, or put the wave file back as it was.",
        )
    return Round(wave, release)


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
