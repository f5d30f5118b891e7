"""Reads the columns of a Parquet file by pyarrow. Runs in the reading process, see `worker`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_OF_PROGRAMS = (b"pandas", b"ARROW:schema", b"huggingface", b"geo")
"""Notes that programs leave for themselves; they repeat the names and types of columns."""


def read_schema(path: Path) -> dict[str, Any]:
    """Gives `header`, `rows`, `unpacked` (bytes), `odd` (column → why it is no text), `notes`."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(str(path)) as file:
        schema, about = file.schema_arrow, file.metadata
        groups = [about.row_group(place) for place in range(about.num_row_groups)]
        notes = {k: v for k, v in (about.metadata or {}).items() if k not in _OF_PROGRAMS}
        return {
            "header": schema.names,
            "rows": about.num_rows,
            "unpacked": sum(group.total_byte_size for group in groups),
            "odd": {field.name: odd for field in schema if (odd := _odd(field.type))},
            "notes": [
                (f'note "{k.decode("utf-8", "replace")}"', v.decode("utf-8", "replace")) for k, v in notes.items()
            ],
        }


def _odd(kind: pa.DataType) -> str:
    """Why values of this type are not answers, else nothing."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_nested(kind):
        return "nested"
    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return "binary" if any(check(kind) for check in binary) else ""
