"""Columns that memory need not hold: kept in files that no name leads to, and gone with the process that made them."""

from __future__ import annotations

import mmap
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    import pyarrow as pa


class _Mapped(mmap.mmap):
    """A file in the address space of the process, that can be told apart from others."""


@dataclass(frozen=True)
class Shelf:
    """Where columns are put. folder: a private one; its files have no name, so that a killed run leaves none."""

    folder: Path
    _mapped: WeakSet[_Mapped] = field(default_factory=WeakSet)

    def put(self, table: pa.Table) -> pa.Table:
        """The same table, read from a file whenever something asks for it."""
        import pyarrow as pa

        with tempfile.TemporaryFile(dir=self.folder) as file:
            with pa.ipc.new_file(pa.PythonFile(file, "w"), table.schema) as writer:
                writer.write_table(table)
            file.flush()
            mapped = _Mapped(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mapped.add(mapped)
        return pa.ipc.open_file(pa.BufferReader(pa.py_buffer(mapped))).read_all()

    def give_back(self) -> None:
        """Gives the memory back that was used to look at columns, where the system offers that."""
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in self._mapped:
                mapped.madvise(mmap.MADV_DONTNEED)
