"""How the reading process hands rows to the pipeline: a file of Arrow in the scratch folder, all columns text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import ROW

if TYPE_CHECKING:
    import pyarrow as pa

    Piece = tuple[Sequence[Sequence[str | None] | pa.Array], Sequence[int] | pa.Array]
    """Columns of text, and the row numbers."""


def write_rows(path: Path, width: int, pieces: Iterable[Piece]) -> int:
    """Writes columns of text as `c0`, `c1` …, and the row numbers. Gives how many rows there are."""
    import pyarrow as pa

    schema = pa.schema([*((f"c{place}", pa.string()) for place in range(width)), (ROW, pa.int64())])
    rows = 0
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, schema) as writer:
        for columns, numbers in pieces:
            arrays = [*(_array(column, pa.string()) for column in columns), _array(numbers, pa.int64())]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            rows += len(numbers)
    return rows


def _array(values: Sequence[object] | pa.Array, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def read_rows(path: Path) -> pa.Table:
    """The rows, in memory; the file is deleted."""
    import pyarrow as pa

    with pa.OSFile(str(path), "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    path.unlink()
    return table
