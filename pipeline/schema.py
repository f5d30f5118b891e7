"""What editors need to complete and check wave files and questionnaires: JSON Schemas, made from the models.

A schema sees the shape of one file. What depends on other keys or files is checked when the wave is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline.questionnaire import Questionnaire
from pipeline.wave import WaveFile, known_questionnaires

FOLDER = Path("docs") / "schemas"
WAVE, QUESTIONNAIRE, SHARED = (FOLDER / f"{name}.json" for name in ("wave", "questionnaire", "shared"))
DIALECT = "https://json-schema.org/draft/2020-12/schema"

OWN_KEYS = ("questionnaire", "title", "indicator_set")
"""What an instrument must say itself. Everything else may stand in a file that it shares with others."""

Schema = dict[str, Any]


def schemas() -> dict[Path, str]:
    """Each schema as text, by the path at which it is kept."""
    made = {WAVE: wave_schema(), QUESTIONNAIRE: questionnaire_schema(), SHARED: shared_schema()}
    return {path: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for path, schema in made.items()}


def wave_schema() -> Schema:
    """The schema of `wave.toml`. Its overrides may hold any part of a questionnaire."""
    schema, part = _schema(WaveFile), shared_schema()
    schema["properties"]["questionnaire"]["enum"] = known_questionnaires()
    schema["properties"]["overrides"] |= {"properties": part["properties"], "additionalProperties": False}
    return schema | {"$defs": {**part["$defs"], **schema["$defs"]}}


def questionnaire_schema() -> Schema:
    """The schema of an instrument's own file."""
    return _schema(Questionnaire) | {"required": list(OWN_KEYS)}


def shared_schema() -> Schema:
    """The schema of a file that instruments share: any part of a questionnaire."""
    part: Schema = _every(_without_demands, _schema(Questionnaire))
    return part | {"description": "A part of a questionnaire: any of its tables and keys."}


def _schema(model: type[BaseModel]) -> Schema:
    made = model.model_json_schema()
    closed_words = {f"#/$defs/{name}": words["enum"] for name, words in made["$defs"].items() if "enum" in words}

    def fit_for_toml(table: Schema) -> Schema:
        """Without null, which TOML cannot say, and with the keys of a table by name where only certain ones may be."""
        kinds = [kind for kind in table.get("anyOf", []) if kind != {"type": "null"}]
        if len(kinds) == 1:
            table = {key: value for key, value in table.items() if key != "anyOf"} | kinds[0]
        if table.get("default", ...) in (None, [], {}):
            table.pop("default")
        if isinstance(table.get("const"), str):
            table["enum"] = [
                table.pop("const")
            ]  # Editors that know only the first drafts of the standard offer it too.
        if isinstance(table.get("title"), str):
            table.pop("title")  # A name made from that of the key: it tells nothing.
        if isinstance(table.get("discriminator"), dict):
            table.pop("discriminator")  # A word of another standard.
        if isinstance(table.get("propertyNames"), dict) and "properties" not in table:
            names = table.pop("propertyNames")
            keys = names["enum"] if "enum" in names else closed_words[names["$ref"]]
            table |= {"properties": dict.fromkeys(keys, table["additionalProperties"]), "additionalProperties": False}
        return table

    return {"$schema": DIALECT, **_every(fit_for_toml, made)}


def _without_demands(table: Schema) -> Schema:
    """No key must be there, so that a column may be of any kind that has the keys which are."""
    kept = {key: value for key, value in table.items() if key != "required" or not isinstance(value, list)}
    return kept | ({"anyOf": kept.pop("oneOf")} if isinstance(kept.get("oneOf"), list) else {})


def _every(change: Any, schema: Any) -> Any:
    """The schema with every table in it changed, from the inside out."""
    if isinstance(schema, list):
        return [_every(change, inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return change({key: _every(change, inner) for key, inner in schema.items()})
