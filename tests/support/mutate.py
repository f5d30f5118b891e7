"""Damages a file in a way that a seed decides, to see that reading it ends in a table or in a message.

`mutated` damages the bytes of any file. For what is packed (workbooks, zip, gzip) it also damages what is inside and
packs it again, since most damage to the packed bytes is caught by a checksum before anything is read.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable

MOST_TIMES = 12
_NUMBERS = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00", b"\x01\x00\x00\x00")
_TEXTS = (
    b'"',
    b"'",
    b";",
    b",",
    b"\t",
    b"\r\n",
    b"\n",
    b"\r",
    b"\n\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe9",
    b"\xc3\xa9",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\x1a",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
    b"&amp;",
    b"]]>",
    b"<c r='XFD1048576'><v>1</v></c>",
    b"99999999999999999999",
    b"-1",
    b"1e999",
)

Bytes = bytearray
_Change = Callable[[Bytes, random.Random], None]


def _place(content: Bytes, choose: random.Random) -> int:
    """Somewhere in the file; half of the time near its beginning or end, where formats keep what matters."""
    size = len(content)
    near = choose.randrange(4)
    if near == 0:
        return choose.randrange(min(size, 256))
    if near == 1:
        return size - 1 - choose.randrange(min(size, 256))
    return choose.randrange(size)


def _flip(content: Bytes, choose: random.Random) -> None:
    content[_place(content, choose)] ^= 1 << choose.randrange(8)


def _replace(content: Bytes, choose: random.Random) -> None:
    content[_place(content, choose)] = choose.choice((0, 255, 127, 128, choose.randrange(256)))


def _nul(content: Bytes, choose: random.Random) -> None:
    place = _place(content, choose)
    content[place:place] = bytes(choose.choice((1, 1, 2, 512)))


def _cut_out(content: Bytes, choose: random.Random) -> None:
    place = _place(content, choose)
    del content[place : place + choose.choice((1, 3, 40, 4096))]


def _cut_off(content: Bytes, choose: random.Random) -> None:
    if choose.random() < 0.5:
        del content[_place(content, choose) :]


def _duplicate(content: Bytes, choose: random.Random) -> None:
    place, size = _place(content, choose), choose.choice((1, 8, 100, 3000))
    content[place:place] = content[place : place + size]


def _swap(content: Bytes, choose: random.Random) -> None:
    first, second, size = _place(content, choose), _place(content, choose), choose.choice((1, 4, 64))
    one, other = content[first : first + size], content[second : second + size]
    if len(one) == len(other) and abs(first - second) >= size:
        content[first : first + size], content[second : second + size] = other, one


def _number(content: Bytes, choose: random.Random) -> None:
    place = _place(content, choose)
    content[place : place + 4] = choose.choice(_NUMBERS)


def _splice(content: Bytes, choose: random.Random) -> None:
    place = _place(content, choose)
    content[place:place] = choose.choice(_TEXTS)


def _swap_lines(content: Bytes, choose: random.Random) -> None:
    lines = content.splitlines(keepends=True)
    first, second = choose.randrange(len(lines)), choose.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    content[:] = b"".join(lines)


CHANGES: tuple[_Change, ...] = (
    _flip,
    _replace,
    _nul,
    _cut_out,
    _cut_off,
    _duplicate,
    _swap,
    _number,
    _splice,
    _swap_lines,
)


def mutated(content: bytes, seed: int) -> bytes:
    """The file, damaged. The same file and seed give the same damage."""
    choose = random.Random(seed)
    if content.startswith(b"PK\x03\x04") and choose.random() < 0.75:
        return _in_zip(content, choose)
    if content.startswith(b"\x1f\x8b") and choose.random() < 0.75:
        return gzip.compress(_damaged(gzip.decompress(content), choose), mtime=0)
    return _damaged(content, choose)


def _damaged(content: bytes, choose: random.Random) -> bytes:
    changed = Bytes(content)
    for _ in range(choose.choice((1, 1, 1, 2, 4, MOST_TIMES))):
        if not changed:
            break
        choose.choice(CHANGES)(changed, choose)
    return bytes(changed)


def _in_zip(content: bytes, choose: random.Random) -> bytes:
    """Damage to a file in an archive: to its text, to an attribute of XML, or its loss, doubling or renaming."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    place = choose.randrange(len(files))
    name, inner = files[place]
    how = choose.randrange(8)
    if how == 0:
        del files[place]
    elif how == 1:
        files.insert(
            place, (choose.choice(("xl/vbaProject.bin", "../up.csv", "a/b.csv", "inner.zip", name.upper())), inner)
        )
    elif how == 2:
        other = choose.randrange(len(files))
        files[place], files[other] = (name, files[other][1]), (files[other][0], inner)
    elif how in (3, 4):
        files[place] = (name, _other_attribute(inner, choose))
    else:
        files[place] = (name, _damaged(inner, choose))
    return _zipped(files)


def _other_attribute(part: bytes, choose: random.Random) -> bytes:
    """XML with another value of an attribute or element, which stays XML."""
    values = list(re.finditer(rb'(?<==")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)', part))
    if not values:
        return _damaged(part, choose)
    value = choose.choice(values)
    other = choose.choice(
        (b"", b"0", b"-1", b"99999999", b"A1", b"XFD1048576", b"e", b"b", b"s", b"d", b"1e308", b"NaN")
    )
    return part[: value.start()] + other + part[value.end() :]


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in files:
            if name not in seen:
                archive.writestr(zipfile.ZipInfo(name), inner, zipfile.ZIP_DEFLATED)
                seen.add(name)
    return out.getvalue()
