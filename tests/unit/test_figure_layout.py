"""No word of a figure is cut off, lies on another, or is too small, on any canvas and with any names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from matplotlib.transforms import Bbox

from pipeline.engine import Engine
from pipeline.rehearsal import make_dummy_wave
from pipeline.report.edition import Edition
from pipeline.report.figures import BESIDE_EARLIER, NAMES, words
from pipeline.report.figures.canvas import CANVASES, PAGE, SLIDE, SQUARE, Canvas
from pipeline.report.figures.frame import finish
from pipeline.report.figures.house import house_style
from pipeline.report.text import Text
from tests.support.beside import beside_itself
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


def texts(figure: Figure) -> list[tuple[Drawn, Bbox]]:
    """Every text that is seen, with its place."""
    unseen = [text for axes in figure.axes for text in _beyond(axes)]
    unseen += [text for axes in figure.axes if not axes.get_visible() for text in axes.findobj(Drawn)]
    seen = [text for text in figure.findobj(Drawn) if text.get_visible() and text.get_text().strip()]
    placed = [(text, text.get_window_extent()) for text in seen if text not in unseen]
    return [(text, box) for text, box in placed if box.width and box.height]


def _beyond(axes: Axes) -> Iterator[Drawn]:
    """Labels of ticks beyond the ends of an axis, which matplotlib keeps and does not draw."""
    for axis, ends in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        for tick in axis.get_major_ticks():
            if not min(ends) - 1e-9 <= tick.get_loc() <= max(ends) + 1e-9:
                yield from (tick.label1, tick.label2)


def outside(figure: Figure) -> list[str]:
    """Texts that are cut off by the edge."""
    edge = figure.bbox
    return [
        text.get_text()
        for text, box in texts(figure)
        if box.x0 < edge.x0 - 1 or box.y0 < edge.y0 - 1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]


def on_each_other(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of which a fifth of the smaller lies on the other."""
    found = []
    for (one, first), (other, second) in combinations(texts(figure), 2):
        common = Bbox.intersection(first, second)
        if common is None:
            continue
        smaller = min(first.width * first.height, second.width * second.height)
        if common.width * common.height > smaller / 5:
            found.append((one.get_text(), other.get_text()))
    return found
