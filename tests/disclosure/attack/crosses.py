"""Journey time crossed with another characteristic: withheld as a whole, and attacked through its margins."""

from __future__ import annotations

from collections.abc import Iterable

from tests.disclosure.attack.attempts import CROSSES, ENOUGH, WHOLE_BELOW, Found
from tests.disclosure.attack.form import ALL
from tests.disclosure.attack.printed import FEWEST, behind, count
from tests.disclosure.attack.reader import WITHHELD, Cell, Reader
from tests.disclosure.attack.system import Range


def withheld_crosses(reader: Reader) -> list[Cell]:
    return [cell for cell, row in reader.estimates.items() if row["suppressed"] == WITHHELD and cell[2] in CROSSES]


def cross_range(one: Range, other: Range, everyone: Range) -> Range:
    """How many have both of two things, from how many have each, of everyone: Fréchet's bounds."""
    return Range(max(0, one.least + other.least - everyone.greatest), min(one.greatest, other.greatest))


def attack_crosses(reader: Reader, cells: Iterable[Cell]) -> list[Found]:
    """The range of each of these counts, from the ranges of its margins."""
    known: dict[Cell, Range] = {}
    found = []
    for name, route, group, level in cells:
        sides = zip(CROSSES[group], level.split("|"), strict=True)
        margins = [(name, route, *side) for side in (*sides, (ALL, ALL))]
        known |= {margin: _margin(reader, margin) for margin in margins if margin not in known}
        found.append(Found("estimates", (name, route, group, level), "yes", cross_range(*(known[m] for m in margins))))
    return found


def _margin(reader: Reader, cell: Cell) -> Range:
    """What is behind the printed count; if it is withheld, how far it can be narrowed."""
    printed = count(reader.estimates[cell]["yes"])
    if printed is not None:
        return Range(*behind(printed))
    name, route, group, level = cell
    part = reader.part(group)
    return part.system.narrowed(part.people[group, route, level].yes[name], WHOLE_BELOW)


def cross_breaches(found: Iterable[Found]) -> list[Found]:
    """Crosses narrowed too far, to what may be too few to be shown; a margin of nobody is nobody in each cell."""
    return [one for one in found if one.range.width < ENOUGH and one.range.least < FEWEST and one.range.greatest > 0]
