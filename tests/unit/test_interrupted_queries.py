"""An interrupt that reaches the engine within a query is one of the run, in whichever way the engine says so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.aside import Done
from pipeline.engine.on_duckdb import DuckDB


def engine_that_raises(problem: Exception) -> Any:
    def execute(_: str) -> None:
        raise problem

    engine: Any = object.__new__(DuckDB)
    engine._connecting = Done(SimpleNamespace(con=SimpleNamespace(execute=execute)))
    engine._shelf = None
    return engine


@pytest.mark.parametrize("problem", [duckdb.InterruptException("INTERRUPT"), RuntimeError("Query interrupted")])
def test_both_words_for_an_interrupt_are_one(problem: Exception) -> None:
    with pytest.raises(KeyboardInterrupt):
        engine_that_raises(problem)._execute("SELECT 1")


def test_any_other_fault_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="something else"):
        engine_that_raises(RuntimeError("something else"))._execute("SELECT 1")
