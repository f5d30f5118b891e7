"""What people write: the keys of wave files and questionnaires, from the models that read them; cleaning logs."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.declared import fields_of
from pipeline.dictionary.markdown import section, table
from pipeline.ingest.cleaning.words import HEADERS
from pipeline.questionnaire import (
    AgeGroup,
    Answer,
    AnswerColumn,
    Caveat,
    CodeColumn,
    Condition,
    DateColumn,
    Exclusion,
    Factor,
    FactorProfile,
    FormVersion,
    IndicatorItem,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
    Region,
    RouteRule,
)
from pipeline.wave import AllowedColumn, Export, Period, Stricter, WaveFile

_WAVE_TABLES: dict[str, type[BaseModel]] = {
    "": WaveFile,
    "exports": Export,
    "exports.fieldwork": Period,
    "allowed_columns": AllowedColumn,
    "stricter": Stricter,
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
    "factors.<name>": Factor,
    "profiles.<name>": FactorProfile,
    "exclusions": Exclusion,
    "form_versions.<version>": FormVersion,
    "caveats.<name>": Caveat,
}


def cleaning_log() -> str:
    """The section on cleaning logs: what their columns may be called."""
    about = (
        "What the columns of a log may be called; capitals, accents and the characters between words make no "
        "difference. What each is for: [cleaning-log.md](cleaning-log.md)."
    )
    rows = [(str(part), ", ".join(names)) for part, names in HEADERS.items()]
    return section("The cleaning log", about, table(("column", "headers that are known"), rows))


def keys_of_declarations() -> str:
    """The sections on wave files and questionnaires, from the models that read them."""
    wave = (
        "`data/raw/<wave>/wave.toml`. How to fill it in: [add-a-wave.md](add-a-wave.md); with an editor that knows "
        "the keys: [editors.md](editors.md)."
    )
    questionnaire = (
        "`pipeline/questionnaires/<name>.toml`, its shared files, and `[overrides]` in a wave file. What is "
        "asked in which: [questionnaires.md](questionnaires.md)."
    )
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
