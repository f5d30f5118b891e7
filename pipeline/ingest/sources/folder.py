"""A table in parts, as clusters and databases write it: a folder of text or of Parquet files, put together into one.

The parts are taken in the order of their names, and row numbers run on from one to the next: the header is row 1 of the
whole. Folders within it may be called `column=value`, which makes a column of each part of a Parquet table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sheet import Columnar, Delimited, Records, Sheet, Source
from pipeline.ingest.sources.container import gunzip
from pipeline.ingest.sources.header import named
from pipeline.ingest.sources.kind import Kind, kind_of
from pipeline.ingest.sources.opening import CHUNK, Opening, shown
from pipeline.ingest.sources.records import opened, records_of
from pipeline.inputs import parts_of

if TYPE_CHECKING:
    import pyarrow.parquet as pq

    Read = Callable[[Path, Opening], Source]

R = TypeVar("R", bound=Records)

_LISTED = 20


def read_folder(path: Path, opening: Opening, readers: dict[Kind, Read]) -> Source:
    """One sheet with the records of all parts. readers: by kind of file.

    Errors: ExportInvalid for a folder without parts, for parts of several kinds or with other columns than the first.
    """
    files = parts_of(path)
    if not files:
        raise opening.refused("This folder holds no files.", "Put the parts of the export into it.")
    inside = dict(_unpacked(each, replace(opening, member=each.relative_to(path).as_posix())) for each in files)
    kinds = {kind_of(each, within) for each, within in inside.items()}
    if kinds not in ({Kind.TEXT}, {Kind.PARQUET}):
        raise opening.refused(
            f"This folder holds {', '.join(sorted(kinds))}.",
            "A folder is read as one table in parts: all of delimited text, or all Parquet. Move out what is none of "
            "them, or name each file in an [[exports]] of its own.",
        )
    kind = kinds.pop()
    sources = [readers[kind](each, within) for each, within in inside.items()]
    sheets = [source.sheets[0] for source in sources]
    for sheet, within in zip(sheets, inside.values(), strict=True):
        _check_alike(sheet, sheets[0], within)
    whole = _whole_text(sheets, opening) if kind is Kind.TEXT else _whole_parquet(sheets, files, path, opening)
    return Source(
        opening.file,
        (whole,),
        tuple(one for source in sources for one in source.properties),
        (*_where_parts_begin(sheets, opening), *(one for source in sources for one in source.findings)),
    )


def _unpacked(path: Path, opening: Opening) -> tuple[Path, Opening]:
    return (gunzip(path, opening) if kind_of(path, opening) is Kind.GZIP else path), opening


def _check_alike(sheet: Sheet, first: Sheet, opening: Opening) -> None:
    if sheet.header != first.header:
        others = [name for name in (*sheet.header, *first.header) if (name in sheet.header) != (name in first.header)]
        what = f'the column "{shown(others[0])}"' if others else "the order of the columns"
        raise opening.refused(
            f"This part differs from the first one in {what}.",
            "All parts of a table have the same columns in the same order. Export the folder again, or name the files "
            "in [[exports]] of their own, where columns may differ.",
        )
    text = isinstance(sheet.records, Delimited) and isinstance(first.records, Delimited)
    if text and _of(Delimited, sheet).dialect != _of(Delimited, first).dialect:
        raise opening.refused(
            "This part has another sign between its cells than the first one.", "Export the folder again."
        )
    if "=" in opening.member and isinstance(sheet.records, Delimited):
        raise opening.refused(
            "The name of a folder says what belongs into a column, which text files do not hold themselves.",
            "Write the table as Parquet, or with that column in the files and without such folders.",
        )


def _of(kind: type[R], sheet: Sheet) -> R:
    if not isinstance(sheet.records, kind):
        raise TypeError("the parts of a table are of one kind")
    return sheet.records


def _where_parts_begin(sheets: Sequence[Sheet], opening: Opening) -> Iterator[Finding]:
    """A note with the first row of each part, without which no row number could be found again."""
    said, first = [], 2
    for sheet in sheets:
        said.append(f'"{shown(sheet.name)}" from row {first:,}')
        first += _records_in(sheet)
    more = f" and {len(said) - _LISTED} more" if len(said) > _LISTED else ""
    listed = ", ".join(said[:_LISTED])
    yield opening.noticed(
        Severity.NOTE,
        "table_in_parts",
        f"This folder was read as one table in {len(sheets)} parts, whose rows are numbered on: {listed}{more}.",
        "A row of a part is its number here, less that of the part's first row, plus 2.",
    )


def _records_in(sheet: Sheet) -> int:
    import pyarrow.parquet as pq

    if isinstance(sheet.records, Columnar):
        return int(pq.read_metadata(sheet.records.path).num_rows)
    # Record by record: a cell of several lines is one row, and a blank line is one.
    given = _of(Delimited, sheet)
    with opened(given.path) as file:
        return sum(1 for _ in records_of(file, given.dialect.delimiter)) - 1


def _whole_text(sheets: Sequence[Sheet], opening: Opening) -> Sheet:
    """The header of the first part, and what is below it in each."""
    if any("\n" in name or "\r" in name for name in sheets[0].header):
        raise opening.refused(
            "The header of this table goes over several lines.", "Name each file in an [[exports]] of its own."
        )
    target = opening.new_file()
    with target.open("wb") as out:
        for place, sheet in enumerate(sheets):
            with _of(Delimited, sheet).path.open("rb") as file:
                header = file.readline()
                if b"\r" in header.rstrip(b"\r\n"):
                    # Lines that end in a carriage return alone are all one to what copies them.
                    raise opening.refused(
                        f'The lines of "{shown(sheet.name)}" end in a way of old Macintosh computers.',
                        "Save this part again with usual line ends, or name it in an [[exports]] of its own.",
                    )
                if place == 0:
                    out.write(header)
                last = header[-1:]
                while chunk := file.read(CHUNK):
                    out.write(chunk)
                    last = chunk[-1:]
            if last != b"\n":
                out.write(b"\n")
    return replace(sheets[0], name="", records=Delimited(target, _of(Delimited, sheets[0]).dialect), header_row=1)


def _whole_parquet(sheets: Sequence[Sheet], files: Sequence[Path], folder: Path, opening: Opening) -> Sheet:
    """The parts in one file of text, with a column for each `column=value` among the names of folders."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    said = [_said_by_folders(file.relative_to(folder)) for file in files]
    if any(list(one) != list(said[0]) for one in said):
        raise opening.refused(
            "The folders of this table do not all say the same column=value.", "Write the table again."
        )
    target = opening.new_file()
    header = (*sheets[0].header, *said[0])
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(len(header))])
    with pq.ParquetWriter(target, schema) as writer:
        for sheet, constants in zip(sheets, said, strict=True):
            _append(writer, _of(Columnar, sheet).path, list(constants.values()), schema)
    return replace(sheets[0], name="", header=named(list(header)), records=Columnar(target))


def _append(writer: pq.ParquetWriter, path: Path, constants: Sequence[str], schema: object) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches():
        columns = [column.cast(pa.string()) for column in batch.columns]
        columns += [pa.repeat(pa.scalar(text, pa.string()), batch.num_rows) for text in constants]
        writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _said_by_folders(path: Path) -> dict[str, str]:
    """The columns that the names of folders hold."""
    from urllib.parse import unquote

    pairs = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return {unquote(name): unquote(value) for name, _, value in pairs}
