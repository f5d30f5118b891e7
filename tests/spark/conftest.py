"""Everything here runs Spark, which starts slowly: it belongs to `make test-long`, which installs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engine import Engine, connect

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Spark on this machine, in place of the embedded engine."""
    connection = connect("spark", tmp_path_factory.mktemp("spilled"))
    yield connection
    connection.close()
