"""Finds out how a text file is encoded, and gives it as UTF-8.

UTF-8 is left where it is: checking 390 MB takes about a tenth of a second. Anything else is written again in the
scratch folder.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import ExportInvalid
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sources.opening import CHUNK, Opening

if TYPE_CHECKING:
    import numpy as np

WESTERN = "cp1252"
_BOMS: tuple[tuple[bytes, str], ...] = (
    # The mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 1 << 14
_FEWEST_ZEROS = 4
_CONTROL = frozenset(range(1, 32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
_LOOKED_AT = 1 << 22
_FIRST_WIDE = 0x80
"""The first byte that is no letter, digit or sign by itself."""
_MOST_CONTROLS = 3
"""Different control characters in the beginning of a text. One may be its delimiter; a binary file has many."""


def as_utf8(path: Path, opening: Opening) -> tuple[Path, list[Finding]]:
    """The file itself if it is UTF-8, else the same text in a file of the scratch folder, and what was noticed.

    Errors: ExportInvalid for NUL bytes, for a binary file, for text that is in no encoding that can be told.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    encoding = _wide(head)
    if encoding:
        return _transcoded(path, encoding, 0, opening), []
    _check_not_binary(head, opening)
    if _is_utf8(path, opening):
        return path, []
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    note = opening.noticed(
        Severity.NOTE,
        "encoding",
        "This file is not UTF-8. It was read as Windows-1252, the encoding of Western Europe, which includes Latin-1.",
        "If accents or other letters come out wrong, export it again as UTF-8.",
    )
    return _transcoded(path, WESTERN, mark, opening), [note]


def _wide(head: bytes) -> str:
    """The encoding of a text in which each character takes two or four bytes, else nothing."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    # Without a mark: delimiters, digits and line ends leave every other byte zero, and only every other.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(_FEWEST_ZEROS, len(head) // 20):
        return ""
    if odd > 20 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 20 * odd else ""


def _check_not_binary(head: bytes, opening: Opening) -> None:
    if len(_CONTROL.intersection(head)) > _MOST_CONTROLS:
        raise opening.refused(
            "This file is not text, and not of a kind that is read.",
            "Check that it is the export. Read are CSV, Excel workbooks (.xlsx), SPSS (.sav), Stata (.dta), Parquet, "
            "alone or in a .zip or .gz.",
        )


def _is_utf8(path: Path, opening: Opening) -> bool:
    """Whether the whole file is UTF-8. ExportInvalid for a NUL byte, and for UTF-8 that was cut off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_wide = False
    for begin, chunk in _chunks(path):
        lowest, highest = int(chunk.min()), int(chunk.max())
        if not lowest:
            raise _nul(path, begin + int(chunk.argmin()), opening)
        if highest < _FIRST_WIDE and not decoder.getstate()[0]:
            continue
        try:
            has_wide = not decoder.decode(chunk.tobytes()).isascii() or has_wide
        except UnicodeDecodeError:
            return False
    if decoder.getstate()[0] and has_wide:
        raise opening.refused(
            "This file ends in the middle of a letter: it was cut off.", "Download the export again; it is not whole."
        )
    return not decoder.getstate()[0]


def _chunks(path: Path) -> Iterator[tuple[int, np.ndarray]]:
    """Where each piece of a file begins, and its bytes."""
    import numpy as np

    buffer = np.empty(_LOOKED_AT, np.uint8)
    begin = 0
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer.data):
            yield begin, buffer[:size]
            begin += size


def _nul(path: Path, offset: int, opening: Opening) -> ExportInvalid:
    """The refusal of a NUL byte at this offset."""
    line = 1
    with path.open("rb") as file:
        while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
            offset -= len(chunk)
            line += chunk.count(b"\n") or chunk.count(b"\r")
    return _has_nul(line, opening)


def _has_nul(line: int, opening: Opening) -> ExportInvalid:
    return opening.refused(
        "This file holds NUL bytes, which no text does: it is damaged.",
        "Download the export again, or copy it again from where it was kept.",
        f"line {line}",
    )


def _transcoded(path: Path, encoding: str, skipped: int, opening: Opening) -> Path:
    decoder = codecs.getincrementaldecoder(encoding)()
    target = opening.new_file()
    line = 1
    try:
        with path.open("rb") as file, target.open("wb") as out:
            file.seek(skipped)
            while chunk := file.read(CHUNK):
                line = _write(decoder.decode(chunk), out, line, opening)
            _write(decoder.decode(b"", final=True), out, line, opening)
    except UnicodeError:
        raise _undecodable(encoding, line, opening) from None
    return target


def _write(text: str, out: BinaryIO, line: int, opening: Opening) -> int:
    """Writes text that begins on this line. Gives the line on which it ends."""
    if "\0" in text:
        raise _has_nul(line + text.count("\n", 0, text.index("\0")), opening)
    out.write(text.encode("utf-8"))
    return line + text.count("\n")


def _undecodable(encoding: str, line: int, opening: Opening) -> ExportInvalid:
    if encoding == WESTERN:
        return opening.refused(
            "The encoding of this text cannot be told: it is neither UTF-8 nor Windows-1252 (Western Europe).",
            "Export it again as UTF-8. In Excel: Save As, CSV UTF-8 (comma delimited).",
            f"line {line} or after",
        )
    return opening.refused(
        f"This file begins as {encoding[:6].upper()} text and does not go on as such: it is damaged, or was cut off.",
        "Download the export again, as UTF-8 if you can choose.",
        f"line {line} or after",
    )
