"""Which header of a sheet stands for which of our columns. What cannot be decided is an error that names both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.declared import nearest
from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import VARIABLE_LABEL, Codebook, Found, Known, Target
from pipeline.ingest.findings import listed
from pipeline.ingest.sheet import Sheet
from pipeline.questionnaire import Questionnaire
from pipeline.wave import DayOrder

_HEADER_SHOWN = 80


@dataclass(frozen=True)
class Match:
    """One line of the lineage: which header gave a column of ours, and by which rule. column: empty if unused."""

    column: str
    header: str
    place: int
    rule: str


@dataclass(frozen=True)
class Layout:
    """How one export is laid out.

    names: the sheet's headers, made unique. columns: our name → name there. also: our name → further columns of other
    form versions, of which at most one is filled for a person. children: (our name, answer word) → name of the column
    for this answer. unused: names that nothing here needs.
    """

    sheet: Sheet
    names: tuple[str, ...]
    columns: dict[str, str]
    children: dict[tuple[str, str], str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    dates: DayOrder = "year-month-day"

    @property
    def file(self) -> str:
        """The export's file name."""
        return self.sheet.file

    def header_of(self, column: str) -> str:
        """The header under which a column of ours stands in this file, or our name if it is not there."""
        return self.columns.get(column, column)


def lay_out(sheet: Sheet, codebook: Codebook, dates: DayOrder = "year-month-day") -> Layout:
    """The layout of a sheet. ExportInvalid for a column that is missing, or that could be two."""
    names = _unique(sheet.header)
    found = [_look_up(header, sheet, codebook) for header in sheet.header]
    chosen = _one_target_each(found, names, sheet)
    by_target: dict[Target, list[int]] = {}
    for place, one in chosen.items():
        if one.known.target.column:
            by_target.setdefault(one.known.target, []).append(place)
    kept = {target: _filling(target, places, chosen, names, sheet) for target, places in by_target.items()}
    columns = {target.column: names[places[0]] for target, places in kept.items() if not target.word}
    children = {(target.column, target.word): names[places[0]] for target, places in kept.items() if target.word}
    used = {place for places in kept.values() for place in places}
    _check_required(columns, children, [n for i, n in enumerate(names) if i not in used], codebook.questionnaire, sheet)
    return Layout(
        sheet=sheet,
        names=names,
        columns=columns,
        children=children,
        also={
            target.column: tuple(names[place] for place in places[1:])
            for target, places in kept.items()
            if places[1:] and not target.word
        },
        unused=tuple(name for place, name in enumerate(names) if place not in used),
        unknown=tuple(name for place, name in enumerate(names) if not found[place]),
        matches=_matches(sheet, chosen, kept),
        dates=dates,
    )


def _unique(header: tuple[str, ...]) -> tuple[str, ...]:
    """Headers as names of columns; one that is there more than once gets its place. Engines do not see capitals."""
    times = Counter(name.casefold() for name in header)
    return tuple(
        f"{name} (column {place})" if times[name.casefold()] > 1 else name for place, name in enumerate(header, start=1)
    )


def _look_up(header: str, sheet: Sheet, codebook: Codebook) -> list[Found]:
    found = codebook.find(header)
    if found or not sheet.labels.get(header):
        return found
    return [
        Found(
            Known(f.known.text, f.known.target, f"{VARIABLE_LABEL}, {f.known.rule}", f.known.place), f.is_exact, False
        )
        for f in codebook.find(sheet.labels[header])
    ]


def _one_target_each(found: list[list[Found]], names: tuple[str, ...], sheet: Sheet) -> dict[int, Found]:
    """Place of a header → the one thing that it stands for.

    Several questions may have the same label. If a label is there as often as questions are left that have it, they
    are taken in the order of the form; else nobody can say which is which.
    """
    chosen = {place: several[0] for place, several in enumerate(found) if len(several) == 1}
    taken = {one.known.target for one in chosen.values()}
    alike: dict[tuple[Target, ...], list[int]] = {}
    for place, several in enumerate(found):
        if len(several) > 1:
            alike.setdefault(tuple(one.known.target for one in several), []).append(place)
    for targets, places in alike.items():
        left = [target for target in targets if target not in taken]
        if len(places) != len(left) or not all(target.column for target in left):
            _refuse_ambiguous(places, [target for target in targets if target.column], names, sheet)
        for place, target in zip(places, left, strict=True):
            one = next(one for one in found[place] if one.known.target == target)
            known = Known(one.known.text, target, f"{one.known.rule}, by the order in the form", one.known.place)
            chosen[place] = Found(known, one.is_exact, one.has_group)
    return chosen


def _refuse_ambiguous(places: list[int], targets: list[Target], names: tuple[str, ...], sheet: Sheet) -> None:
    ours = " or ".join(f'"{column}"' for column in dict.fromkeys(target.column for target in targets))
    raise ExportInvalid(
        f'The column "{_shown(names[places[0]])}" could be {ours}: these questions have the same label, and the export '
        f"has {len(places)} of the {len(targets)} columns.",
        where=f"{_place(sheet)}, column{'s' if len(places) > 1 else ''} {listed(place + 1 for place in places)}",
        repair="Export the data with XML names instead of labels, or export all questions.",
    )


def _filling(
    target: Target, places: list[int], chosen: dict[int, Found], names: tuple[str, ...], sheet: Sheet
) -> list[int]:
    """The places of the columns that give this target: one, or one for each name that form versions used."""
    if len(places) == 1:
        return places
    exact = [place for place in places if chosen[place].is_exact]
    candidates = exact or places
    if len(candidates) == 1:
        return candidates
    aliases = {chosen[place].known.text for place in candidates}
    if not target.word and len(aliases) == len(candidates):
        return candidates
    first, second = candidates[:2]
    raise ExportInvalid(
        f'Two columns could be "{target.column}": "{_shown(names[first])}" and "{_shown(names[second])}".',
        where=f"{_place(sheet)}, columns {first + 1} and {second + 1}",
        repair="Delete or rename the wrong one, in a copy of the export.",
    )


def _check_required(
    columns: dict[str, str], children: dict[tuple[str, str], str], left: list[str], q: Questionnaire, sheet: Sheet
) -> None:
    with_children = {name for name, _ in children}
    missing = [
        (name, column)
        for name, column in q.columns.items()
        if column.required and name not in columns and name not in with_children
    ]
    if not missing:
        return
    lines = []
    for _, column in missing:
        called = " or ".join(f'"{alias}"' for alias in column.headers)
        hint = next((near for alias in column.headers if (near := nearest(alias, left))), "")
        lines.append(f"{called}{hint}")
    are = "A column is" if len(missing) == 1 else f"{len(missing)} columns are"
    raise ExportInvalid(
        f"{are} missing: {', '.join(lines)}.",
        where=_place(sheet),
        repair="Export all questions, with XML names or with the labels of the form named in wave.toml. If a column is "
        "there under another name, give that name in wave.toml under [overrides.columns.<name>] as headers = [ … ]; if "
        "this round did not ask it, say required = false there.",
    )


def _matches(sheet: Sheet, chosen: dict[int, Found], kept: dict[Target, list[int]]) -> tuple[Match, ...]:
    target_at = {place: target for target, places in kept.items() for place in places}
    matches = []
    for place, header in enumerate(sheet.header):
        target = target_at.get(place)
        if target is None:
            rule = "known, not needed" if place in chosen else "not known"
            matches.append(Match("", header, place + 1, rule))
        else:
            column = f"{target.column}/{target.word}" if target.word else target.column
            matches.append(Match(column, header, place + 1, chosen[place].rule))
    return tuple(matches)


def _place(sheet: Sheet) -> str:
    return f'{sheet.file}, sheet "{sheet.name}"' if sheet.name else sheet.file


def _shown(header: str) -> str:
    text = "".join(character for character in header if character.isprintable())
    return text if len(text) <= _HEADER_SHOWN else f"{text[:_HEADER_SHOWN]}…"


def absent(layout: Layout, questionnaire: Questionnaire) -> Iterable[str]:
    """Our columns that this export has neither whole nor by answers."""
    with_children = {name for name, _ in layout.children}
    return [name for name in questionnaire.columns if name not in layout.columns and name not in with_children]
