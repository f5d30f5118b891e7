"""Which header gives which of our columns, where a header could be several or several could be one.

What the order of the form or a spelling decides is decided, and told; anything else is an error that names both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Found, Target
from pipeline.ingest.findings import listed
from pipeline.ingest.sources.opening import shown


@dataclass(frozen=True)
class Assigned:
    """What gives each target. columns: places of headers; several where form versions gave a question several names.

    lumped: targets that are columns of several answers of the form, which mean the same to us. doubtful: place of a
    column that is left out → place of the one that is spelled just so.
    """

    columns: dict[Target, list[int]]
    lumped: set[Target]
    doubtful: dict[int, int]


def one_meaning_each(found: Sequence[list[Found]], header: Sequence[str], where: str) -> dict[int, Found]:
    """Place of a header → the one thing that it stands for. ExportInvalid where nobody can say.

    Several questions may have the same label. If a label is there as often as questions are left that have it, they
    are taken in the order of the form.
    """
    chosen = {place: several[0] for place, several in enumerate(found) if several and not _is_disputed(several)}
    taken = {one.known.meant for one in chosen.values()}
    alike: dict[tuple[tuple[Target, str], ...], list[int]] = {}
    for place, several in enumerate(found):
        if _is_disputed(several):
            alike.setdefault(tuple(one.known.meant for one in several), []).append(place)
    for meanings, places in alike.items():
        left = [meant for meant in meanings if meant not in taken]
        if len(places) != len(left):
            _refuse_ambiguous(places, found[places[0]], header, where)
        for place, meant in zip(places, left, strict=True):
            one = next(one for one in found[place] if one.known.meant == meant)
            by_order = ", by the order in the form" if len(left) > 1 else ", the only one left"
            chosen[place] = replace(one, known=replace(one.known, rule=f"{one.known.rule}{by_order}"))
    return chosen


def _is_disputed(several: Sequence[Found]) -> bool:
    """Whether it matters which of several things a header stands for."""
    return len(several) > 1 and any(one.known.target.column for one in several)


def _refuse_ambiguous(places: Sequence[int], several: Sequence[Found], header: Sequence[str], where: str) -> None:
    could_be = " or ".join(f'"{one.known.called}"' for one in several)
    there = "1 column" if len(places) == 1 else f"{len(places)} columns"
    raise ExportInvalid(
        f'The column "{shown(header[places[0]])}" could be {could_be}: {len(several)} questions are called like that, '
        f"and the export has {there} of this name.",
        where=f"{where}, column{'s' if len(places) > 1 else ''} {listed(place + 1 for place in places)}",
        repair="Export the data with XML names instead of labels, or export all questions.",
    )


def assign(chosen: dict[int, Found], header: Sequence[str], where: str, aliases: dict[str, Sequence[str]]) -> Assigned:
    """The columns that give each target. aliases: our column → its names, the first before the others.

    ExportInvalid where two columns have the same name, or both have to be respelled.
    """
    by_target: dict[Target, list[int]] = {}
    for place, one in chosen.items():
        if one.known.target.column:
            by_target.setdefault(one.known.target, []).append(place)
    columns: dict[Target, list[int]] = {}
    doubtful: dict[int, int] = {}
    lumped: set[Target] = set()
    for target, places in by_target.items():
        exact = [place for place in places if chosen[place].is_exact]
        kept = exact or places
        if len({chosen[place].known.text for place in kept}) < len(kept):
            _refuse_two(chosen[kept[0]].known.called, kept, header, where)
        order = list(aliases.get(target.column, ()))
        columns[target] = sorted(kept, key=lambda place: _rank(chosen[place].known.text, order))
        if len({chosen[place].known.code for place in kept}) > 1:
            lumped.add(target)
        doubtful |= {place: kept[0] for place in places if place not in kept}
    return Assigned(columns, lumped, doubtful)


def _rank(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)


def _refuse_two(called: str, places: Sequence[int], header: Sequence[str], where: str) -> None:
    first, second = places[:2]
    raise ExportInvalid(
        f'Two columns could be "{called}": "{shown(header[first])}" and "{shown(header[second])}".',
        where=f"{where}, columns {first + 1} and {second + 1}",
        repair="Delete or rename the wrong one, in a copy of the export.",
    )
