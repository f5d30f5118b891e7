"""What was found to be enough to withhold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.disclose.further import Unit

    World = tuple[NDArray[np.int64], NDArray[np.int64]]
    """What is behind it, which are all counts; and the counts of its block."""


@dataclass(frozen=True)
class Protected:
    """Units that are withheld further, and by block the worlds that show that it is enough, as `audit` takes them."""

    units: frozenset[Unit]
    worlds: dict[str, list[World]]
