"""Figures are drawn beside other work on the same edition."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.errors import PipelineError
from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES
from pipeline.report.figures.canvas import CANVASES, SQUARE, Canvas
from pipeline.report.painter import Painter, _wait
from pipeline.report.text import load_text
from pipeline.stats.methods import methods
from tests.support.run import Results
from tests.support.whole_run import REPOSITORY


class Pool:
    """Takes what is to be drawn, and keeps the edition as it was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Canvas, Edition]] = []
        self.asked: list[str] = []

    def submit(self, task: Any, name: str, packed: bytes, canvas: Canvas, __: Path) -> Future[None]:
        self.sent.append((name, canvas, pickle.loads(packed)))
        self.asked.append(task.__name__)
        done: Future[None] = Future()
        done.set_result(None)
        return done


class Words:
    """Words that are the same under every policy."""

    def under(self, _: str) -> Words:
        return self


def test_every_figure_is_sent_for_every_canvas_as_it_was_at_first(tmp_path: Path) -> None:
    """An edition keeps what it has looked up. What the body looks up must not reach what is sent meanwhile."""
    released = SimpleNamespace(policy=SimpleNamespace(name="public"))
    edition = Edition(released, None, Words(), methods(beside_earlier=False))  # type: ignore[arg-type]
    vars(edition)["_estimates"] = {}
    painter, pool = object.__new__(Painter), Pool()
    painter._pool = pool  # type: ignore[assignment]
    with painter.painting(edition, tmp_path / "figures") as wait_for_page:
        wait_for_page()
    made = {(name, canvas.name) for name, canvas, _ in pool.sent}
    assert made == {(name, canvas.name) for name in NAMES for canvas in CANVASES}
    assert len(pool.sent) == len(NAMES) * (len(CANVASES) + 1), "each once, and the images of pages"
    assert {canvas.name for _, canvas, _ in pool.sent[: len(NAMES)]} == {""}, "those that the report waits for first"
    assert set(pool.asked[: len(NAMES)]) == {"_draw"}
    assert set(pool.asked[-len(NAMES) :]) == {"_image"}, "images of drawings that are there"
    assert not any("_estimates" in vars(sent) for _, _, sent in pool.sent)
    assert edition.methods
    assert not any(sent.methods for _, _, sent in pool.sent), "with them, what computes numbers would be loaded"


LOADED = """
import pickle, sys
from pathlib import Path
from pipeline.report.painter import _unpacked, _warm_up
_warm_up()
_unpacked(Path(sys.argv[1]).read_bytes())
print(*{"pandas", "scipy", "ibis", "duckdb", "gpboost", "typer"} & set(sys.modules))
"""


def test_a_process_that_draws_loads_nothing_that_computes(shipped: Results, tmp_path: Path) -> None:
    released = release(shipped.estimates, shipped.ingested.ledger, PUBLIC)
    edition = Edition(released, shipped.wave, load_text("en", shipped.wave.questionnaire))
    packed = tmp_path / "edition.pickle"
    packed.write_bytes(pickle.dumps(edition))
    program = [sys.executable, "-c", LOADED, str(packed)]
    run = subprocess.run(program, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


def test_a_figure_that_fails_fails_the_run(tmp_path: Path) -> None:
    class Failing(Pool):
        def submit(self, _: Any, name: str, packed: bytes, canvas: Canvas, __: Path) -> Future[None]:
            done = super().submit(_, name, packed, canvas, __)
            if canvas is SQUARE and name == "where":
                done = Future()
                done.set_exception(ValueError("no room"))
            return done

    edition = Edition(SimpleNamespace(policy=SimpleNamespace(name="public")), None, Words())  # type: ignore[arg-type]
    painter = object.__new__(Painter)
    painter._pool = Failing()  # type: ignore[assignment]
    with pytest.raises(ValueError, match="no room"), painter.painting(edition, tmp_path / "figures"):
        pass


def test_a_process_that_has_ended_is_told_of() -> None:
    broken: Future[None] = Future()
    broken.set_exception(BrokenProcessPool("ended abruptly"))
    with pytest.raises(PipelineError, match="ended before its work was done"):
        _wait([broken])


WAY = """
import sys, threading, time
from pipeline.aside import way_to_begin
if "beside" in sys.argv:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print(way_to_begin())
"""


@pytest.mark.parametrize(("beside", "way"), [([], "fork"), (["beside"], "spawn")])
def test_only_a_process_of_one_thread_is_copied(beside: list[str], way: str) -> None:
    program = [sys.executable, "-c", WAY, *beside]
    run = subprocess.run(program, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == (way if sys.platform == "linux" else "spawn")
