"""The least and the greatest of each count of a block, from the statements that are on it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.solver import INFINITY
from pipeline.disclose.audit.system import NO_BOUND, UNBOUNDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


def hold_anyway(block: Block, least: Floats, greatest: Floats) -> NDArray[np.bool_]:
    """Whether each statement holds wherever each count is within its own bounds: about half of them do."""
    up, down = block.matrix.maximum(0), block.matrix.minimum(0)
    most = np.minimum(greatest, UNBOUNDED)
    low, high = up @ least + down @ most, up @ most + down @ least
    holds = np.asarray((low >= block.low) | (block.low <= -NO_BOUND))
    return np.asarray(holds & ((high <= block.high) | (block.high >= NO_BOUND)))


def count_bounds(block: Block, rows: Integers) -> tuple[Floats, Floats]:
    """The least and the greatest whole number for each count, from these statements, each on one count alone."""
    first = block.matrix.indptr[rows]
    places, times = block.matrix.indices[first], block.matrix.data[first]
    low, high = block.low[rows], block.high[rows]
    low, high = np.where(times > 0, low, -high), np.where(times > 0, high, -low)
    steps = np.abs(times)
    least, greatest = np.zeros(len(block.places)), np.full(len(block.places), float(UNBOUNDED))
    np.maximum.at(least, places, -((-low) // steps))
    np.minimum.at(greatest, places, high // steps)
    return least, open_ended(greatest)


def open_ended(bounds: Floats) -> Floats:
    """Bounds beyond all people are none."""
    return np.where(np.abs(bounds) >= NO_BOUND, np.copysign(INFINITY, bounds), bounds)
