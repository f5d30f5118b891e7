"""The records of delimited text, counted and written again apart from any engine, so that none is lost in silence."""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from pipeline.ingest.sheet import Sheet
from pipeline.ingest.sources.records import delimited, opened, records_of, write_plainly
from pipeline.ingest.sources.unparsable import escape_in


def records_in(sheet: Sheet, there: int) -> int:
    """How many records a sheet of delimited text has below its header. there: how many an engine has found.

    If there are as many line ends as records, each record is a line and nothing more needs to be read.
    """
    given = delimited(sheet)
    if given.path.stat().st_size == 0:
        return 0
    with given.path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        ends = _line_ends(mapped)
        last_is_open = mapped[-1:] not in (b"\n", b"\r")
    if ends + last_is_open - 1 == there:
        return there
    with opened(given.path) as file:
        return sum(1 for cells in records_of(file, given.dialect.delimiter) if cells) - 1


def rewritten(sheet: Sheet, scratch: Path) -> Sheet:
    """The same records in a file of the usual kind: every cell quoted, one kind of line end."""
    handle, name = tempfile.mkstemp(dir=scratch)
    os.close(handle)
    return replace(sheet, records=write_plainly(delimited(sheet), Path(name), escape=escape_in(sheet)))


def _line_ends(mapped: mmap.mmap) -> int:
    """Line ends in the file, those in cells too. Counted piece by piece, so that the file is never held as a whole."""
    size, step = len(mapped), 2**24
    feeds = sum(mapped[start : start + step].count(b"\n") for start in range(0, size, step))
    return feeds or sum(mapped[start : start + step].count(b"\r") for start in range(0, size, step))
