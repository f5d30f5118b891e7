"""Checks on recoded answers. All of them run; each gives findings; errors stop the run afterwards, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.engine import Engine
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.conditions import holds
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout, absent
from pipeline.ingest.meanings import Meanings
from pipeline.ingest.read import Read
from pipeline.ingest.recode import ROW, UNKNOWN_MARK, disagreements, key_in, status
from pipeline.ingest.rowchecks import RowCheck, found, found_in_cells
from pipeline.ingest.unknown import hidden_answers, unknown_answers, unreadable
from pipeline.questionnaire import AnswerColumn, CodeColumn, DateColumn, KeyColumn, Questionnaire
from pipeline.vocabulary import MISSING_WORDS

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Checked:
    """One export. read: its text; translated: what its texts mean; recoded: the same rows in our words."""

    read: Read
    meanings: Meanings
    translated: ir.Table
    recoded: ir.Table


def check(export: Checked, codebook: Codebook, engine: Engine) -> list[Finding]:
    """Every finding on one export."""
    read, meanings, recoded = export.read, export.meanings, export.recoded
    layout, q = read.layout, codebook.questionnaire
    in_cells = [*hidden_answers(meanings, layout, codebook), *unreadable(meanings, layout, q)]
    return [
        *layout.findings,
        *_unused_columns(layout),
        *_absent_columns(layout, q),
        *unknown_answers(meanings, layout, codebook),
        *found_in_cells(in_cells, read.table, engine),
        *found(_blank_keys(read.table, layout), read.table, ROW_IN_FILE, engine),
        *found(_parts_disagree(export.translated, layout, meanings), export.translated, ROW_IN_FILE, engine),
        *_dates(recoded, layout, q, engine),
        *found(_answered_unasked(recoded, layout, q), recoded, ROW, engine),
    ]


def _unused_columns(layout: Layout) -> list[Finding]:
    return [
        Finding(
            Severity.NOTE,
            "unused_column",
            "The questionnaire does not know this column; it was dropped.",
            file=layout.file,
            column=header,
        )
        for header in layout.unknown
    ]


def _absent_columns(layout: Layout, q: Questionnaire) -> list[Finding]:
    return [
        Finding(
            Severity.WARNING,
            "absent_column",
            f"The export has no column for {name}; everyone counts as not asked.",
            repair="Nothing, if this round did not ask it. Otherwise export the question too.",
            file=layout.file,
            column=q.columns[name].headers[0],
        )
        for name in absent(layout, q)
        if not isinstance(q.columns[name], KeyColumn | CodeColumn)
    ]


def _dates(recoded: ir.Table, layout: Layout, q: Questionnaire, engine: Engine) -> list[Finding]:
    """Dates that cannot be read as declared."""
    checks = [
        RowCheck(
            recoded[status(name)].startswith(UNKNOWN_MARK),
            Finding(
                Severity.ERROR,
                "unreadable_date",
                f"This cannot be read as a date. Dates are expected as {layout.dates}, or as a spreadsheet's serial "
                "number from 1990 on.",
                'If day or month comes first here, say so in wave.toml under [[exports]]: dates = "day/month/year" or '
                '"month/day/year". It is never guessed: 3/5/2016 may be 3 May or 5 March.',
                file=layout.file,
                column=layout.header_of(name),
            ),
        )
        for name, column in q.columns.items()
        if isinstance(column, DateColumn) and name in layout.columns
    ]
    return found(checks, recoded, ROW, engine)


def _parts_disagree(translated: ir.Table, layout: Layout, meanings: Meanings) -> list[RowCheck]:
    """A question with several answers, given as one text and as a column for each answer, must say the same twice."""
    return [
        RowCheck(
            disagrees,
            Finding(
                Severity.ERROR,
                "answers_disagree",
                f'The column says otherwise than "{layout.columns[name]}".',
                repair="The two must say the same for each person: mend one of them with the cleaning log.",
                file=layout.file,
                column=layout.children[name, word],
            ),
        )
        for (name, word), disagrees in disagreements(translated, layout, meanings).items()
    ]


def _answered_unasked(recoded: ir.Table, layout: Layout, q: Questionnaire) -> list[RowCheck]:
    """Answers to questions that the form would not have put."""
    return [
        RowCheck(
            ~recoded[name].isin(MISSING_WORDS) & ~holds(q.condition(column.asked_if), recoded),
            Finding(
                Severity.WARNING,
                "answered_unasked",
                "There is an answer where the form would not have put the question; it is kept.",
                repair="Look at these rows: was the form changed, or was the export edited?",
                file=layout.file,
                column=layout.header_of(name),
            ),
        )
        for name, column in q.columns.items()
        if isinstance(column, AnswerColumn) and column.asked_if and name in layout.columns
    ]


def _blank_keys(received: ir.Table, layout: Layout) -> list[RowCheck]:
    finding = Finding(
        Severity.WARNING,
        "blank_uuid",
        "These rows have no submission identifier, so a duplicate among them cannot be seen.",
        repair="Export the data again with the platform's own columns.",
        file=layout.file,
        column=layout.header_of("submission_uuid"),
    )
    header = layout.columns.get("submission_uuid")
    return [RowCheck(key_in(received, header).isnull() if header else received[ROW_IN_FILE].notnull(), finding)]
