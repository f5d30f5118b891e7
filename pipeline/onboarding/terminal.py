"""What `new-wave` says: what it took, what it recognised, what it could not match, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.ingest.findings import report
from pipeline.onboarding.gaps import Missing, Unused
from pipeline.onboarding.gather import FORM_FROM
from pipeline.onboarding.proposal import Proposal, described, places, why
from pipeline.wave import FILL_IN, WAVE_FILE

if TYPE_CHECKING:
    from rich.console import Console

_LISTED = 12


def print_proposal(console: Console, proposal: Proposal) -> None:
    """Tells the analyst about a new wave, without an answer that is not one of many to a closed question."""
    for line in _lines(proposal):
        console.print(line, markup=False, highlight=False)


def _lines(proposal: Proposal) -> Iterator[str]:
    yield f"Made {proposal.folder} with copies of {', '.join(proposal.files)}, and a {WAVE_FILE}."
    for left in proposal.left:
        yield f"Not copied: {left.name} ({left.why})."
    yield f"Questionnaire: {proposal.fit.name}, {why(proposal)}"
    for one in proposal.exports:
        yield f"{one.layout.file}: {described(one, proposal.encodings)}."
        yield f"  Interviews in: {places(one, proposal.fit) or 'countries that are not told'}."
    if proposal.duplicates:
        several = " Do two files hold the same interviews?" if len(proposal.exports) > 1 else ""
        yield f"  Rows with a submission that is there already: {proposal.duplicates:,}; they are left out.{several}"
    yield from _form(proposal)
    yield from _unmatched(proposal)
    for title, findings in (
        ("Noticed:", proposal.noticed),
        ("To be mended, or check-wave will stop at it:", proposal.to_mend),
    ):
        yield from [title, *report(findings)] if findings else []
    yield from _next(proposal)


def _form(proposal: Proposal) -> Iterator[str]:
    if proposal.needs_form:
        yield "No XLSForm was given, and what the export calls its questions and answers could not all be matched."
        yield f"  If it has labels instead of names, bring the XLSForm. {FORM_FROM}"
        yield f"  Put it beside the export, delete {proposal.folder}, and run this again."
    elif proposal.has_labels and not proposal.form:
        yield "The export has labels instead of names, and no XLSForm was given; those of the questionnaire sufficed."


def _unmatched(proposal: Proposal) -> Iterator[str]:
    gaps = proposal.gaps
    needed = [one for one in gaps.missing if one.required]
    optional = [one for one in gaps.missing if not one.required]
    yield from _section("Columns that the questionnaire needs and the export does not have:", map(_missing, needed))
    yield from _section(
        "Columns that the questionnaire knows; without them everyone counts as not asked:", map(_missing, optional)
    )
    yield from _section("Columns of the export that are not used:", map(_unused, gaps.unused))
    if not needed:
        yield "Every column that the questionnaire needs was found."


def _missing(one: Missing) -> str:
    could = " or ".join(f'"{header}"' for header in one.near)
    hint = f" Did you mean {could}?" if could else ""
    return f'{one.file}: "{one.called}".{hint}'


def _unused(one: Unused) -> str:
    hint = f" Could it be {' or '.join(one.near)}?" if one.near else ""
    return f'{one.file}: "{one.header}".{hint}'


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    there = list(lines)
    if not there:
        return
    yield title
    yield from (f"  - {line}" for line in there[:_LISTED])
    if len(there) > _LISTED:
        yield f"  - and {len(there) - _LISTED} more"


def _next(proposal: Proposal) -> Iterator[str]:
    path = proposal.folder / WAVE_FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    unfilled = [
        f"       line {number}: {line.partition('=')[0].strip()}"
        for number, line in enumerate(lines, start=1)
        if f'"{FILL_IN}' in line and not line.startswith("#")
    ]
    yield "What to do now:"
    yield f"  1. Open {path} in a text editor and fill in:"
    yield from unfilled
    yield "     Read the rest of it too: the title, and what stands behind each #."
    yield f"  2. make check-wave WAVE={proposal.name}, and mend what it finds."
    yield f"  3. make report WAVE={proposal.name}"
