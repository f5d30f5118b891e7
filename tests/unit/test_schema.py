"""The schemas for editors: they are current, take every file that is loaded, and refuse a key that nothing knows."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.declared import fields_of
from pipeline.questionnaire import Questionnaire
from pipeline.schema import (
    FOLDER,
    QUESTIONNAIRE,
    SHARED,
    WAVE,
    questionnaire_schema,
    schemas,
    shared_schema,
    wave_schema,
)
from pipeline.wave import QUESTIONNAIRES, WaveFile
from tests.support.json_schema import mistakes
from tests.support.waves import wave_toml
from tests.support.whole_run import REPOSITORY

SHIPPED = {
    **dict.fromkeys(sorted(QUESTIONNAIRES.glob("*.toml")), QUESTIONNAIRE),
    **dict.fromkeys(sorted((QUESTIONNAIRES / "shared").glob("*.toml")), SHARED),
    REPOSITORY / "data" / "raw" / "2016-10" / "wave.toml": WAVE,
}
SCHEMAS = {path: json.loads(text) for path, text in schemas().items()}


def tables_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_the_schemas_are_current():
    kept = {path.relative_to(REPOSITORY): path.read_text(encoding="utf-8") for path in (REPOSITORY / FOLDER).iterdir()}
    assert kept == schemas(), "run `make dictionary` and commit the result"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_fits_its_schema_and_names_it_in_its_first_line(path):
    assert mistakes(tables_of(path), SCHEMAS[SHIPPED[path]]) == []
    directive, _, place = path.read_text(encoding="utf-8").partition("\n")[0].partition(" ")
    assert directive == "#:schema"
    assert (path.parent / place).resolve() == (REPOSITORY / SHIPPED[path]).resolve()


# --- a misspelt key ---------------------------------------------------------------------------------------------------


def misspelt(tables: Any) -> Iterator[Any]:
    """The tables with one key misspelt, for each key of each table in them."""
    for key in tables if isinstance(tables, dict) else ():
        yield {f"{name}x" if name == key else name: value for name, value in tables.items()}
    for key in tables if isinstance(tables, dict) else range(len(tables)) if isinstance(tables, list) else ():
        for changed in misspelt(tables[key]):
            whole = copy.copy(tables)
            whole[key] = changed
            yield whole


FULL_WAVE = wave_toml(
    more="""
[exports.fieldwork_by_route]
central = { from = 2016-06-01, to = 2016-09-30 }
[[allowed_columns]]
column = "phone_model"
reason = "the model of the device of the field team"
[overrides]
indicators = [{ indicator = "unpaid_work", counts = true, wording = { en = "Worked without pay" } }]
exclusions = [{ rule = "under_14", when = [{ column = "age", below = 14 }], reason = { en = "Too young" } }]
caveats = { sample = { beside = ["all"], text = { en = "A sentence" } } }
"""
)


def test_a_misspelt_key_of_a_wave_file_is_refused_wherever_it_stands():
    whole = tomllib.loads(FULL_WAVE)
    assert mistakes(whole, wave_schema()) == []
    # Names that the analyst gives may be any: the name of a caveat is none of our keys.
    free = [
        {**whole, "overrides": {**whole["overrides"], "caveats": {"samplex": whole["overrides"]["caveats"]["sample"]}}}
    ]
    wrong = list(misspelt(whole))
    assert len(wrong) > 30
    assert [one for one in wrong if not mistakes(one, wave_schema())] == free


OVERRIDES = {
    # What is written under [overrides], and whether an editor should let it stand.
    "columns.cost.required = false": True,
    'columns.age.missing = { "88" = "dont_know" }': True,
    'answers.experience.yes_me = { aliases = ["yes", "1"] }': True,
    'form_versions.vA = { not_asked = ["cost"] }': True,
    "columns.cost.requird = false": False,
    'columns.cost.required = "no"': False,
    'columns.age = { kind = "date", possible = [0, 99] }': False,
    'columns.age.missing = { "88" = "unknown" }': False,
    "column.cost.required = false": False,
    'indicators = [{ indicator = "unpaid_works", counts = true }]': False,
    'routes = [{ route = "northern", when = [] }]': False,
    'title.es = "Encuesta"': True,
    'title.Spanish = "Encuesta"': False,
}


@pytest.mark.parametrize("line", OVERRIDES)
def test_overrides_may_be_any_part_of_a_questionnaire_and_nothing_else(line):
    tables = tomllib.loads(wave_toml(more=f"[overrides]\n{line}"))
    assert (mistakes(tables, wave_schema()) == []) == OVERRIDES[line]


# --- the schemas say what the models say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "schema"),
    [(WaveFile, wave_schema()), (Questionnaire, questionnaire_schema()), (Questionnaire, shared_schema())],
)
def test_a_schema_has_the_keys_of_its_model_with_their_meaning(model, schema):
    fields = fields_of(model)
    assert {key: one["description"] for key, one in schema["properties"].items()} == {
        key: field.description for key, field in fields.items()
    }


def test_what_must_be_there_in_a_wave_file_is_what_the_model_demands():
    assert set(wave_schema()["required"]) == {key for key, field in fields_of(WaveFile).items() if field.is_required()}


def test_every_key_of_every_table_is_described():
    for path, schema in SCHEMAS.items():
        for name, table in {"top": schema, **schema["$defs"]}.items():
            for key, one in table.get("properties", {}).items():
                assert one.get("description", "").endswith("."), f"{path.name}: {name}.{key}"


def test_null_is_offered_nowhere_for_toml_cannot_say_it():
    assert all("null" not in text for text in schemas().values())
