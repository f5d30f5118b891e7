"""The seam between what is computed and what computes it.

Everything that touches people is an Ibis expression; an `Engine` reads files into tables, holds what is reused, and
writes. This is the only module that imports a query engine. Adding one means adding a class here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.errors import CannotReadOrWrite, UsageError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa

ROW = "(row)"
"""Name of the column with the row number of a file: the header is row 1, the first record row 2. No export calls a
column of its own like that."""


class CannotParse(Exception):
    """The engine met a record that does not fit its file. It carries no text of the file."""


class NotAmong(Exception):
    """A column holds a text that is not among the words it was said to hold. It does not say which."""


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written."""

    delimiter: str


Words = Mapping[str, Sequence[str]]
"""Column → every text that it may hold. Engines that can will store such a column as small numbers."""


class Engine(Protocol):
    """What the pipeline asks of a query engine."""

    name: str

    def read_csv(self, path: Path, dialect: Dialect, names: Sequence[str]) -> ir.Table:
        """The records below the header, all columns as text under these names, blank cells as NULL. Not read yet."""

    def read_parquet(self, path: Path, names: Sequence[str]) -> ir.Table:
        """The same for a Parquet file: whole numbers without a point, dates as year-month-day."""

    def read_cells(self, cells: pa.Table, names: Sequence[str]) -> ir.Table:
        """The same for rows in memory; the table's column `ROW` comes along."""

    def stage(self, records: ir.Table, *, first_row: int, words: Words) -> ir.Table:
        """Records as they were read, computed once, with `ROW` counted from `first_row` unless it is there.

        CannotParse for a record that does not fit the file, NotAmong for a text that is not among the words.
        """

    def hold(self, expression: ir.Table, words: Words | None = None) -> ir.Table:
        """The expression computed once, to be used many times."""

    def from_arrow(self, table: pa.Table) -> ir.Table:
        """A small table in memory."""

    def tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each column of text: each text in it → in how many rows, in the order of the texts. Without blanks."""

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
        self._tallied: dict[str, dict[str, dict[str, int]]] = {}

    def read_csv(self, path: Path, dialect: Dialect, names: Sequence[str]) -> ir.Table:
        """See `Engine.read_csv`."""
        # Columns are numbered while they are read: a header may be a word that the engine keeps for itself.
        numbered = [f"c{place}" for place in range(len(names))]
        types = "{" + ", ".join(f"{name}: 'VARCHAR'" for name in numbered) + "}"
        source = (
            f"read_csv({_literal(str(path))}, delim = {_literal(dialect.delimiter)}, quote = '\"', escape = '\"', "
            f"header = true, auto_detect = false, compression = 'none', columns = {types}, strict_mode = true, "
            f"null_padding = false, max_line_size = 16777216)"
        )
        return self._view(source, dict(zip(numbered, names, strict=True)))

    def read_parquet(self, path: Path, names: Sequence[str]) -> ir.Table:
        """See `Engine.read_parquet`."""
        import duckdb

        numbered = [f"c{place}" for place in range(len(names))]
        source = f"read_parquet({_literal(str(path))}) AS t({', '.join(numbered)})"
        try:
            kinds = {name: kind for name, kind, *_ in self._execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        except duckdb.Error:
            raise CannotParse from None
        return self._view(source, {_as_text(name, kinds[name]): of for name, of in zip(numbered, names, strict=True)})

    def read_cells(self, cells: pa.Table, names: Sequence[str]) -> ir.Table:
        """See `Engine.read_cells`."""
        return self.from_arrow(cells.rename_columns([*names, ROW]))

    def from_arrow(self, table: pa.Table) -> ir.Table:
        """A small table in memory."""
        name = self._new_name()
        self._connection.con.register(name, table)
        return self._table(name)

    def stage(self, records: ir.Table, *, first_row: int, words: Words) -> ir.Table:
        """See `Engine.stage`."""
        import duckdb

        # A DuckDB error quotes the record it stumbled on: it must not reach a reader, so nothing is chained.
        try:
            staged = self.hold(records, words)
        except duckdb.ConversionException:
            if words:
                raise NotAmong from None
            raise CannotParse from None
        except (duckdb.InvalidInputException, duckdb.InternalException, duckdb.IOException):
            raise CannotParse from None
        if ROW in records.columns:
            return staged
        # Staged rows keep the order of the file, so the row id counts its records.
        name = self._new_name()
        row = f"CAST(rowid + {first_row} AS BIGINT) AS {_quoted(ROW)}"
        self._execute(f"CREATE TEMP VIEW {name} AS SELECT *, {row} FROM {staged.get_name()}")
        return self._table(name)

    def hold(self, expression: ir.Table, words: Words | None = None) -> ir.Table:
        """See `Engine.hold`."""
        name = self._new_name()
        sql = self._connection.compile(expression)
        if words:
            kept = [column for column in expression.columns if column in words]
            kinds = {column: f"ENUM({', '.join(_literal(word) for word in words[column])})" for column in kept}
            cast = ", ".join(f"CAST({_quoted(c)} AS {kind}) AS {_quoted(c)}" for c, kind in kinds.items())
            sql = f"SELECT * REPLACE ({cast}) FROM ({sql})" if cast else sql
        with self._lists_in_place():
            self._execute(f"CREATE TEMP TABLE {name} AS {sql}")
        return self._table(name)

    def tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """See `Engine.tally`."""
        # One query for all columns: compiling one for each would take longer than running them.
        # What is held does not change, so a column that was counted need not be counted again.
        source = self._connection.compile(table)
        known = self._tallied.setdefault(source, {})
        uncounted = [name for name in dict.fromkeys(columns) if name not in known]
        counts = [
            f"SELECT {place} AS place, CAST({_quoted(name)} AS VARCHAR) AS text, count(*) AS n FROM tallied "
            f"WHERE {_quoted(name)} IS NOT NULL GROUP BY {_quoted(name)}"
            for place, name in enumerate(uncounted)
        ]
        if counts:
            known |= {name: {} for name in uncounted}
            sql = f"WITH tallied AS ({source}) {' UNION ALL '.join(counts)} ORDER BY place, text"
            for place, text, n in self._execute(sql).fetchall():
                known[uncounted[place]][text] = n
        return {name: known[name] for name in columns}

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """See `Engine.frame`."""
        # DuckDB adds whole numbers in 128 bits and hands them over as floats; nothing is lost on the way back to 2^53.
        frame: pd.DataFrame = self._execute(self._connection.compile(expression)).df()
        kinds = expression.schema().items()
        counts = [name for name, kind in kinds if kind.is_integer() and frame[name].notna().all()]
        texts = [name for name, kind in kinds if kind.is_string()]
        return frame.astype({**dict.fromkeys(counts, "int64"), **dict.fromkeys(texts, "str")})

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

    @contextmanager
    def _lists_in_place(self) -> Iterator[None]:
        """Looks for a text in a list where the expression stands, and so only for the rows that get there.

        DuckDB otherwise joins every row with the list beforehand, also for the branch of a case that few rows reach.
        """
        self._execute("SET disabled_optimizers = 'in_clause'")
        try:
            yield
        finally:
            self._execute("RESET disabled_optimizers")

    def _execute(self, sql: str) -> Any:
        import duckdb

        try:
            return self._connection.con.execute(sql)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None

    def _view(self, source: str, columns: dict[str, str]) -> ir.Table:
        name = self._new_name()
        named = ", ".join(f"{expression} AS {_quoted(of)}" for expression, of in columns.items())
        self._execute(f"CREATE TEMP VIEW {name} AS SELECT {named} FROM {source}")
        return self._table(name)

    def _table(self, name: str) -> ir.Table:
        table: ir.Table = self._connection.table(name)
        return table

    def _new_name(self) -> str:
        self._held += 1
        return f"held_{self._held}"


def _as_text(column: str, kind: str) -> str:
    """A value as an analyst would write it: 21 and not 21.0, TRUE and not true."""
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {column} = floor({column}) THEN {whole} ELSE CAST({column} AS VARCHAR) END"
    text = f"CAST({column} AS VARCHAR)"
    return f"upper({text})" if kind == "BOOLEAN" else f"nullif({text}, '')"


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
