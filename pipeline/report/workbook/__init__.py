"""The workbook `annex.xlsx`: the tables of the report, a sheet each, two charts, and all estimates in one long sheet.

`about`: the first sheet, and the notes below each table. `book`: sheets, how they look and print. `flat`: a table of
the report with a number a cell. `charts`, `long`: the further sheets.
"""

from __future__ import annotations

from typing import Any

from pipeline.manifest import Provenance
from pipeline.report import model_tables, tables
from pipeline.report.edition import Edition
from pipeline.report.glossary import glossary
from pipeline.report.workbook import about
from pipeline.report.workbook.book import Book
from pipeline.report.workbook.charts import write_charts
from pipeline.report.workbook.flat import Flat, flat
from pipeline.report.workbook.long import write_estimates

WORKBOOK = "annex.xlsx"


def workbook(edition: Edition, source: Provenance) -> bytes:
    """The workbook. The same edition gives the same bytes."""
    book = Book(edition)
    first = about.begin(book)
    write_charts(book)
    for table in _tables(edition):
        _write(book, table)
    write_estimates(book)
    _write_words(book)
    about.fill(book, first, source)
    return book.content()


def _tables(edition: Edition) -> list[dict[str, Any]]:
    """Those of the appendix, and those that the report has among its chapters."""
    ledger = {**tables.ledger(edition), "title": edition.text.say("report.method_exclusions")}
    profiles = edition.has_model and bool(edition.wave.questionnaire.profiles)
    predicted = [model_tables.profiles(edition)] if profiles else []
    return [*tables.appendix(edition), tables.events(edition), *predicted, ledger]


def _write(book: Book, table: dict[str, Any]) -> None:
    shown = flat(table, book.edition)
    book.table(_name(shown, book.edition), shown, about.notes(shown, book.edition))


def _name(table: Flat, edition: Edition) -> str:
    """What the sheet is called: what the table tells, and the short names of its routes."""
    text = edition.text
    routes = [text.say(f"route_short.{route}") for route in table.of]
    of = text.say("workbook.of", first=routes[0], second=routes[1]) if len(routes) > 1 else "".join(routes)
    return text.say(f"workbook.sheet_{table.kind}", of=of)


def _write_words(book: Book) -> None:
    text = book.text
    heads = tuple(text.say(f"workbook.col_{name}") for name in ("kind", "word", "words_label", "meaning"))
    rows = tuple((one.kind, one.word, one.label or None, one.meaning) for one in glossary(text))
    table = Flat("words", (), text.say("workbook.words_title"), "", heads, rows)
    book.table(text.say("workbook.sheet_words"), table, [text.say("workbook.words_note")])
