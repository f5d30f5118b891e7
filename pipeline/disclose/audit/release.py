"""What the audit looks at: released tables beside the exact ones, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.disclose.audit.earlier import Earlier
from pipeline.disclose.audit.structure import Structure
from pipeline.disclose.coarse import COLUMNS, NATIONALITY, NOT_COARSE, OF_LEVELS, REGION, Coarse
from pipeline.disclose.policy import Policy
from pipeline.tables import plain_rows
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

MERGED = "merged"
"""What merged levels are together."""
Row = Any
"""A row of a table as plain values, by the names of its columns; None where there is nothing."""


@dataclass(frozen=True)
class Release:
    """What the door is about to let through, beside the exact tables that it comes from.

    released, exact: tables by name, row by row the same. analysed: exact respondents by route, which are released.
    coarse: lines that are withheld as a whole. earlier: releases of the wave that were published before.
    """

    released: dict[str, pd.DataFrame]
    exact: dict[str, pd.DataFrame]
    analysed: dict[str, int]
    structure: Structure
    policy: Policy
    coarse: Coarse = NOT_COARSE
    earlier: tuple[Earlier, ...] = ()
    _exact: dict[str, list[Row]] = field(default_factory=dict, compare=False, repr=False)
    _beside: dict[str, list[tuple[Row, Row]]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Rows of tables that have been asked for: they are asked for several times. The exact ones stay where a release is
    looked at with other tables in print."""

    @property
    def routes(self) -> list[str]:
        """Routes on which someone was met, and all together, the last one."""
        return [route for route, people in self.analysed.items() if people and route != ALL] + [ALL]

    @cached_property
    def answered(self) -> dict[tuple[str, str], int]:
        """Exact respondents who answered, by indicator and whole route."""
        frame = self.exact["estimates"]
        whole = frame[frame["group"] == ALL]
        return dict(zip(zip(whole["indicator"], whole["route"], strict=True), whole["answered"].tolist(), strict=True))

    def rows(self, table: str) -> Iterator[tuple[Row, Row]]:
        """Each exact row of a route on which someone was met, and the released one, but for lines withheld whole."""
        return self._rows(table, ~self._is_coarse(table))

    def coarse_rows(self, table: str) -> Iterator[tuple[Row, Row]]:
        """The same of lines that are withheld as a whole."""
        return self._rows(table, self._is_coarse(table))

    def label(self, group: str, level: str, route: str) -> str:
        """What a withheld level is merged into on a route, or the level; nationalities, within printed regions."""
        if not self.coarse.hides_level(group, level, route):
            return level
        if group != NATIONALITY:
            return MERGED
        region = self.structure.regions.get(level, level)
        return f"{MERGED} {self.label(REGION, region, route)}"

    def is_merged(self, group: str, level: str, route: str) -> bool:
        """Whether others tell how many are at this level on this route, with those that it is merged with."""
        return self.coarse.merges(group, level, route) and not self.coarse.hides_group(group, route)

    def merged_estimates(self) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
        """Exact counts of merged levels together, by indicator, route, group and what they are merged into."""
        sums: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for exact, label in self._merged("estimates", "group"):
            of = (exact.indicator, exact.route, exact.group, label)
            possible = round(exact.bound_high * exact.asked) if exact.asked else 0
            sums[of].update(asked=exact.asked, answered=exact.answered, yes=exact.yes, possible=possible)
        yield from sums.items()

    def merged_incomplete(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Those at merged levels together who left out an answer and reported something, by the same."""
        sums: Counter[tuple[str, ...]] = Counter()
        for exact, label in self._merged("nonresponse", "group"):
            sums[exact.indicator, exact.route, exact.group, label] += exact.yes - exact.complete_yes
        yield from sums.items()

    def merged_distributions(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Exact respondents at merged levels together, by variable, route and what they are merged into."""
        sums: Counter[tuple[str, ...]] = Counter()
        for exact, label in self._merged("distributions", "variable"):
            sums[exact.variable, exact.route, label] += exact.respondents
        yield from sums.items()

    def _merged(self, table: str, of: str) -> Iterator[tuple[Row, str]]:
        """Exact rows of merged levels, and what each is merged into. of: the column that has the group."""
        for exact, _ in self.coarse_rows(table):
            group = getattr(exact, of)
            if self.is_merged(group, exact.level, exact.route):
                yield exact, self.label(group, exact.level, exact.route)

    def _is_coarse(self, table: str) -> NDArray[np.bool_]:
        frame, coarse = self.exact[table], self.coarse
        if table == "distributions":
            return coarse.hides_people(frame["variable"], frame["level"], frame["route"])
        of_line = coarse.hides(table, frame) if table in COLUMNS else np.zeros(len(frame), dtype=bool)
        if table in OF_LEVELS:
            of_line |= coarse.hides_people(frame["group"], frame["level"], frame["route"])
        return of_line

    def _rows(self, table: str, chosen: NDArray[np.bool_]) -> Iterator[tuple[Row, Row]]:
        there = self.exact[table]["route"].isin(self.routes).to_numpy() & chosen
        if table not in self._beside:
            if table not in self._exact:
                self._exact[table] = list(_rows_of(self.exact[table]))
            self._beside[table] = list(zip(self._exact[table], _rows_of(self.released[table]), strict=True))
        return compress(self._beside[table], there.tolist())


def _rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    named: Any = namedtuple("Row", frame.columns)  # type: ignore[misc]  # columns are not known to a type checker
    return map(named._make, plain_rows(frame))
