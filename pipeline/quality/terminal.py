"""Field quality in a few lines, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.ingest.findings import Finding, report_by_severity
from pipeline.quality.listing import causes_told, groups, rows_by_file
from pipeline.quality.results import Quality, Queue

if TYPE_CHECKING:
    from rich.console import Console

SPANS, GROUPS, CAUSES = 8, 4, 3
"""Row numbers and causes that are shown for a queue; the page has more."""


def print_summary(console: Console, quality: Quality, findings: Sequence[Finding]) -> None:
    """What to look at: findings by severity, each review queue with its first rows, enumerators outside the limits."""
    from rich.table import Table
    from rich.text import Text

    def say(words: str) -> None:
        console.print(Text(words))

    say(f"{quality.received:,} rows received, {quality.records:,} records, {quality.interviews:,} interviews held.")
    for line in report_by_severity(findings):
        say(line)
    if quality.to_review:
        shown = Table(title="To review", title_justify="left", box=None, pad_edge=False)
        shown.add_column("queue")
        shown.add_column("rows", justify="right")
        shown.add_column("where")
        for queue in quality.to_review:
            shown.add_row(Text(queue.title), f"{queue.rows:,}", Text(_where(queue, quality)))
        console.print(shown)
        say("These are rows to look at. Nothing was taken out of the analysis. Every row: queues.csv, beside the page.")
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
    told = causes_told(queue.causes, CAUSES)
    if not queue.listed:
        return "; ".join(told)
    rows = quality.listed_in(queue)
    if not queue.groups:
        return "; ".join([*told, *(f"{file}: {numbers}" for file, numbers in rows_by_file(rows, SPANS))])
    together, left = groups(rows, GROUPS)
    return "; ".join([*told, *together]) + (f" and {left:,} more groups" if left else "")
