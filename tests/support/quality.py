"""Small waves with the times of each interview, measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.engine import Engine
from pipeline.ingest.stage import Ingested, ingest
from pipeline.quality.limits import LIMITS, Limits
from pipeline.quality.measure import measure_quality
from pipeline.quality.page import quality_page
from pipeline.quality.results import Quality, Queue
from pipeline.wave import Wave, load_wave
from tests.support.waves import FILE, INDICATORS, NAME, USUAL, Row, export_text, respondent, write_texts

TIMES = ("interview_start", "interview_end")
_COLUMNS = list(USUAL)
_PROFILE = _COLUMNS[_COLUMNS.index("age") : _COLUMNS.index("cost") + 1]
INTERVIEW = [*_PROFILE, *INDICATORS, *(f"{name}_country" for name in INDICATORS)]
"""What is asked after consent."""


@dataclass(frozen=True)
class Measured:
    """A wave, and what field quality makes of it."""

    wave: Wave
    ingested: Ingested
    quality: Quality

    @property
    def page(self) -> str:
        return quality_page(self.quality, self.ingested.findings, self.ingested.ledger, self.wave)

    def queue(self, name: str) -> Queue:
        return next(queue for queue in self.quality.queues if queue.name == name)

    def rows_in(self, name: str) -> list[int]:
        """Row numbers in a queue, whatever the file."""
        rows = self.quality.rows
        return [int(row) for row in rows["row"][rows["queue"] == name]]

    def queues_of(self, row: int) -> list[str]:
        """The queues that a row is in; rows that belong together as `queue:group`."""
        rows = self.quality.rows[self.quality.rows["row"] == row]
        return [f"{q}:{group}" if group else str(q) for q, group in rows[["queue", "group"]].itertuples(index=False)]


def people(rows: Iterable[Mapping[str, str]], first: int = 1) -> list[Row]:
    """Usual respondents with these answers, sent on the evening of their day; without times unless they are given.

    Who refuses or has taken part before has answered nothing after that, unless the answers say otherwise.
    """
    found = []
    for number, answers in enumerate(rows, start=first):
        sent = {"submission_time": f"{answers.get('survey_date') or USUAL['survey_date']}T20:00:00"}
        stopped = answers.get("consent", "yes") != "yes" or answers.get("previous_participation", "no") != "no"
        blank = dict.fromkeys([*TIMES, *(INTERVIEW if stopped else [])], "")
        found.append(respondent(number, **{**sent, **blank, **answers}))
    return found


def measure(
    folder: Path,
    engine: Engine,
    rows: Iterable[Mapping[str, str]] | dict[str, list[Row]],
    *,
    without: Iterable[str] = (),
    more: str = "",
    limits: Limits = LIMITS,
) -> Measured:
    """A wave of these people, in one file or in several, measured."""
    files = rows if isinstance(rows, dict) else {FILE: people(rows)}
    write_texts(folder, {file: export_text(of, without=without) for file, of in files.items()}, more=more)
    return measure_wave(folder, engine, limits=limits)


def measure_wave(raw: Path, engine: Engine, name: str = NAME, limits: Limits = LIMITS) -> Measured:
    """A wave that is there already, measured."""
    wave = load_wave(raw, name)
    with TemporaryDirectory() as scratch:
        ingested = ingest(wave, engine, Path(scratch), with_keys=True)
        return Measured(wave, ingested, measure_quality(ingested.received, wave, engine, limits))
