"""Releases of a wave that were published before: what they print stays known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.disclose.audit.printed import Printed
from pipeline.disclose.further import KEYS, Unit
from pipeline.disclose.policy import Policy
from pipeline.errors import DisclosureBroken
from pipeline.vocabulary import ALL

PARTS = (
    *(("estimates", part) for part in ("asked", "answered", "yes")),
    *(("distributions", part) for part in ("respondents", "base")),
    *(("events", part) for part in ("events", "base")),
    *(("experience", "respondents"), ("cooccurrence", "yes"), ("nonresponse", "complete"), ("means", "mean")),
)
"""The parts of rows that are withheld by themselves."""
TOLD_BY = {"complete": ("complete", "complete_share")}
"""Parts that one column of several tells of: of groups, complete cases are a share alone."""
WHERE = "data/published/<wave>/"


@dataclass(frozen=True)
class Earlier:
    """A release that was published. tables: by name, as released. analysed: exact respondents by route, as told."""

    name: str
    policy: Policy
    analysed: dict[str, int]
    tables: dict[str, pd.DataFrame]

    def beside(self, exact: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Its tables, with a row for each exact one, in their order; nothing stands in a row that it did not have."""
        return {name: _aligned(table, exact[name], KEYS[name]) for name, table in self.tables.items() if name in KEYS}

    def withheld(self) -> list[Unit]:
        """What it withholds, which stays so: printed now, it would be told by both together."""
        return [
            Unit(name, key, part)
            for name, part in PARTS
            for key in self._without(self.tables[name], part, KEYS[name][:2] if part == "base" else KEYS[name])
        ]

    def _without(self, table: pd.DataFrame, part: str, keys: tuple[str, ...]) -> list[tuple[str, ...]]:
        is_withheld = table[list(TOLD_BY.get(part, (part,)))].isna().all(axis=1)
        rows = table.loc[is_withheld, list(keys)].astype(str)
        return list(dict.fromkeys(rows.itertuples(index=False, name=None)))

    def check_people(self, analysed: dict[str, int], few: int) -> None:
        """DisclosureBroken if the difference of both releases is a few people: whoever has both knows their answers."""
        for route in {*analysed, *self.analysed}:
            more = analysed.get(route, 0) - self.analysed.get(route, 0)
            if 0 < abs(more) < few:
                raise DisclosureBroken(
                    f"This wave was published before ({self.name}) with {abs(more)} "
                    f"{'fewer' if more > 0 else 'more'} respondents{_on(route)}. Whoever has both releases has their "
                    "answers. Nothing was released.",
                    where=f"{WHERE}{self.name}/",
                    repair=f"Release it again only with a change of {few} respondents or more, or not at all.",
                )

    def refuse(self) -> DisclosureBroken:
        """What to raise where the exact counts are no longer those that it prints."""
        return DisclosureBroken(
            f"This wave was published before ({self.name}), and answers of some respondents have been changed since. "
            "Whoever has both releases sees which numbers moved. Nothing was released.",
            where=f"{WHERE}{self.name}/",
            repair="Put the export, the cleaning log and the wave file back as they were. If a correction has to be "
            "published, withdraw the earlier release, and take it out of that folder.",
        )


def _on(route: str) -> str:
    return "" if route == ALL else f" on the route {route}"


def _aligned(table: pd.DataFrame, exact: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    rows = pd.MultiIndex.from_frame(exact[list(keys)].astype(str))
    named = table.set_index(pd.MultiIndex.from_frame(table[list(keys)].astype(str)))
    return named.reindex(rows).reset_index(drop=True).astype(object)


class PrintedBefore(Printed):
    """What was printed is known: it cannot be withheld any more, and is no longer to be protected."""

    def count(self, at: int, printed: int | None, unit: Unit) -> None:
        """As printed; nothing of what was withheld then, which may be in print by now."""
        if printed is not None:
            least, greatest = self.policy.behind(int(printed))
            self.system.say([(at, 1)], least, greatest)
            self.system.withheld.pop(at, None)

    def share(self, parts: list[int], base: int, share: float | None, unit: Unit | None) -> None:
        """As printed."""
        super().share(parts, base, share, None)

    def two_digits(self, parts: list[int], base: int, printed: float | None, unit: Unit | None) -> None:
        """As printed."""
        super().two_digits(parts, base, printed, None)

    def part_of(self, part: int, base: int, *, shown: bool) -> None:
        """The rules say nothing more than they do now."""

    def base(self, at: int, *, shown: bool, has_share: bool | None = None) -> None:
        """The same."""


def policy_then(told: dict[str, Any]) -> Policy:
    """The policy of an earlier release, from its manifest."""
    names = ("name", "smallest", "rounding", "share_base", "zero_base", "ratio_share", "width", "reason")
    return Policy(**{name: told[name] for name in names if name in told})
