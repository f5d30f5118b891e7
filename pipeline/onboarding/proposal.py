"""What `new-wave` found out about an export, and what it leaves to the analyst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout
from pipeline.ingest.sheet import Delimited
from pipeline.ingest.sources.dialect import DELIMITERS
from pipeline.onboarding.gaps import Gaps
from pipeline.onboarding.gather import Left
from pipeline.onboarding.look import Looked, routes_of
from pipeline.onboarding.recognise import Fit
from pipeline.wave import AllowedColumn

_HANDLED = ("unused_column", "absent_column", "form_version")
"""Checks of which `Gaps` and the wave file tell."""


@dataclass(frozen=True)
class Proposal:
    """A new wave.

    form, logs: names of files. sheet: the sheet's name, where the analyst gave one. ranked: every instrument, the best
    first. left: files that were not copied. encodings: of exports that are text. findings: what `check-wave` will find,
    apart from fieldwork. duplicates: rows with a submission that is there already. is_synthetic: whether a wave file
    beside the export says so.
    """

    name: str
    folder: Path
    made_on: date
    fit: Fit
    ranked: tuple[Fit, ...]
    asked_for: bool
    gaps: Gaps
    findings: tuple[Finding, ...]
    form: str | None = None
    logs: tuple[str, ...] = ()
    sheet: str | None = None
    allowed: tuple[AllowedColumn, ...] = ()
    left: tuple[Left, ...] = ()
    encodings: Mapping[str, str] = field(default_factory=dict)
    duplicates: int = 0
    is_synthetic: bool = False

    @property
    def exports(self) -> Sequence[Looked]:
        """Each export, as the chosen instrument shows it."""
        return self.fit.looked

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the wave that were given."""
        names = [*(one.layout.file for one in self.exports), *((self.form,) if self.form else ()), *self.logs]
        return tuple(dict.fromkeys(names))

    @property
    def next_best(self) -> Fit | None:
        """The best of the other instruments."""
        return next((fit for fit in self.ranked if fit.name != self.fit.name), None)

    @property
    def has_labels(self) -> bool:
        """Whether most questions were found by their labels rather than their names."""
        rules = [match.rule for one in self.exports for match in one.layout.matches if match.column]
        return 2 * sum(rule.startswith("label") for rule in rules) > len(rules)

    @property
    def needs_form(self) -> bool:
        """Whether a form may be all that is missing: there is none, and labels, or hardly anything, were matched."""
        unmatched = any(missing.required for missing in self.gaps.missing) or self.fit.unknown
        return self.form is None and bool(unmatched) and (self.has_labels or not self.fit.is_enough)

    @property
    def to_mend(self) -> list[Finding]:
        """What will stop `check-wave` once the wave file is filled in."""
        return [one for one in self.findings if one.severity is Severity.ERROR]

    @property
    def noticed(self) -> list[Finding]:
        """What else is worth knowing."""
        return [one for one in self.findings if one.severity is not Severity.ERROR and one.check not in _HANDLED]

    @property
    def versions(self) -> list[Finding]:
        """How many records each version of the form has given."""
        return [one for one in self.findings if one.check == "form_version"]


def why(proposal: Proposal) -> str:
    """Why this instrument, and how far the next one is, in one sentence or two."""
    fit, other = proposal.fit, proposal.next_best
    of = len(fit.found) + len(fit.missing)
    said = "asked for" if proposal.asked_for else "recognised"
    text = f"{said}; {len(fit.found)} of its {of} questions are in the export"
    if fit.against:
        text += f"; {fit.against}"
    if other is None:
        return f"{text}."
    behind = fit.points - other.points
    distance = f"{behind} point{'s' if behind != 1 else ''} behind" if behind >= 0 else f"{-behind} points ahead"
    reasons = [other.against] if other.against else []
    if fit.worded > other.worded:
        reasons.append(f"it words {fit.worded - other.worded} questions of the form otherwise")
    return f"{text}. Next: {other.name}, {distance}{': ' if reasons else ''}{'; '.join(reasons)}."


def described(one: Looked, encodings: Mapping[str, str]) -> str:
    """How an export is laid out."""
    layout: Layout = one.layout
    records = layout.sheet.records
    parts = [f"{one.rows:,} records"]
    if layout.sheet.name:
        parts.append(f'in "{layout.sheet.name}"')
    if isinstance(records, Delimited):
        parts.append(f"separated by {DELIMITERS.get(records.dialect.delimiter, 'another character')}")
    if layout.file in encodings:
        parts.append(encodings[layout.file])
    parts.append(f"dates as {one.dates.order or 'nobody can tell yet'} ({one.dates.reason})")
    return ", ".join(parts)


def places(one: Looked, fit: Fit) -> str:
    """The countries of interview with the routes that an interview there may be on."""
    return "; ".join(
        f"{country} {' or '.join(routes_of(fit.questionnaire, country)) or 'without a route'}"
        for country in one.countries
    )
