"""Writes made-up people as delimited text, as the programs do through which exports pass."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Literal

import numpy as np

from pipeline.rehearsal.fields import Field, Style, fields_of
from pipeline.rehearsal.people import People
from pipeline.rehearsal.sample import Rows

BLOCK = 20_000
"""Rows turned into text at once: what is held as Python objects does not grow with the export."""

Locale = Literal["en", "fr"]
SecondRow = Callable[[Field, str, Locale], str]


@dataclass(frozen=True)
class Text:
    """How a program writes text. in_locale: with labels in the language of the wave.

    second: makes the row under the header, from a field and its header. mangled: with headers as R makes them.
    """

    style: Style
    in_locale: bool = False
    delimiter: str = ";"
    encoding: str = "utf-8"
    mark: str = "\ufeff"
    quoting: Literal[0, 1] = csv.QUOTE_ALL
    line_end: str = "\r\n"
    second: SecondRow | None = None
    mangled: bool = False
    zipped: bool = False

    @property
    def ending(self) -> str:
        """Of the file's name."""
        return ".csv.gz" if self.zipped else ".csv"


def _hxl_tag(field: Field, _: str, __: Locale) -> str:
    return HXL.get(field.column, "")


def _question_text(field: Field, header: str, locale: Locale) -> str:
    return header if field.child or not field.labels else field.labels[locale]


HXL = {
    "survey_date": "#date",
    "survey_country": "#country+code",
    "monitoring_point": "#loc+name",
    "consent": "#meta+consent",
    "age": "#indicator+age",
    "sex": "#indicator+sex",
}

# KoboToolbox: semicolons, every cell quoted, CRLF, a byte-order mark. ONA: commas, points between groups, n/a for what
# is blank, the questions under the header. R: points for what cannot be in a name, NA. Excel saves text as UTF-16 with
# tabs or, as CSV in Western Europe, in Windows-1252 with semicolons.
TEXTS = {
    "kobo_names": Text(Style()),
    "kobo_labels_en": Text(Style("en")),
    "kobo_labels_fr": Text(Style("fr")),
    "kobo_names_hxl": Text(Style(), second=_hxl_tag),
    "ona_question_row": Text(
        Style(separator=".", blank="n/a", flags=("TRUE", "FALSE")),
        delimiter=",",
        mark="",
        quoting=csv.QUOTE_MINIMAL,
        line_end="\n",
        second=_question_text,
    ),
    "excel_r_mangled": Text(
        Style(blank="NA"), delimiter=",", mark="", quoting=csv.QUOTE_MINIMAL, line_end="\n", mangled=True
    ),
    "csv_gz": Text(Style(), zipped=True),
    "utf16": Text(Style(), in_locale=True, delimiter="\t", encoding="utf-16-le", quoting=csv.QUOTE_MINIMAL),
    "latin1": Text(Style(), in_locale=True, encoding="cp1252", mark="", quoting=csv.QUOTE_MINIMAL),
}


def write_text(people: People, folder: Path, layout: str, locale: Locale) -> list[Path]:
    """One file in one of `TEXTS`."""
    text = TEXTS[layout]
    if text.in_locale:
        text = replace(text, style=replace(text.style, language=locale))
    path = folder / f"synthetic_export{text.ending}"
    _write(path, text, fields_of(people), np.arange(people.size), locale)
    return [path]


def write_several(people: People, folder: Path, locale: Locale) -> list[Path]:
    """A file for each office. Their columns stand in another order, and some leave out what is empty."""
    fields = fields_of(people)
    paths: list[Path] = []
    for office, rows in _offices(people).items():
        path = folder / f"synthetic_export_{office}.csv"
        own = [f for f in fields if len(paths) % 2 == 0 or f.name not in ("_status", "_submitted_by")]
        turned = own if len(paths) % 3 < 2 else [*own[-9:], *own[:-9]]
        _write(path, TEXTS["kobo_names"], turned, rows, locale)
        paths.append(path)
    return paths


def _offices(people: People) -> dict[str, Rows]:
    """Which rows each office sends: two countries have one each, all others share one; a country alone has two."""
    country, point = people.closed["survey_country"], people.closed["monitoring_point"].picked
    people_in = np.bincount(country.picked[country.picked >= 0], minlength=len(country.codes))
    largest = [int(place) for place in np.argsort(-people_in, kind="stable")[:2] if people_in[place]]
    if len(largest) == 1:
        code = country.codes[largest[0]]
        divided = {f"{code}_{number + 1}": np.flatnonzero(point % 2 == number) for number in range(2)}
    else:
        divided = {country.codes[place]: np.flatnonzero(country.picked == place) for place in largest}
        divided["others"] = np.flatnonzero(~np.isin(country.picked, largest))
    return {office: rows for office, rows in divided.items() if len(rows)}


def _write(path: Path, text: Text, fields: Sequence[Field], rows: Rows, locale: Locale) -> None:
    headers = [field.header(text.style) for field in fields]
    with _opened(path, text) as file:
        file.write(text.mark)
        writer = csv.writer(file, delimiter=text.delimiter, quoting=text.quoting, lineterminator=text.line_end)
        writer.writerow(_mangled(headers) if text.mangled else headers)
        if text.second is not None:
            writer.writerow(text.second(f, header, locale) for f, header in zip(fields, headers, strict=True))
        for block in blocks(rows):
            columns = [field.cells(block, _style_of(field, text.style)) for field in fields]
            writer.writerows(zip(*columns, strict=True))


def _style_of(field: Field, style: Style) -> Style:
    """The platform's own columns are blank where they are blank, whatever stands in questions that were not put."""
    return style if field.labels else replace(style, blank="")


def blocks(rows: Rows, most: int = BLOCK) -> Iterator[Rows]:
    """The rows, some thousands at a time."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


@contextmanager
def _opened(path: Path, text: Text) -> Iterator[IO[str]]:
    if not text.zipped:
        with path.open("w", encoding=text.encoding, newline="") as file:
            yield file
        return
    # Neither the name nor the time goes into the archive, so that the same rows give the same bytes.
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        TextIOWrapper(packed, encoding=text.encoding, newline="") as file,
    ):
        yield file


def _mangled(headers: Sequence[str]) -> list[str]:
    """Headers after R has read them: names of its own kind, the byte-order mark turned into text."""
    names = [r_name(header) for header in headers]
    return [f"X.U.FEFF.{names[0]}", *names[1:]]


def r_name(header: str) -> str:
    """A header as R makes a name of it."""
    name = re.sub(r"[^0-9A-Za-z._]", ".", header)
    return f"X{name}" if re.match(r"[0-9_]", name) else name
