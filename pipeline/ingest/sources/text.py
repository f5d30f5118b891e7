"""Delimited text: opened without reading it whole in Python, since it may have millions of rows."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path

from pipeline.engine import Dialect
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sheet import Delimited, Sheet, Source
from pipeline.ingest.sources.dialect import Way, find_way
from pipeline.ingest.sources.encoding import as_utf8
from pipeline.ingest.sources.header import check_width, named, on_rows_above
from pipeline.ingest.sources.opening import CHUNK, Opening
from pipeline.ingest.sources.records import rows_where_utf8_shows, write_plainly

_HEAD = 1 << 21
_TAIL = 1 << 12
_AFTER_THE_END = re.compile(rb"(?<=[\r\n])[\r\n]*[ \x1a][ \x1a\r\n]*\Z")


def read_text(path: Path, opening: Opening) -> Source:
    """One sheet of delimited text. Its records are in the file itself, or in a file of the scratch folder.

    Errors: ExportInvalid if it is no text, or has too many columns.
    """
    utf8, findings = as_utf8(path, opening)
    lines = _first_lines(utf8)
    way = find_way(lines, opening.knows)
    check_width(len(way.header), opening)
    if findings:
        findings += _mixed(utf8, way, opening)
    findings += on_rows_above(way.above, len(way.header), opening)
    sheet = Sheet(
        file=opening.file,
        name=opening.member,
        header=named(way.header),
        records=_records(utf8, lines, way, opening),
        header_row=way.row,
    )
    return Source(opening.file, (sheet,), findings=tuple(findings))


def _first_lines(path: Path) -> list[str]:
    with path.open("rb") as file:
        start = file.read(_HEAD)
        is_whole = not file.read(1)
    text = codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    lines = list(io.StringIO(text, newline=""))
    return lines if is_whole else lines[:-1] or lines


def _records(path: Path, lines: list[str], way: Way, opening: Opening) -> Delimited:
    """Text that begins with the header, quoted as engines expect: the file itself, or one in the scratch folder."""
    if way.quote != '"':
        return write_plainly(Delimited(path, Dialect(way.delimiter)), opening.new_file(), way.quote, above=way.lines)
    begin, end = _begin(path, lines[: way.lines]), _end(path)
    if begin or end < path.stat().st_size:
        path = _cut(path, begin, end, opening)
    return Delimited(path, Dialect(way.delimiter))


def _begin(path: Path, above: list[str]) -> int:
    """Where the header begins: at the beginning, unless there are lines above it."""
    if not above:
        return 0
    with path.open("rb") as file:
        mark = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    return mark + sum(len(line.encode("utf-8")) for line in above)


def _end(path: Path) -> int:
    """Where the last record ends. Some programs write a line of blanks after it, or the mark of DOS for an end."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        after = _AFTER_THE_END.search(file.read())
    return size - (len(after[0]) if after else 0)


def _cut(path: Path, begin: int, end: int, opening: Opening) -> Path:
    target = opening.new_file()
    with path.open("rb") as file, target.open("wb") as out:
        file.seek(begin)
        while chunk := file.read(min(CHUNK, max(0, end - file.tell()))):
            out.write(chunk)
    return target


def _mixed(path: Path, way: Way, opening: Opening) -> list[Finding]:
    """A warning where text that is read as Windows-1252 has pieces of UTF-8 in it."""
    rows = rows_where_utf8_shows(path, way.delimiter, way.quote)
    if not rows:
        return []
    return [
        opening.noticed(
            Severity.WARNING,
            "mixed_encodings",
            "This file mixes UTF-8 and Windows-1252. It was read as Windows-1252: accents in these rows may be wrong.",
            "Export the data again as UTF-8; it was probably put together from two files.",
            rows,
        )
    ]
