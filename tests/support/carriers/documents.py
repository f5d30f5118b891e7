"""PDF: text of the pages, and every object of the file, whether a page leads to it or not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tests.support.carriers.markup import xml_pieces
from tests.support.carriers.piece import Piece, Scan

_NUMBERS = (NumberObject, FloatObject)
_END = b"%%EOF"
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")
_LITERAL = re.compile(rb"\((\xfe\xff(?:\\.|[^\\)])*)\)", re.DOTALL)

_OF_KEY = {
    "/Alt": "PDF alt text",
    "/ActualText": "PDF alt text",
    "/URI": "PDF link",
    "/JS": "PDF script",
}
_OF_TYPE = {
    "/StructElem": "PDF structure",
    "/Annot": "PDF annotation",
    "/Filespec": "PDF attachment name",
    "/Metadata": "PDF metadata",
    "/OCG": "PDF layer",
}


def pdf_pieces(name: str, content: bytes, scan: Scan) -> Iterator[Piece]:
    """The pieces of a document, and of each older state of it that a program left in the file."""
    yield from _of_state(name, content, scan)
    ends = [found.end() for found in re.finditer(_END, content)]
    for number, end in enumerate(ends[:-1], start=1):
        # An older state that was cut apart, as in files that are made to be read while they load, is no state.
        try:
            older = list(_of_state(f"{name} › state {number}", content[:end], scan))
        except (PyPdfError, ValueError, KeyError):
            continue
        yield from older


def _of_state(name: str, content: bytes, scan: Scan) -> Iterator[Piece]:
    reader = PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, start=1):
        for line in page.extract_text().splitlines():
            yield Piece(f"{name} › page {number}", "PDF page text", line)
        # Words are broken at the end of a line.
        yield Piece(f"{name} › page {number}", "PDF page text", page.extract_text())
    info = reader.trailer.get("/Info")
    yield from _of_value(f"{name} › trailer", "PDF trailer", DictionaryObject(reader.trailer.items()))
    for number, generation in _numbers_of_objects(reader):
        value = IndirectObject(number, generation, reader).get_object()
        is_info = isinstance(info, IndirectObject) and info.idnum == number
        place = f"{name} › object {number}"
        yield from _of_value(place, "PDF info" if is_info else _kind(value), value)
        if isinstance(value, StreamObject):
            yield from _of_stream(place, value, scan)


def _numbers_of_objects(reader: PdfReader) -> list[tuple[int, int]]:
    plain = [(number, generation) for generation, places in reader.xref.items() for number in places if number]
    return sorted({*plain, *((number, 0) for number in reader.xref_objStm)})


def _kind(value: Any) -> str:
    """What to call the strings of an object."""
    if not isinstance(value, DictionaryObject):
        return "PDF string"
    if "/Title" in value and "/Parent" in value:
        return "PDF outline"
    if "/Rect" in value and "/Subtype" in value:
        return "PDF annotation"
    return _OF_TYPE.get(str(value.get("/Type", "")), "PDF string")


def _of_value(place: str, carrier: str, value: Any) -> Iterator[Piece]:
    """Strings, names and numbers of an object, but not of objects that it refers to: they have their turn."""
    if isinstance(value, DictionaryObject):
        for key, inner in value.items():
            yield Piece(place, "PDF key", str(key))
            yield from _of_value(f"{place} {key}", _OF_KEY.get(str(key), carrier), inner)
    elif isinstance(value, ArrayObject):
        yield from _of_list(place, carrier, value)
    elif isinstance(value, ByteStringObject):
        yield Piece(place, carrier, bytes(value).decode("latin-1"))
    elif isinstance(value, TextStringObject):
        yield Piece(place, carrier, str(value))
    elif isinstance(value, NameObject):
        yield Piece(place, "PDF name", str(value))
    elif isinstance(value, _NUMBERS):
        yield Piece(place, "PDF number", str(value))


def _of_list(place: str, carrier: str, values: ArrayObject) -> Iterator[Piece]:
    numbers = [str(value) for value in values if isinstance(value, _NUMBERS)]
    if numbers:
        yield Piece(place, "PDF coordinates", " ".join(numbers))
    for value in values:
        if not isinstance(value, _NUMBERS):
            yield from _of_value(place, carrier, value)


def _of_stream(place: str, stream: StreamObject, scan: Scan) -> Iterator[Piece]:
    data, kind = stream.get_data(), str(stream.get("/Type", ""))
    if kind == "/EmbeddedFile":
        yield from _renamed(scan(f"{place} › attachment", data), "PDF attachment")
    elif kind == "/Metadata":
        yield from xml_pieces(place, _without_packet(data), "PDF metadata", scan)
    elif stream.get("/Subtype") == "/Form" or ("/Subtype" not in stream and _is_text(data)):
        yield from _of_drawing(place, data)
    else:
        yield Piece(place, "PDF stream", data.decode("latin-1"))


def _renamed(pieces: Iterator[Piece], carrier: str) -> Iterator[Piece]:
    for piece in pieces:
        yield Piece(piece.place, f"{carrier}: {piece.carrier}", piece.text)


def _without_packet(data: bytes) -> bytes:
    return re.sub(rb"<\?xpacket.*?\?>", b"", data, flags=re.DOTALL).strip()


def _is_text(data: bytes) -> bool:
    """Whether nearly all of a stream is text, as what a page draws is, unlike a font or picture."""
    start = data[:2000]
    return sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in start) >= 0.8 * len(start)


def _of_drawing(place: str, data: bytes) -> Iterator[Piece]:
    """What is drawn, as it is written; and texts in it that are written as numbers of characters."""
    yield Piece(place, "PDF drawing", data.decode("latin-1"))
    coded = [
        bytes.fromhex(found.decode()) for found in _HEXADECIMAL.findall(data) if len(b"".join(found.split())) % 2 == 0
    ]
    for text in [*coded, *_LITERAL.findall(data)]:
        if text.startswith(b"\xfe\xff"):
            yield Piece(place, "PDF alt text", text[2:].decode("utf-16-be", "replace"))
