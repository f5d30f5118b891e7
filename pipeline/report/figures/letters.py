"""Words as outlines, each set once by a process: figures say much the same, and setting words is a third of drawing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib.text
from matplotlib.textpath import TextToPath

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font


def set_once() -> None:
    """Has every drawing of this process remember how words are set."""
    matplotlib.text.TextToPath = Letters  # type: ignore[misc]


class Letters(TextToPath):
    """How words are set, remembered from one figure to the next. What a word looks like depends on nothing else."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Width, height and descent of words, in points."""
        # What is remembered must not change with what the caller does to its own.
        return _measured(s, prop.copy(), ismath)

    def get_glyphs_with_font(
        self,
        font: FT2Font,
        s: str,
        glyph_map: dict[str, Any] | None = None,
        return_new_glyphs_only: bool = False,
        **how: Any,
    ) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """Names and places of the glyphs of words, and the outlines of those that a drawing does not know yet."""
        known = {} if glyph_map is None else glyph_map
        placed, outlines = _set(font, s, **how)
        new = {name: outline for name, outline in outlines.items() if name not in known}
        if not return_new_glyphs_only:
            known.update(new)
            new = known
        return placed, new, []


@cache
def _measured(words: str, properties: FontProperties, is_math: Any) -> tuple[float, float, float]:
    found: tuple[float, float, float] = TextToPath().get_text_width_height_descent(words, properties, is_math)
    return found


@cache
def _set(font: FT2Font, words: str, **how: Any) -> tuple[list[Any], dict[str, Any]]:
    placed, outlines, _ = TextToPath().get_glyphs_with_font(font, words, **how)
    return placed, outlines
