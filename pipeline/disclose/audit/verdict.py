"""The audit: for every withheld count, how far apart the values are that nobody can tell from what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.aside import aside
from pipeline.disclose.audit.blocks import WHOLE, Block, behind, blocks_of, in_order
from pipeline.disclose.audit.determined import determined
from pipeline.disclose.audit.margins import Margined, Margins
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.said import say_everything
from pipeline.disclose.audit.slipped import slipped
from pipeline.disclose.audit.system import Statements
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.further import KEYS, NOTHING, Further, Unit
from pipeline.errors import DisclosureBroken
from pipeline.tables import DISCLOSURE_AUDIT, conform
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Given = Mapping[str, Sequence[tuple["Integers", "Integers"]]]
"""By block, worlds: what all counts are behind it, and those of the block."""
WHOLE_ASKED = 100
"""How often whole people are asked for, in each block: what is left narrow is broken, and would cost whole lines."""
JOINED = " | "
PROTECTED, IMPLIED, BROKEN = "protected", "implied", "broken"
"""Verdicts: far enough apart; what a printed zero, or a total that is nearly all of it, says anyway; a breach."""


@dataclass(frozen=True)
class Audit:
    """What the audit found. cells: `tables.DISCLOSURE_AUDIT`, a row for each withheld count."""

    cells: pd.DataFrame
    width: int

    @property
    def broken(self) -> pd.DataFrame:
        """Counts that a reader could narrow to fewer values than the policy asks for."""
        return self.cells[self.cells["verdict"] == BROKEN]

    @property
    def broken_units(self) -> list[Unit]:
        """What would have printed them."""
        columns = (self.broken[name] for name in ("table", "cell", "count"))
        return [Unit(table, tuple(cell.split(JOINED)), part) for table, cell, part in zip(*columns, strict=True)]

    @property
    def told(self) -> str:
        """What a reader is told of it: nothing that depends on what is withheld."""
        values = f"fewer than {self.width + 1} values"
        return f"No withheld count can be narrowed to {values}, but for those that printed zeros and totals imply."

    @property
    def summary(self) -> str:
        """What the analyst is told of it, in one line."""
        implied = int((self.cells["verdict"] == IMPLIED).sum())
        line = f"{len(self.cells)} withheld counts: none can be narrowed to fewer than {self.width + 1} values"
        return f"{line}, but {implied} that printed zeros and totals imply." if implied else f"{line}."

    def check(self) -> None:
        """DisclosureBroken if anything withheld could be worked out."""
        if broken := len(self.broken):
            raise DisclosureBroken(
                f"{broken} withheld counts could be worked out from what else the release says. Nothing was released.",
                where="disclosure control, tables " + ", ".join(sorted(set(self.broken["table"]))),
                repair="Ask for larger groups in wave.toml under [stricter], for example smallest = 20, and run again. "
                "If it happens again, report it: it is a limit of the pipeline, and not a mistake of yours.",
            )


def audit(release: Release, further: Further = NOTHING, given: Given | None = None) -> Audit:
    """Audits a release, from its tables alone.

    further: what was withheld beyond single cells, for the column that says why. given: by block, worlds that may be
    possible; each is checked here, and what they leave narrow is looked for.
    """
    system = say_everything(release)
    statements = system.built()
    places = [at for at, unit in system.withheld.items() if unit in further]
    statements = replace(statements, further=np.array(places, dtype=np.int64))
    # Equations are solved outside of Python.
    by_equations = aside(determined, statements)
    blocks, targets = blocks_of(system.place, statements.withheld), statements.targets
    least, greatest = _ranges(statements, blocks, targets, given or {}, release.policy.width)
    of_lines = [_of_line(cell) for cell in Margins(release, system.place, least, greatest).cells()]
    of_lines += [
        _Cell(unit, exact, exact, is_implied=False, is_known=True, is_coarse=True) for unit, exact in slipped(release)
    ]
    follows, known = ~np.isin(np.arange(len(statements.truth)), targets), by_equations.result()
    found = [
        _Cell(system.withheld[at], int(least[at]), int(greatest[at]), bool(follows[at]), bool(known[at]))
        for at in statements.withheld.tolist()
    ]
    found += of_lines
    rows = [cell.row(_width(cell.unit, release), further) for cell in found]
    return Audit(conform(pd.DataFrame(rows, columns=DISCLOSURE_AUDIT.names), DISCLOSURE_AUDIT), release.policy.width)


def _width(unit: Unit, release: Release) -> int:
    """How far apart the ends of a range have to be: where fewer answered on a route than that, as many as did.

    How many are on a route is told, and how many of them answered is no secret of anyone.
    """
    named = dict(zip(KEYS.get(unit.table, ()), unit.key, strict=False))
    route = named.get("route", ALL)
    indicators = (named[name] for name in ("indicator", "other") if name in named)
    answered = (release.answered.get((indicator, route), release.analysed[route]) for indicator in indicators)
    return min(release.policy.width, release.analysed[route], *answered)


def _ranges(
    statements: Statements, blocks: Mapping[str, Integers], targets: Integers, given: Given, width: int
) -> tuple[Integers, Integers]:
    """The least and the greatest of each count, over possible worlds. targets: places of counts to look for them."""
    least, greatest = statements.truth.copy(), statements.truth.copy()
    found: dict[str, list[Integers]] = {}
    for name in in_order(blocks):
        places = blocks[name]
        sought = np.flatnonzero(np.isin(places, targets))
        if len(sought):
            backgrounds = behind(name, found, blocks, statements)
            others = _others(given.get(name, ()), backgrounds, statements)
            # What is behind given worlds is a world itself, and may be one of other blocks' counts as well.
            for other in others:
                np.minimum(least, other, out=least)
                np.maximum(greatest, other, out=greatest)
            backgrounds += others
            worlds = _worlds(statements, places, backgrounds, given.get(name, ()), width)
            are_narrow = (greatest - least)[places[sought]] < width
            # Each further look takes as long as the first: worlds behind given ones are looked at for groups alone.
            views = len(backgrounds) - len(others) if name == WHOLE else None
            worlds.widen(sought[are_narrow], WHOLE_ASKED, views=views)
            _check(statements, places, worlds.found, backgrounds)
            found[name] = [world.counts for world in worlds.found]
            least[places] = np.minimum(least[places], worlds.least)
            greatest[places] = np.maximum(greatest[places], worlds.greatest)
    return least, greatest


def _others(
    given: Sequence[tuple[Integers, Integers]], backgrounds: list[Integers], statements: Statements
) -> list[Integers]:
    """What else is behind given worlds, and possible."""
    others: list[Integers] = []
    for background in {id(each): each for each, _ in given}.values():
        if not any(np.array_equal(background, known) for known in [*backgrounds, *others]):
            others.append(background)
    return [each for each in others if statements.hold(each[:, None]).all()]


def _worlds(
    statements: Statements,
    places: Integers,
    backgrounds: list[Integers],
    given: Sequence[tuple[Integers, Integers]],
    width: int,
) -> Worlds:
    """The worlds of a block to begin with: the true one, and those given that are possible."""
    views = [Block.of(statements, places, each) for each in backgrounds]
    start = [World(view, each[places]) for view, each in enumerate(backgrounds)]
    for background, counts in given:
        view = next((n for n, known in enumerate(backgrounds) if np.array_equal(background, known)), None)
        if view is not None and views[view].allows(counts):
            start.append(World(view, counts))
    return Worlds(views, start, width)


def _check(statements: Statements, places: Integers, found: list[World], backgrounds: list[Integers]) -> None:
    """Every world, put into the whole system: it stands or falls with all statements, and not with those of a block."""
    whole = np.column_stack([backgrounds[world.view] for world in found])
    whole[places] = np.column_stack([world.counts for world in found])
    if not statements.hold(whole).all():
        raise DisclosureBroken(
            "A world that the audit took for possible is not.",
            repair="This is a mistake of the pipeline, not of the data: nothing was released. Report it.",
        )


@dataclass(frozen=True)
class _Cell:
    """A withheld count with its range.

    is_implied: what is in print says so, and may. is_known: equations give it away.
    """

    unit: Unit
    least: int
    greatest: int
    is_implied: bool
    is_known: bool
    is_coarse: bool = False

    def row(self, width: int, further: Further) -> dict[str, object]:
        wide = self.greatest - self.least >= width and not self.is_known
        why = "coarsened" if self.is_coarse else "complementary" if self.unit in further else "primary"
        return {
            "table": self.unit.table,
            "cell": JOINED.join(self.unit.key),
            "count": self.unit.part,
            "least": self.least,
            "greatest": self.greatest,
            "width": self.greatest - self.least,
            "verdict": PROTECTED if wide else IMPLIED if self.is_implied else BROKEN,
            "why": why,
        }


def _of_line(cell: Margined) -> _Cell:
    is_implied = cell.greatest == 0 or cell.is_large
    return _Cell(cell.unit, cell.least, cell.greatest, is_implied, is_known=False, is_coarse=True)
