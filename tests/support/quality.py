"""Small waves with the times of each interview, measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from pipeline.engine import Engine
from pipeline.ingest.recode import FILE as FILE_COLUMN
from pipeline.ingest.recode import ROW
from pipeline.ingest.stage import Ingested, ingest
from pipeline.quality.interviews import ID, Interviews
from pipeline.quality.limits import LIMITS, Limits
from pipeline.quality.measure import measure_quality
from pipeline.quality.page import quality_page
from pipeline.quality.results import Quality, Queue
from pipeline.wave import Wave, load_wave
from tests.support.waves import FILE, INDICATORS, NAME, USUAL, Row, export_text, respondent, write_texts

if TYPE_CHECKING:
    import ibis.expr.types as ir

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


@dataclass(frozen=True)
class Record:
    """A record as the measures take it: whoever was not interviewed refused. Times are seconds, UTC; answers are
    columns in our words.
    """

    day: date | None = None
    point: str | None = None
    enumerator: str | None = None
    interviewed: bool = True
    started: int | None = None
    ended: int | None = None
    answers: Mapping[str, object] = field(default_factory=dict)


_TYPES = {
    **{ID: pa.int64(), FILE_COLUMN: pa.string(), ROW: pa.int64(), "day": pa.date32(), "point": pa.string()},
    **{"enumerator": pa.string(), "country": pa.string(), "version": pa.string(), "interviewed": pa.bool_()},
    **{"refused": pa.bool_(), "repeat": pa.bool_(), "started": pa.int64(), "ended": pa.int64(), "sent": pa.int64()},
    **{"start_day": pa.string(), "end_day": pa.string(), "age": pa.int64(), "dont_know": pa.bool_()},
    **{"declined": pa.bool_(), "answered": pa.bool_(), "yes": pa.bool_()},
}
_ANSWER_TYPES = {"age": pa.int64(), "survey_date": pa.date32()}


def as_interviews(records: Sequence[Record], engine: Engine) -> Interviews:
    """Records without an export behind them: row 2 of one file is the first."""
    rows = [
        {**vars(record), ID: place, FILE_COLUMN: FILE, ROW: place + 2, "refused": not record.interviewed}
        for place, record in enumerate(records)
    ]
    columns = list(dict.fromkeys(name for record in records for name in record.answers))
    types = {FILE_COLUMN: pa.string(), ROW: pa.int64()}
    types |= {name: _ANSWER_TYPES.get(name, pa.string()) for name in columns}
    answers = [row | dict(record.answers) for row, record in zip(rows, records, strict=True)]
    there = frozenset(name for name in _TYPES if any(row.get(name) is not None for row in rows))
    return Interviews(
        answers=_table(answers, types, engine),
        rows=_table(rows, _TYPES, engine),
        there=there - {ID, FILE_COLUMN, ROW},
        total=len(records),
        interviewed=len([record for record in records if record.interviewed]),
    )


def _table(rows: Sequence[Mapping[str, object]], types: Mapping[str, pa.DataType], engine: Engine) -> ir.Table:
    cells = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()}
    return engine.from_arrow(pa.table(cells))


def groups_in(queue: pd.DataFrame | None) -> list[list[int]]:
    """Places, counted from 0, of the rows of each group of a queue, in order."""
    if queue is None:
        return []
    return sorted(sorted(int(row) - 2 for row in rows) for _, rows in queue.groupby("group")[ROW])
