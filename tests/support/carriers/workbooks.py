"""Workbooks and other packages of Office: every part, by what it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from tests.support.carriers.archives import zip_frame
from tests.support.carriers.markup import xml_pieces
from tests.support.carriers.piece import Piece, Scan

_CONTENT_TYPES = "[Content_Types].xml"
_PARTS = {
    r"xl/worksheets/": "XLSX sheet",
    r"xl/sharedStrings": "XLSX shared strings",
    r"xl/workbook\.xml": "XLSX workbook",
    r"xl/charts/": "XLSX chart",
    r"xl/(comments|threadedComments|persons)": "XLSX comments",
    r"xl/pivotCache/": "XLSX pivot cache",
    r"docProps/": "XLSX properties",
}


def is_workbook(content: bytes) -> bool:
    """Whether an archive is a package of Office."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _CONTENT_TYPES in archive.namelist()


def workbook_pieces(name: str, content: bytes, scan: Scan) -> Iterator[Piece]:
    """The pieces of every part, whether another part leads to it or not."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from zip_frame(name, archive)
        for entry in archive.infolist():
            place, inner = f"{name} › {entry.filename}", archive.read(entry)
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                yield from xml_pieces(place, inner, _kind(entry.filename), scan)
            else:
                yield from scan(place, inner)


def _kind(part: str) -> str:
    return next((kind for pattern, kind in _PARTS.items() if re.match(pattern, part)), "XLSX part")
