"""The first sheet: what the workbook is, how to read it, where everything is, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.manifest import MANIFEST, Provenance
from pipeline.report.citation import citation, version_of
from pipeline.report.edition import Edition
from pipeline.report.glossary import MARKS, marked
from pipeline.report.grid import Form
from pipeline.report.workbook.book import Book, Sheet
from pipeline.report.workbook.flat import Flat

FORMS: tuple[Form, ...] = ("count", "percent", "points", "ratio", "p")
_LABEL_WIDTH, _TEXT_WIDTH, _FIRST = 26, 110, 3


def begin(book: Book) -> Sheet:
    """The sheet, so that it stands first; it can be filled once the others are there."""
    title = book.text.say("workbook.readme_title", title=book.text.say("report.title"))
    return book.sheet(book.text.say("workbook.sheet_readme"), title)


def fill(book: Book, sheet: Sheet, source: Provenance) -> None:
    """A label and a text a row. The names of sheets lead to them."""
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    row = _FIRST
    for label, lines in _before(book.edition):
        row = _lines(book, sheet, row, label, lines)
    sheet.write_string(row, 0, book.text.say("workbook.sheets"), book.look(bold=True))
    for name, title in book.listed[1:]:
        look = book.look(underline=1, font_color="#0B5394")
        sheet.write_url(row, 1, f"internal:'{name}'!A1", look, book.text.labelled(name, title))
        row += 1
    for label, lines in _after(book.edition, source):
        row = _lines(book, sheet, row, label, lines)


def notes(table: Flat, edition: Edition) -> list[str]:
    """What stands below a table: its note, base, units, and the marks that are in it."""
    text = edition.text
    base = f"workbook.base_{table.kind}"
    told = [table.note, text.say(base if text.has(base) else "workbook.base_default")]
    told += [_unit(form, edition, table.kind) for form in FORMS if form in table.forms]
    there = {entry for row in table.rows for entry in row if isinstance(entry, str)}
    shown = {entry.form.strip('"') for row in table.rows for entry in row if entry and not isinstance(entry, str)}
    told += [line for mark, line in _marks(edition) if mark in there | shown]
    return [line for line in told if line]


def _before(edition: Edition) -> Iterator[tuple[str, Sequence[str]]]:
    text, wave = edition.text, edition.wave
    period = text.say("report.cover_period", from_=text.day(wave.period.from_), to=text.day(wave.period.to))
    synthetic = [text.say("report.cover_synthetic")] if wave.file.synthetic else []
    about = text.say("workbook.about_text", report=edition.file_name_in_language("report.pdf"))
    yield text.say("workbook.about"), [about, *_asked(edition)]
    yield text.say("workbook.wave"), [wave.name, wave.file.title_in(text.locale), period]
    yield text.say("workbook.analysed"), [text.day(wave.file.analysed_on)]
    yield text.say("workbook.status"), [*edition.stamps, *synthetic] or [text.say("workbook.status_none")]
    yield text.say("workbook.policy"), [text.say("report.about_policy"), _rules(edition)]
    yield text.say("workbook.marks"), [line for _, line in _marks(edition)]
    yield text.say("workbook.bases"), text.paragraphs("report.method_bases_text")
    yield text.say("workbook.units"), [_unit(form, edition) for form in FORMS]


def _after(edition: Edition, source: Provenance) -> Iterator[tuple[str, Sequence[str]]]:
    text = edition.text
    exports = [
        text.labelled(text.say("report.provenance_export", file=name), value) for name, value in source.exports.items()
    ]
    files = {"manifest": edition.file_name(MANIFEST), "dictionary": edition.file_name("dictionary.csv")}
    yield text.say("workbook.version"), [version_of(edition)]
    yield text.say("workbook.citation"), [citation(edition)]
    yield text.say("workbook.source"), [text.say("workbook.source_text", **files), *exports]
    yield text.say("workbook.names"), [text.say("report.designations")]


def _lines(book: Book, sheet: Sheet, row: int, label: str, lines: Sequence[str]) -> int:
    sheet.write_string(row, 0, label, book.look(bold=True))
    for line in lines:
        sheet.write_string(row, 1, line, book.look(text_wrap=True))
        row += 1
    return row


def _asked(edition: Edition) -> list[str]:
    text, asked = edition.text, len(edition.wave.questionnaire.indicators)
    return text.paragraphs("report.about", count=text.number_word(asked).capitalize())


def _rules(edition: Edition) -> str:
    text, policy = edition.text, edition.released.policy
    mark = text.say("format.withheld")
    return text.say("report.tables_marks", mark=mark, rounding=policy.rounding, share_base=policy.share_base)


def _unit(form: Form, edition: Edition, kind: str = "") -> str:
    """What numbers of a form are, in all tables or in one of a kind."""
    key = f"workbook.unit_{form}"
    own = f"{key}_{kind}"
    return edition.text.say(own if edition.text.has(own) else key, rounded=edition.rounded)


def _marks(edition: Edition) -> list[tuple[str, str]]:
    """Each mark, and what it means."""
    text = edition.text
    told = [(marked(text, name), text.say(f"package.mark.{name}")) for name in MARKS]
    return [(mark, text.say("workbook.mark_line", mark=mark, meaning=meaning)) for mark, meaning in told]
