"""A real cluster: a master and two workers, one of which dies while it works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.million import NAME, write_wave
from tests.support.spark_cluster import cluster, connect_server
from tests.support.whole_run import REPOSITORY, lay_out, run_pipeline

SIZE = 100_000
"""Interviews: enough for a part on each of two workers."""

TABLES = ("ledger.csv", "findings.csv", "counts.parquet", "estimates.parquet", "pairs.parquet", "profiles.parquet")
MOMENTS = {"while it reads": 0, "while it counts": 1}
"""After how many stages a worker dies."""

READS_FOR = 10
"""Seconds after which it surely has begun to read, and has not finished."""


def tables(root: Path, wave: str) -> dict[str, bytes]:
    return {name: (root / "data" / "processed" / wave / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wave")
    write_wave(folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def expected(root: Path) -> dict[str, bytes]:
    """What the embedded engine finds."""
    assert run_pipeline(root, "indicators", "--wave", NAME).code == 0
    return tables(root, NAME)


@pytest.mark.parametrize("stages", MOMENTS.values(), ids=MOMENTS)
def test_a_worker_dies_and_the_job_ends_right(
    stages: int, root: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.rmtree(root / "data" / "processed", ignore_errors=True)
    with cluster(tmp_path) as there:
        command = [sys.executable, "-u", "-m", "pipeline", "indicators", "--engine", "spark"]
        run = subprocess.Popen(
            [*command, "--wave", NAME, "--root", str(root)],
            cwd=REPOSITORY,
            env={**os.environ, "SPARK_MASTER": there.address},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert run.stdout is not None
        for _ in range(stages):
            while "done:" not in (line := run.stdout.readline()):
                assert line, "the run ended before a stage was done"
        if not stages:
            time.sleep(READS_FOR)
        assert run.poll() is None, "the run ended before a worker died"
        there.lose_one()
        _, errors = run.communicate(timeout=600)
        assert run.returncode == 0, errors
    assert tables(root, NAME) == expected


def test_spark_connect_finds_the_same(tmp_path: Path) -> None:
    roots = {name: lay_out(tmp_path / name) for name in ("duckdb", "spark")}
    assert run_pipeline(roots["duckdb"], "indicators").code == 0
    with connect_server(tmp_path) as address:
        run = run_pipeline(roots["spark"], "indicators", "--engine", "spark", SPARK_REMOTE=address)
    assert run.code == 0, run.errors
    assert tables(roots["spark"], "2016-10") == tables(roots["duckdb"], "2016-10")


@pytest.mark.parametrize("name", ["SPARK_MASTER", "SPARK_REMOTE"])
def test_a_cluster_that_is_not_there(name: str, tmp_path: Path) -> None:
    address = {"SPARK_MASTER": "spark://127.0.0.1:1", "SPARK_REMOTE": "sc://127.0.0.1:1"}[name]
    run = run_pipeline(lay_out(tmp_path), "indicators", "--engine", "spark", **{name: address})
    assert run.code == 2
    assert address in run.errors
    assert "What to do" in run.errors
