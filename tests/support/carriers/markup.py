"""XML and drawings: text, attributes, coordinates, comments, instructions, and files written into an attribute."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from tests.support.carriers.piece import Piece, Scan

_COORDINATES = frozenset(
    ("d", "points", "transform", "viewBox", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry")
) | {"width", "height", "gradientTransform"}
_EMBEDDED = re.compile(r"data:([\w/+.-]*)((?:;[\w=-]+)*),([^\"')\s]*)")


def svg_pieces(name: str, text: str, scan: Scan) -> Iterator[Piece]:
    """The pieces of a drawing."""
    return xml_pieces(name, text.encode(), "SVG", scan)


def xml_pieces(name: str, content: bytes, carrier: str, scan: Scan) -> Iterator[Piece]:
    """The pieces of an XML file. carrier: what to call the file; the kind of piece is added."""
    for piece in _Reader(name, carrier).read(content):
        yield piece
        if piece.carrier.endswith("attribute"):
            yield from embedded(piece.place, piece.text, scan)


def embedded(place: str, text: str, scan: Scan) -> Iterator[Piece]:
    """The pieces of files that are written into a text as `data:` addresses."""
    for number, (kind, options, data) in enumerate(_EMBEDDED.findall(text), start=1):
        ending = kind.rpartition("/")[2].partition("+")[0]
        name = f"{place} › file {number}.{ending}"
        try:
            content = base64.b64decode(data) if "base64" in options else unquote_to_bytes(data)
        except binascii.Error:
            yield Piece(name, "broken file", data)
        else:
            yield from scan(name, content)


class _Reader:
    """Collects pieces while a file is read."""

    def __init__(self, name: str, carrier: str) -> None:
        self.name, self.carrier = name, carrier
        self.pieces: list[Piece] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._element
        self.parser.CharacterDataHandler = lambda text: self._tell("text", text)
        self.parser.CommentHandler = lambda text: self._tell("comment", text)
        self.parser.ProcessingInstructionHandler = lambda target, text: self._tell("instruction", f"{target} {text}")
        self.parser.EntityDeclHandler = lambda *told: self._tell("entity", " ".join(str(part) for part in told if part))
        self.parser.StartDoctypeDeclHandler = lambda *told: self._tell("doctype", " ".join(filter(None, told[:3])))

    def read(self, content: bytes) -> list[Piece]:
        self.parser.Parse(content, True)
        return self.pieces

    def _tell(self, kind: str, text: str) -> None:
        if text.strip():
            place = f"{self.name} › line {self.parser.CurrentLineNumber}"
            self.pieces.append(Piece(place, f"{self.carrier} {kind}", text))

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key in _COORDINATES:
                self._tell("coordinates", value)
            else:
                self._tell("attribute", f"{tag} {key}={value}")
