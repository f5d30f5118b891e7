"""An interrupt that reaches the engine within a query is one of the run, in whichever way the engine says so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.aside import Done
from pipeline.engine.on_duckdb import DuckDB


def engine_that_raises(problem: Exception) -> Any:
    def raises(_: str) -> None:
        raise problem

    engine: Any = object.__new__(DuckDB)
    engine._connecting = Done(SimpleNamespace(con=SimpleNamespace(execute=raises, sql=raises)))
    engine._shelf = None
    return engine


@pytest.mark.parametrize("way", ["_execute", "_collected"])
@pytest.mark.parametrize("problem", [duckdb.InterruptException("INTERRUPT"), RuntimeError("Query interrupted")])
def test_both_words_for_an_interrupt_are_one(problem: Exception, way: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        getattr(engine_that_raises(problem), way)("SELECT 1")


@pytest.mark.parametrize("way", ["_execute", "_collected"])
def test_any_other_fault_stays_what_it_is(way: str) -> None:
    with pytest.raises(RuntimeError, match="something else"):
        getattr(engine_that_raises(RuntimeError("something else")), way)("SELECT 1")
