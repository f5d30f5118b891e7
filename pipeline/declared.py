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

from pipeline.errors import CannotReadOrWrite, DeclarationError


class Declared(BaseModel):
    """A thing declared in a file: frozen, and deaf to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


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
        lines = [_explain(error, model) for error in problem.errors(include_url=False)]
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


def _explain(error: Any, model: type[BaseModel]) -> str:
    # pydantic puts the tags of discriminated unions into the location; a tag is no key of the file.
    location = [part for part in error["loc"] if not _is_tag(part)]
    key = _dotted(location)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(model, location[:-1])
        return f"{key}: this key is not known here.{nearest(str(location[-1]), known)} Known: {', '.join(known)}."
    if kind == "missing":
        return f"{key}: this key is missing."
    if kind in ("enum", "literal_error"):
        expected = str(context["expected"])
        words = [word.strip(" '\"") for word in expected.replace(" or ", ",").split(",")]
        return f"{key}: expected {expected}, found {error['input']!r}.{nearest(str(error['input']), words)}"
    if kind == "value_error":
        return f"{key + ': ' if key else ''}{context['error']}"
    return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}, found {error['input']!r}."


_UNION_TAGS = ("answer", "many", "integer", "date", "code", "key", "str", "list[Condition]")


def _is_tag(part: object) -> bool:
    return isinstance(part, str) and (part in _UNION_TAGS or part.startswith(("function-", "list[")))


def _dotted(location: list[Any]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _keys_at(model: type[BaseModel], location: list[Any]) -> list[str]:
    """The keys that the model knows at this place, so that a misspelt one can be matched against them."""
    here: Any = model
    for part in location:
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = {field.alias or name: field for name, field in here.model_fields.items()}
            here = _model_in(fields[part].annotation) if part in fields else here
    return sorted(field.alias or name for name, field in here.model_fields.items())


def _model_in(annotation: Any) -> Any:
    """The first model inside a type such as tuple[Export, ...] or dict[str, Column]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
