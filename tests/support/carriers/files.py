"""Goes through files of any kind, and into those that they hold."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.support.carriers.archives import gzip_header, zip_pieces
from tests.support.carriers.documents import pdf_pieces
from tests.support.carriers.images import PNG, png_pieces
from tests.support.carriers.markup import embedded, svg_pieces
from tests.support.carriers.piece import Piece
from tests.support.carriers.workbooks import is_workbook, workbook_pieces


def scan_folder(folder: Path) -> Iterator[Piece]:
    """The pieces of every file below a folder, hidden ones too, and of the names of files and folders."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield Piece(name, "file name", name)
        if path.is_symlink():
            yield Piece(name, "target of a link", str(path.readlink()))
        elif path.is_file():
            yield from scan(name, path.read_bytes())


def scan_said(**said: str) -> Iterator[Piece]:
    """The pieces of what a run said: a line each. said: output, errors, or a message."""
    for carrier, text in said.items():
        for number, line in enumerate(text.splitlines(), start=1):
            yield Piece(f"line {number}", carrier, line)


def scan(name: str, content: bytes) -> Iterator[Piece]:
    """The pieces of a file. What it is is told by its first bytes, or else by its name."""
    yield Piece(name, "bytes", content.decode("latin-1"))
    yield Piece(name, "bytes", content.decode("utf-16-le", "ignore"))
    if content.startswith(PNG):
        yield from png_pieces(name, content)
    elif content.startswith(b"%PDF"):
        yield from pdf_pieces(name, content, scan)
    elif content.startswith(b"PK\x03\x04"):
        yield from workbook_pieces(name, content, scan) if is_workbook(content) else zip_pieces(name, content, scan)
    elif content.startswith(b"\x1f\x8b"):
        yield from gzip_header(name, content)
        yield from scan(f"{name} › {name.rpartition('/')[2].removesuffix('.gz')}", gzip.decompress(content))
    else:
        yield from _text_pieces(name, content.decode("utf-8-sig", "replace"))


def _text_pieces(name: str, text: str) -> Iterator[Piece]:
    ending = name.rpartition(".")[2].lower()
    if ending == "json":
        yield from _json_pieces(name, text)
    elif ending == "csv":
        yield from _csv_pieces(name, text)
    elif "<html" in text.lower():
        yield from _html_pieces(name, text)
    elif "<svg" in text:
        yield from svg_pieces(name, text, scan)
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            yield Piece(f"{name} › line {number}", "line of text", line)
            yield from embedded(f"{name} › line {number}", line, scan)


# --- tables and trees -----------------------------------------------------------------------------------------------


def _csv_pieces(name: str, text: str) -> Iterator[Piece]:
    for row, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        for column, cell in enumerate(cells, start=1):
            if cell:
                yield Piece(f"{name} › row {row}, column {column}", "CSV cell", cell)


def _json_pieces(name: str, text: str) -> Iterator[Piece]:
    # As pairs, because a key that stands twice hides the first of its values.
    waiting: list[tuple[str, object]] = [(name, json.loads(text, object_pairs_hook=_Pairs))]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, _Pairs):
            for key, inner in value:
                yield Piece(place, "JSON key", key)
                waiting.append((f"{place} › {key}", inner))
        elif isinstance(value, list):
            waiting.extend((f"{place} › {number}", inner) for number, inner in enumerate(value))
        else:
            yield Piece(place, "JSON value", str(value))


class _Pairs(list[tuple[str, object]]):
    """The keys and values of an object."""


# --- web pages ------------------------------------------------------------------------------------------------------


def _html_pieces(name: str, text: str) -> Iterator[Piece]:
    reader = _Page(name)
    reader.feed(text)
    reader.close()
    for piece in reader.pieces:
        yield piece
        yield from embedded(piece.place, piece.text, scan)


class _Page(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.pieces: list[Piece] = []

    def _tell(self, carrier: str, text: str | None) -> None:
        if text and text.strip():
            self.pieces.append(Piece(f"{self.name} › line {self.getpos()[0]}", carrier, text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            self._tell("HTML attribute", f"{key}={value}")

    def handle_data(self, data: str) -> None:
        self._tell("HTML text", data)

    def handle_comment(self, data: str) -> None:
        self._tell("HTML comment", data)

    def handle_decl(self, decl: str) -> None:
        self._tell("HTML declaration", decl)

    def unknown_decl(self, data: str) -> None:
        self._tell("HTML declaration", data)
