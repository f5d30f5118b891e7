"""Reads delimited text quickly, where it is written plainly: each record one line, each quotation mark in its place.

Nearly every export is. Whatever is not is left to a slower reader that knows all of it, so nothing is guessed here:
`read_plainly` either gives exactly the records that a strict reader finds, or nothing.
"""

from __future__ import annotations

import mmap
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.coded import Coded, encode, has_few, joined
from pipeline.shelf import Shelf

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SLICE = 1 << 24
"""Bytes that are read at once: few enough for any memory, many enough to keep the processors busy."""

_AT_ONCE = 2
"""Slices that are worked on together."""

_BLOCK = 1 << 22
_LOOKED_AT = 1 << 17
"""Bytes that are looked at together, so that they stay in the processor's own memory."""

_MARK, _FEED, _RETURN = b'"\n\r'


def read_plainly(path: Path, delimiter: str, names: Sequence[str], shelf: Shelf | None = None) -> Coded | None:
    """The records below the header of a file of UTF-8 text, under these names; nothing where it is not written plainly.

    Blank cells, and cells of white space only, are NULL; white space around texts is taken off. shelf: where columns of
    many texts go instead of into memory.
    """
    if len(delimiter.encode()) != 1 or not path.stat().st_size:
        return None
    with path.open("rb") as file, ThreadPoolExecutor(_AT_ONCE) as pool:
        text = _Text(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), delimiter, tuple(names), shelf)
        parts: list[Coded] = []
        # Slices are looked at and encoded by one processor while others parse.
        for part in pool.map(text.part, *zip(*text.slices(), strict=True)):
            if part is None:
                pool.shutdown(cancel_futures=True)
                return None
            parts.append(part)
    return joined(parts)


def plain_records(path: Path, delimiter: str, width: int) -> int | None:
    """How many lines there are below the header of a file that is written plainly; nothing where it is not.

    Only whether marks stand where they should is looked at here: what reads the records has to find as many. width: how
    many cells a record has.
    """
    if len(delimiter.encode()) != 1 or not path.stat().st_size:
        return None
    number = 0
    with path.open("rb") as file:
        text = _Text(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), delimiter, ("",) * width)
        for begin, end in text.slices():
            lines = _lines_if_strict(memoryview(text.whole)[begin:end], ord(delimiter), width)
            if lines is None:
                return None
            number += lines
            _forget(text.whole, begin, end)
    return number - 1


@dataclass(frozen=True)
class _Text:
    """A text in a file, and how its records are cut into cells."""

    whole: mmap.mmap
    delimiter: str
    names: tuple[str, ...]
    shelf: Shelf | None = None

    @property
    def begin(self) -> int:
        """Where the text begins, behind a byte-order mark."""
        return len(BOM_UTF8) if self.whole[: len(BOM_UTF8)] == BOM_UTF8 else 0

    def slices(self) -> Iterator[tuple[int, int]]:
        """Where its pieces begin and end, which is where a line ends. Only the last line may have no end."""
        begin, size = self.begin, len(self.whole)
        while begin < size:
            end = begin + SLICE
            # A line longer than a slice stays cut: what reads it will say that it does not fit.
            end = size if end >= size else self.whole.rfind(b"\n", begin, end) + 1 or end
            yield begin, end
            begin = end

    def part(self, begin: int, end: int) -> Coded | None:
        """The records of a slice; nothing if they are not written plainly."""
        lines, has_header = memoryview(self.whole)[begin:end], begin == self.begin
        number = _lines_if_strict(lines, ord(self.delimiter), len(self.names))
        try:
            records = self._parsed(lines, self.types, above=int(has_header)) if number else None
        except _does_not_fit():
            return None
        if records is None or number != records.num_rows + has_header:
            return None
        part = encode(records)
        _forget(self.whole, begin, end)
        return part if self.shelf is None else part.put_aside(self.shelf)

    @cached_property
    def types(self) -> dict[str, pa.DataType]:
        """Which columns seem to have few different texts, by the first records."""
        import pyarrow as pa

        first = bytes(self.whole[self.begin : self.begin + _BLOCK])
        lines = first[: first.rfind(b"\n") + 1] or first
        sample = self._parsed(memoryview(lines), dict.fromkeys(self.names, pa.string()), above=1)
        few = pa.dictionary(pa.int32(), pa.string())
        return {name: few if has_few(sample[name]) else pa.string() for name in self.names}

    def _parsed(self, lines: memoryview, types: dict[str, pa.DataType], *, above: int) -> pa.Table:
        import pyarrow as pa
        from pyarrow import csv

        return csv.read_csv(
            pa.BufferReader(pa.py_buffer(lines)),
            read_options=csv.ReadOptions(column_names=list(self.names), skip_rows_after_names=above, block_size=_BLOCK),
            parse_options=csv.ParseOptions(delimiter=self.delimiter),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )


def _forget(whole: mmap.mmap, begin: int, end: int) -> None:
    """Gives back the memory of a piece that has been read, where the system offers that."""
    if hasattr(mmap, "MADV_DONTNEED"):
        page = begin - begin % mmap.PAGESIZE
        whole.madvise(mmap.MADV_DONTNEED, page, end - page)


# --- whether a text is written as strict readers expect it ----------------------------------------------------------


def _lines_if_strict(lines: memoryview, delimiter: int, width: int) -> int | None:
    """How many lines there are; nothing if a quotation mark stands where a strict reader does not expect it.

    Or if lines end in ways that count differently. width: how many cells a record has.
    """
    import numpy as np

    text = np.frombuffer(lines, np.uint8)
    # The line end after the last line stands between no two lines.
    if text[-1] == _FEED:
        text = text[: -2 if text[-2:-1] == _RETURN else -1]
    seen = _Seen()
    for begin in range(0, len(text), _LOOKED_AT):
        seen.look_at(text, begin, delimiter)
    number = seen.feeds + 1
    if seen.returns != seen.returns_before_feeds:
        return None
    every_cell_is_quoted = seen.marks == 2 * number * width and seen.between == number * (width - 1)
    is_plain = every_cell_is_quoted and seen.line_ends_are_quoted and text[0] == _MARK == text[-1]
    return number if not seen.marks or is_plain or _marks_are_in_pairs(text, delimiter) else None


@dataclass
class _Seen:
    """What was seen in a text so far.

    marks: quotation marks; between: delimiters between two of them; feeds: line ends; line_ends_are_quoted: whether
    each is between two marks. If there are two marks for each cell, and two at each boundary of cells, then none is
    left that could stand within a cell.
    """

    marks: int = 0
    between: int = 0
    feeds: int = 0
    returns: int = 0
    returns_before_feeds: int = 0
    line_ends_are_quoted: bool = True

    def look_at(self, text: np.ndarray, begin: int, delimiter: int) -> None:
        """Looks at a piece of a text that is small enough to stay in the processor's own memory."""
        import numpy as np

        piece = text[begin : begin + _LOOKED_AT + 2]
        is_mark = piece == _MARK
        self.marks += int(np.count_nonzero(is_mark[:_LOOKED_AT]))
        is_between = piece[1:-1] == delimiter
        is_between &= is_mark[:-2]
        is_between &= is_mark[2:]
        self.between += int(np.count_nonzero(is_between))
        self.returns += int(np.count_nonzero(piece[:_LOOKED_AT] == _RETURN))
        feeds = np.flatnonzero(piece[:_LOOKED_AT] == _FEED) + begin
        after_return = text[feeds - 1] == _RETURN
        self.feeds += len(feeds)
        self.returns_before_feeds += int(np.count_nonzero(after_return))
        ends, begins = text[feeds - 1 - after_return], text[np.minimum(feeds + 1, len(text) - 1)]
        self.line_ends_are_quoted &= bool((ends == _MARK).all() and (begins == _MARK).all())


def _marks_are_in_pairs(text: np.ndarray, delimiter: int) -> bool:
    """Whether the first mark of each pair begins a cell, and the second ends one.

    Or the two of a pair stand between two others: a mark that was doubled, since it belongs to the text.
    """
    import numpy as np

    fits = np.zeros(256, np.bool_)
    fits[[delimiter, _MARK, _FEED, _RETURN]] = True
    first = 0
    for begin in range(0, len(text), _LOOKED_AT):
        marks = np.flatnonzero(text[begin : begin + _LOOKED_AT] == _MARK) + begin
        openers, closers = marks[first::2], marks[1 - first :: 2]
        before, after = text[openers[openers > 0] - 1], text[closers[closers < len(text) - 1] + 1]
        if not (fits[before].all() and fits[after].all()):
            return False
        first ^= len(marks) % 2
    return not first


def _does_not_fit() -> type[Exception]:
    """What is raised for a record that does not fit, a line that is too long, or no text."""
    import pyarrow as pa

    problem: type[Exception] = pa.ArrowInvalid
    return problem
