"""What a release might print by mistake: cells of the made-up wave that it withholds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.disclose.further import KEYS
from tests.disclosure.audit.honest import Honest

ANY = "*"


class Plant(NamedTuple):
    """Printed by mistake. cells: names of rows, each as in `KEYS`, `*` for any. columns: what of them is printed."""

    table: str
    cells: tuple[str, ...]
    columns: tuple[str, ...]


def planted(honest: Honest, plant: Plant) -> pd.DataFrame:
    """The released table with these cells printed as they would be if there were no rule on small numbers."""
    everything = honest.without_rules[plant.table]
    released = honest.release.released[plant.table].copy()
    chosen = np.logical_or.reduce([_matches(released, plant.table, cell) for cell in plant.cells])
    for name in plant.columns:
        hidden = chosen & released[name].isna().to_numpy()
        assert hidden.any(), f"nothing of {plant} is withheld"
        released.loc[hidden, name] = everything.loc[hidden, name]
    return released


def _matches(frame: pd.DataFrame, table: str, cell: str) -> np.ndarray:
    names = KEYS.get(table, ("indicator", "route"))
    words = cell.split()
    assert len(words) == len(names), cell
    asked = [frame[name] == word for name, word in zip(names, words, strict=True) if word != ANY]
    found = np.logical_and.reduce(asked)
    assert found.any(), cell
    return found
