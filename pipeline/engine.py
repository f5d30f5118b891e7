"""The seam between what is computed and what computes it.

Everything that touches people is an Ibis expression; an `Engine` reads files into tables, holds what is reused, and
writes. This is the only module that imports a query engine. Adding one means adding a class here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.errors import CannotReadOrWrite, UsageError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

ROW = "(row)"
"""Name of the column with the row number of a file: the header is row 1, the first record row 2. No export calls a
column of its own like that."""


class CannotParse(Exception):
    """The engine met a record that does not fit its file. It carries no text of the file."""


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written."""

    delimiter: str


class Engine(Protocol):
    """What the pipeline asks of a query engine."""

    name: str

    def read_csv(self, path: Path, dialect: Dialect, header: list[str]) -> ir.Table:
        """All columns as text under these names, blank cells as NULL, plus `ROW`. CannotParse for a bad record."""

    def hold(self, expression: ir.Table) -> ir.Table:
        """The expression computed once, to be used many times."""

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """A small result, as pandas."""

    def write_parquet(self, expression: ir.Table, path: Path) -> None:
        """The rows in the order that the expression gives them."""

    def close(self) -> None:
        """Gives back what the engine holds."""


class DuckDB:
    """The embedded engine, and the default."""

    name = "duckdb"

    def __init__(self) -> None:
        import ibis

        # Progress is ours to show, and no extension may be fetched over the network.
        self._connection: Any = ibis.duckdb.connect()
        for setting in (
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET enable_progress_bar = false",
            "SET preserve_insertion_order = true",
        ):
            self._execute(setting)
        self._held = 0

    def read_csv(self, path: Path, dialect: Dialect, header: list[str]) -> ir.Table:
        """See `Engine.read_csv`."""
        import duckdb

        # Columns are numbered while they are read: a header may be a word that the engine keeps for itself.
        numbered = [f"c{place}" for place in range(len(header))]
        names = "{" + ", ".join(f"{name}: 'VARCHAR'" for name in numbered) + "}"
        raw = self._new_name()
        # A DuckDB error quotes the record it stumbled on: it must not reach a reader, so nothing is chained.
        try:
            self._execute(
                f"CREATE TEMP TABLE {raw} AS SELECT * FROM read_csv({_literal(str(path))}, "
                f"delim = {_literal(dialect.delimiter)}, quote = '\"', escape = '\"', header = false, skip = 0, "
                f"auto_detect = false, compression = 'none', columns = {names}, strict_mode = true, "
                f"null_padding = false, max_line_size = 16777216)"
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            raise CannotParse from None
        # Staged rows keep the order of the file, so the row id counts its records; the first is the header.
        staged = self._new_name()
        named = ", ".join(f"{place} AS {_quoted(name)}" for place, name in zip(numbered, header, strict=True))
        row = f"CAST(rowid + 1 AS BIGINT) AS {_quoted(ROW)}"
        self._execute(f"CREATE TEMP TABLE {staged} AS SELECT {named}, {row} FROM {raw} WHERE rowid > 0")
        self._execute(f"DROP TABLE {raw}")
        return self._table(staged)

    def hold(self, expression: ir.Table) -> ir.Table:
        """See `Engine.hold`."""
        name = self._new_name()
        self._execute(f"CREATE TEMP TABLE {name} AS {self._connection.compile(expression)}")
        return self._table(name)

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """See `Engine.frame`."""
        # DuckDB adds whole numbers in 128 bits and hands them over as floats; nothing is lost on the way back to 2^53.
        frame: pd.DataFrame = self._execute(self._connection.compile(expression)).df()
        counts = [name for name, kind in expression.schema().items() if kind.is_integer() and frame[name].notna().all()]
        return frame.astype(dict.fromkeys(counts, "int64"))

    def write_parquet(self, expression: ir.Table, path: Path) -> None:
        """See `Engine.write_parquet`."""
        import duckdb

        sql = self._connection.compile(expression)
        try:
            self._execute(f"COPY ({sql}) TO {_literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException:
            raise CannotReadOrWrite(
                "Cannot write this file: the disk is full, or writing there is not allowed.",
                where=str(path),
                repair="Free some space or ask for permission, then run the command again; nothing was changed.",
            ) from None

    def close(self) -> None:
        """See `Engine.close`."""
        self._connection.disconnect()

    def _execute(self, sql: str) -> Any:
        import duckdb

        try:
            return self._connection.con.execute(sql)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None

    def _table(self, name: str) -> ir.Table:
        table: ir.Table = self._connection.table(name)
        return table

    def _new_name(self) -> str:
        self._held += 1
        return f"held_{self._held}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


ENGINES: dict[str, type[DuckDB]] = {"duckdb": DuckDB}


def connect(name: str) -> Engine:
    """The engine of this name. UsageError for one that is not there."""
    if name not in ENGINES:
        raise UsageError(f'There is no engine "{name}".', where="ENGINE", repair=f"Use one of: {', '.join(ENGINES)}.")
    return ENGINES[name]()
