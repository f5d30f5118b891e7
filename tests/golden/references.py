"""Small pictures of the figures of the shipped wave, as they should look; `rewrite` draws them anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.report.figures import NAMES
from pipeline.report.figures.canvas import CANVASES

FOLDER = Path(__file__).parent / "figures"
WIDTH, COLOURS = 240, 96
TOLERANCE = 4.0
"""Root of the mean squared difference, over all points and colours of 0 to 255. Between machines with the same locked
programs it is 0; the colours of a reference are fewer than those of an image, which comes to no more than 3."""

FILES = [canvas.file_name(name, "png") for name in NAMES for canvas in CANVASES]


def opened(image: Path) -> Image.Image:
    """An image, with its file closed again."""
    with Image.open(image) as found:
        return found.convert("RGB")


def small(image: Path) -> Image.Image:
    """An image as large as the references are."""
    whole = opened(image)
    return whole.resize((WIDTH, round(whole.height * WIDTH / whole.width)), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two images are from each other; infinitely if they are not of one size."""
    if one.size != other.size:
        return float("inf")
    first, second = (np.asarray(image, dtype=float) for image in (one, other))
    return float(np.sqrt(((first - second) ** 2).mean()))


def redraw(figures: Path) -> None:
    """Makes the references from the figures of a finished run."""
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        small(figures / name).quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)
