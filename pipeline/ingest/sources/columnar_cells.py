"""Reads Parquet files by pyarrow and writes them again, all columns text. Runs in the reading process, see `worker`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ingest.sources.answers import moment, number

if TYPE_CHECKING:
    import pyarrow as pa

_OF_PROGRAMS = (b"pandas", b"ARROW:schema", b"huggingface", b"geo")
"""Notes that programs leave for themselves; they repeat the names and types of columns."""
_ROWS_AT_ONCE = 100_000
_FLOAT_DIGITS = 7
"""Decimal digits that a number of 32 bits keeps."""


def read_columns(path: Path, out: Path, most_columns: int) -> dict[str, Any]:
    """Writes the records as text to `out`/0.parquet, with the columns `c0`, `c1` …

    Gives `header`, `odd` (column → why it is no text), `rows`, `notes`. Nothing is written if a column is odd, or
    if there are too many.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(str(path)) as file:
        schema, about = file.schema_arrow, file.metadata
        notes = {k: v for k, v in (about.metadata or {}).items() if k not in _OF_PROGRAMS}
        odd = {field.name: odd for field in schema if (odd := _odd(field.type))}
        if not odd and len(schema) <= most_columns:
            _write(file, out / "0.parquet")
        return {
            "header": schema.names,
            "odd": odd,
            "rows": about.num_rows,
            "notes": [
                (f'note "{k.decode("utf-8", "replace")}"', v.decode("utf-8", "replace")) for k, v in notes.items()
            ],
        }


def _write(file: Any, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"c{place}" for place in range(len(file.schema_arrow))]
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(str(path), schema, compression="lz4") as writer:
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            writer.write_batch(pa.record_batch([_texts(column) for column in batch.columns], schema=schema))


def _odd(kind: pa.DataType) -> str:
    """Why values of this type are not answers, else nothing."""
    from pyarrow import types

    kind = _plain(kind)
    if types.is_nested(kind):
        return "nested"
    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return "binary" if any(check(kind) for check in binary) else ""


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of the values, however they are packed or called."""
    import pyarrow as pa

    if isinstance(kind, pa.DictionaryType):
        return _plain(kind.value_type)
    return _plain(kind.storage_type) if isinstance(kind, pa.BaseExtensionType) else kind


def _texts(column: pa.Array) -> pa.Array:
    """Values as text, as an analyst would write them; null where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    plain = _plain(column.type)
    if column.type != plain:
        column = column.cast(plain)
    if types.is_boolean(plain):
        return pc.if_else(column, "TRUE", "FALSE")
    if types.is_timestamp(plain):
        return _moments(column)
    if text_of := _text_of(plain):
        return _one_by_one(column, text_of)
    texts = column.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _text_of(kind: pa.DataType) -> Callable[[Any], str] | None:
    """What makes text of a value of this type, where Arrow does not make what an analyst would write."""
    from pyarrow import types

    if types.is_float16(kind) or types.is_float32(kind):
        return lambda value: number(value, _FLOAT_DIGITS)
    if types.is_float64(kind):
        return number
    if types.is_decimal(kind):
        return _decimal
    return moment if types.is_duration(kind) or types.is_time(kind) else None


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _one_by_one(column: pa.Array, text_of: Callable[[Any], str]) -> pa.Array:
    """Each value that occurs as text, worked out once. What is not a number is blank."""
    import pyarrow as pa

    encoded = column.dictionary_encode()
    # NaN is the only value that is not itself.
    texts = [None if value is None or value != value else text_of(value) for value in encoded.dictionary.to_pylist()]  # noqa: PLR0124
    return pa.array(texts, pa.string()).take(encoded.indices)


def _moments(column: pa.Array) -> pa.Array:
    """Moments to the millisecond, in universal time where the file knows the time zone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zone = column.type.tz and "UTC"
    texts = pc.strftime(column.cast(pa.timestamp("ms", zone), safe=False), format="%Y-%m-%dT%H:%M:%S")
    texts = pc.replace_substring_regex(texts, r"\.000$", "")
    return pc.binary_join_element_wise(texts, "+00:00", "") if zone else texts
