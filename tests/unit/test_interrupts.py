"""Ctrl-C is neither lost nor does it leave a lock behind, whatever Python is about when it comes."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from pipeline.errors import INTERRUPTED
from tests.support.whole_run import REPOSITORY

BEGIN = "import gc, signal, time\nfrom pipeline.interrupts import answer_interrupts\nanswer_interrupts()\n"
NOW = "signal.raise_signal(signal.SIGINT)"
END = "\nprint('waits')\ntime.sleep(30)\nprint('was lost')"
MOMENTS = {
    "while it waits": f"signal.setitimer(signal.ITIMER_REAL, 0.2)\nsignal.signal(signal.SIGALRM, lambda *_: {NOW})",
    "while it loads a module": f"exec(compile({NOW!r}, '<frozen importlib._bootstrap>', 'exec'))",
    "while an object is given back": f"class Held:\n  def __del__(self):\n    {NOW}\nHeld()\ngc.collect()",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_answered(moment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + MOMENTS[moment] + END],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGINT
    # Where it would do harm, it comes a moment later.
    assert done.stdout == "waits\n"
    assert "ignored" not in done.stderr


OTHER_THREAD = """
import os, threading
from pipeline.interrupts import held_back
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
with held_back():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.3)
    print('whole')
"""


def test_what_is_begun_is_begun_whole_though_another_thread_takes_the_interrupt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + OTHER_THREAD + END],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGINT
    assert done.stdout.startswith("whole\n")
    assert "was lost" not in done.stdout


def test_another_fault_that_nobody_can_answer_is_told_as_ever() -> None:
    fault = "class Held:\n  def __del__(self):\n    raise ValueError\nHeld()\ngc.collect()"
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + fault], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Exception ignored" in done.stderr


WHILE_IT_LOADS = """
import runpy, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
runpy.run_module("pipeline", run_name="__main__")
"""


def test_one_that_comes_before_anything_has_begun_leaves_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHILE_IT_LOADS], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")
