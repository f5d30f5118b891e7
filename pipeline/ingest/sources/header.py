"""Finds the header of a table among its first rows, and says what it must be like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ingest.findings import Finding, Severity, listed
from pipeline.ingest.sheet import Knows
from pipeline.ingest.sources.opening import Opening, shown

MOST_COLUMNS = 5000


def check_width(width: int, opening: Opening, sheet: str = "") -> None:
    """ExportInvalid for more columns than any questionnaire has."""
    if width > MOST_COLUMNS:
        raise opening.refused(
            f"This table has {width} columns; the most that are read are {MOST_COLUMNS}.",
            "Check that this is the right file, and that its rows are not its columns. Delete empty columns to the "
            "right of the data.",
            f'sheet "{shown(sheet)}"' if sheet else "",
        )


def named(cells: Iterable[str | None]) -> tuple[str, ...]:
    """A header: names without white space around them, and a stand-in for each blank one."""
    stripped = [(cell or "").strip().lstrip("\ufeff").strip() for cell in cells]
    return tuple(name or f"(no name, column {place})" for place, name in enumerate(stripped, start=1))


def known(header: Iterable[str | None], knows: Knows) -> int:
    """How many cells of a record are expected headers."""
    return sum(1 for name in header if name and name.strip() and knows(name.strip().lstrip("\ufeff")))


def first_header(records: Iterable[Iterable[str | None]], knows: Knows) -> tuple[int, int]:
    """Which of the records is the header, and how many expected names it has.

    It is the first that has at least half as many as the best: a line of question texts, which may be below the header,
    is expected text as well, and a title above it is not. Where nothing is expected, it is the first that is not blank.
    """
    lines = [list(record) for record in records]
    counts = [known(line, knows) for line in lines]
    best = max(counts, default=0)
    if best == 0:
        return next((place for place, line in enumerate(lines) if any(line)), 0), 0
    place = next(place for place, count in enumerate(counts) if 2 * count >= best)
    return place, counts[place]


def filled(records: Iterable[tuple[int, Sequence[str | None]]]) -> dict[int, int]:
    """Row number → how many cells of a record hold something, without blank records."""
    counts = {row: sum(1 for cell in cells if cell and cell.strip()) for row, cells in records}
    return {row: count for row, count in counts.items() if count}


def on_rows_above(above: Mapping[int, int], width: int, opening: Opening, sheet: str = "") -> list[Finding]:
    """What is to be said of rows above the header, given how many cells of each are filled. width: of the header.

    A title has a cell or two. A row with many is a second header, or an interview that lost its place when someone
    sorted the table.
    """
    if not above:
        return []
    is_full = any(2 * count > width for count in above.values())
    rows, were = ("Row", "was") if len(above) == 1 else ("Rows", "were")
    place = f' of the sheet "{shown(sheet)}"' if sheet else ""
    return [
        opening.noticed(
            Severity.WARNING if is_full else Severity.NOTE,
            "above_header",
            f"{rows} {listed(above)}{place} {were} set aside: the column names are below.",
            "If an interview is among them, move the row of column names to the top, in a copy of the export."
            if is_full
            else "",
            above,
        )
    ]
