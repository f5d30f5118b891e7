"""The distributed engine: Spark, for what outgrows one machine. Nothing here loops over people or holds them all.

Records stay where they were read, in parts on the workers, and are read again from the files if a worker is lost. A
file that is not written plainly is read by the embedded engine and handed over, so that both read the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.aside import aside
from pipeline.coded import MOST_TEXTS, WHITE, Translation
from pipeline.delimited import plain_records
from pipeline.engine.lookups import in_place, looked_up
from pipeline.engine.promise import ROW, SHORT, Dialect, Words
from pipeline.engine.spark_files import one_file_if_one_part
from pipeline.engine.spark_session import start
from pipeline.errors import CannotReadOrWrite

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa
    import sqlglot.expressions as sge

    from pipeline.engine.on_duckdb import DuckDB

_CORRUPT = "(does not fit)"
_PART, _PLACE, _START = "(part)", "(place)", "(start)"
_PLACES_A_PART = (1 << 33) - 1
"""Spark numbers the rows of each part from a multiple of 2^33."""

_MOST_CASES = 64
"""More different results than these are looked up by a join."""

_ABOUT = 1.5
"""How far off a number of different texts may be that is only estimated."""


@dataclass(frozen=True)
class _Records:
    """Records as Spark keeps them. texts: the names of the columns of text."""

    frame: Any
    texts: tuple[str, ...]

    @cached_property
    def tallies(self) -> dict[str, dict[str, int]]:
        """For each column of at most `MOST_TEXTS` different texts: text → rows, in the order of the texts."""
        from pyspark.sql import functions as f

        if not self.texts:
            return {}
        about = self.frame.agg(*(f.approx_count_distinct(_column(name)) for name in self.texts)).collect()[0]
        maybe = [name for name, n in zip(self.texts, about, strict=True) if n <= _ABOUT * MOST_TEXTS]
        tallied = _tallied(self.frame, maybe)
        return {name: tally for name, tally in tallied.items() if len(tally) <= MOST_TEXTS}


class Spark:
    """The distributed engine. See `Engine` for what each method promises."""

    name = "spark"

    def __init__(self, spill: Path | None) -> None:
        self._spill = spill
        # Starting Spark takes long, and the first file can be looked at meanwhile.
        self._starting = aside(start, spill)
        self._held = 0
        self._records_of: dict[str, _Records] = {}
        self._counted: set[str] = set()
        self._persisted: dict[str, Any] = {}

    def read_csv(self, path: Path, dialect: Dialect, names: Sequence[str], first_row: int) -> ir.Table:
        """See `Engine.read_csv`."""
        expected = plain_records(path, dialect.delimiter, len(names))
        plain = self._read_plainly(path, dialect, names, first_row, expected) if expected is not None else None
        if plain is None:
            return self._handed_over(lambda reader: reader.read_csv(path, dialect, names, first_row))
        self._counted.add(plain.get_name())
        return plain

    def _read_plainly(
        self, path: Path, dialect: Dialect, names: Sequence[str], first_row: int, expected: int
    ) -> ir.Table | None:
        """Records that are a line each, read in parts by many; nothing if they are not as many as expected."""
        session = self._session
        import ibis
        from pyspark.sql import functions as f
        from pyspark.sql.types import StringType, StructField, StructType

        numbered = [f"c{place}" for place in range(len(names))]
        schema = StructType([StructField(name, StringType()) for name in (*numbered, _CORRUPT)])
        # What does not fit is marked rather than refused: a refusal would quote the record in the log of a worker.
        options = {"sep": dialect.delimiter, "quote": '"', "escape": '"', "header": True, "mode": "PERMISSIVE"}
        options["columnNameOfCorruptRecord"] = _CORRUPT
        with _shared(path):
            raw = session.read.csv(path.absolute().as_uri(), schema=schema, **options)
            trimmed = [_trimmed(f.col(n)).alias(name) for n, name in zip(numbered, names, strict=True)]
            start_of_part = f.col("_metadata.file_block_start").alias(_START)
            placed = raw.select(*trimmed, _column(_CORRUPT), start_of_part, *_places()).persist()
            try:
                parts = _parts(placed)
            except BaseException:
                placed.unpersist()
                raise
        if sum(n for _, n, _ in parts) != expected or any(corrupt for _, _, corrupt in parts):
            placed.unpersist()
            return None
        row = _row(parts, first_row)
        schema = ibis.schema({**dict.fromkeys(names, "string"), ROW: "int64"})
        return self._register(placed.select(*map(_column, names), row.alias(ROW)), schema, placed)

    def read_parquet(self, path: Path, names: Sequence[str], first_row: int) -> ir.Table:
        """See `Engine.read_parquet`."""
        # How a number or a day is written as text differs between engines, so one of them writes it for both.
        return self._handed_over(lambda reader: reader.read_parquet(path, names, first_row))

    def read_cells(self, cells: pa.Table, names: Sequence[str]) -> ir.Table:
        """See `Engine.read_cells`."""
        return self._handed_over(lambda reader: reader.read_cells(cells, names))

    def _handed_over(self, read: Callable[[DuckDB], ir.Table]) -> ir.Table:
        """What the embedded engine has read. CannotParse if it cannot."""
        import ibis

        from pipeline.engine.on_duckdb import DuckDB

        reader = DuckDB(self._spill)
        try:
            table = read(reader)
            records, counted = reader.written_out(table), reader.are_counted(table)
        finally:
            reader.close()
        frame = self._session.createDataFrame(records).persist()
        registered = self._register(frame, ibis.Schema.from_pyarrow(records.schema), frame)
        if counted:
            self._counted.add(registered.get_name())
        return registered

    def keep(self, expression: ir.Table) -> ir.Table:
        """See `Engine.keep`."""
        if self._is_records(expression):
            return expression
        frame = self._query(expression).persist()
        return self._register(frame, expression.schema(), frame)

    def forget(self, table: ir.Table) -> None:
        """See `Engine.forget`."""
        name = table.get_name()
        # The name stays: what is made from it finds it when it is worked out, which may be later.
        if self._records_of.pop(name, None) and name in self._persisted:
            self._persisted.pop(name).unpersist()

    def is_few(self, table: ir.Table, column: str) -> bool:
        """See `Engine.is_few`."""
        tally = self._records(table).tallies.get(column)
        return tally is not None and all(len(text) <= SHORT for text in tally)

    def outline(self, table: ir.Table, column: str) -> tuple[str, str] | None:
        """See `Engine.outline`. Nothing is known beforehand here, so each text is looked at."""
        return None

    def translate(self, table: ir.Table, kept: Sequence[str], new: Mapping[str, Translation]) -> ir.Table:
        """See `Engine.translate`."""
        many = {name: one for name, one in new.items() if _needs_join(one)}
        wide = looked_up(table, many, self.from_arrow)
        quick = {name: in_place(wide, one) for name, one in new.items() if name not in many}
        return self.step(wide.select(*kept, **quick, **{name: wide[name] for name in many}), {})

    def mark(self, table: ir.Table, name: str, rows: Collection[int]) -> ir.Table:
        """See `Engine.mark`."""
        import ibis
        import pyarrow as pa

        if rows:
            marked = self.from_arrow(pa.table({"marked": pa.array(sorted(set(rows)), pa.int64())}))
            joined = table.left_join(marked, table[ROW] == marked["marked"])
            result = self.step(joined.select(*table.columns, **{name: joined["marked"].notnull()}), {})
        else:
            result = self.step(table.mutate(**{name: ibis.literal(False)}), {})
        # The same records with a column more, so what was found out about their texts holds for these.
        self._records_of[result.get_name()] = self._records(table)
        return result

    def are_counted(self, table: ir.Table) -> bool:
        """See `Engine.are_counted`."""
        return table.op().name in self._counted

    def step(self, expression: ir.Table, words: Words) -> ir.Table:
        """See `Engine.step`."""
        name = self._new_name()
        self._query(expression).createOrReplaceTempView(name)
        return self._known(name, expression.schema())

    def hold(self, expression: ir.Table, words: Words | None = None) -> ir.Table:
        """See `Engine.hold`."""
        frame = self._query(expression).persist()
        name = self._new_name()
        frame.createOrReplaceTempView(name)
        self._persisted[name] = frame
        return self._known(name, expression.schema())

    def from_arrow(self, table: pa.Table) -> ir.Table:
        """A small table in memory, of which every worker gets a copy."""
        session = self._session
        import ibis
        from pyspark.sql import functions as f

        name = self._new_name()
        f.broadcast(session.createDataFrame(table)).createOrReplaceTempView(name)
        return self._known(name, ibis.Schema.from_pyarrow(table.schema))

    def tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """See `Engine.tally`."""
        known = self._records(table).tallies if self._is_records(table) else {}
        others = [name for name in dict.fromkeys(columns) if name not in known]
        tallied = known | _tallied(self._query(table), others)
        return {name: tallied[name] for name in columns}

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """See `Engine.frame`."""
        import pandas as pd

        result = self._query(expression).toArrow()
        columns = {}
        for name, kind in expression.schema().items():
            column = result[name]
            if kind.is_integer() and not column.null_count:
                columns[name] = column.to_pandas().astype("int64")
            elif kind.is_string():
                columns[name] = column.to_pandas().astype("str")
            else:
                columns[name] = column.to_pandas(date_as_object=False)
        return pd.DataFrame(columns)

    def write_parquet(self, table: ir.Table, path: Path, order: Sequence[str]) -> None:
        """See `Engine.write_parquet`. What one part does not hold becomes a folder of parts under the same name."""
        with _shared(path):
            ordered = self._query(table).sort(*map(_column, order))
            ordered.write.mode("overwrite").parquet(path.absolute().as_uri(), compression="zstd")
        one_file_if_one_part(path)

    def close(self) -> None:
        """See `Engine.close`."""
        self._session.stop()

    @property
    def _session(self) -> Any:
        # Whoever needs something of PySpark waits for it here first: two threads must not load it at once.
        return self._starting.result().session

    @property
    def _connection(self) -> Any:
        return self._starting.result().connection

    def _query(self, expression: ir.Table) -> Any:
        """An expression as a frame of Spark's, which is worked out when something is asked of it."""
        return self._session.sql(_for_java(self._connection.compiler.to_sqlglot(expression)))

    def _register(self, frame: Any, schema: ibis.Schema, persisted: Any) -> ir.Table:
        name = self._new_name()
        frame.createOrReplaceTempView(name)
        self._records_of[name] = _Records(frame, tuple(n for n, kind in schema.items() if kind.is_string()))
        self._persisted[name] = persisted
        return self._known(name, schema)

    def _is_records(self, table: ir.Table) -> bool:
        import ibis.expr.operations as ops

        held = table.op()
        return isinstance(held, ops.DatabaseTable) and held.name in self._records_of

    def _records(self, table: ir.Table) -> _Records:
        """How records are kept. TypeError for what is no records."""
        if not self._is_records(table):
            raise TypeError("this table was neither read nor kept")
        return self._records_of[table.get_name()]

    def _known(self, name: str, schema: ibis.Schema) -> ir.Table:
        import ibis.expr.operations as ops

        return ops.DatabaseTable(name=name, schema=schema, source=self._connection).to_expr()

    def _new_name(self) -> str:
        self._held += 1
        return f"held_{self._held}"


@contextmanager
def _shared(path: Path) -> Iterator[None]:
    """Turns what workers say of a file into a message with a next step. No text of a file gets into it."""
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException:
        raise CannotReadOrWrite(
            "Spark's workers cannot read or write this.",
            where=str(path),
            repair="Every machine of the cluster must see data/ under the same path, for instance on a network drive, "
            "and be allowed to read and write there. Nothing was changed.",
        ) from None


def _column(name: str) -> Any:
    """A column of whatever name."""
    from pyspark.sql import functions as f

    return f.col("`" + name.replace("`", "``") + "`")


def _trimmed(column: Any) -> Any:
    """A text without white space around it; NULL if nothing is left."""
    from pyspark.sql import functions as f

    return f.nullif(f.trim(column, f.lit(WHITE)), f.lit(""))


def _places() -> list[Any]:
    """Which part a row is in, and its place there."""
    from pyspark.sql import functions as f

    place = f.monotonically_increasing_id().bitwiseAND(f.lit(_PLACES_A_PART))
    return [f.spark_partition_id().alias(_PART), place.alias(_PLACE)]


def _parts(placed: Any) -> list[tuple[int, int, int]]:
    """The parts in which a file was read, in its order: number of the part, rows, rows that do not fit."""
    from pyspark.sql import functions as f

    counted = placed.groupBy(_PART).agg(
        f.min(_START).alias("start"), f.count(f.lit(1)).alias("rows"), f.count(_column(_CORRUPT)).alias("corrupt")
    )
    found = sorted(counted.collect(), key=lambda part: part["start"])
    return [(part[_PART], part["rows"], part["corrupt"]) for part in found]


def _row(parts: Sequence[tuple[int, int, int]], first_row: int) -> Any:
    """The number of a row in its file. The parts need not be numbered in the order of the file."""
    from pyspark.sql import functions as f

    first, row = {}, first_row
    for part, rows, _ in parts:
        first[part] = row
        row += rows
    firsts = [first.get(part, 0) for part in range(max(first, default=-1) + 1)]
    listed = f.array(*(f.lit(n).cast("long") for n in firsts or [first_row]))
    return f.get(listed, _column(_PART)) + _column(_PLACE)


def _tallied(frame: Any, columns: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each column: each text in it → in how many rows, in the order of the texts. One pass for all columns."""
    from pyspark.sql import functions as f

    if not columns:
        return {}
    pairs = [
        f.struct(f.lit(n).alias("place"), _column(name).cast("string").alias("text")) for n, name in enumerate(columns)
    ]
    each = frame.select(f.explode(f.array(*pairs)).alias("one")).select("one.place", "one.text")
    counted = each.where(f.col("text").isNotNull()).groupBy("place", "text").count().collect()
    tallied: dict[str, dict[str, int]] = {name: {} for name in columns}
    for place, text, n in sorted(counted):
        tallied[columns[place]][text] = n
    return tallied


def _needs_join(one: Translation) -> bool:
    """Whether there are so many different results that testing for each in turn would take too long."""
    return one.kind != "yes or no" and len(set(one.values.values())) > _MOST_CASES


def _for_java(query: sge.Expression) -> str:
    """A query in Spark's words. Java folds no letters but those of English in patterns, unless it is told to."""
    import sqlglot.expressions as sge

    for test in query.find_all(sge.RegexpLike):
        pattern = test.expression
        if isinstance(pattern, sge.Literal) and pattern.this.startswith("(?i)"):
            pattern.set("this", "(?iu)" + pattern.this.removeprefix("(?i)"))
    return str(query.sql(dialect="spark"))
