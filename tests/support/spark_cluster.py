"""A real cluster of Spark's on this machine: a master and two workers, each a process of its own, on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine.spark_session import find_java

HOST = "127.0.0.1"
PATIENCE = 120
"""Seconds that something may take to start on a busy machine."""

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


@dataclass(frozen=True)
class Cluster:
    """address: for SPARK_MASTER. workers: their processes, each of which starts another one that works for it."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]

    def lose_one(self) -> None:
        """A worker dies as in a power cut, with everything that worked for it."""
        os.killpg(self.workers[0].pid, signal.SIGKILL)
        self.workers[0].wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running cluster. folder: where the logs and the spilled data go."""
    with _running(folder / "master.log", "spark-class", MASTER, "--host", HOST, "--port", "0", "--webui-port", "0"):
        address = _said(folder / "master.log", r"Starting Spark master at (spark://\S+)")[0]
        options = ("--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "2g", "--work-dir", str(folder))
        one, other = folder / "one.log", folder / "other.log"
        with (
            _running(one, "spark-class", WORKER, *options, address) as first,
            _running(other, "spark-class", WORKER, *options, address) as second,
        ):
            for log in (one, other):
                _said(log, "Successfully registered with master")
            yield Cluster(address, (first, second))


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """A running server for Spark Connect; its address for SPARK_REMOTE."""
    settings = {
        "spark.master": "local[2]",
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": "0",
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
        "spark.ui.enabled": "false",
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    log = folder / "connect.log"
    with _running(log, "spark-submit", "--class", CONNECT, *options, "spark-internal"):
        (port,) = _said(log, r"Spark Connect server started at: \S+?:(\d+)")
        yield f"sc://{HOST}:{port}"


@contextmanager
def _running(log: Path, program: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    import pyspark

    find_java()
    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_LOCAL_DIRS": str(log.parent)}
    with log.open("wb") as out:
        command = [str(home / "bin" / program), *arguments]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _said(log: Path, pattern: str) -> list[str]:
    """What a log says, once it does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := re.findall(pattern, log.read_text(encoding="utf-8", errors="replace")):
            return found
        time.sleep(0.2)
    raise AssertionError(f"{log.name} never said {pattern}:\n{log.read_text(encoding='utf-8', errors='replace')}")
