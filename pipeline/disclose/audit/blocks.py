"""Counts that are looked at together.

All others keep the value that they have in some possible world meanwhile. So what is found possible within a block is
possible in the whole release, and widths that come of it are never too large: looked at all together, counts could only
move further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.disclose.audit.system import NO_BOUND, UNBOUNDED, Count, Statements
from pipeline.vocabulary import ALL, CROSSES, DECLINED, OVER_6_MONTHS, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Integers = NDArray[np.int64]

PEOPLE = ("people", "asked", "answered", "known")
INCOMPLETE_YES = "incomplete_yes"
"""Respondents who left out an answer, and reported an experience in another."""
OF_LEVELS = ("yes", "possible", INCOMPLETE_YES)
EVENTS = ("events", "event_people")
EVENT_BASES = ("known_events", "all_events")
OF_PEOPLE, OF_ANSWERS = "people|", "yes|"
WHOLE = "whole"
TOGETHER = {"region_of_origin": "nationality", OVER_6_MONTHS: "transit"}
"""Groups that are made of others."""
VIEWS = 3
"""How many worlds of people answers are looked at in, besides the true one."""


def blocks_of(place: Mapping[Count, int], withheld: Integers) -> dict[str, Integers]:
    """Places of counts by the name of their block.

    Where a total is withheld, or how many named no country, events are looked at together with totals: each positive
    response is an event, so that neither could move alone. Where a cross is in print, so are its margins.
    """
    hidden = set(withheld.tolist())
    together = any(at in hidden for count, at in place.items() if _is_total(count))
    crossed = {group for cross in {count.group for count in place} & set(CROSSES) for group in (cross, *CROSSES[cross])}
    blocks: dict[str, list[int]] = defaultdict(list)
    for count, at in place.items():
        name = _block(count, crossed)
        blocks[WHOLE if together and name in ("events", "event_bases") else name].append(at)
    return {name: np.unique(places) for name, places in blocks.items()}


def _is_total(count: Count) -> bool:
    names_none = count.what in EVENTS and count.group in (DECLINED, UNKNOWN)
    return (count.what == "yes" and count.group == ALL) or count.what in EVENT_BASES or names_none


def _block(count: Count, crossed: set[str]) -> str:
    if count.what in EVENTS:
        return "events"
    if count.what in EVENT_BASES:
        return "event_bases"
    group = TOGETHER.get(count.group, count.group)
    group = "crossed" if group in crossed else group
    if count.what in PEOPLE:
        return OF_PEOPLE + group
    if count.what in OF_LEVELS and group != ALL:
        return OF_ANSWERS + group
    return WHOLE


def in_order(names: Iterable[str]) -> list[str]:
    """Names of blocks: people before their answers, see `behind`; and whole routes, whose worlds may move groups."""
    return sorted(names, key=lambda name: (not name.startswith(OF_PEOPLE), name != WHOLE))


def behind(
    name: str, found: Mapping[str, Sequence[Integers]], blocks: Mapping[str, Integers], statements: Statements
) -> list[Integers]:
    """The worlds that a block is looked at in, each with all counts, the true one first.

    Answers at a level that few people are at can be no more than they, so they are also looked at where these are as
    many as can be. found: worlds of the blocks looked at before.
    """
    of_people = name.replace(OF_ANSWERS, OF_PEOPLE, 1)
    worlds = [statements.truth]
    if name.startswith(OF_ANSWERS) and len(found.get(of_people, ())) > 1:
        places = blocks[of_people]
        few = np.isin(places, statements.withheld)
        most = statements.truth[places][few]
        for _ in range(VIEWS):
            most_more = max(found[of_people], key=lambda world: int(np.maximum(world[few] - most, 0).sum()))
            if not np.any(most_more[few] > most):
                break
            most = np.maximum(most, most_more[few])
            worlds.append(statements.truth.copy())
            worlds[-1][places] = most_more
    return worlds


@dataclass(frozen=True)
class Block:
    """The statements on some counts, all others being as in some world.

    places: of the counts, in order. rows: numbers of the statements that any of them is in. matrix: rows × places.
    low, high: what each statement leaves for them.
    """

    places: Integers
    rows: Integers
    matrix: csr_array
    low: Integers
    high: Integers

    @classmethod
    def of(cls, statements: Statements, places: Integers, world: Integers) -> Block:
        """The block of these counts, where all others are as in a world, which has all counts."""
        part = statements.matrix[:, places].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        own = part[rows]
        others = statements.matrix[rows] @ world - own @ world[places]
        return cls(places, rows, own, statements.least[rows], statements.greatest[rows]).less(others)

    def only(self, columns: Integers) -> tuple[Block, Integers]:
        """The block of some of its counts, and which of its statements they are in."""
        own = self.matrix[:, columns].tocsr()
        rows = np.flatnonzero(np.diff(own.indptr))
        return Block(self.places[columns], self.rows[rows], own[rows], self.low[rows], self.high[rows]), rows

    def less(self, taken: Integers) -> Block:
        """The block with what its statements leave when so much of each is taken off."""
        # What bounds nothing still does when something is taken off.
        low = np.where(self.low <= -NO_BOUND, -UNBOUNDED, self.low - taken)
        high = np.where(self.high >= NO_BOUND, UNBOUNDED, self.high - taken)
        return replace(self, low=low, high=high)

    def allows(self, world: Integers) -> bool:
        """Whether every statement holds where the counts of the block are these whole numbers."""
        values = self.matrix @ world
        return bool(np.all((values >= self.low) & (values <= self.high)))

    def denying(self, world: Integers, statements: Statements) -> set[int]:
        """The units of the statements that such a world denies, or `KNOWN`."""
        values = self.matrix @ world
        denied = (values < self.low) | (values > self.high)
        return set(statements.unit[self.rows[denied]].tolist())


def views_of(statements: Statements, places: Integers, behind: Iterable[Integers]) -> list[Block]:
    """A block as seen in several worlds."""
    return [Block.of(statements, places, world) for world in behind]
