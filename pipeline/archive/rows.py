"""The table: every number copied, as it stands in a released table, with when it was and what it may be joined to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.archive.order import middle, quarter, quarters
from pipeline.differing.breaks import breaks
from pipeline.report.edition import Cell
from pipeline.rounds import Round
from pipeline.tables import ESTIMATES, TREND
from pipeline.vocabulary import ALL, ROUTES, Derived
from pipeline.wave import Period

INDICATOR = str(Derived.AT_LEAST_ONE_COMMON)
COPIED = ("asked", "answered", "yes", "share", "ci_low", "ci_high", "ci_method", "reliable", "suppressed")
"""The columns of the released table that are taken over, letter by letter."""


@dataclass(frozen=True)
class Row:
    """One wave on one route. copied: the texts of the released row. joined: to the wave before it, in a figure.

    broken: why it may not be, if it may not.
    """

    wave: str
    questionnaire: str
    route: str
    period: Period
    copied: dict[str, str]
    release: str
    broken: tuple[str, ...] = ()
    joined: bool = False

    @property
    def has_anyone(self) -> bool:
        """Whether anyone was asked on this route. A number that is withheld is of somebody."""
        return self.copied["asked"] != "0"

    @property
    def day(self) -> date:
        """Where it stands in time: the middle day of fieldwork."""
        return middle(self.period)

    @property
    def cell(self) -> Cell:
        """The numbers, as figures and pages take them."""
        share, low, high = (_number(self.copied[name]) for name in ("share", "ci_low", "ci_high"))
        yes, answered = (_number(self.copied[name]) for name in ("yes", "answered"))
        return Cell(
            route=self.route,
            key={"wave": self.wave, "indicator": INDICATOR},
            share=share,
            low=low,
            high=high,
            count=None if yes is None else int(yes),
            n=None if answered is None else int(answered),
            withheld=self.copied["suppressed"] != "",
            nobody=yes == 0,
            is_firm=self.copied["reliable"] != "no",
        )

    def record(self) -> list[str]:
        """The row as texts, in the order of the table."""
        told = {
            "wave": self.wave,
            "questionnaire": self.questionnaire,
            "indicator": INDICATOR,
            "route": self.route,
            "from": str(self.period.from_),
            "to": str(self.period.to),
            "quarter": quarter(self.day),
            "quarters": str(quarters(self.period)),
            "break_before": "|".join(self.broken),
            "release": self.release,
            **self.copied,
        }
        return [told[name] for name in TREND.names]


def rows(rounds: Sequence[Round], folder_of: dict[str, str]) -> list[Row]:
    """Every wave on every route, by route and then by time. folder_of: each wave's release, as it is told.

    Errors: ExportInvalid for a released table that is not the one in its manifest.
    """
    read = {one.name: _released(one) for one in rounds}
    found = []
    for route in (*ROUTES, ALL):
        there = [one for one in rounds if route in read[one.name]]
        periods = {one.name: one.wave.route_period(route) for one in there}
        in_order = sorted(there, key=lambda one: (middle(periods[one.name]), periods[one.name].from_, one.name))
        found += _of_route(route, in_order, read, folder_of)
    return found


def _of_route(
    route: str, rounds: list[Round], read: dict[str, dict[str, dict[str, str]]], folder_of: dict[str, str]
) -> list[Row]:
    """A row for each wave; each is held against the last one before it in which anyone was met on the route."""
    found: list[Row] = []
    last: Round | None = None
    for one in rounds:
        row = Row(
            wave=one.name,
            questionnaire=one.wave.file.questionnaire,
            route=route,
            period=one.wave.route_period(route),
            copied=read[one.name][route],
            release=folder_of[one.name],
            broken=(),
        )
        if row.has_anyone:
            broken = breaks(last.wave, one.wave, route) if last else ()
            # Over a wave without anyone, or with a number that is not shown, a line would say what nobody knows.
            joined = bool(found) and not broken and row.cell.share is not None and found[-1].cell.share is not None
            row = Row(**{**vars(row), "broken": broken, "joined": joined})
            last = one
        found.append(row)
    return found


def _released(one: Round) -> dict[str, dict[str, str]]:
    """Route → the released row of all respondents."""
    wanted = {"wave": one.name, "indicator": INDICATOR, "group": ALL, "level": ALL}
    return {
        row["route"]: {name: row[name] for name in COPIED}
        for row in one.released(ESTIMATES)
        if all(row[name] == word for name, word in wanted.items())
    }


def sources(rounds: Sequence[Round], folder_of: dict[str, str]) -> list[dict[str, object]]:
    """What the table is copied from, wave by wave: the hashes of released table, manifest, wave file, questionnaire."""
    return [
        {
            "wave": one.name,
            "release": folder_of[one.name],
            "estimates": one.release.told["files"][f"{ESTIMATES.name}.csv"],
            "manifest": one.manifest_hash,
            "wave_file": one.release.told["provenance"]["wave_file"],
            "questionnaire": one.release.told["provenance"]["questionnaire"],
            "code_version": one.release.told["provenance"]["code_version"],
        }
        for one in rounds
    ]


def _number(text: str) -> float | None:
    return float(text) if text else None
