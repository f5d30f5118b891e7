"""The page, first part: what validation found, who was taken out, and the review queues with their row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.ingest.findings import Finding, Severity, alike, listed
from pipeline.markup import Child, Markup, Section, joined, table, tag
from pipeline.quality.listing import causes_told, groups, named, rows_by_file
from pipeline.quality.queues import NEVER_DELETED, TOGETHER
from pipeline.quality.results import Quality, Queue

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_A_FINDING = 50


def to_review(quality: Quality) -> Markup:
    """The queues that hold rows, with links to them; and in one line those that do not."""
    if not quality.to_review:
        return tag("p", f"Nothing to review. Looked for and not found: {_names(quality.queues)}.")
    rows = [
        [
            tag("a", queue.title, href=f"#queue-{queue.name}"),
            f"{queue.rows:,}",
            f"{queue.groups:,}" if queue.groups else "",
            "; ".join(named(kind, len(list(of))) for kind, of in groupby(queue.causes, key=lambda cause: cause.kind)),
        ]
        for queue in quality.to_review
    ]
    empty = [queue for queue in quality.queues if not queue.rows]
    return joined(
        table("To review", ["Review queue", "Rows", "Groups", "Told once about"], rows, numbers=(1, 2)),
        tag("p", f"Looked for and not found: {_names(empty)}.", class_="quiet") if empty else None,
    )


def _names(queues: Sequence[Queue]) -> str:
    return "; ".join(queue.title[0].lower() + queue.title[1:] for queue in queues)


# --- findings and ledger --------------------------------------------------------------------------------------------

_SEVERITIES = {
    Severity.ERROR: ("Errors", "An error stops the run until it is mended."),
    Severity.WARNING: ("Warnings", "The run goes on. Somebody should look."),
    Severity.NOTE: ("Notes", "Nothing needs to be done."),
}


def findings_section(findings: Sequence[Finding]) -> Section:
    """What validation found, by severity."""
    parts = [_of_severity(severity, [f for f in findings if f.severity is severity]) for severity in _SEVERITIES]
    nothing = tag("p", "Validation found nothing.") if not findings else None
    return Section("findings", "Validation", joined(nothing, *parts))


def _of_severity(severity: Severity, findings: Sequence[Finding]) -> Markup | None:
    if not findings:
        return None
    title, about = _SEVERITIES[severity]
    rows: list[list[Child]] = []
    for group in alike(findings):
        first = group[0]
        repair = tag("div", first.repair, class_="quiet") if first.repair else None
        found = tag("div", first.message, repair, class_="said")
        count = f"{first.rows:,}" if first.rows else ""
        rows.append(
            [_place(group), found, count, tag("span", listed(first.row_numbers, ROWS_OF_A_FINDING), class_="rows")]
        )
    heading = tag("h3", f"{title}: {len(findings):,}")
    columns = ["Where", "What was found, and what to do", "Rows", "Row numbers"]
    return joined(heading, tag("p", about), table(f"{title} of validation", columns, rows, numbers=(2,)))


def _place(group: Sequence[Finding]) -> Markup:
    columns = ", ".join(f"“{finding.column}”" for finding in group if finding.column)
    named = f"column{'s' if len(group) > 1 else ''} {columns}" if columns else ""
    return joined(group[0].file or "the wave", tag("br") if named else None, tag("span", named, class_="quiet rows"))


def ledger_section(ledger: pd.DataFrame) -> Section:
    """Who was taken out, and why."""
    rows: list[list[Child]] = [
        [str(rule).replace("_", " "), f"{int(n):,}", reason]
        for rule, n, reason in ledger[["rule", "rows", "reason"]].itertuples(index=False)
    ]
    caption = "From rows received to respondents analysed"
    return Section("ledger", "Exclusions", table(caption, ["Rule", "Rows", "Reason"], rows, numbers=(1,)))


# --- review queues --------------------------------------------------------------------------------------------------


def queues_section(quality: Quality) -> Section:
    """Each queue that holds rows: what it is, why it matters, what to do, and where the rows are."""
    queues = [_queue(queue, quality) for queue in quality.to_review] or [tag("p", "No row is in a review queue.")]
    return Section("queues", "Review queues", joined(tag("p", NEVER_DELETED), *queues))


def _queue(queue: Queue, quality: Quality) -> Markup:
    counted = f"{queue.rows:,} row{'s' if queue.rows != 1 else ''}"
    counted += f" in {queue.groups:,} group{'s' if queue.groups != 1 else ''}" if queue.groups else ""
    whole = queue.rows > quality.interviews / 2 and quality.interviews >= quality.limits.timed_base
    return joined(
        tag("h3", f"{queue.title}: {counted}", id=f"queue-{queue.name}"),
        tag("p", _WHOLE_WAVE, class_="alarm") if whole else None,
        tag(
            "dl",
            *_said("Why", queue.why),
            *_said("What to do", queue.what_to_do),
            *_together(queue),
            *(_where(queue, quality.listed_in(queue)) if queue.listed else []),
        ),
    )


_WHOLE_WAVE = (
    "More than half of all interviews are here. Look for one common cause first: a clock, the form, the export."
)


def _said(name: str, what: Child) -> list[Markup]:
    return [tag("dt", name), tag("dd", what)]


def _together(queue: Queue) -> list[Markup]:
    """What many rows share, told once."""
    if not queue.causes:
        return []
    lines = [tag("div", line) for line in causes_told(queue.causes)]
    where = "Their rows are not listed here; each is in queues.csv, beside this page."
    return _said("Told once", joined(tag("div", tag("strong", TOGETHER[queue.name])), *lines, tag("div", where)))


def _where(queue: Queue, rows: pd.DataFrame) -> list[Markup]:
    """Row numbers, by file; rows that belong together stand together."""
    name = "Other rows" if queue.causes else "Where"
    if not queue.groups:
        lines = [tag("div", f"{file}: {_rows(numbers)}") for file, numbers in rows_by_file(rows)]
        return _said(name, tag("div", lines, class_="rows"))
    together, left = groups(rows)
    files = rows["file"].unique()
    begin = f"{files[0]}: rows " if len(files) == 1 else "Files and rows: "
    end = f" and {left:,} more groups, in queues.csv" if left else ""
    return _said(name, tag("div", begin + "; ".join(together) + end, class_="rows"))


def _rows(numbers: str) -> str:
    return f"row {numbers}" if numbers.isdigit() else f"rows {numbers}"
