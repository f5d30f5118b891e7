"""What people write: the keys of wave files and questionnaires, from the models that read them; cleaning logs."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.declared import fields_of
from pipeline.dictionary.markdown import section, table
from pipeline.ingest.cleaning.words import HEADERS, ChangeType, Part
from pipeline.questionnaire import (
    AgeGroup,
    Answer,
    AnswerColumn,
    Caveat,
    CodeColumn,
    Condition,
    DateColumn,
    Exclusion,
    FormVersion,
    IndicatorItem,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
    Region,
    RouteRule,
)
from pipeline.wave import AllowedColumn, Export, Period, WaveFile

_WAVE_TABLES: dict[str, type[BaseModel]] = {
    "": WaveFile,
    "exports": Export,
    "exports.fieldwork": Period,
    "allowed_columns": AllowedColumn,
}
_QUESTIONNAIRE_TABLES: dict[str, type[BaseModel]] = {
    "": Questionnaire,
    'columns.<name>, kind = "answer"': AnswerColumn,
    'columns.<name>, kind = "many"': ManyColumn,
    'columns.<name>, kind = "integer"': IntegerColumn,
    'columns.<name>, kind = "date"': DateColumn,
    'columns.<name>, kind = "code"': CodeColumn,
    'columns.<name>, kind = "key"': KeyColumn,
    "answers.<list>.<code>": Answer,
    "conditions.<name>, asked_if, when": Condition,
    "indicators": IndicatorItem,
    "routes": RouteRule,
    "age_groups.<name>": AgeGroup,
    "regions.<name>": Region,
    "exclusions": Exclusion,
    "form_versions.<version>": FormVersion,
    "caveats.<name>": Caveat,
}


_PARTS = {
    Part.UUID: "The submission that is changed.",
    Part.QUESTION: "The question: its name with or without its group, or its label.",
    Part.OLD: "What the export holds. If it holds something else, nothing is changed and the run stops.",
    Part.NEW: "What it is to be: a name or label of an answer.",
    Part.TYPE: "One of the words below.",
    Part.REASON: "Why.",
    Part.WHO: "Who decided.",
    Part.DATE: "When.",
}
_CHANGES = {
    ChangeType.CHANGE_RESPONSE: "The new value takes the place of the old one.",
    ChangeType.BLANK_RESPONSE: "The answer becomes blank.",
    ChangeType.REMOVE_SURVEY: "The whole record is left out, as `removed_by_log` in the ledger.",
    ChangeType.NO_ACTION: "It was looked at and stays as it is.",
}


def cleaning_log() -> str:
    """The section on cleaning logs."""
    about = (
        "`cleaning.csv` or `cleaning.xlsx` in the wave's folder; `deletions.csv` or `deletions.xlsx` for records to "
        "remove. Capitals, accents and the character between words make no difference in headers."
    )
    parts = [(str(part), ", ".join(HEADERS[part]), what) for part, what in _PARTS.items()]
    changes = [(f"`{change}`", what) for change, what in _CHANGES.items()]
    return section(
        "The cleaning log",
        about,
        table(("column", "headers that are known", "meaning"), parts),
        table(("change type", "what it does"), changes),
    )


def keys_of_declarations() -> str:
    """The sections on wave files and questionnaires, from the models that read them."""
    wave = "`data/raw/<wave>/wave.toml`. How an editor can offer these keys: [editors.md](editors.md)."
    questionnaire = "`pipeline/questionnaires/<name>.toml`, its shared files, and `[overrides]` in a wave file."
    return "\n".join(
        (
            _declared("The wave file", wave, _WAVE_TABLES),
            _declared("The questionnaire", questionnaire, _QUESTIONNAIRE_TABLES),
        )
    )


def _declared(title: str, about: str, tables: dict[str, type[BaseModel]]) -> str:
    told: set[tuple[str, str]] = set()
    rows = []
    for place, model in tables.items():
        for key, field in fields_of(model).items():
            # What all kinds of columns have is told at the first of them.
            if not place.startswith("columns") or (key, str(field.description)) not in told:
                rows.append(
                    (
                        f"`{place}`" if place else "(top)",
                        f"`{key}`",
                        "yes" if field.is_required() else "",
                        _meaning(field),
                    )
                )
            told.add((key, str(field.description)))
    return section(title, about, table(("table", "key", "needed", "meaning"), rows))


def _meaning(field: FieldInfo) -> str:
    default: Any = field.default
    plain = isinstance(default, bool | int | str) and not field.is_required()
    shown = f"`{str(default).lower() if isinstance(default, bool) else default}`" if plain else ""
    return f"{field.description} If left out: {shown}." if shown else str(field.description)
