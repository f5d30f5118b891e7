"""Where each of our columns came from: file, sheet, header, and the rule that matched them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.ingest.layout import Layout

if TYPE_CHECKING:
    import pandas as pd


def lineage(layouts: Iterable[Layout]) -> pd.DataFrame:
    """The lineage table: a row for each header of each export, in the order of the file."""
    import pandas as pd

    from pipeline.tables import LINEAGE, conform

    records = [
        {
            "column": match.column,
            "file": layout.file,
            "sheet": layout.sheet.name,
            "place": match.place,
            "header": match.header,
            "rule": match.rule,
        }
        for layout in layouts
        for match in layout.matches
    ]
    return conform(pd.DataFrame(records, columns=LINEAGE.names), LINEAGE)
