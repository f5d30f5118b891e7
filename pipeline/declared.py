"""Reads what people declare in TOML into frozen models, and turns each mistake into a message that teaches.

Used for wave files and questionnaires. A message names the file, the key, what was expected and the nearest valid
word, so that an analyst can mend the file without knowing pydantic.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from pipeline.errors import CannotReadOrWrite, DeclarationError


class Declared(BaseModel):
    """A thing declared in a file: frozen, and deaf to keys that it does not know.

    The text under a field says what its key means: to editors, in the data dictionary, and where the key is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


D = TypeVar("D", bound=Declared)


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. DeclarationError for bad TOML, CannotReadOrWrite if it cannot be opened."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as problem:
        raise DeclarationError(
            f"This file is not valid TOML: {problem}.",
            where=str(path),
            repair="Mend the line named above. Text stands in double quotes, dates without quotes (2016-09-30).",
        ) from None
    except UnicodeDecodeError:
        raise DeclarationError(
            "This file is not UTF-8 text.", where=str(path), repair="Save it again as UTF-8."
        ) from None
    except OSError as problem:
        raise CannotReadOrWrite(
            f"Cannot read this file ({problem.strerror}).", where=str(path), repair="Check that it is there."
        ) from None


def build(model: type[D], tables: dict[str, Any], source: Path) -> D:
    """The model made from these tables, or one DeclarationError that lists every mistake in them."""
    try:
        return model.model_validate(tables)
    except ValidationError as problem:
        errors: list[Any] = list(problem.errors(include_url=False))
        lines = [_explain(error, model) for error in errors if not _is_echo(error, errors)]
        count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
        raise DeclarationError(
            f"This file has {count}:\n" + "\n".join(f"  - {line}" for line in lines),
            where=str(source),
            repair="Mend each key named above and run the command again.",
        ) from None


def nearest(word: str, known: list[str]) -> str:
    """A hint such as ` Did you mean "central"?`, or nothing where no known word is near."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""


def _is_echo(error: Any, errors: list[Any]) -> bool:
    """Whether an error only repeats that something inside it is wrong."""
    place = error["loc"]
    inside = any(len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in errors)
    # A list whose every item is wrong counts as too short; where a name or a list may stand, a wrong list is no name.
    return (error["type"] == "too_short" and inside) or (
        error["type"] == "string_type" and isinstance(error["input"], list)
    )


def _explain(error: Any, model: type[BaseModel]) -> str:
    # pydantic puts the tags of unions into the location; a tag is no key of the file.
    location = [part for part in error["loc"] if not _is_tag(part)]
    kind, context = error["type"], error.get("ctx", {})
    if kind.startswith("union_tag"):
        location.append(context["discriminator"].strip("'"))
    key = _dotted(location)
    if kind == "extra_forbidden":
        known = sorted(_fields_at(model, error["loc"][:-1]))
        return f"{key}: this key is not known here.{nearest(str(location[-1]), known)} Known: {', '.join(known)}."
    if kind in ("missing", "union_tag_not_found"):
        field = _fields_at(model, error["loc"][:-1]).get(str(location[-1]))
        return f"{key}: this key is missing.{f' {field.description}' if field and field.description else ''}"
    if kind == "union_tag_invalid":
        return _not_among(key, context["expected_tags"], context["tag"])
    if kind in ("enum", "literal_error"):
        return _not_among(key, context["expected"], error["input"])
    if kind == "value_error":
        return f"{key + ': ' if key else ''}{context['error']}"
    return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}, found {_shortened(error['input'])}."


def _not_among(key: str, expected: str, found: object) -> str:
    words = [word.strip(" '\"") for word in expected.replace(" or ", ",").split(",")]
    return f"{key}: expected {expected}, found {found!r}.{nearest(str(found), words)}"


def _shortened(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 60 else f"{text[:60]}…"


_UNION_TAGS = ("answer", "many", "integer", "date", "code", "key", "str", "list[Condition]")


def _is_tag(part: object) -> bool:
    return isinstance(part, str) and (part in _UNION_TAGS or part.startswith(("function-", "list[", "tuple[", "[key]")))


def _dotted(location: list[Any]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _fields_at(model: type[BaseModel], location: list[Any]) -> dict[str, FieldInfo]:
    """The keys that the model knows at this place, so that a misspelt one can be matched against them."""
    models = [model]
    for part in location:
        inside = [field.annotation for one in models for key, field in fields_of(one).items() if key == part]
        if inside:
            models = [found for annotation in inside for found in _models_in(annotation)]
        else:
            # The tag of a union says which of its models is meant; an index or a name in a table says nothing.
            models = [one for one in models if part in _tags(one)] or models
    return {key: field for one in models for key, field in fields_of(one).items()}


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model, by the keys of the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _tags(model: type[BaseModel]) -> tuple[object, ...]:
    kind = model.model_fields.get("kind")
    return getattr(kind.annotation, "__args__", ()) if kind else ()


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models inside a type such as tuple[Export, ...] or dict[str, Column]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in getattr(annotation, "__args__", ()) for found in _models_in(inner)]
