"""What a figure is drawn on: the page of a report, a slide, or a square for social media.

A figure is laid out anew on each. Sizes of text are in points on all of them; how many pixels a point has follows from
how much of a canvas a figure needs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Canvas:
    """Something to draw on.

    name: as it stands in names of files; that of the page is empty. width: in inches; of a canvas of a fixed shape, the
    smallest on which anything is drawn. shape: its width over its height, 0 if it is as high as the figure needs.
    pixels: of the image, across. edge: what stays free on each side, in inches. title: size of the title, in points.
    beside: how many panels stand side by side.
    """

    name: str
    width: float
    shape: float
    pixels: int
    edge: float
    title: float
    beside: int

    @property
    def is_alone(self) -> bool:
        """Whether a figure on it stands without the report, and must itself say what the report would."""
        return bool(self.shape)

    def rows(self, panels: int) -> int:
        """How many rows these panels stand in."""
        return -(-panels // self.across(panels))

    def across(self, panels: int) -> int:
        """How many of these panels stand side by side. More than two never stand in one column: they would be flat."""
        return min(panels, self.beside if panels <= 2 else max(self.beside, 2)) or 1

    def file_name(self, name: str, ending: str) -> str:
        """The name of a figure's file on this canvas."""
        return ".".join(part for part in (name, self.name, ending) if part)


PAGE = Canvas("", width=6.5, shape=0, pixels=1950, edge=0, title=11.5, beside=2)
"""As wide as the text on a page, with 300 pixels to the inch."""

SLIDE = Canvas("slide", width=7.5, shape=16 / 9, pixels=1920, edge=0.16, title=14, beside=2)
SQUARE = Canvas("square", width=5.0, shape=1, pixels=1080, edge=0.14, title=13, beside=1)
CANVASES = (PAGE, SLIDE, SQUARE)
