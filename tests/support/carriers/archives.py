"""Files that hold other files."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

from tests.support.carriers.piece import Piece, Scan


def zip_pieces(name: str, content: bytes, scan: Scan) -> Iterator[Piece]:
    """Names, comments and contents of the entries of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from zip_frame(name, archive)
        for entry in archive.infolist():
            yield from scan(f"{name} › {entry.filename}", archive.read(entry))


def zip_frame(name: str, archive: zipfile.ZipFile) -> Iterator[Piece]:
    """What an archive tells beside its contents."""
    yield Piece(name, "archive comment", archive.comment.decode("utf-8", "replace"))
    for entry in archive.infolist():
        place = f"{name} › {entry.filename}"
        yield Piece(place, "archive entry name", entry.filename)
        yield Piece(place, "archive entry comment", entry.comment.decode("utf-8", "replace"))
        yield Piece(place, "archive entry extra", entry.extra.decode("latin-1"))
        yield Piece(place, "archive entry time", "-".join(map(str, entry.date_time)))


_NAMED, _COMMENTED, _EXTRA = 8, 16, 4


def gzip_header(name: str, content: bytes) -> Iterator[Piece]:
    """Time, file name and comment in the head of a gzip file."""
    flags, seconds = content[3], struct.unpack("<I", content[4:8])[0]
    yield Piece(name, "gzip time", str(seconds))
    start = 10
    if flags & _EXTRA:
        start += 2 + struct.unpack("<H", content[start : start + 2])[0]
    for flag, carrier in ((_NAMED, "gzip file name"), (_COMMENTED, "gzip comment")):
        if flags & flag:
            end = content.index(b"\0", start)
            yield Piece(name, carrier, content[start:end].decode("latin-1"))
            start = end + 1
