"""Which header of a sheet stands for which of our columns. What cannot be decided is an error that names both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from pipeline.errors import ExportInvalid
from pipeline.ingest.assign import Assigned, assign, one_meaning_each
from pipeline.ingest.codebook import VARIABLE_LABEL, Codebook, Found
from pipeline.ingest.findings import Finding, Severity, listed
from pipeline.ingest.sheet import Sheet
from pipeline.ingest.sources.opening import shown
from pipeline.questionnaire import Questionnaire
from pipeline.wave import DayOrder

_HEADERS_COMPARED = 500
"""Headers that are held against the name of a missing column; comparing thousands takes many seconds."""


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

    names: the sheet's headers, made unique. columns: our name → name there. children: (our name, answer word) → name of
    the column for this answer. also: the name of one of these → further columns of other form versions, of which at
    most one is filled for a person. lumped: those of them for several answers of the form that mean the same to us, of
    which any may be chosen. unused: names that nothing here needs. findings: what was decided and may be wrong.
    """

    sheet: Sheet
    names: tuple[str, ...]
    columns: dict[str, str]
    children: dict[tuple[str, str], str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lumped: frozenset[str] = frozenset()
    unused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    findings: tuple[Finding, ...] = ()
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
    names, where, q = _unique(sheet.header), _place(sheet), codebook.questionnaire
    found = [_look_up(header, sheet, codebook) for header in sheet.header]
    chosen = one_meaning_each(found, sheet.header, where)
    assigned = assign(chosen, sheet.header, where, {name: column.headers for name, column in q.columns.items()})
    given = assigned.columns.items()
    columns = {target.column: names[places[0]] for target, places in given if not target.word}
    children = {(target.column, target.word): names[places[0]] for target, places in given if target.word}
    used = {place for _, places in given for place in places}
    missing = _missing(columns, children, q)
    if missing:
        _refuse_missing(missing, [n for i, n in enumerate(names) if i not in used], codebook, where)
    strangers = {place: codebook.answers_to(sheet.header[place]) for place in range(len(names)) if place not in used}
    _refuse_unknown_answers({place: of for place, of in strangers.items() if of and of not in columns}, sheet)
    return Layout(
        sheet=sheet,
        names=names,
        columns=columns,
        children=children,
        also={names[places[0]]: tuple(names[place] for place in places[1:]) for _, places in given if places[1:]},
        lumped=frozenset(names[assigned.columns[target][0]] for target in assigned.lumped),
        unused=tuple(name for place, name in enumerate(names) if place not in used),
        unknown=tuple(name for place, name in enumerate(names) if not found[place]),
        matches=_matches(sheet, chosen, assigned, strangers),
        findings=tuple(_doubtful(names[place], names[other], sheet) for place, other in assigned.doubtful.items()),
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
        Found(replace(f.known, rule=f"{VARIABLE_LABEL}, {f.known.rule}"), f.is_exact, False)
        for f in codebook.find(sheet.labels[header])
    ]


def _missing(columns: dict[str, str], children: dict[tuple[str, str], str], q: Questionnaire) -> list[str]:
    there = {*columns, *(name for name, _ in children)}
    return [name for name, column in q.columns.items() if column.required and name not in there]


def _refuse_missing(missing: list[str], left: list[str], codebook: Codebook, where: str) -> None:
    lines = []
    for name in missing:
        called = " or ".join(f'"{alias}"' for alias in codebook.questionnaire.columns[name].headers)
        lines.append(f"{called}{_hint(codebook.names_of(name), left)}")
    are = "A column is" if len(missing) == 1 else f"{len(missing)} columns are"
    raise ExportInvalid(
        f"{are} missing: {', '.join(lines)}.",
        where=where,
        repair="Export all questions, with XML names or with the labels of the form named in wave.toml. If a column is "
        "there under another name, give that name in wave.toml under [overrides.columns.<name>] as headers = [ … ]; if "
        "this round did not ask it, say required = false there.",
    )


def _hint(names: Iterable[str], left: list[str]) -> str:
    """The header that is nearest to one of these names, with or without the groups before it."""
    headers = {part: header for header in left[:_HEADERS_COMPARED] for part in (header, header.split("/")[-1])}
    for name in names:
        if near := next(iter(get_close_matches(name, list(headers), n=1)), None):
            return f' (did you mean "{shown(headers[near])}"?)'
    return ""


def _refuse_unknown_answers(answers: dict[int, str], sheet: Sheet) -> None:
    """Columns for single answers that we do not know, where no column holds all answers as text.

    Whoever gave only such an answer would count as having chosen nothing.
    """
    if not answers:
        return
    columns = ", ".join(f'"{shown(sheet.header[place])}"' for place in answers)
    questions = " or ".join(f'"{name}"' for name in dict.fromkeys(answers.values()))
    raise ExportInvalid(
        f"These columns are answers to {questions} that the questionnaire does not know: {columns}.",
        where=f"{_place(sheet)}, column{'s' if len(answers) > 1 else ''} {listed(place + 1 for place in answers)}",
        repair="If they are answers of the form, add them to the questionnaire or to [overrides.answers] in wave.toml. "
        "If they are something else, rename them in a copy of the export.",
    )


def _doubtful(name: str, other: str, sheet: Sheet) -> Finding:
    return Finding(
        Severity.WARNING,
        "doubtful_column",
        f'This column was dropped. By its name it could be the same as "{shown(other)}", which is written just as the '
        "questionnaire or the form has it.",
        repair="Nothing, if that is the right one. Otherwise delete or rename the wrong one, in a copy of the export.",
        file=sheet.file,
        column=name,
    )


def _matches(
    sheet: Sheet, chosen: dict[int, Found], assigned: Assigned, strangers: dict[int, str | None]
) -> tuple[Match, ...]:
    target_at = {place: target for target, places in assigned.columns.items() for place in places}
    matches = []
    for place, header in enumerate(sheet.header):
        target = target_at.get(place)
        if target is not None:
            column = f"{target.column}/{target.word}" if target.word else target.column
            matches.append(Match(column, header, place + 1, chosen[place].rule))
        elif place in assigned.doubtful:
            rule = f'not used, for "{shown(sheet.header[assigned.doubtful[place]])}" is written just so'
            matches.append(Match("", header, place + 1, rule))
        elif strangers[place]:
            matches.append(Match("", header, place + 1, f"an answer to {strangers[place]}, not known"))
        else:
            matches.append(Match("", header, place + 1, "known, not needed" if place in chosen else "not known"))
    return tuple(matches)


def _place(sheet: Sheet) -> str:
    return f'{sheet.file}, sheet "{sheet.name}"' if sheet.name else sheet.file


def absent(layout: Layout, questionnaire: Questionnaire) -> Iterable[str]:
    """Our columns that this export has neither whole nor by answers."""
    with_children = {name for name, _ in layout.children}
    return [name for name in questionnaire.columns if name not in layout.columns and name not in with_children]
