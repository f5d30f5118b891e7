"""Recognises the questionnaire of an export by its columns, its answers and the wording of its form.

Every instrument is compared with the export, and each agreement and each contradiction counts as one point. What two
instruments have in common says nothing; where they come out alike, the analyst is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid, UsageError
from pipeline.ingest.anonymity import looks_identifying
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.folding import fold
from pipeline.ingest.sheet import Sheet
from pipeline.ingest.sources.opening import shown
from pipeline.onboarding.gather import FORM_FROM
from pipeline.onboarding.look import Looked, look_at, routes_of
from pipeline.questionnaire import KeyColumn, Questionnaire

_SOME = 0.01
"""Share of interviews from which on a country without a route tells against an instrument; below, it may be a slip."""
_LISTED = 6


@dataclass(frozen=True)
class Fit:
    """How well an export fits an instrument.

    found, missing: our columns of questions that are there, and those needed that are not. foreign: headers that only
    other instruments know. unknown: questions with answers that it does not know. unplaced: countries of interview
    without a route. worded: questions that the form words as this instrument does. refused: why it cannot be read so.
    """

    questionnaire: Questionnaire
    found: tuple[str, ...]
    missing: tuple[str, ...]
    foreign: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    worded: int = 0
    looked: tuple[Looked, ...] = field(default=(), repr=False)
    refused: ExportInvalid | None = None

    @property
    def name(self) -> str:
        """The instrument's name."""
        return self.questionnaire.questionnaire

    @property
    def points(self) -> int:
        """Agreements less contradictions."""
        against = len(self.missing) + len(self.foreign) + len(self.unknown) + bool(self.unplaced)
        return len(self.found) + self.worded - against

    @property
    def is_enough(self) -> bool:
        """Whether most of its questions are there."""
        return len(self.found) > len(self.missing)

    @property
    def against(self) -> str:
        """What tells against it, in words; empty if nothing does."""
        said = (
            ("it does not ask for {}", self.foreign),
            ("the export does not have its {}", self.missing),
            ("it does not know all answers to {}", self.unknown),
            ("it has no route for interviews in {}", self.unplaced),
        )
        return "; ".join(text.format(_listed(words)) for text, words in said if words)


def fits(
    instruments: Mapping[str, Questionnaire],
    codebooks: Mapping[str, Codebook],
    sheets: Sequence[Sheet],
    engine: Engine,
    scratch: Path,
    *,
    asked_for: str | None = None,
) -> list[Fit]:
    """How well exports fit each instrument, the best first. codebooks: of the lenient instruments, with the form.

    Answers are read through the instruments of which most questions are there, and through the one asked for.
    """
    headers = list(dict.fromkeys(name for sheet in sheets for name in (*sheet.header, *sheet.labels.values())))
    known = {name: {header for header in headers if codebook.knows(header)} for name, codebook in codebooks.items()}
    to_any = set().union(*known.values())
    compared = []
    for name, q in instruments.items():
        columns = {one.known.target.column for header in known[name] for one in codebooks[name].find(header)}
        questions = [name for name, column in q.columns.items() if not isinstance(column, KeyColumn)]
        compared.append(
            Fit(
                questionnaire=q,
                found=tuple(name for name in questions if name in columns),
                missing=tuple(name for name in questions if q.columns[name].required and name not in columns),
                foreign=tuple(header for header in headers if header in to_any - known[name]),
                worded=_worded(q, codebooks[name]),
            )
        )
    likely = {fit.name: codebooks[fit.name] for fit in compared if fit.is_enough or fit.name == asked_for}
    looked = [look_at(sheet, likely, engine, scratch) for sheet in sheets] if likely else []
    told = [_with_answers(fit, [one[fit.name] for one in looked]) if fit.name in likely else fit for fit in compared]
    return sorted(told, key=lambda fit: (-fit.points, fit.name))


def _with_answers(fit: Fit, shown_in: Sequence[Looked | ExportInvalid]) -> Fit:
    """The same with what the answers of all exports tell."""
    refused = next((one for one in shown_in if isinstance(one, ExportInvalid)), None)
    if refused is not None:
        return replace(fit, refused=refused)
    looked = tuple(one for one in shown_in if isinstance(one, Looked))
    unknown = tuple(name for name in fit.questionnaire.columns if any(name in one.unknown for one in looked))
    return replace(fit, looked=looked, unknown=unknown, unplaced=_unplaced(fit.questionnaire, looked))


def _unplaced(q: Questionnaire, looked: Sequence[Looked]) -> tuple[str, ...]:
    countries: dict[str, int] = {}
    for one in looked:
        for country, rows in one.countries.items():
            countries[country] = countries.get(country, 0) + rows
    fewest = _SOME * sum(countries.values())
    return tuple(country for country, rows in countries.items() if rows >= fewest and not routes_of(q, country))


def _worded(q: Questionnaire, codebook: Codebook) -> int:
    """How many questions the form words just as the instrument does."""
    if codebook.form is None:
        return 0
    asked = {name: codebook.question(name) for name in q.columns}
    return sum(
        bool({fold(text) for text in q.columns[name].wording.values()} & {fold(t) for t in question.labels.values()})
        for name, question in asked.items()
        if question
    )


def decide(ranked: Sequence[Fit], asked_for: str | None) -> Fit:
    """The instrument that was asked for, or the one that fits best.

    Errors: UsageError if nobody asked for one and none fits, or two fit alike; ExportInvalid if the export cannot be
    read as it.
    """
    chosen = next((fit for fit in ranked if fit.name == asked_for), None) or ranked[0]
    if not asked_for and not chosen.is_enough:
        what = "The questionnaire cannot be recognised: the export has few of the questions of any."
        raise _question(what, ranked, form_first=True)
    alike = [fit for fit in ranked if fit.points == chosen.points]
    if not asked_for and len(alike) > 1:
        names = " and ".join(fit.name for fit in alike)
        raise _question(f"The export fits {names} alike, and nothing in it tells which it is.", alike)
    if chosen.refused is not None:
        raise chosen.refused
    return chosen


def _question(what: str, candidates: Sequence[Fit], *, form_first: bool = False) -> UsageError:
    lines = [f"  - {fit.name}: {fit.questionnaire.title['en']}. {_described(fit)}" for fit in candidates]
    bring = f"If the export has labels instead of names, put its XLSForm beside it. {FORM_FROM}"
    ask = (
        "Ask who led the fieldwork which form was used, and run the command again with "
        f"QUESTIONNAIRE={candidates[0].name}, or another of these."
    )
    repair = f"{bring} If it has names: {ask[0].lower()}{ask[1:]}" if form_first else f"{ask} {bring}"
    return UsageError(f"{what}\n" + "\n".join(lines), where="QUESTIONNAIRE", repair=repair)


def _described(fit: Fit) -> str:
    of = f"{len(fit.found)} of its questions are in the export, {len(fit.missing)} are not"
    set_of = f'"at least one" counts {", ".join(fit.questionnaire.counted)}'
    return f"{of}; {set_of}." if not fit.against or not fit.is_enough else f"{of}; {fit.against}; {set_of}."


def _listed(words: Sequence[str]) -> str:
    """Columns, countries or headers, as they may be printed."""
    names = [f'"{shown(word)}"' for word in words[:_LISTED] if not looks_identifying(word)]
    more = f" and {len(words) - len(names)} more" if len(words) > len(names) else ""
    return ", ".join(names) + more
