"""Drawings as images: each is the page of a small document, set by the same program as the report."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pipeline.report.figures.canvas import Canvas

_INCHES = 10


def rasterise(drawing: Path, target: Path, canvas: Canvas) -> None:
    """Makes a PNG of an SVG, of as many pixels as the canvas has."""
    import typst

    width = canvas.width if not canvas.shape else _INCHES
    height = f"{width / canvas.shape}in" if canvas.shape else "auto"
    page = (
        f"#set page(width: {width}in, height: {height}, margin: 0pt, fill: white)\n"
        f'#image("drawing.svg", width: 100%, height: {"100%" if canvas.shape else "auto"}, fit: "contain")\n'
    )
    # Beside what it is made into: what a stopped run leaves is then cleared away with the rest.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        desk = Path(folder)
        shutil.copy(drawing, desk / "drawing.svg")
        sheet = desk / "sheet.typ"
        sheet.write_text(page, encoding="utf-8")
        ppi = canvas.pixels / width
        image = typst.compile(str(sheet), root=folder, format="png", ppi=ppi, ignore_system_fonts=True)
    target.write_bytes(image)
