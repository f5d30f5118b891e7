"""No word of a figure is cut off, lies on another, or is too small, on any canvas and with any names."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from pipeline.engine import Engine
from pipeline.rehearsal import make_dummy_wave
from pipeline.report.edition import Edition
from pipeline.report.figures import BESIDE_EARLIER, NAMES, words
from pipeline.report.figures.canvas import CANVASES, PAGE, SLIDE, SQUARE, Canvas
from pipeline.report.figures.frame import finish
from pipeline.report.figures.house import house_style
from pipeline.report.text import Text
from tests.support.beside import beside_itself
from tests.support.figure_words import on_each_other, outside, texts
from tests.support.run import Results, run_wave

SMALLEST = {SLIDE: 20, SQUARE: 16}
"""Pixels of the smallest text of the shipped wave."""

LONG = "Northern & Southern <Federal> “Democratic” Republic of the Long Way Round"


@dataclass(frozen=True)
class Longer(Text):
    """Names of countries as long as any form may have them: seventy letters and more."""

    def level(self, variable: str, word: str) -> str:
        told = super().level(variable, word)
        return f"{told[:3]} {LONG}" if variable == "nationality" else told


@pytest.fixture(scope="module")
def shipped_edition(shipped: Results) -> Edition:
    return _edition(shipped)


@pytest.fixture(scope="module")
def four_routes(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    raw = tmp_path_factory.mktemp("four")
    make_dummy_wave(raw / "2017-04", "fms-2017", size=3000, seed=3, tidy=True)
    return _edition(run_wave(raw, engine, "2017-04"))


@pytest.fixture(scope="module")
def few_people(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    raw = tmp_path_factory.mktemp("few")
    make_dummy_wave(raw / "2015-12", "fms-2015", size=60, seed=3, tidy=True)
    return _edition(run_wave(raw, engine, "2015-12"))


def _edition(run: Results) -> Edition:
    return beside_itself(run, {"central": ("wording", "days_overlap")})


on_each_canvas = pytest.mark.parametrize("canvas", CANVASES, ids=lambda canvas: canvas.name or "page")
of_each_figure = pytest.mark.parametrize("name", [*NAMES, BESIDE_EARLIER])


@on_each_canvas
@of_each_figure
def test_the_shipped_wave(name: str, canvas: Canvas, shipped_edition: Edition, tmp_path: Path) -> None:
    figure = drawn(name, shipped_edition, canvas, tmp_path)
    assert outside(figure) == []
    assert on_each_other(figure) == []
    if canvas is PAGE:
        assert figure.get_figwidth() == 6.5
    else:
        pixels = canvas.pixels / figure.get_figwidth() / 72
        assert min(text.get_fontsize() for text, _ in texts(figure)) * pixels >= SMALLEST[canvas]


@on_each_canvas
@of_each_figure
def test_four_routes(name: str, canvas: Canvas, four_routes: Edition, tmp_path: Path) -> None:
    assert len(four_routes.routes) == 4
    figure = drawn(name, four_routes, canvas, tmp_path)
    assert outside(figure) == []
    assert on_each_other(figure) == []


@on_each_canvas
@of_each_figure
def test_few_people_on_one_route(name: str, canvas: Canvas, few_people: Edition, tmp_path: Path) -> None:
    assert len(few_people.routes) == 1
    figure = drawn(name, few_people, canvas, tmp_path)
    assert outside(figure) == []
    assert on_each_other(figure) == []


@on_each_canvas
@pytest.mark.parametrize("name", ["where", "who"])
def test_names_of_seventy_letters(name: str, canvas: Canvas, shipped_edition: Edition, tmp_path: Path) -> None:
    text = shipped_edition.text
    longer = Longer(text.locale, text.catalogue, text.questionnaire)
    figure = drawn(name, Edition(shipped_edition.released, shipped_edition.wave, longer), canvas, tmp_path)
    assert any(text.get_text().endswith("…") for text, _ in texts(figure))
    assert outside(figure) == []
    assert on_each_other(figure) == []


def drawn(name: str, edition: Edition, canvas: Canvas, folder: Path) -> Figure:
    with house_style():
        figure = import_module(f"pipeline.report.figures.{name}").draw(edition, canvas)
        finish(figure, words(name, edition), edition, canvas, folder / "drawn.svg")
        figure.draw_without_rendering()
    return figure
