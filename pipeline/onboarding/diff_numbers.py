"""The numbers of wave against wave: of what may be compared, once both waves have been counted. Exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import manifest
from pipeline.differing.lines import RESPONDENTS, Comparable, Line, Topic
from pipeline.onboarding.diff import Difference
from pipeline.places import Places
from pipeline.publish import reading
from pipeline.run import Asked, Stage, is_current
from pipeline.stats.wave_contrast import STANDARDISED_BY, wave_contrasts
from pipeline.tables import PROFILES, WAVE_CONTRASTS, conform
from pipeline.vocabulary import ALL, ROUTES, Derived, Indicator

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

RESULTS = (*map(str, Derived), *map(str, Indicator))


@dataclass(frozen=True)
class Numbers:
    """contrasts: `tables.WAVE_CONTRASTS`, exact; without them, why there are none, in a sentence."""

    contrasts: pd.DataFrame | None
    why_not: str = ""


def numbers(difference: Difference, places: Places) -> Numbers:
    """How far the shares of two waves are apart, for every result and route that is not refused.

    Errors: CannotReadOrWrite.
    """
    verdicts = {line.what: line for line in difference.about(Topic.COMPARE)}
    compared = [what for what, line in verdicts.items() if what in RESULTS and not _refused(line)]
    routes = [route for route in ROUTES if f"route {route}" in verdicts and not _refused(verdicts[f"route {route}"])]
    why_not = _why_not(verdicts, compared, routes) or _first_count(difference, places)
    if why_not:
        return Numbers(None, f"No numbers: {why_not}")
    base, wave = (_profiles(places, name) for name in (difference.base, difference.wave))
    exact = wave_contrasts(base, wave, compared, routes, strata_agree=_strata_agree(difference, verdicts))
    of_rows = zip(exact["indicator"], exact["route"], strict=True)
    comparable = [_stricter(verdicts[indicator], verdicts[f"route {route}"]) for indicator, route in of_rows]
    named = exact.assign(base=difference.base, wave=difference.wave, comparable=comparable)
    return Numbers(conform(named, WAVE_CONTRASTS))


def _refused(line: Line) -> bool:
    return line.comparable is Comparable.NO


def _stricter(*lines: Line) -> str:
    return str(max((line.comparable for line in lines), key=list(Comparable).index))


def _why_not(verdicts: dict[str, Line], compared: list[str], routes: list[str]) -> str:
    made_up = verdicts.get(RESPONDENTS)
    if made_up and _refused(made_up):
        return made_up.consequence
    if not routes:
        return verdicts[f"route {ALL}"].consequence
    return "" if compared else "no indicator may be compared."


def _first_count(difference: Difference, places: Places) -> str:
    """Which waves must be counted first; nothing if both are."""
    left = [name for name in (difference.base, difference.wave) if not _is_counted(name, places)]
    commands = " and ".join(f"make indicators WAVE={name}" for name in left)
    return f"{' and '.join(left)} must be counted first, or again. Run {commands}" if left else ""


def _is_counted(name: str, places: Places) -> bool:
    """Whether the counts of a wave are there and are what its export gives now, whatever language it was run in."""
    recorded = manifest.read(places.processed(name))
    try:
        asked = Asked.before(recorded, Stage.INDICATORS)
    except (KeyError, TypeError):
        return False
    return asked.wave == name and is_current(asked, places, recorded) and _path(places, name).is_file()


def _path(places: Places, name: str) -> Path:
    return places.processed(name) / f"{PROFILES.name}.parquet"


def _profiles(places: Places, name: str) -> pd.DataFrame:
    import pandas as pd

    with reading():
        return conform(pd.read_parquet(_path(places, name)), PROFILES)


def _strata_agree(difference: Difference, verdicts: dict[str, Line]) -> bool:
    """Whether both waves ask what people are standardised by, and make no level of it from other answers."""
    by = [name for name in STANDARDISED_BY if name in verdicts]
    remade = [
        line
        for line in difference.about(Topic.GROUP)
        if all(line.sides) and _refused(line) and line.what.split()[0] in STANDARDISED_BY
    ]
    return not remade and not any(_refused(verdicts[name]) for name in by)
