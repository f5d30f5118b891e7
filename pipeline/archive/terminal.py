"""What the terminal says of a trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.archive.making import Made
from pipeline.archive.rows import Row
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    from rich.console import Console


def print_trend(console: Console, made: Made) -> None:
    """Says which waves are in it, what is left out, how often it breaks, and where it is."""
    book = made.book
    names = [row.wave for row in book.on(ALL)]
    console.print(f"From the releases of {len(names)} {'wave' if len(names) == 1 else 'waves'}: {', '.join(names)}")
    if len(names) == 1:
        console.print("It takes two waves to see a trend.")
    if book.left_out:
        left_out = ", ".join(book.left_out)
        console.print(f"Left out, being made up: {left_out}. To have them beside real ones, name all by WAVES.")
    changed = [one.name for one in book.rounds if one.is_declared_otherwise_now]
    if changed:
        told = "Their questionnaires have changed since they were released; breaks go by what they say now"
        console.print(f"{told}: {', '.join(changed)}")
    broken = [row for row in book.rows if row.broken and row.route != ALL]
    console.print(f"Waves that may not be joined to the one before: {_told(broken)}")
    console.print(f"Open first: {made.page}", style="bold")
    console.print(f"Table, figure and sources: {made.folder}/")


def _told(broken: list[Row]) -> str:
    return "; ".join(f"{row.wave} on {row.route} ({', '.join(row.broken)})" for row in broken) or "none"
