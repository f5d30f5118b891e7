"""Sections and tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def section(title: str, *parts: str, level: int = 2, close: bool = False) -> str:
    """A heading with paragraphs under it; with `close`, with lines that belong together."""
    body = ("\n" if close else "\n\n").join(parts)
    return f"{'#' * level} {title}\n\n{body}\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. A bar in a cell is written so that it does not end the cell."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
