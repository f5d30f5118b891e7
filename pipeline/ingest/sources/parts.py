"""Looks through every part of a workbook before a library reads it, and makes a copy that holds nothing else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline.ingest.sources.container import checked_members, packed_size, refusing_damage
from pipeline.ingest.sources.header import check_width
from pipeline.ingest.sources.opening import CHUNK, Opening, shown
from pipeline.ingest.sources.xml_parts import ENTITIES, Tag, tags

MOST_CELLS = 60_000_000
"""Cells from the first to the last used row and column of a sheet; a reader of workbooks makes room for all of them."""
_MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|vbadata")
_OUTSIDE = re.compile(r"/externallinks/|/embeddings/|^xl/connections\.xml|/querytables/|^xl/model/")
_HARMLESS_TARGETS = ("/hyperlink", "/image")
_SHEETS = "xl/worksheets/"
_FILLED = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*(?<!/)>")
_ERROR = re.compile(rb"<(?:\w+:)?c\s(?=[^<>]*\bt=[\"']e[\"'])[^<>]*?\br=[\"'][A-Z]{1,3}(\d{1,7})[\"']")
_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)<")
_LONGEST_TAG = 1024


@dataclass
class Grid:
    """What is seen of a worksheet on the way. errors: rows with cells such as #N/A. margins: page headers, footers."""

    columns: set[bytes] = field(default_factory=set)
    last_row: int = 0
    errors: set[int] = field(default_factory=set)
    margins: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """A workbook that was looked through. copy: of the parts that were checked, and no others. names: of all."""

    copy: Path
    names: tuple[str, ...]
    grids: dict[str, Grid]

    def tags(self, name: str) -> list[Tag]:
        """The elements of a part, none if there is no such part. ValueError if it is not XML."""
        if name not in self.names:
            return []
        with zipfile.ZipFile(self.copy) as archive:
            return tags(archive.read(name))


def look_through(path: Path, opening: Opening) -> Parts:
    """Checks every part of a workbook.

    Errors: ExportInvalid for macros, links to the outside, entities, too much to unpack, too wide a sheet, damage.
    """
    grids: dict[str, Grid] = {}
    target = opening.new_file()
    damaged = refusing_damage(
        "This workbook is damaged, or was cut off.",
        "Open it in Excel, let Excel repair it, and save it again.",
        opening,
    )
    with damaged:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
            members = {info.filename.replace("\\", "/"): info for info in checked_members(archive, opening)}
            _check_names(members, opening)
            for name, info in members.items():
                with archive.open(info) as packed, copy.open(name, "w", force_zip64=True) as out:
                    grid = _copied(packed, out, packed_size(info, path), opening)
                if name.casefold().startswith(_SHEETS) and name.endswith(".xml"):
                    grids[name] = grid
        parts = Parts(target, tuple(members), grids)
        _check_content(parts, opening)
        return parts


def _check_names(members: dict[str, zipfile.ZipInfo], opening: Opening) -> None:
    for name in members:
        if _MACROS.search(name.casefold()):
            raise _macros(opening)
        if _OUTSIDE.search(name.casefold()):
            raise _outside(opening)


def _macros(opening: Opening) -> Exception:
    return opening.refused(
        "This workbook holds macros (program code).",
        "Open it in Excel and save it as an Excel workbook without macros (.xlsx).",
    )


def _outside(opening: Opening) -> Exception:
    return opening.refused(
        "This workbook draws on other files or databases (links, queries or embedded objects).",
        "Open it in Excel, copy the data into a new workbook with Paste Special, Values, and save that as .xlsx.",
    )


def _check_content(parts: Parts, opening: Opening) -> None:
    """ExportInvalid for what the names of the parts do not tell: macros, and targets outside of the file."""
    for tag in parts.tags("[Content_Types].xml"):
        if "macroenabled" in tag.attributes.get("ContentType", "").casefold():
            raise _macros(opening)
    for name in parts.names:
        if not name.endswith(".rels"):
            continue
        for tag in parts.tags(name):
            is_outside = tag.attributes.get("TargetMode", "").casefold() == "external"
            if is_outside and not tag.attributes.get("Type", "").endswith(_HARMLESS_TARGETS):
                raise _outside(opening)


def _copied(packed: IO[bytes], out: IO[bytes], size: int, opening: Opening) -> Grid:
    """Copies a part. XML is looked at on the way: in pieces, since a sheet may be larger than memory."""
    grid = Grid()
    written = 0
    before = b""
    is_xml = False
    for chunk in _chunks(packed):
        if not written:
            is_xml = _is_xml(chunk, opening)
        written += len(chunk)
        opening.count(len(chunk), written, size)
        out.write(chunk)
        if is_xml:
            # A tag may be cut in two by the end of a piece, so the end of the last is looked at again.
            piece = before + chunk
            _look_at(piece, grid, opening)
            before = piece[-_LONGEST_TAG:]
    return grid


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    while chunk := packed.read(CHUNK):
        yield chunk


def _is_xml(start: bytes, opening: Opening) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise opening.refused(
            "This workbook is encoded in an unusual way (UTF-16).", "Open it in Excel and save it again as .xlsx."
        )
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _look_at(piece: bytes, grid: Grid, opening: Opening) -> None:
    """Notes what is in a piece of XML. ExportInvalid for entities, which a reader might expand without end."""
    if ENTITIES.search(piece):
        raise opening.refused(
            "This workbook declares entities, which no program writes that makes workbooks.",
            "Open it in Excel and save it again as .xlsx, if you know where it comes from.",
        )
    filled = _FILLED.findall(piece)
    grid.columns.update([column for column, _ in filled])
    grid.last_row = max(grid.last_row, *map(int, {row for _, row in filled}), 0)
    if b't="e"' in piece or b"t='e'" in piece:
        grid.errors.update(int(row) for row in _ERROR.findall(piece))
    if b"Footer>" in piece or b"Header>" in piece:
        grid.margins.update(dict.fromkeys(text.decode("utf-8", "replace") for text in _MARGIN.findall(piece)))


def check_size(grid: Grid, sheet: str, opening: Opening) -> None:
    """ExportInvalid for a sheet that has a cell so far out that there is no room for all before it."""
    width = max(map(_number, grid.columns), default=0)
    check_width(width, opening, sheet)
    if width * grid.last_row > MOST_CELLS:
        raise opening.refused(
            f"This sheet reaches to row {grid.last_row} and column {width}, which is too much to read.",
            "In Excel, press Ctrl+End to see how far it reaches; delete rows and columns beyond the data, and save.",
            f'sheet "{shown(sheet)}"',
        )


def _number(letters: bytes) -> int:
    """The number of a column that Excel calls `A`, `Z`, `AA` …"""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
