"""PNG: every chunk."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tests.support.carriers.piece import Piece

PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")


def png_pieces(name: str, content: bytes) -> Iterator[Piece]:
    """What the chunks hold that are not pixels, and what stands after the end."""
    start = len(PNG)
    kind = b""
    while start < len(content) and kind != b"IEND":
        size, kind = struct.unpack(">I4s", content[start : start + 8])
        data = content[start + 8 : start + 8 + size]
        if kind not in _PIXELS:
            yield Piece(f"{name} › chunk at {start}", f"PNG {kind.decode('latin-1')}", _told(kind, data))
        start += 12 + size
    if content[start:]:
        yield Piece(f"{name} › after the end", "after the end of a PNG", content[start:].decode("latin-1"))


def _told(kind: bytes, data: bytes) -> str:
    if kind == b"tIME":
        return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*struct.unpack(">HBBBBB", data))
    if kind in (b"zTXt", b"iCCP"):
        key, _, rest = data.partition(b"\0")
        return f"{key.decode('latin-1')}: {zlib.decompress(rest[1:]).decode('latin-1')}"
    if kind == b"iTXt":
        key, _, rest = data.partition(b"\0")
        is_packed = rest[0]
        language, translated, text = rest[2:].split(b"\0", 2)
        text = zlib.decompress(text) if is_packed else text
        return " ".join(part.decode("utf-8", "replace") for part in (key, language, translated, text))
    return data.decode("latin-1")
