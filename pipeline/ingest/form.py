"""Reads an XLSForm: the questions and choices of the form with their labels in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DeclarationError

_LABEL = re.compile(r"^label(?:\s*::?\s*(?P<language>.+))?$", re.IGNORECASE)
_MEDIA = re.compile(r"::?(image|audio|video|big-image)", re.IGNORECASE)
_NEEDED = {"survey": ("type", "name"), "choices": ("name",)}


@dataclass(frozen=True)
class Choice:
    """One choice of a list. labels: language → text; a form in one language has the language ""."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question. kind: the first word of its type. choices: name of its list, or empty. groups: from outside in."""

    name: str
    kind: str
    choices: str
    groups: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """An XLSForm. choices: list → its choices in order. groups: name → labels."""

    questions: tuple[Question, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    groups: Mapping[str, Mapping[str, str]]


def read_form(path: Path) -> Form:
    """The form in an XLSX file. DeclarationError if it is not an XLSForm."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = {name.strip().lower(): book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    # Rust panics through calamine arrive as BaseException of its own; what they say may quote the file.
    except (python_calamine.CalamineError, OSError, ValueError):
        raise _not_a_form(path, "It cannot be opened as a workbook.") from None
    for sheet, columns in _NEEDED.items():
        if sheet not in sheets:
            raise _not_a_form(path, f'It has no sheet "{sheet}".')
        there = [str(cell).strip().lower() for cell in (sheets[sheet] or [[]])[0]]
        missing = [column for column in columns if column not in there]
        if missing:
            raise _not_a_form(path, f'Its sheet "{sheet}" has no column "{missing[0]}".')
    questions, groups = _questions(_records(sheets["survey"]))
    return Form(tuple(questions), _choices(_records(sheets["choices"])), groups)


def _not_a_form(path: Path, why: str) -> DeclarationError:
    return DeclarationError(
        f"This is not an XLSForm. {why}",
        where=path.name,
        repair='Download the form from the survey platform as XLSForm, or take the line "form" out of wave.toml.',
    )


def _records(rows: Sequence[Sequence[object]]) -> Iterator[dict[str, str]]:
    header = [str(cell).strip() for cell in rows[0]]
    for row in rows[1:]:
        yield {name: _text(cell) for name, cell in zip(header, row, strict=False) if name}


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _field(record: Mapping[str, str], *names: str) -> str:
    for key, value in record.items():
        if key.lower() in names:
            return value
    return ""


def _labels(record: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for key, text in record.items():
        match = _LABEL.match(key)
        if match and text and not _MEDIA.search(key):
            found[(match["language"] or "").strip()] = text
    return found


def _questions(records: Iterable[dict[str, str]]) -> tuple[list[Question], dict[str, dict[str, str]]]:
    questions: list[Question] = []
    groups: dict[str, dict[str, str]] = {}
    path: list[str] = []
    for record in records:
        kind = " ".join(_field(record, "type").replace("_", " ", 1).split()) if record else ""
        name = _field(record, "name")
        if kind.startswith(("begin group", "begin repeat")):
            path.append(name)
            groups[name] = _labels(record)
        elif kind.startswith(("end group", "end repeat")):
            path = path[:-1]
        elif name and kind:
            words = kind.split()
            selects = words[0] == "select" and len(words) > 2
            questions.append(
                Question(
                    name=name,
                    kind=" ".join(words[:2]) if selects else words[0],
                    choices=words[2] if selects else "",
                    groups=tuple(path),
                    labels=_labels(record),
                )
            )
    return questions, groups


def _choices(records: Iterable[dict[str, str]]) -> dict[str, tuple[Choice, ...]]:
    lists: dict[str, list[Choice]] = {}
    for record in records:
        listed_under, name = _field(record, "list_name", "list name"), _field(record, "name", "value")
        if listed_under and name:
            lists.setdefault(listed_under, []).append(Choice(name, _labels(record)))
    return {name: tuple(choices) for name, choices in lists.items()}
