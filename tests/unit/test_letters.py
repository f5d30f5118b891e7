"""Words that are remembered from figure to figure look as if they were set each time."""

from __future__ import annotations

import io
from itertools import product
from typing import Any

import matplotlib.text
import pytest
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import TextToPath

from pipeline.report.figures import letters
from pipeline.report.figures.frame import new_figure
from pipeline.report.figures.house import house_style

WORDS = "Fifty voyages – « à Tripoli »", "fifty", "fifty", "Ωμέγα", "", "5%"


def _drawing() -> str:
    with house_style():
        figure = new_figure(2)
        axes = figure.subplots()
        for place, (words, weight) in enumerate(product(WORDS, ("normal", "semibold"))):
            axes.text(0.1, place / 12, words, fontweight=weight, fontsize=7 + place % 3)
        axes.set_title("Fifty")
        target = io.BytesIO()
        figure.savefig(target, format="svg", metadata={"Date": None})
    return target.getvalue().decode()


def test_each_drawing_is_the_same_as_when_every_word_is_set_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = [_drawing(), _drawing()]
    monkeypatch.setattr(matplotlib.text, "TextToPath", TextToPath)
    assert remembered == [_drawing()] * 2


def test_words_are_set_once_in_a_process() -> None:
    _drawing()
    before = letters._set.cache_info(), letters._measured.cache_info()
    _drawing()
    for earlier, now in zip(before, (letters._set.cache_info(), letters._measured.cache_info()), strict=True):
        assert now.misses == earlier.misses
        assert now.hits > earlier.hits


@pytest.mark.parametrize("only_new", [False, True])
def test_outlines_are_given_for_a_whole_map_or_for_what_is_new_to_it(only_new: bool) -> None:
    setting, plain = letters.Letters(), TextToPath()
    known: tuple[dict[str, Any], dict[str, Any]] = {}, {}
    with house_style():
        font = get_font(findfont(FontProperties()))
        for words in ("ab", "bc"):
            placed, found, _ = setting.get_glyphs_with_font(font, words, known[0], only_new)
            as_placed, as_found, _ = plain.get_glyphs_with_font(font, words, known[1], only_new)
            assert placed == as_placed
            assert list(found) == list(as_found)
            assert list(known[0]) == list(known[1])
            for each in known:
                each.update(found)
