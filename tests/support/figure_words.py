"""Words of a drawn figure: where they stand, and which are cut off or lie on one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from matplotlib.transforms import Bbox


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
