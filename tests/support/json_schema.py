"""Checks a document against a JSON Schema, by the words of the standard that our schemas use. Another word fails.

Slow and obvious. A date of TOML counts as text in the format of a date, as it does for editors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def mistakes(document: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "") -> list[str]:
    """What is wrong with a document: a line for each mistake, with its place."""
    found = []
    plain = document.isoformat() if isinstance(document, date) else document
    for word, value in schema.items():
        if word in HOLDS:
            found += [] if HOLDS[word](plain, value) else [f"{at}: {word} {value}"]
        elif word == "required":
            found += [f"{at}: {key} is missing" for key in value if isinstance(plain, dict) and key not in plain]
        elif word not in PARTS or isinstance(plain, list if word in OF_LISTS else dict):
            found += inside(word, value, plain, schema, root or schema, at)
    return found


def is_date(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


HOLDS = {
    "type": lambda it, name: isinstance(it, TYPES[name]) and (name == "boolean") == isinstance(it, bool),
    "enum": lambda it, words: it in words,
    "pattern": lambda it, pattern: not isinstance(it, str) or re.search(pattern, it),
    "format": lambda it, name: name == "date" and is_date(it),
    "minLength": lambda it, least: not isinstance(it, str) or len(it) >= least,
    "minItems": lambda it, least: not isinstance(it, list) or len(it) >= least,
    "maxItems": lambda it, most: not isinstance(it, list) or len(it) <= most,
    "minimum": lambda it, least: not isinstance(it, int) or it >= least,
}
OF_LISTS = ("items", "prefixItems")
SAYS_NOTHING = ("$schema", "$defs", "description", "default", "examples")


def inside(word: str, value: Any, it: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    """What is wrong with the parts of a document, or with all of it by another schema."""
    if word == "$ref":
        yield from mistakes(it, root["$defs"][value.removeprefix("#/$defs/")], root, at)
    elif word in ("anyOf", "oneOf"):
        fitting = sum(not mistakes(it, one, root, at) for one in value)
        if fitting != 1 and (word == "oneOf" or not fitting):
            yield f"{at}: it fits {fitting} of {len(value)} kinds"
    elif word in PARTS:
        for key, part, one in PARTS[word](it, value, schema):
            yield from [f"{at}{key}: unknown key"] if one is False else mistakes(part, one, root, f"{at}{key}")
    else:
        assert word in SAYS_NOTHING, f"the schemas use {word}, which is not checked here"


PARTS = {
    # Each part of a table or list that the word is about, with its place and its schema; False: it may not be there.
    "properties": lambda it, of, _: [(f".{key}", it[key], of[key]) for key in of if key in it],
    "additionalProperties": lambda it, one, schema: [
        (f".{key}", it[key], one) for key in it if key not in schema.get("properties", {})
    ],
    "propertyNames": lambda it, one, _: [(f".{key}", key, one) for key in it],
    "items": lambda it, one, _: [(f"[{place}]", part, one) for place, part in enumerate(it, start=1)],
    "prefixItems": lambda it, of, _: [
        (f"[{place}]", part, one) for place, (part, one) in enumerate(zip(it, of, strict=False), start=1)
    ],
}
