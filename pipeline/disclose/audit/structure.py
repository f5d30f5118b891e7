"""What a reader of the questionnaire knows of how counts hang together."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.questionnaire import ManyColumn, Questionnaire


@dataclass(frozen=True)
class Structure:
    """Which indicators count in which derived one, whose events are told, and which region a nationality is in.

    counted: those of at least one and at least two. common: those of the common core. direct: those with a country of
    events that are direct experiences. regions: by nationality. several: questions with several answers.
    """

    counted: tuple[str, ...]
    common: tuple[str, ...]
    direct: tuple[str, ...]
    regions: dict[str, str]
    several: frozenset[str]


def structure_of(q: Questionnaire) -> Structure:
    """The structure of a questionnaire."""
    return Structure(
        counted=tuple(str(name) for name in q.counted),
        common=tuple(str(name) for name in q.common_core),
        direct=tuple(str(item.indicator) for item in q.indicators if item.event_country and item.experience == "own"),
        regions={country: region for region, spec in q.regions.items() for country in spec.countries},
        several=frozenset(name for name, column in q.columns.items() if isinstance(column, ManyColumn)),
    )
