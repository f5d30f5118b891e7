"""The seam between what is computed and what computes it.

Everything that touches people is an Ibis expression; an `Engine` reads files into tables, holds what is reused, and
writes. Only this package imports a query engine. Adding one means adding a module here that keeps the `promise`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.engine.promise import ROW, CannotParse, Dialect, Engine, Words
from pipeline.errors import UsageError

__all__ = ["ENGINES", "ROW", "CannotParse", "Dialect", "Engine", "Words", "connect"]


def connect(name: str, spill: Path | None = None) -> Engine:
    """The engine of this name. UsageError for one that is not there, or that lacks something on this machine.

    spill: an existing private folder for what does not fit into memory; without it everything has to fit.
    """
    if name not in ENGINES:
        raise UsageError(f'There is no engine "{name}".', where="ENGINE", repair=f"Use one of: {', '.join(ENGINES)}.")
    return ENGINES[name](spill)


def _duckdb(spill: Path | None) -> Engine:
    from pipeline.engine.on_duckdb import DuckDB

    return DuckDB(spill)


def _spark(spill: Path | None) -> Engine:
    from pipeline.engine.on_spark import Spark

    return Spark(spill)


ENGINES: dict[str, Callable[[Path | None], Engine]] = {"duckdb": _duckdb, "spark": _spark}
