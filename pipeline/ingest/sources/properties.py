"""What a workbook says besides its cells: who wrote it, comments, page headers. The anonymity gate looks at it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pipeline.ingest.sources.parts import Parts

Property = tuple[str, str]

_CORE, _APP, _CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
_IN_WORDS = {
    "creator": "author",
    "lastModifiedBy": "last modified by",
    "title": "title",
    "subject": "subject",
    "description": "comments",
    "keywords": "keywords",
    "category": "category",
    "contentStatus": "status",
    "identifier": "identifier",
    "Company": "company",
    "Manager": "manager",
    "HyperlinkBase": "hyperlink base",
}
"""Properties of a document that people fill in, or a program with the name of a person."""
_COMMENTS = re.compile(r"xl/(?:comments\d*\.xml|comments/|threadedcomments/)", re.IGNORECASE)
_PERSONS = re.compile(r"xl/persons/", re.IGNORECASE)
_DRAWINGS = re.compile(r"xl/drawings/[^/]+\.xml$", re.IGNORECASE)


def sheet_parts(parts: Parts) -> dict[str, str]:
    """Name of each sheet → the part of the workbook that holds it. ValueError if a part is not XML."""
    targets = _targets(parts, "xl/workbook.xml")
    found: dict[str, str] = {}
    for tag in parts.tags("xl/workbook.xml"):
        if tag.name == "sheet" and tag.attributes.get("id") in targets:
            found[tag.attributes.get("name", "")] = targets[tag.attributes["id"]]
    return found


def properties_of(parts: Parts) -> tuple[Property, ...]:
    """Every text in a workbook that is not in a cell, with its place. ValueError if a part is not XML."""
    return tuple(
        (place, text.strip())
        for place, text in (*_document(parts), *_comments(parts), *_margins(parts), *_drawings(parts))
        if text.strip()
    )


def _document(parts: Parts) -> Iterator[Property]:
    for tag in (*parts.tags(_CORE), *parts.tags(_APP)):
        if tag.name in _IN_WORDS:
            yield _IN_WORDS[tag.name], tag.text
    for tag in parts.tags(_CUSTOM):
        if tag.name == "property":
            yield f'property "{tag.attributes.get("name", "")}"', tag.text


def _comments(parts: Parts) -> Iterator[Property]:
    sheet_of = {part: name for name, part in sheet_parts(parts).items()}
    beside = {
        target: sheet_of[part]
        for part in sheet_of
        for target in _targets(parts, part).values()
        if target in parts.names
    }
    for name in parts.names:
        if _PERSONS.match(name):
            yield from (("comment author", tag.attributes.get("displayName", "")) for tag in parts.tags(name))
        if _COMMENTS.match(name):
            place = f"comment in sheet {beside[name]}" if name in beside else "comment"
            for tag in parts.tags(name):
                if tag.name in ("comment", "threadedComment"):
                    yield place, tag.text
                if tag.name == "author":
                    yield "comment author", tag.text


def _margins(parts: Parts) -> Iterator[Property]:
    for grid in parts.grids.values():
        yield from (("page header or footer", text) for text in grid.margins)


def _drawings(parts: Parts) -> Iterator[Property]:
    for name in parts.names:
        if _DRAWINGS.match(name):
            yield from (("text box", tag.text) for tag in parts.tags(name) if tag.name == "p")


def _targets(parts: Parts, part: str) -> dict[str, str]:
    """Key of each relation of a part → the part that it leads to."""
    folder, name = posixpath.split(part)
    found = {}
    for tag in parts.tags(f"{folder}/_rels/{name}.rels"):
        target = tag.attributes.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[tag.attributes.get("Id", "")] = path
    return found
