"""A run asks for no socket: nothing is fetched, and no library reports home.

That a whole report asks for none is seen in `golden/test_report.py`, where a report is made a second time.
"""

from __future__ import annotations

import signal
from pathlib import Path

from tests.support.confined import die_of_a_socket, run_confined
from tests.support.waves import NAME, respondents, write_wave

ASKING = "import socket; socket.socket()"


def test_the_system_kills_whoever_asks_for_a_socket(tmp_path: Path) -> None:
    """Also a process that another one has begun, and a library that is not written in Python."""
    asked = run_confined(die_of_a_socket, "-c", ASKING)
    assert asked.code == -signal.SIGSYS
    child = f"import subprocess, sys; sys.exit(-subprocess.call([sys.executable, '-c', {ASKING!r}]))"
    assert run_confined(die_of_a_socket, "-c", child).code == signal.SIGSYS
    # Where a library would put what it fetches: without a folder it would not get as far as asking.
    home = f"config={{'home_directory': {str(tmp_path)!r}}}"
    fetching = f"import duckdb; duckdb.connect({home}).execute(\"install httpfs from 'http://127.0.0.1:9'\")"
    assert run_confined(die_of_a_socket, "-c", fetching).code == -signal.SIGSYS


def test_no_verb_that_sees_an_export_asks_for_one(tmp_path: Path) -> None:
    write_wave(tmp_path / "data" / "raw", respondents([{}] * 60))
    source = str(tmp_path / "data" / "raw" / NAME)
    verbs = {
        ("check-wave",): 0,
        ("dummy-wave", "--wave", "made-up", "--size", "20"): 0,
        ("new-wave", "--wave", "new", "--from", source): 0,
        ("diff", "--wave", "made-up", "--base", NAME): 0,
        ("verify",): 6,
        ("purge", "--wave", NAME): 0,
    }
    codes = {verb: run_confined(die_of_a_socket, *verb, root=tmp_path).code for verb in verbs}
    assert codes == verbs
