"""What is withheld beyond the rules on single cells: further units, and lines as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.disclose.coarse import COLUMNS, NOT_COARSE, OF_LEVELS, Coarse
from pipeline.disclose.further import NOTHING, Further

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


BASES = {("estimates", "asked"), ("estimates", "answered")}
"""What stays in print where a line is withheld."""


@dataclass(frozen=True)
class Also:
    """Units that are withheld further, and lines that are withheld as a whole."""

    further: Further = NOTHING
    coarse: Coarse = NOT_COARSE

    def hides(self, table: str, part: str, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether this part of each row of a table is withheld beyond the rules on single cells."""
        hidden = self.further.hides(table, part, frame)
        if table in OF_LEVELS:
            hidden |= self.coarse.hides_people(frame["group"], frame["level"], frame["route"])
        if table == "distributions" and part == "base":
            hidden |= self.coarse.hides_bases(frame["variable"], frame["route"])
        elif table == "distributions":
            hidden |= self.coarse.hides_people(frame["variable"], frame["level"], frame["route"])
        if table in COLUMNS and (table, part) not in BASES:
            hidden |= self.coarse.hides(table, frame)
        return hidden


ALSO_NOTHING = Also()
