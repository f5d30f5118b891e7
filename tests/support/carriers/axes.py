"""Drawings of shares, measured: where their bars, lines and dots end, in the unit of the axis."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

_SVG = "{http://www.w3.org/2000/svg}"
_POINT = re.compile(r"(-?[\d.]+(?:e-?\d+)?)[ ,]+(-?[\d.]+(?:e-?\d+)?)")
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)%\s*")
_SAME = 1e-3
"""Points of a drawing. A point is a third of a millimetre."""


@dataclass(frozen=True)
class Measured:
    """An end of something that is drawn.

    panel, place: the panel, and what is drawn in it. share: where it ends on the axis. is_hatched: it is no plain area.
    """

    panel: str
    place: str
    share: float
    is_hatched: bool


@dataclass(frozen=True)
class _Axis:
    """Where on the page 0 and 1 are. along: 0 across, 1 up."""

    along: int
    zero: float
    one: float

    def share(self, at: float) -> float:
        return (at - self.zero) / (self.one - self.zero)


def measured(svg: str) -> list[Measured]:
    """Every end of what is drawn in panels that have an axis of percents, but not what frames the panel."""
    root = ET.fromstring(svg, ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))
    panels = [group for group in root.iter(f"{_SVG}g") if re.fullmatch(r"axes_\d+", group.get("id", ""))]
    found: list[Measured] = []
    last: _Axis | None = None
    for panel in panels:
        # A panel whose axis is shared has lines for it and no labels: it is that of the panel before.
        axis = _axis(panel) or (last if last is not None and _has_lines(panel, last.along) else None)
        if axis is not None:
            found += _ends(panel, axis)
        last = axis
    return found


def _axis(panel: ET.Element) -> _Axis | None:
    for along, axis in enumerate(_axes(panel)):
        at = [(share, points[0][along]) for tick in axis for share, points in _labelled(tick)]
        if len(at) >= 2:
            (first, low), (last, high) = at[0], at[-1]
            step = (high - low) / (last - first)
            return _Axis(along, low - first * step, low + (1 - first) * step)
    return None


def _axes(panel: ET.Element) -> list[ET.Element]:
    return [group for group in panel if group.get("id", "").startswith("matplotlib.axis")]


def _labelled(tick: ET.Element) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    points = [point for path in tick.iter(f"{_SVG}path") if path.get("clip-path") for point in _points(path)]
    for label in tick.iter():
        if label.tag is ET.Comment and points and (percent := _PERCENT.fullmatch(label.text or "")):
            yield float(percent[1]) / 100, points


def _has_lines(panel: ET.Element, along: int) -> bool:
    axes = _axes(panel)
    return len(axes) > along and any(path.get("clip-path") for path in axes[along].iter(f"{_SVG}path"))


def _points(path: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in _POINT.findall(path.get("d", ""))]


def _ends(panel: ET.Element, axis: _Axis) -> Iterator[Measured]:
    frame = {round(point[axis.along], 3) for path in panel[0].iter(f"{_SVG}path") for point in _points(path)}
    for group in panel:
        if group.get("id", "").startswith(("matplotlib.axis", "text")):
            continue
        is_hatched = any("url(#" in path.get("style", "") for path in group.iter(f"{_SVG}path"))
        ats = [point[axis.along] for path in group.iter(f"{_SVG}path") if _is_placed(path) for point in _points(path)]
        ats += [float(use.get("xy"[axis.along], "nan")) for use in group.iter(f"{_SVG}use")]
        for at in dict.fromkeys(ats):
            if all(abs(at - edge) > _SAME for edge in frame):
                yield Measured(str(panel.get("id")), str(group.get("id")), axis.share(at), is_hatched)


def _is_placed(path: ET.Element) -> bool:
    """Whether a path is drawn where it says; the shape of a mark or of a hatching is drawn elsewhere."""
    return path.get("id") is None
