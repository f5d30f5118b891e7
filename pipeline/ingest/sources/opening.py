"""What every reader is given: the export's name, where unpacked text may be written, and how much of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import CannotReadOrWrite, ExportInvalid
from pipeline.ingest.anonymity import is_private
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sheet import Knows, Sheet

CHUNK = 1 << 18
HIGHEST_RATIO = 100
SMALL = 1 << 20
"""What unpacks to less than this is no bomb, however well it was packed."""
NOT_SHOWN = "(its name is not shown)"
_SHOWN = 60


class Budget:
    """How many bytes may still be unpacked, over all layers of one export."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.left = most

    def spend(self, size: int) -> bool:
        """Whether there was as much left."""
        self.left -= size
        return self.left >= 0


@dataclass(frozen=True)
class Opening:
    """One export, or one file inside of it, while it is being opened. member: that file's name, else empty."""

    file: str
    scratch: Path
    knows: Knows
    budget: Budget
    member: str = ""

    @property
    def where(self) -> str:
        """The place that a message names."""
        return f'{self.file}, "{shown(self.member)}"' if self.member else self.file

    def refused(self, what: str, repair: str, place: str = "") -> ExportInvalid:
        """The refusal of this file."""
        return ExportInvalid(what, where=f"{self.where}, {place}" if place else self.where, repair=repair)

    def noticed(
        self, severity: Severity, check: str, message: str, repair: str = "", rows: Iterable[int] = ()
    ) -> Finding:
        """A finding about this file."""
        numbers = tuple(sorted(rows))
        said = f'In "{shown(self.member)}": {message}' if self.member else message
        return Finding(severity, check, said, repair, file=self.file, rows=len(numbers), row_numbers=numbers)

    def new_file(self) -> Path:
        """A new empty file in the scratch folder, which only its owner may read."""
        handle, name = tempfile.mkstemp(dir=self.scratch)
        os.close(handle)
        return Path(name)

    def new_folder(self) -> Path:
        """A new empty folder in the scratch folder."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def copy(self, packed: BinaryIO, size: int) -> Path:
        """What a packed stream holds, in a file of the scratch folder. size: bytes that it takes packed.

        Errors: ExportInvalid as soon as it is more than `HIGHEST_RATIO` times its packed size, or than may be unpacked.
        Sizes that an archive states are not believed.
        """
        target = self.new_file()
        written = 0
        with target.open("wb") as out:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                self.count(len(chunk), written, size)
                out.write(chunk)
        return target

    def count(self, more: int, written: int, size: int) -> None:
        """Counts bytes that were unpacked. Errors: as for `copy`."""
        if written > max(SMALL, HIGHEST_RATIO * size):
            raise self.refused(
                f"This file unpacks to more than {HIGHEST_RATIO} times its size, as harmful files do.",
                "Download the export again. If it is right, unpack it and name the unpacked file in wave.toml.",
            )
        if not self.budget.spend(more):
            raise self.refused(
                f"This file unpacks to more than {max(1, self.budget.most // 2**20)} MB.",
                "If the export is really as large, set max_unpacked_mb in wave.toml to what it needs.",
            )


def shown(name: str) -> str:
    """A header, or the name of a sheet or file, fit for a message: printable, short, and no identifier.

    The gate refuses such names, but an export may be refused for something else before it comes there.
    """
    if is_private(name):
        return NOT_SHOWN
    text = "".join(character if character.isprintable() else " " for character in name).strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def place_of(sheet: Sheet) -> str:
    """The place that a message about a sheet names."""
    return f'{sheet.file}, "{shown(sheet.name)}"' if sheet.name else sheet.file


def cannot_read(file: str, problem: OSError) -> CannotReadOrWrite:
    """What the file system refused. The reason is the system's own word and holds no data."""
    return CannotReadOrWrite(
        f"This file cannot be read, or there is no room to unpack it ({problem.strerror or 'input or output failed'}).",
        where=file,
        repair="Ask for the right to read it, or free some space, then run the command again.",
    )
