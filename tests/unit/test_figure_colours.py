"""Colours of figures: in grey, for people who see colours otherwise, and of text on what it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib import colors
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from pipeline.report import pack
from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Edition
from pipeline.report.figures import BESIDE_EARLIER, NAMES
from pipeline.report.figures.canvas import CANVASES, Canvas
from pipeline.report.figures.house import MARK, darker, house_style
from pipeline.vocabulary import ROUTES
from tests.support.beside import beside_itself
from tests.support.colours import SEEN_BY, Colour, apart, contrast, lab, light, luminance, seen
from tests.support.run import Results

LIGHTER, APART, READABLE = 12, 20, 4.5
"""Steps of lightness between two routes, distance between them as anybody sees them, contrast of text."""

PAIRS = list(combinations([route for route in ROUTES if route in ROUTE_COLOURS], 2))
WHITE = np.ones(3)


def _of(name: str) -> Any:
    return import_module(f"pipeline.report.figures.{name}")


def test_the_colours_themselves_are_measured_rightly() -> None:
    """By numbers that are known: white on black, and red, whose lightness and hues CIE gives as 53.2, 80.1, 67.2."""
    assert contrast(WHITE, np.zeros(3)) == pytest.approx(21)
    assert lab(light("#FF0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.1)
    for by in SEEN_BY:
        assert seen(WHITE, by) == pytest.approx(WHITE, abs=1e-5), "grey stays grey"
    red_and_green = [light("#D04020"), light("#808000")]
    assert apart(*red_and_green) > 2 * apart(*(seen(colour, "deuteranopia") for colour in red_and_green))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_routes_stay_apart_in_grey_and_for_everybody(one: str, other: str) -> None:
    first, second = light(ROUTE_COLOURS[one]), light(ROUTE_COLOURS[other])
    assert abs(lab(first)[0] - lab(second)[0]) >= LIGHTER
    assert apart(first, second) >= APART
    for by in SEEN_BY:
        assert apart(seen(first, by), seen(second, by)) >= APART, by


@pytest.mark.parametrize("name", ["journey_time", "indicator_by_transit"])
def test_shades_grow_darker_in_even_steps(name: str) -> None:
    shades = [lab(light(shade))[0] for shade in _of(name).SHADES]
    assert all(before - after > 7 for before, after in pairwise(shades))


def test_text_on_the_page_of_the_pack_can_be_read() -> None:
    colours = {name: light(colour) for name, colour in pack.COLOURS.items()}
    on = [(ink, "paper") for ink in ("ink", "quiet", "link")] + [("ink", "notice")]
    assert all(contrast(colours[ink], colours[paper]) >= READABLE for ink, paper in on)


@pytest.fixture(scope="module")
def edition(shipped: Results) -> Edition:
    return beside_itself(shipped, {"central": ("wording",)})


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda canvas: canvas.name or "page")
@pytest.mark.parametrize("name", [*NAMES, BESIDE_EARLIER])
def test_every_text_of_a_figure_can_be_read_where_it_stands(name: str, canvas: Canvas, edition: Edition) -> None:
    with house_style():
        figure = _of(name).draw(edition, canvas)
        figure.draw_without_rendering()
        found = [(text, contrast(_ink(text), ground)) for text, ground in _grounds(figure)]
    assert len(found) > 8
    assert [(text.get_text(), round(much, 2)) for text, much in found if much < READABLE] == []


def test_every_colour_of_a_route_is_darkened_for_text() -> None:
    assert all(contrast(light(darker(colour)), WHITE) >= READABLE for colour in ROUTE_COLOURS.values())
    assert luminance(light(MARK)) < 0.2, "a watermark that is printed stays dark enough at 16% to be seen"


def _ink(text: Text) -> Colour:
    return light(colors.to_hex(text.get_color()))


def _grounds(figure: Figure) -> Iterator[tuple[Text, Colour]]:
    """Every text with the colour of the bar or cell in which its middle lies, or of the paper."""
    for text in figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible():
            continue
        box = text.get_window_extent()
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        axes = text.axes
        bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)] if axes is not None else []
        under = [patch for patch in bars if patch.get_window_extent().contains(*middle)]
        yield text, light(colors.to_hex(under[-1].get_facecolor())) if under else WHITE
