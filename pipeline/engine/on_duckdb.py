"""The embedded engine, and the default: DuckDB, with records kept in memory in a form that makes looking cheap."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.aside import aside
from pipeline.coded import Coded, Column, Texts, Translation, encode, joined, outline
from pipeline.delimited import read_plainly
from pipeline.engine.lookups import looked_up
from pipeline.engine.memory import memory
from pipeline.engine.promise import ROW, SHORT, CannotParse, Dialect, Words
from pipeline.errors import CannotReadOrWrite
from pipeline.shelf import Shelf
from pipeline.word_types import hold_as

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa

_BATCH = 200_000
"""Rows that are handed over together."""

_MUCH = 1 << 30
"""Bytes of a file, of which columns of many texts need not stay in memory."""

_PART, _LEAST = 16, 1 << 29
"""DuckDB may use one part in so many of the machine's memory, and this much at least; what is more goes to the disk."""


class DuckDB:
    """The embedded engine. See `Engine` for what each method promises."""

    name = "duckdb"

    def __init__(self, spill: Path | None = None) -> None:
        # Connecting loads much code, and the first file can be read meanwhile.
        self._connecting = aside(_connect, spill)
        self._shelf = Shelf(spill) if spill is not None else None
        self._held = 0
        self._tallied: dict[str, dict[str, dict[str, int]]] = {}
        self._coded: dict[str, Coded] = {}
        self._sources: dict[str, str] = {}
        self._counted: set[str] = set()
        self._enums: dict[tuple[str, ...], str] = {}

    def read_csv(self, path: Path, dialect: Dialect, names: Sequence[str], first_row: int) -> ir.Table:
        """See `Engine.read_csv`."""
        shelf = self._shelf if path.stat().st_size > _MUCH else None
        plain = read_plainly(path, dialect.delimiter, names, shelf)
        records = self._register(_numbered(plain or self._read_csv(path, dialect, names), first_row))
        if plain:
            self._counted.add(records.get_name())
        return records

    def _read_csv(self, path: Path, dialect: Dialect, names: Sequence[str]) -> Coded:
        """The same for text that is not written plainly."""
        # Columns are numbered while they are read: a header may be a word that the engine keeps for itself.
        numbered = [f"c{place}" for place in range(len(names))]
        types = "{" + ", ".join(f"{name}: 'VARCHAR'" for name in numbered) + "}"
        source = (
            f"read_csv({_literal(str(path))}, delim = {_literal(dialect.delimiter)}, quote = '\"', escape = '\"', "
            f"header = true, auto_detect = false, compression = 'none', columns = {types}, strict_mode = true, "
            f"null_padding = false, max_line_size = 16777216)"
        )
        return self._collected(_select(dict(zip(numbered, names, strict=True)), source))

    def read_parquet(self, path: Path, names: Sequence[str], first_row: int) -> ir.Table:
        """See `Engine.read_parquet`."""
        import duckdb

        numbered = [f"c{place}" for place in range(len(names))]
        source = f"read_parquet({_literal(str(path))}) AS t({', '.join(numbered)})"
        try:
            kinds = {name: kind for name, kind, *_ in self._execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        except duckdb.Error:
            raise CannotParse from None
        columns = {_as_text(name, kinds[name]): of for name, of in zip(numbered, names, strict=True)}
        return self._register(_numbered(self._collected(_select(columns, source)), first_row))

    def read_cells(self, cells: pa.Table, names: Sequence[str]) -> ir.Table:
        """See `Engine.read_cells`."""
        return self._register(encode(cells.rename_columns([*names, ROW])))

    def from_arrow(self, table: pa.Table) -> ir.Table:
        """A small table in memory."""
        import ibis

        name = self._new_name()
        self._connection.con.register(name, table)
        return self._known(name, ibis.Schema.from_pyarrow(table.schema))

    def keep(self, expression: ir.Table) -> ir.Table:
        """See `Engine.keep`."""
        if self._coded_as(expression):
            return expression
        kept = self._kept_already(expression)
        others = [name for name in expression.columns if name not in kept]
        worked_out = self._collected(self._connection.compile(expression.select(others))) if others else None
        found = {**kept, **(worked_out.columns if worked_out else {})}
        return self._register(Coded({name: found[name] for name in expression.columns}))

    def _kept_already(self, expression: ir.Table) -> dict[str, Column]:
        """The columns that are taken over from records as they are: these need not be worked out again."""
        import ibis.expr.operations as ops

        chosen = expression.op()
        coded = self._coded_as(chosen.parent.to_expr()) if isinstance(chosen, ops.Project) else None
        if coded is None:
            return {}
        fields = {name: value.name for name, value in chosen.values.items() if isinstance(value, ops.Field)}
        return {name: coded.columns[of] for name, of in fields.items()}

    def forget(self, table: ir.Table) -> None:
        """See `Engine.forget`."""
        name = table.get_name()
        if self._coded.pop(name, None):
            self._execute(f"DROP VIEW {name}")
            self._connection.con.unregister(self._sources.pop(name))

    def is_few(self, table: ir.Table, column: str) -> bool:
        """See `Engine.is_few`."""
        coded = self._coded_as(table)
        texts = coded.columns[column] if coded else None
        return isinstance(texts, Texts) and all(len(text) <= SHORT for text in texts.texts)

    def outline(self, table: ir.Table, column: str) -> tuple[str, str] | None:
        """See `Engine.outline`."""
        coded = self._coded_as(table)
        return outline(coded.columns[column]) if coded else None

    def translate(self, table: ir.Table, kept: Sequence[str], new: Mapping[str, Translation]) -> ir.Table:
        """See `Engine.translate`."""
        coded = self._records(table)
        slow = {name: one for name, one in new.items() if not coded.is_few(one.source)}
        if slow:
            coded = self._records(self.keep(looked_up(table, slow, self.from_arrow).order_by(ROW)))
        quick = {name: coded.translated(one) for name, one in new.items() if name not in slow}
        return self._register(Coded({**{name: coded.columns[name] for name in (*kept, *slow)}, **quick}))

    def mark(self, table: ir.Table, name: str, rows: Collection[int]) -> ir.Table:
        """See `Engine.mark`."""
        import numpy as np
        import pyarrow as pa

        coded = self._records(table)
        numbers = np.asarray(coded.columns[ROW])
        marked = np.zeros(max(numbers.max(initial=0), *rows, 0) + 1, np.bool_)
        marked[list(rows)] = True
        is_among = marked[numbers]
        return self._register(Coded({**coded.columns, name: pa.chunked_array([is_among])}))

    def are_counted(self, table: ir.Table) -> bool:
        """See `Engine.are_counted`."""
        return table.op().name in self._counted

    def step(self, expression: ir.Table, words: Words) -> ir.Table:
        """See `Engine.step`."""
        # Ibis writes one selection into the next, so that what is used several times is worked out several times.
        name = self._new_name()
        self._execute(f"CREATE TEMP VIEW {name} AS {self._in_words(expression, words)}")
        return self._known(name, expression.schema())

    def hold(self, expression: ir.Table, words: Words | None = None) -> ir.Table:
        """See `Engine.hold`."""
        name = self._new_name()
        with self._lists_in_place():
            self._execute(f"CREATE TEMP TABLE {name} AS {self._in_words(expression, words or {})}")
        return self._known(name, expression.schema())

    def _in_words(self, expression: ir.Table, words: Words) -> str:
        """The query for an expression, with the columns that hold words of a list as the engine's type for these."""
        query = self._connection.compiler.to_sqlglot(expression)
        hold_as(query, {name: self._enum(tuple(words[name])) for name in expression.columns if name in words})
        return str(query.sql(dialect="duckdb"))

    def tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """See `Engine.tally`."""
        coded = self._coded_as(table)
        few = {name: coded.columns[name] for name in columns} if coded else {}
        tallied = {name: texts.tally for name, texts in few.items() if isinstance(texts, Texts)}
        return tallied | self._tally(table, [name for name in columns if name not in tallied])

    def _tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
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

    def write_parquet(self, table: ir.Table, path: Path, order: Sequence[str]) -> None:
        """See `Engine.write_parquet`."""
        import duckdb

        # Sorting takes longer than writing, and what was read in order mostly still is.
        sql = self._connection.compile(table if self._is_in_order(table, order) else table.order_by(list(order)))
        try:
            self._execute(f"COPY ({sql}) TO {_literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException:
            raise CannotReadOrWrite(
                "Cannot write this file: the disk is full, or writing there is not allowed.",
                where=str(path),
                repair="Free some space or ask for permission, then run the command again; nothing was changed.",
            ) from None

    def _is_in_order(self, table: ir.Table, order: Sequence[str]) -> bool:
        comes_later = "false"
        for column in reversed([_quoted(name) for name in order]):
            before = f"lag({column}) OVER ()"
            comes_later = f"{column} > {before} OR ({column} = {before} AND ({comes_later}))"
        sql = self._connection.compile(table)
        unordered = f"SELECT coalesce({comes_later}, row_number() OVER () = 1) AS fits FROM ({sql})"
        return bool(self._execute(f"SELECT bool_and(fits) FROM ({unordered})").fetchone()[0])

    def written_out(self, table: ir.Table) -> pa.Table:
        """Records as a table in memory, for another engine."""
        import pyarrow as pa

        columns = self._records(table).columns
        return pa.table({n: c.written_out() if isinstance(c, Texts) else c for n, c in columns.items()})

    def close(self) -> None:
        """See `Engine.close`."""
        self._connection.disconnect()

    @property
    def _connection(self) -> Any:
        return self._connecting.result()

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
        try:
            with _one_word_for_interrupts():
                return self._connection.con.execute(sql)
        finally:
            if self._shelf is not None:
                self._shelf.give_back()

    def _collected(self, sql: str) -> Coded:
        """The result of a query, in its order. CannotParse if a file that it reads is not what it should be."""
        import duckdb
        import pyarrow as pa

        # A DuckDB error quotes the record it stumbled on: it must not reach a reader, so nothing is chained.
        try:
            with _one_word_for_interrupts():
                batches = self._connection.con.sql(sql).to_arrow_reader(_BATCH)
                parts = [encode(pa.Table.from_batches([batch])) for batch in batches]
        except (duckdb.Error, pa.ArrowException, OSError) as problem:
            # While batches are fetched, every error of DuckDB comes as one of the system.
            if "INTERRUPT" in str(problem):
                raise KeyboardInterrupt from None
            raise CannotParse from None
        return joined(parts) if parts else encode(batches.schema.empty_table())

    def _register(self, coded: Coded) -> ir.Table:
        """Records under a name. The engine sees their texts, and works on what stands for them."""
        import ibis
        import pyarrow as pa

        source, name = self._new_name(), self._new_name()
        numbered = {f"c{n}": column for n, column in enumerate(coded.columns.values())}
        stored = {n: pa.array(c.codes) if isinstance(c, Texts) else c for n, c in numbered.items()}
        self._connection.con.register(source, pa.table(stored))
        spelt = {n: self._spelt(n, column) for n, column in numbered.items()}
        columns = dict(zip(spelt.values(), coded.columns, strict=True))
        self._execute(f"CREATE TEMP VIEW {name} AS {_select(columns, source)}")
        self._coded[name], self._sources[name] = coded, source
        return self._known(name, ibis.schema({n: _kind(column) for n, column in coded.columns.items()}))

    def _spelt(self, column: str, of: Column) -> str:
        if not isinstance(of, Texts):
            return column
        if not of.texts:
            return f"CAST(nullif({column}, -1) AS VARCHAR)"
        kind = self._enum(of.texts)
        return f"list_extract(CAST(enum_range(CAST(NULL AS {kind})) AS {kind}[]), {column} + 1)"

    def _enum(self, words: tuple[str, ...]) -> str:
        """The name of the engine's type for these words."""
        if words not in self._enums:
            self._enums[words] = f"words_{len(self._enums) + 1}"
            self._execute(f"CREATE TYPE {self._enums[words]} AS ENUM ({', '.join(map(_literal, words))})")
        return self._enums[words]

    def _records(self, table: ir.Table) -> Coded:
        """How records are kept. TypeError for what is no records."""
        coded = self._coded_as(table)
        if coded is None:
            raise TypeError("this table was neither read nor kept")
        return coded

    def _coded_as(self, table: ir.Table) -> Coded | None:
        """How records are kept; None for what is no records."""
        import ibis.expr.operations as ops

        held = table.op()
        return self._coded.get(held.name) if isinstance(held, ops.DatabaseTable) else None

    def _known(self, name: str, schema: ibis.Schema) -> ir.Table:
        """A table or view of which it is known what it holds, so that the engine need not be asked."""
        import ibis.expr.operations as ops

        return ops.DatabaseTable(name=name, schema=schema, source=self._connection).to_expr()

    def _new_name(self) -> str:
        self._held += 1
        return f"held_{self._held}"


@contextmanager
def _one_word_for_interrupts() -> Iterator[None]:
    """Makes an interrupt of whatever the engine says of one: it has another word where it looks for signals itself."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as problem:
        if "interrupted" in str(problem):
            raise KeyboardInterrupt from None
        raise


def _connect(spill: Path | None) -> Any:
    import ibis

    connection = ibis.duckdb.connect()
    # Progress is ours to show, and no extension may be fetched over the network. Without a folder of ours nothing is
    # spilled: DuckDB would put people's answers into a folder that nobody clears away.
    for setting in (
        f"SET temp_directory = {_literal(str(spill or ''))}",
        *([f"SET memory_limit = '{max(_LEAST, memory(otherwise=0) // _PART) >> 20} MiB'"] if spill is not None else []),
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET enable_progress_bar = false",
        "SET preserve_insertion_order = true",
    ):
        connection.con.execute(setting)
    return connection


def _kind(column: Column) -> ibis.DataType:
    import ibis.expr.datatypes as dt

    return dt.string if isinstance(column, Texts) else dt.DataType.from_pyarrow(column.type)


def _numbered(records: Coded, first_row: int) -> Coded:
    """The records with `ROW`."""
    import numpy as np
    import pyarrow as pa

    rows = pa.array(np.arange(first_row, first_row + records.rows, dtype=np.int64))
    return Coded({**records.columns, ROW: pa.chunked_array([rows])})


def _select(columns: Mapping[str, str], source: str) -> str:
    """columns: expression → what to call it."""
    return f"SELECT {', '.join(f'{what} AS {_quoted(name)}' for what, name in columns.items())} FROM {source}"


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
