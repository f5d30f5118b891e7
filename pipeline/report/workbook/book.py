"""A workbook and its sheets: how they look, print and are found. Text is always written as text, never as a formula."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from pipeline.report.citation import citation
from pipeline.report.edition import Edition
from pipeline.report.workbook.flat import Flat, Number

HEAD_ROW = 3
"""Where the heads of a table stand: below the title, the stamps and an empty row. Rows are counted from 0."""

_A4, _LONGEST_NAME, _LONGEST_HEADER = 9, 31, 250
_MOST_ROWS = 2000
_NARROWEST, _WIDEST, _NOTE_WIDTH = 11, 60, 110
_UNSAFE = re.compile(r"[\[\]:*?/\\']")
_HOUSE_BLUE = "#12407F"
_AS_WRITTEN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
Sheet = Any
"""A worksheet of XlsxWriter, which has no types."""


class Book:
    """A workbook that is being written. `content` ends it."""

    def __init__(self, edition: Edition) -> None:
        """An empty one, with the properties of the edition. They hold no time but that of the analysis."""
        import xlsxwriter

        self.edition, self.text = edition, edition.text
        self._out = io.BytesIO()
        self.made = xlsxwriter.Workbook(self._out, {"in_memory": True, **_AS_WRITTEN})
        self.made.set_properties(_properties(edition))
        self.made.set_custom_property("Language", edition.text.locale)
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._tables = 0
        self.listed: list[tuple[str, str]] = []

    def content(self) -> bytes:
        """The bytes of the workbook."""
        self.made.close()
        return self._out.getvalue()

    def look(self, **properties: object) -> Any:
        """A format; the same one for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.made.add_format({"valign": "top", **properties})
        return self._formats[key]

    def sheet(self, name: str, title: str) -> Sheet:
        """A sheet with its title, stamps and print set-up."""
        name = self._free(name)
        sheet = self.made.add_worksheet(name)
        self.listed.append((name, title))
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=14, font_color=_HOUSE_BLUE))
        sheet.write_string(1, 0, above(self.edition), self.look(italic=True))
        sheet.hide_gridlines(2)
        self._set_up_print(sheet)
        return sheet

    def _free(self, name: str) -> str:
        """A name that a sheet may have, and that no other has: Excel does not tell capitals apart."""
        safe = _UNSAFE.sub("", name)[:_LONGEST_NAME].strip() or "-"
        taken, number = {other.casefold() for other, _ in self.listed}, 2
        free = safe
        while free.casefold() in taken:
            ending = f" {number}"
            free, number = safe[: _LONGEST_NAME - len(ending)] + ending, number + 1
        return free

    def _set_up_print(self, sheet: Sheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        text, frame = self.text, " · ".join(self.edition.stamps)
        wave = text.say("report.header", series=text.say("report.subtitle"), wave=self.edition.wave.name)
        sheet.set_header(_short(f"&L{_printed(wave)}&R{_printed(frame)}"))
        policy = text.say("workbook.policy_line", policy=self.edition.released.policy.name)
        sheet.set_footer(_short(f"&L{_printed(policy)}&R{_printed(text.say('report.page', n=''))}&P / &N"))

    def table(self, name: str, table: Flat, notes: Sequence[str], first: int = HEAD_ROW) -> tuple[Sheet, int]:
        """A sheet with a table that can be filtered, its head always in sight, and notes below it.

        Returns the sheet, and the first row that is free below the notes.
        """
        sheet = self.sheet(name, table.title)
        if not table.rows:
            sheet.write_string(first, 0, self.text.say("workbook.nothing"))
            return sheet, self.notes(sheet, first + 2, notes)
        last = first + len(table.rows)
        self._head(sheet, table, first, last)
        self._rows(sheet, table, first + 1)
        for column, width in enumerate(_widths(table)):
            sheet.set_column(column, column, width)
        # A number of indicators is a label, and no number that was written as text by mistake.
        sheet.ignore_errors({"number_stored_as_text": f"A{first + 2}:A{last + 1}"})
        sheet.freeze_panes(first + 1, 1)
        sheet.repeat_rows(first)
        return sheet, self.notes(sheet, last + 2, notes)

    def _head(self, sheet: Sheet, table: Flat, first: int, last: int) -> None:
        """The heads of a table, each with a filter."""
        look = self.look(bold=True, text_wrap=True, font_color="white", bg_color=_HOUSE_BLUE, border=1)
        end = len(table.heads) - 1
        if len(table.rows) > _MOST_ROWS:
            # Excel's own kind of table, that is banded, takes XlsxWriter as long to begin as all of its cells.
            for column, words in enumerate(table.heads):
                sheet.write_string(first, column, words, look)
            sheet.autofilter(first, 0, last, end)
            return
        self._tables += 1
        columns = [{"header": words, "header_format": look} for words in table.heads]
        options = {"name": f"table_{self._tables}", "style": "Table Style Light 1", "columns": columns}
        sheet.add_table(first, 0, last, end, options)

    def _rows(self, sheet: Sheet, table: Flat, first: int) -> None:
        looks = {self.text.say("format.withheld"): self.look(align="right")}
        broken = self.look(text_wrap=True)
        # In the order in which they occur, because a workbook numbers its formats.
        shown = dict.fromkeys(entry.form for row in table.rows for entry in row if isinstance(entry, Number))
        forms = {form: self.look(num_format=form) for form in shown}
        for place, row in enumerate(table.rows, start=first):
            for column, entry in enumerate(row):
                if isinstance(entry, Number):
                    sheet.write_number(place, column, entry.value, forms[entry.form])
                elif entry is not None:
                    sheet.write_string(place, column, entry, broken if len(entry) > _WIDEST else looks.get(entry))

    def notes(self, sheet: Sheet, row: int, notes: Sequence[str]) -> int:
        """Lines of text that run over the empty cells beside them, so that none is merged.

        Returns the next free row.
        """
        for note in notes:
            for line in textwrap.wrap(note, _NOTE_WIDTH):
                sheet.write_string(row, 0, line)
                row += 1
        return row


def above(edition: Edition) -> str:
    """What every sheet says above its content: the wave, its stamps, the policy, and where to read on."""
    text = edition.text
    wave = text.say("workbook.wave_line", wave=edition.wave.name)
    policy = text.say("workbook.policy_line", policy=edition.released.policy.name)
    return " · ".join([*edition.stamps, wave, policy])


def _properties(edition: Edition) -> dict[str, object]:
    text, file = edition.text, edition.wave.file
    return {
        "title": f"{text.say('report.title')}. {file.title_in(text.locale)}",
        "subject": above(edition),
        "author": text.say("report.organisation"),
        "company": text.say("report.organisation"),
        "keywords": text.say("report.subtitle"),
        "comments": citation(edition),
        "created": datetime.combine(file.analysed_on, time()),
    }


def _printed(words: str) -> str:
    """Words for the head or foot of a printed page, where & begins a code."""
    return words.replace("&", "&&")


def _short(words: str) -> str:
    """As much as a printed head may hold."""
    return words if len(words) <= _LONGEST_HEADER else words[: _LONGEST_HEADER - 1].rstrip("&") + "…"


def _widths(table: Flat) -> list[int]:
    """The width of each column: that of its widest text, within reason; heads are broken over lines."""
    columns = zip(*table.rows, strict=True)
    texts = ([len(entry) for entry in column if isinstance(entry, str)] for column in columns)
    return [min(_WIDEST, max([_NARROWEST, *(length + 2 for length in lengths)])) for lengths in texts]
