"""The same answers as other programs write them: by names or labels, in one text or many columns, mangled by R.

`Style` says how; `laid_out` gives the header and the cells. What a style must not change is what the answers mean.
"""

from __future__ import annotations

import random as chance
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.questionnaire import Questionnaire
from tests.support.waves import HEADERS, PLATFORM, REASONS, Row

TICKS = {"1": ("1", "0"), "TRUE": ("TRUE", "FALSE"), "Oui": ("Oui", "Non"), "label": ("", "0"), "1.0": ("1.0", "0.0")}
"""What stands in the column of an answer that was chosen, or was not; blank for the answer's own label or code."""

GROUPS = {
    "intro": "Introduction",
    "profile": "Profile",
    "journey": "Journey",
    "ct": "Human trafficking and other exploitative practices",
}
NO_REASONS = ("dont_know", "declined", "no_answer")


@dataclass(frozen=True)
class Style:
    """How an export is written.

    language: of labels, None for XML names. untranslated: one label or answer in so many has no translation, and the
    name stands there; 0 for none. groups: what stands before a question's name. second: what stands in the row under
    the header. seed: for what is left to chance.
    """

    language: Literal["en", "fr"] | None = None
    untranslated: int = 0
    groups: Literal["names", "labels", "none"] = "names"
    separator: str = "/"
    is_mangled: bool = False
    reasons: Literal["text", "columns", "both"] = "both"
    ticks: str = "1"
    blank: str = ""
    dates: Literal["day", "time", "serial"] = "day"
    is_straight: bool = False
    is_turned: bool = False
    second: Literal["nothing", "texts", "tags", "blank"] = "nothing"
    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    seed: int = 0


def laid_out(rows: Sequence[Row], style: Style, q: Questionnaire) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of an export in this style. rows: as for `waves.export_text`."""
    pick = chance.Random(style.seed)
    columns = list(_columns(style))
    header = [_header(name, style, q, pick) for name in columns]
    cells = [[_cell(name, row, style, q, pick) for name in columns] for row in rows]
    second = [_second(name, style, q) for name in columns]
    lines = [*([second] if style.second != "nothing" else []), *cells]
    header = _mangled(header) if style.is_mangled else header
    if style.is_turned and style.language is None:
        return _turned(header), [_turned(line) for line in lines]
    return header, lines


def _turned(line: list[str]) -> list[str]:
    """With the last columns first. The order of columns matters only where labels are the same."""
    return [*line[-9:], *line[:-9]]


def _columns(style: Style) -> Iterator[str]:
    for name in HEADERS:
        if name == "reasons":
            yield from ["reasons"] if style.reasons != "columns" else []
        elif name.startswith("reasons/"):
            yield from [name] if style.reasons != "text" else []
        elif name == "cost" and style.reasons == "columns":
            yield from (f"reasons/{code}" for code in NO_REASONS)
            yield name
        else:
            yield name


def _header(name: str, style: Style, q: Questionnaire, pick: chance.Random) -> str:
    if name in PLATFORM:
        return PLATFORM[name]
    question, _, code = name.partition("/")
    group, _, xml = HEADERS[question].partition("/")
    called = _straight(_label(q.columns[question].wording, xml, style, pick), style)
    group = {"names": group, "labels": GROUPS[group], "none": ""}[style.groups]
    answer = _answer(q, question, code, style, pick) if code else ""
    return style.separator.join(part for part in (group, called, answer) if part)


def _label(texts: dict[str, str], name: str, style: Style, pick: chance.Random) -> str:
    """The label in the language of the export, or the name where it has none."""
    if style.language is None or (style.untranslated and pick.randrange(style.untranslated) == 0):
        return name
    return texts.get(style.language, name)


def _answer(q: Questionnaire, question: str, code: str, style: Style, pick: chance.Random) -> str:
    answer = q.answers[q.columns[question].answers][code]
    return _straight(_label(answer.label, code, style, pick), style)


def _straight(text: str, style: Style) -> str:
    return text.replace("’", "'") if style.is_straight else text


def _cell(name: str, row: Row, style: Style, q: Questionnaire, pick: chance.Random) -> str:
    code = name.partition("/")[2]
    if name in PLATFORM:
        return row[name]
    if code:
        return _tick(row, code, style, q, pick) or style.blank
    text = row[name]
    column = q.columns[name]
    if not text:
        return style.blank
    if column.kind in ("answer", "many"):
        return " ".join(_answer(q, name, one, style, pick) for one in text.split())
    if column.kind == "date":
        return _day(text, style)
    return text


def _tick(row: Row, code: str, style: Style, q: Questionnaire, pick: chance.Random) -> str:
    if not row["reasons"]:
        return ""
    chosen, other = TICKS[style.ticks]
    if code not in row["reasons"].split():
        return other
    return chosen or _answer(q, "reasons", code, style, pick)


def _day(text: str, style: Style) -> str:
    if style.dates == "time":
        return f"{text}T23:30:00.000-05:00"
    if style.dates == "serial":
        return str((date.fromisoformat(text) - date(1899, 12, 30)).days)
    return text


def _second(name: str, style: Style, q: Questionnaire) -> str:
    if style.second == "tags":
        return f"#meta+{name.replace('/', '_')}" if name in REASONS or len(name) % 2 else ""
    if style.second == "texts":
        return q.columns[name].wording.get("en", name) if name in q.columns else name
    return ""


def _mangled(header: Sequence[str]) -> list[str]:
    """As R makes names of them: points for what cannot stand in a name, an X in front, a number behind a second one."""
    names: list[str] = []
    for text in header:
        name = re.sub(r"[^\w.]", ".", text)
        name = f"X{name}" if re.match(r"[0-9_]", name) else name
        number = 1
        while name in names:
            name = f"{re.sub(r'[.][0-9]+$', '', name) if number > 1 else name}.{number}"
            number += 1
        names.append(name)
    return names
