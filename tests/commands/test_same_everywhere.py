"""The same wave gives the same release: whatever the order of rows, files, threads, settings, clock and Python.

On every change all settings are varied together (`golden/test_report.py`); here, in `make test-long`, one by one.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden.tables import DIGESTS, digests
from tests.support.pythons import SUPPORTED, environment_of, find_python
from tests.support.whole_run import REPOSITORY, WAVE, Run, lay_out, run_pipeline, run_program

EXPORT = "fms_2016_10.csv"
TELLS_OF_THE_EXPORT = {"manifest.json", "annex.xlsx", "report.pdf", "short.pdf", "brief.pdf", "datapackage.json"}
"""Files that state the hash or the name of the export."""


def test_tables_are_those_that_every_machine_and_python_gave(shipped_run: Run) -> None:
    assert digests(shipped_run.reports) == DIGESTS.read_text(encoding="utf-8"), (
        "If numbers are meant to move: python -m tests.golden.rewrite, and say in CHANGELOG.md which"
    )


def files(run: Run) -> dict[str, bytes]:
    """Everything that a run has written, for readers and for the analyst, by its place."""
    return {
        str(path.relative_to(run.root)): path.read_bytes()
        for folder in (run.reports, run.processed)
        for path in folder.rglob("*")
        if path.is_file()
    }


def different(one: Run, other: Run) -> list[str]:
    """Files that are not the same in both."""
    mine, others = files(one), files(other)
    return sorted(name for name in {*mine, *others} if mine.get(name) != others.get(name))


# --- settings: every file ----------------------------------------------------------------------------------------

SETTINGS = {
    "hashes": {"PYTHONHASHSEED": "1"},
    "other hashes": {"PYTHONHASHSEED": "4294967295"},
    "the east": {"TZ": "Pacific/Kiritimati"},
    "the west": {"TZ": "Etc/GMT+12"},
    "plain": {"LC_ALL": "C"},
    "ASCII": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "German": {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    # In which a capital i has a dot, and the decimal sign is a comma.
    "Turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "a day of its own": {"SOURCE_DATE_EPOCH": "0"},
    "one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    "many threads": {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7"},
}


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Locales that a bare machine lacks, made from their sources."""
    folder = tmp_path_factory.mktemp("locales")
    for name in ("de_DE", "tr_TR"):
        made = folder / f"{name}.UTF-8"
        subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(made)], check=True, capture_output=True)
    return str(folder)


@pytest.mark.long
@pytest.mark.parametrize("name", SETTINGS)
def test_every_file_is_the_same_whatever_is_set(name: str, shipped_run: Run, locales: str, tmp_path: Path) -> None:
    run = run_pipeline(lay_out(tmp_path), "report", LOCPATH=locales, **SETTINGS[name])
    assert run.code == 0, run.errors
    assert different(run, shipped_run) == []


THREADS = """
import pipeline.engine.on_duckdb as engine
connect = engine._connect
def connect_with(spill, threads={threads}):
    connection = connect(spill)
    connection.con.execute(f"SET threads = {{threads}}")
    return connection
engine._connect = connect_with
"""
CLOCK = """
import itertools, time
back = itertools.count(1_000_000_000, -3600)
time.time = lambda: next(back)
time.time_ns = lambda: next(back) * 10**9
"""
ANEW = """
from pipeline import aside
aside.way_to_begin = lambda: "spawn"
from pipeline.report import painter
painter.way_to_begin = aside.way_to_begin
"""
PATCHES = {
    **{f"{n} threads": THREADS.format(threads=n) for n in (1, 2, 7)},
    "a clock that goes back": CLOCK,
    "processes that begin anew": ANEW,
}


@pytest.mark.long
@pytest.mark.parametrize("name", PATCHES)
def test_every_file_is_the_same_whatever_is_patched(name: str, shipped_run: Run, tmp_path: Path) -> None:
    program = f"{PATCHES[name]}\nimport sys\nfrom pipeline.command_line import main\n"
    program += "if __name__ == '__main__':\n    sys.exit(main(sys.argv[1:]))\n"
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    run = run_program([str(tmp_path / "program.py")], lay_out(tmp_path / "root"), "report", PYTHONPATH=str(REPOSITORY))
    assert run.code == 0, run.errors
    assert different(run, shipped_run) == []


# --- rows and files: tables and figures --------------------------------------------------------------------------


def shuffled(folder: Path) -> None:
    """The rows of the export in another order."""
    head, *rows = (folder / EXPORT).read_bytes().splitlines(keepends=True)
    random.Random(1).shuffle(rows)
    (folder / EXPORT).write_bytes(head + b"".join(rows))


def split(folder: Path) -> None:
    """The export as two files."""
    head, *rows = (folder / EXPORT).read_bytes().splitlines(keepends=True)
    (folder / EXPORT).write_bytes(head + b"".join(rows[:4000]))
    (folder / "second.csv").write_bytes(head + b"".join(rows[4000:]))
    wave = (folder / "wave.toml").read_text(encoding="utf-8")
    export = wave[wave.index("[[exports]]") :]
    (folder / "wave.toml").write_text(f"{wave}\n{export.replace(EXPORT, 'second.csv')}\n", encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("change", [shuffled, split])
def test_tables_and_figures_are_the_same_whatever_the_order_of_rows_and_files(
    change: Callable[[Path], None], shipped_run: Run, tmp_path: Path
) -> None:
    root = lay_out(tmp_path)
    change(root / "data" / "raw" / WAVE)
    run = run_pipeline(root, "report")
    assert run.code == 0, run.errors
    released = [name for name in different(run, shipped_run) if name.startswith("reports/")]
    assert {Path(name).name for name in released} <= TELLS_OF_THE_EXPORT
    assert digests(run.reports) == DIGESTS.read_text(encoding="utf-8")


# --- other Pythons: numbers ----------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("version", SUPPORTED)
def test_numbers_are_the_same_in_every_python(version: str, tmp_path: Path) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"No Python {version} is on this machine, so its numbers were not compared.")
    command = [str(environment_of(python, tmp_path / "environment")), "-m", "pipeline"]
    home = {"LD_LIBRARY_PATH": str(tmp_path / "environment" / "lib")}
    run = run_program(command[1:], lay_out(tmp_path / "root"), "report", python=command[0], **home)
    assert run.code == 0, run.errors
    assert digests(run.reports) == DIGESTS.read_text(encoding="utf-8")


# --- the clock -----------------------------------------------------------------------------------------------------

CLOCKS = {"today", "now", "utcnow", "time_ns", "st_mtime", "st_mtime_ns", "getmtime", "gmtime", "localtime", "ctime"}
READS_A_CLOCK = {
    "onboarding/making.py": {"today"},  # The day of analysis, which it proposes and the analyst confirms.
    "public_use/__init__.py": {"today"},  # The day of a draw, which cannot be made again anyway.
}


def test_no_other_module_reads_the_clock_or_the_age_of_a_file() -> None:
    """So no output and no decision depends on it. How long a stage took is counted, by what knows no time of day."""
    package = REPOSITORY / "pipeline"
    found = {}
    for path in sorted(package.rglob("*.py")):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        attributes = [node for node in tree if isinstance(node, ast.Attribute)]
        names = {node.attr for node in attributes if node.attr in CLOCKS or ast.unparse(node) == "time.time"}
        if names:
            found[path.relative_to(package).as_posix()] = names
    assert found == READS_A_CLOCK


def test_files_of_the_future_change_nothing(shipped_run: Run, tmp_path: Path) -> None:
    """As after the clock of a machine was put right."""
    root = shutil.copytree(shipped_run.root, tmp_path / "root")
    for path in (root / "data" / "raw").rglob("*"):
        os.utime(path, (4_000_000_000, 4_000_000_000))
    assert "Nothing has changed" in run_pipeline(root, "report").output
    export = root / "data" / "raw" / WAVE / EXPORT
    export.write_bytes(export.read_bytes() + export.read_bytes().splitlines(keepends=True)[-1])
    os.utime(export, (1, 1))
    assert "Nothing has changed" not in run_pipeline(root, "ingest").output
