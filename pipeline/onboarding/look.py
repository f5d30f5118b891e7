"""Looks at the answers of an export through each instrument: what they mean there, how its dates are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.meanings import find_meanings
from pipeline.ingest.read import read_records, without
from pipeline.ingest.rows import others_than_respondents
from pipeline.ingest.sheet import Sheet
from pipeline.onboarding.dates import Writing, writing_of
from pipeline.questionnaire import AnswerColumn, ManyColumn, Questionnaire

if TYPE_CHECKING:
    import ibis.expr.types as ir

MARKS = ("submission_uuid", "survey_date")
"""Columns that tell an interview from another row. An export without both cannot be read."""


@dataclass(frozen=True)
class Looked:
    """What an export shows under one instrument.

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


def look_at(
    sheet: Sheet, codebooks: Mapping[str, Codebook], engine: Engine, scratch: Path
) -> dict[str, Looked | ExportInvalid]:
    """What a sheet shows under each instrument, or why it cannot be read as such. codebooks: of lenient instruments.

    The records are read once, and only what instruments need of them. ExportInvalid for records that do not fit.
    """
    layouts: dict[str, Layout] = {}
    refused: dict[str, ExportInvalid] = {}
    for name, codebook in codebooks.items():
        try:
            layouts[name] = _laid_out(sheet, codebook)
        except ExportInvalid as problem:
            refused[name] = problem
    if not layouts:
        return {**refused}
    some = codebooks[next(iter(layouts))].questionnaire
    texts = _texts(sheet, list(layouts.values()), some, engine, scratch)
    rows = int(engine.frame(texts.aggregate(n=texts.count()))["n"][0])
    looked = {name: _looked(texts, rows, layout, codebooks[name], engine) for name, layout in layouts.items()}
    return {**refused, **looked}


def _laid_out(sheet: Sheet, codebook: Codebook) -> Layout:
    layout = lay_out(sheet, codebook)
    if not any(mark in layout.columns for mark in MARKS):
        headers = " and ".join(f'"{codebook.questionnaire.columns[mark].headers[0]}"' for mark in MARKS)
        raise ExportInvalid(
            f"Neither of the columns {headers} is in this export, so nothing tells an interview from another row.",
            where=sheet.file,
            repair="Export the data with the platform's own columns. If they are there under labels, put the XLSForm "
            "beside the export.",
        )
    return layout


def _looked(texts: ir.Table, rows: int, layout: Layout, codebook: Codebook, engine: Engine) -> Looked:
    q = codebook.questionnaire
    meanings = find_meanings(texts, layout, codebook, engine)
    special = [layout.columns[name] for name in ("survey_country", "survey_date") if name in layout.columns]
    tally = engine.tally(texts, special)
    means = meanings.words.get("survey_country", {})
    countries: dict[str, int] = {}
    for text, n in tally.get(layout.header_of("survey_country"), {}).items():
        if text in means:
            countries[means[text]] = countries.get(means[text], 0) + n
    closed = [u.column for u in meanings.unknown if isinstance(q.columns[u.column], AnswerColumn | ManyColumn)]
    dates = writing_of(tally.get(layout.header_of("survey_date"), {}))
    return Looked(layout, rows, frozenset(closed), countries, dates)


def _texts(sheet: Sheet, layouts: Sequence[Layout], q: Questionnaire, engine: Engine, scratch: Path) -> ir.Table:
    """The interviews of a sheet as text: the columns that any of these layouts needs."""
    needed = dict.fromkeys(
        header for layout in layouts for header in (*layout.columns.values(), *layout.children.values())
    )
    records = read_records(sheet, layouts[0].names, engine, scratch)
    others = others_than_respondents(records, layouts[0], q, engine)
    return engine.keep(without(records, others).select(*needed))


def routes_of(q: Questionnaire, country: str) -> list[str]:
    """The routes on which someone interviewed in this country may be, whatever else was answered; none if no rule can
    hold.
    """
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
