"""What is withheld further than the rules on single cells ask for, so that cells which they withhold stay so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


class Unit(NamedTuple):
    """What is printed or withheld together: a part of a row of a released table. key: as in `KEYS`, the row's name."""

    table: str
    key: tuple[str, ...]
    part: str


KEYS = {
    "estimates": ("indicator", "route", "group", "level"),
    "distributions": ("variable", "route", "level"),
    "events": ("indicator", "route", "country"),
    "experience": ("measure", "indicator", "route", "level"),
    "cooccurrence": ("indicator", "route", "other"),
    "nonresponse": ("indicator", "route", "group", "level"),
    "means": ("indicator_set", "route"),
}
"""The columns that name a row of each table."""


class Further:
    """Units that are withheld further."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        """units: what is withheld, part by part."""
        self._keys: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
        for unit in units:
            self._keys[unit.table, unit.part].add(unit.key)

    def __contains__(self, unit: Unit) -> bool:
        """Whether a unit is withheld further."""
        return unit.key in self._keys.get((unit.table, unit.part), ())

    def __or__(self, units: Iterable[Unit]) -> Further:
        """With more units."""
        return Further([*self.units, *units])

    @property
    def units(self) -> list[Unit]:
        """What is withheld further, in order."""
        return sorted(Unit(table, key, part) for (table, part), keys in self._keys.items() for key in keys)

    def hides(self, table: str, part: str, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether this part of each row of a table is withheld further."""
        keys = self._keys.get((table, part))
        if not keys:
            return np.zeros(len(frame), dtype=bool)
        columns = KEYS[table][: len(next(iter(keys)))]
        rows = zip(*(frame[name].tolist() for name in columns), strict=True)
        return np.array([key in keys for key in rows], dtype=bool)


NOTHING = Further()
"""Nothing but what the rules on single cells withhold."""
