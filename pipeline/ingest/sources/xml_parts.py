"""Reads small XML parts of a workbook: flat, and refusing what only an attack needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_DEEPEST = 100
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass
class Tag:
    """One element: its name and attributes without namespaces, and all the text in it."""

    name: str
    attributes: Mapping[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in the element and in what it holds."""
        return "".join(self.pieces)


def tags(part: bytes) -> list[Tag]:
    """The elements of an XML part in their order. ValueError if it is not XML that can be read."""
    if ENTITIES.search(part):
        raise ValueError("entities")
    found: list[Tag] = []
    open_tags: list[Tag] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {_local(key): value for key, value in attributes.items()}
        if len(open_tags) > _DEEPEST:
            raise ValueError("nested too deeply")
        tag = Tag(_local(name), plain)
        found.append(tag)
        open_tags.append(tag)

    def text(piece: str) -> None:
        for tag in open_tags:
            tag.pieces.append(piece)

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: open_tags.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise ValueError("not XML") from None
    return found


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
