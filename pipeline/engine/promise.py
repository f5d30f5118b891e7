"""What the pipeline asks of a query engine, and the words that both sides use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.coded import Translation

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa

ROW = "(row)"
"""Name of the column with the row number of a file: the header is row 1, the first record row 2. No export calls a
column of its own like that."""


class CannotParse(Exception):
    """The engine met a record that does not fit its file. It carries no text of the file."""


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written."""

    delimiter: str


Words = Mapping[str, Sequence[str]]
"""Column → every text that it may hold. Engines that can will store such a column as small numbers."""

SHORT = 200
"""The longest text that is short."""


class Engine(Protocol):
    """What the pipeline asks of a query engine."""

    name: str

    def read_csv(self, path: Path, dialect: Dialect, names: Sequence[str], first_row: int) -> ir.Table:
        """The records below the header: all columns as text under these names, and `ROW`, counted from `first_row`.

        White space around texts is taken off; blank cells are NULL. CannotParse for a record that does not fit.
        """

    def read_parquet(self, path: Path, names: Sequence[str], first_row: int) -> ir.Table:
        """The same for a Parquet file: whole numbers without a point, dates as year-month-day."""

    def read_cells(self, cells: pa.Table, names: Sequence[str]) -> ir.Table:
        """The same for rows in memory; the table's column `ROW` comes along."""

    def keep(self, expression: ir.Table) -> ir.Table:
        """Records computed once, in the way in which those that were read are kept: columns of text, and `ROW`."""

    def forget(self, table: ir.Table) -> None:
        """Gives back what holds records that nothing needs any more."""

    def is_few(self, table: ir.Table, column: str) -> bool:
        """Whether a column of records has so few and so short texts that each may be looked at by itself."""

    def outline(self, table: ir.Table, column: str) -> tuple[str, str] | None:
        """The lowest and the highest sign in each place of a column's texts, where they are equally long."""

    def translate(self, table: ir.Table, kept: Sequence[str], new: Mapping[str, Translation]) -> ir.Table:
        """These columns of records, and new ones, in which each text of a column is replaced."""

    def mark(self, table: ir.Table, name: str, rows: Collection[int]) -> ir.Table:
        """Records with a column that says whether a row is among these."""

    def are_counted(self, table: ir.Table) -> bool:
        """Whether it is sure that each record is one line of its file, and each line a record."""

    def step(self, expression: ir.Table, words: Words) -> ir.Table:
        """The expression as a step of its own, to be used once: what is built on it does not repeat it."""

    def hold(self, expression: ir.Table, words: Words | None = None) -> ir.Table:
        """The expression computed once, to be used many times. words: all that its columns may hold."""

    def from_arrow(self, table: pa.Table) -> ir.Table:
        """A small table in memory."""

    def tally(self, table: ir.Table, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each column of text: each text in it → in how many rows, in the order of the texts. Without blanks."""

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """A small result, as pandas."""

    def write_parquet(self, table: ir.Table, path: Path, order: Sequence[str]) -> None:
        """The rows of a table in the order of these columns."""

    def close(self) -> None:
        """Gives back what the engine holds."""
