"""One way to run the people-level and statistics stages on a wave, for every test."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.engine import Engine
from pipeline.ingest.stage import Ingested, ingest
from pipeline.stats.estimate import Estimates, estimate
from pipeline.tabulate import MEASURES, Tabulated, tabulate
from pipeline.wave import Wave, load_wave
from tests.support import waves


@dataclass(frozen=True)
class Results:
    """What the pipeline makes of a wave. Each stage runs when a test first asks for it."""

    wave: Wave
    engine: Engine
    ingested: Ingested

    @cached_property
    def respondents(self) -> pd.DataFrame:
        return self.engine.frame(self.ingested.respondents)

    @cached_property
    def excluded_by(self) -> dict[tuple[str, int], str]:
        people = self.respondents
        return {(file, int(row)): rule for file, row, rule in people[["file", "row", "excluded_by"]].to_numpy()}

    @cached_property
    def ledger(self) -> dict[str, int]:
        return dict(zip(self.ingested.ledger["rule"], self.ingested.ledger["rows"].astype(int), strict=True))

    @cached_property
    def tabulated(self) -> Tabulated:
        return tabulate(self.ingested.respondents, self.wave.questionnaire, self.engine)

    @cached_property
    def counts(self) -> dict[tuple[str, str, str, str], dict[str, int]]:
        """(indicator, route, group, level) → measure → people, over all monitoring points."""
        key = ["indicator", "route", "group", "level"]
        cells = self.tabulated.counts.groupby(key, sort=False)[list(MEASURES)].sum()
        return {cell: {m: int(n) for m, n in measures.items()} for cell, measures in cells.to_dict("index").items()}

    @cached_property
    def estimates(self) -> Estimates:
        return estimate(self.tabulated, self.wave)


def run_wave(raw: Path, engine: Engine, name: str = waves.NAME) -> Results:
    """The wave under `raw`, ingested."""
    return run(load_wave(raw, name), engine)


def run(wave: Wave, engine: Engine, *, with_keys: bool = False) -> Results:
    """A loaded wave, ingested. with_keys: with the columns of the survey platform."""
    with tempfile.TemporaryDirectory() as scratch:
        return Results(wave, engine, ingest(wave, engine, Path(scratch), with_keys=with_keys))
