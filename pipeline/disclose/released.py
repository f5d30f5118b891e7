"""`Released`: the type that report code takes, and that only the door can make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pipeline.errors import DisclosureBroken

if TYPE_CHECKING:
    from pipeline.disclose.policy import Policy

Value = str | int | float | None
"""A released value; None is one that is not released, or that there is none of."""

_DOOR = object()
"""Held by this package alone, so that a `Released` cannot be made anywhere else by mistake."""


@dataclass(frozen=True)
class Rows:
    """A released table as plain values, in the order of `tables`: small, quick to hand to a process that draws."""

    columns: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Each row, by column name."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.values)


@dataclass(frozen=True)
class Released:
    """The tables of a wave after disclosure control, and the few exact numbers that the policy releases.

    estimates to changes: as in `tables`, rounded and withheld; changes has no row if no earlier wave is named. ledger:
    exact, overall. analysed_by_route: exact, analysed respondents for each route that has any. checks: severity and
    name of every check of the export that has noticed something, never where or how often.
    """

    policy: Policy
    ledger: Rows
    analysed_by_route: dict[str, int]
    estimates: Rows
    distributions: Rows
    events: Rows
    experience: Rows
    means: Rows
    cooccurrence: Rows
    nonresponse: Rows
    tipping: Rows
    contrasts: Rows
    stratified: Rows
    trends: Rows
    factors: Rows
    predicted: Rows
    model: Rows
    calibration: Rows
    changes: Rows
    checks: tuple[tuple[str, str], ...]
    door: object

    def __post_init__(self) -> None:
        """DisclosureBroken for anyone but the door."""
        if self.door is not _DOOR:
            raise DisclosureBroken(
                "Released tables can only be made by disclosure control.", repair="Call pipeline.disclose.door.release."
            )

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Lets a process that draws figures receive what has already passed the door."""
        return _reopened, tuple(getattr(self, field.name) for field in fields(self) if field.name != "door")


def _reopened(*parts: object) -> Released:
    return Released(*parts, _DOOR)  # type: ignore[arg-type, call-arg]
