"""Looks at an export through one questionnaire: its columns, what their answers mean, how its dates are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.meanings import find_meanings
from pipeline.ingest.read import Wanted, merge_versions, read
from pipeline.ingest.sheet import Sheet
from pipeline.onboarding.dates import Writing, writing_of
from pipeline.questionnaire import AnswerColumn, KeyColumn, ManyColumn, Questionnaire

MARKS = ("submission_uuid", "survey_date")
"""Columns that tell an interview from another row. An export without both cannot be read."""


@dataclass(frozen=True)
class Looked:
    """What an export shows under one questionnaire.

    unknown: our closed questions in which there are answers that it does not know. countries: country of interview in
    our words → rows.
    """

    layout: Layout
    rows: int
    unknown: frozenset[str] = frozenset()
    countries: dict[str, int] = field(default_factory=dict)
    dates: Writing = field(default_factory=Writing)


def lenient(q: Questionnaire) -> Questionnaire:
    """The same questionnaire, for an export that may lack columns."""
    columns = {name: column.model_copy(update={"required": False}) for name, column in q.columns.items()}
    return q.model_copy(update={"columns": columns})


def look_at(sheet: Sheet, codebook: Codebook, engine: Engine, scratch: Path) -> Looked:
    """Reads the records of a sheet. codebook: of a lenient questionnaire.

    Errors: ExportInvalid if columns could be two things, if nothing tells an interview from another row, or if records
    do not fit.
    """
    q, layout = codebook.questionnaire, lay_out(sheet, codebook)
    if not any(mark in layout.columns for mark in MARKS):
        headers = " and ".join(f'"{q.columns[mark].headers[0]}"' for mark in MARKS)
        raise ExportInvalid(
            f"Neither of the columns {headers} is in this export, so nothing tells an interview from another row.",
            where=sheet.file,
            repair="Export the data with the platform's own columns. If they are there under labels, put the XLSForm "
            "beside the export.",
        )
    questions = frozenset(name for name, column in q.columns.items() if not isinstance(column, KeyColumn))
    one = merge_versions(read(layout, Wanted(questions, words={}, closed={}), q, engine, scratch), engine)
    meanings = find_meanings(one.table, layout, codebook, engine)
    special = [layout.columns[name] for name in ("survey_country", "survey_date") if name in layout.columns]
    tally = engine.tally(one.table, special)
    means = meanings.words.get("survey_country", {})
    countries: dict[str, int] = {}
    for text, rows in tally.get(layout.header_of("survey_country"), {}).items():
        if text in means:
            countries[means[text]] = countries.get(means[text], 0) + rows
    closed = [u.column for u in meanings.unknown if isinstance(q.columns[u.column], AnswerColumn | ManyColumn)]
    return Looked(
        layout=layout,
        rows=int(engine.frame(one.table.aggregate(n=one.table.count()))["n"][0]),
        unknown=frozenset(closed),
        countries=countries,
        dates=writing_of(tally.get(layout.header_of("survey_date"), {})),
    )


def routes_of(q: Questionnaire, country: str) -> list[str]:
    """The routes on which someone interviewed in this country may be, whatever else was answered; none if no rule can
    hold."""
    return list(
        dict.fromkeys(
            str(rule.route)
            for rule in q.routes
            if all(
                test.column != "survey_country"
                or (country in test.is_ if test.is_ is not None else country not in (test.is_not or ()))
                for test in rule.when
            )
        )
    )
