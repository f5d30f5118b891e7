"""Holds each entry of a log against the exports, and applies those that fit.

Only the records that the log names are looked at one by one. What they become goes back as a small table that is
joined to the export by row number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW, Engine
from pipeline.ingest.cleaning.entries import Desk, Kind, Question, Record, look_up
from pipeline.ingest.cleaning.export import Cleanable
from pipeline.ingest.cleaning.log import CleaningLog
from pipeline.ingest.cleaning.mistakes import Mistakes
from pipeline.ingest.findings import Finding, Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

REMOVED = "(removed)"
"""Name of the column that says whether the log removes a row."""

_KEY, _EDITED_ROW, _GONE = "(uuid)", "(edited row)", "(gone)"


@dataclass(frozen=True)
class Applied:
    """What a log did. findings: everything wrong with it. cells, records: how many it changed, how many it removed."""

    findings: tuple[Finding, ...]
    cells: int
    records: int


def apply_log(exports: Sequence[Cleanable], log: CleaningLog, engine: Engine) -> tuple[list[ir.Table], Applied]:
    """The tables with the log's changes in them and the column `REMOVED`.

    Everything that does not fit is among the findings, also what was found when the log was read. If there is an error
    among them, the tables must not be used.
    """
    mistakes = Mistakes()
    records: list[Record] = []
    if log.changes or log.removals:
        if any(export.uuid for export in exports):
            records = _worked_through(exports, log, mistakes, engine)
        else:
            mistakes.add_file("log_no_uuid_column", log.files[0].name)
    tables = [
        _edited(export.table, [record for record in records if record.export == place], engine)
        for place, export in enumerate(exports)
    ]
    return tables, _applied(log, mistakes, records)


def _worked_through(exports: Sequence[Cleanable], log: CleaningLog, mistakes: Mistakes, engine: Engine) -> list[Record]:
    """The records that the log names, as they become."""
    named = dict.fromkeys(change.question for change in log.changes)
    questions = [{question: look_up(export, question) for question in named} for export in exports]
    records: list[Record] = []
    for place, export in enumerate(exports):
        records += _fetch(place, export, questions[place], log, engine)
    Desk(exports, questions, records, mistakes).work_through(log)
    return records


def _applied(log: CleaningLog, mistakes: Mistakes, records: Sequence[Record]) -> Applied:
    cells = sum(len(record.edits) for record in records)
    removed = sum(record.is_removed for record in records)
    findings = [*log.findings, *mistakes.findings()]
    if log.changes or log.removals:
        message = f"The cleaning log changed {cells} cells and removed {removed} records."
        findings.append(Finding(Severity.NOTE, "log_applied", message, file=log.files[0].name))
    return Applied(tuple(findings), cells, removed)


def _fetch(
    place: int, export: Cleanable, questions: dict[str, Question], log: CleaningLog, engine: Engine
) -> Iterator[Record]:
    """The records of an export that the log names, with the answers that it names, in the order of the file."""
    import pyarrow as pa

    if export.uuid is None:
        return
    headers = sorted({one.headers[0] for one in questions.values() if one.kind is Kind.ANSWERED})
    uuids = sorted({change.uuid for change in log.changes} | {removal.uuid for removal in log.removals})
    written = pa.table({_KEY: pa.array([*uuids, *(f"uuid:{uuid}" for uuid in uuids)], pa.string())})
    answers = {f"answer {number}": export.table[header] for number, header in enumerate(headers)}
    keyed = export.table.select(**{_KEY: export.table[export.uuid].strip(), ROW: export.table[ROW]}, **answers)
    named = engine.frame(keyed.semi_join(engine.from_arrow(written), _KEY).order_by(ROW))
    for uuid, row, *texts in zip(*(named[column].tolist() for column in keyed.columns), strict=True):
        cells = {
            header: text.strip() if isinstance(text, str) else "" for header, text in zip(headers, texts, strict=True)
        }
        yield Record(place, int(row), uuid.removeprefix("uuid:"), cells, dict(cells))


def _edited(table: ir.Table, records: Sequence[Record], engine: Engine) -> ir.Table:
    """The table with the records as they have become."""
    import pyarrow as pa

    touched = [record for record in records if record.edits or record.is_removed]
    if not touched:
        return table.mutate(**{REMOVED: ibis.literal(False)})
    headers = sorted({header for record in touched for header in record.edits})
    edits = [record.edits for record in touched]
    columns = {
        _EDITED_ROW: pa.array([record.row for record in touched], pa.int64()),
        _GONE: pa.array([record.is_removed for record in touched], pa.bool_()),
    }
    for number, header in enumerate(headers):
        columns[f"is new {number}"] = pa.array([header in of for of in edits], pa.bool_())
        columns[f"new {number}"] = pa.array([of.get(header) or None for of in edits], pa.string())
    edited = engine.from_arrow(pa.table(columns))
    joined = table.left_join(edited, table[ROW] == edited[_EDITED_ROW])
    changed = {
        header: ibis.ifelse(joined[f"is new {number}"].fill_null(False), joined[f"new {number}"], joined[header])
        for number, header in enumerate(headers)
    }
    kept = [changed.get(name, joined[name]).name(name) for name in table.columns]
    return joined.select(*kept, joined[_GONE].fill_null(False).name(REMOVED))
