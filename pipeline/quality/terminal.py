"""Field quality in a few lines, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.ingest.findings import Finding, Severity
from pipeline.quality.listing import groups, rows_by_file
from pipeline.quality.results import Quality, Queue

if TYPE_CHECKING:
    from rich.console import Console

SPANS, GROUPS = 8, 4
"""Row numbers that are shown for a queue; the page has more."""


def print_summary(console: Console, quality: Quality, findings: Sequence[Finding]) -> None:
    """What to look at: findings by severity, each review queue with its first rows, enumerators outside the limits."""
    from rich.table import Table
    from rich.text import Text

    def say(words: str) -> None:
        console.print(Text(words))

    say(f"{quality.received:,} rows received, {quality.records:,} records, {quality.interviews:,} interviews held.")
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    told = [f"{n:,} {severity}{'s' if n != 1 else ''}" for severity, n in counts.items() if n]
    say(f"Validation: {', '.join(told)}." if told else "Validation found nothing.")
    if quality.to_review:
        shown = Table(title="To review", title_justify="left", box=None, pad_edge=False)
        shown.add_column("queue")
        shown.add_column("rows", justify="right")
        shown.add_column("where")
        for queue in quality.to_review:
            shown.add_row(Text(queue.title), f"{queue.rows:,}", Text(_where(queue, quality)))
        console.print(shown)
        say("These are rows to look at. Nothing was taken out of the analysis.")
    else:
        say("No row is in a review queue.")
    outside = [
        f"{one.code} ({measure.title.lower()}, {one.shares[measure.name].verdict})"
        for one in quality.enumerators
        for measure in quality.measures
        if measure.name in one.shares and one.shares[measure.name].verdict in ("above", "below")
    ]
    if outside:
        say(f"Enumerators outside the limits: {', '.join(outside)}.")
    for line in quality.not_measured:
        say(f"Not measured: {line}")


def _where(queue: Queue, quality: Quality) -> str:
    rows = quality.rows[quality.rows["queue"] == queue.name]
    if not queue.groups:
        return "; ".join(f"{file}: {numbers}" for file, numbers in rows_by_file(rows, SPANS))
    together, left = groups(rows, GROUPS)
    return "; ".join(together) + (f" and {left:,} more groups" if left else "")
