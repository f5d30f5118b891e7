"""What `public-use` says: what was drawn, what it has spent, how good it is, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.public_use import Outcome
from pipeline.public_use.draws import MOST_EPSILON, PUBLIC_USE_FILE, total_delta, total_epsilon
from pipeline.tables import ESTIMATES
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console


def print_outcome(console: Console, outcome: Outcome) -> None:
    """Tells the analyst about a draw, or that there was one before."""
    for line in _lines(outcome):
        console.print(line, markup=False, highlight=False)


def _lines(outcome: Outcome) -> Iterator[str]:
    draw = outcome.draws[-1]
    path = outcome.folder / PUBLIC_USE_FILE
    if outcome.quality is None:
        yield (
            f"There is a public-use file of this wave: {path}, drawn on {draw.drawn_on} with ε = {draw.epsilon:g} and "
            f"δ = {draw.delta:g}. It was not drawn again."
        )
        yield f'To draw another one, which spends more: make public-use WAVE={outcome.folder.name} AGAIN=1 REASON="…"'
    else:
        yield f"Drawn: {path} (draw {draw.number}, ε = {draw.epsilon:g}, δ = {draw.delta:g})."
        yield _quality(outcome.quality)
    yield (
        f"All draws of this wave together: ε = {total_epsilon(outcome.draws):g} of at most {MOST_EPSILON:g}, "
        f"δ = {total_delta(outcome.draws):g}. Read {outcome.folder / 'README.md'} before you pass it on."
    )


def _quality(table: pd.DataFrame) -> str:
    off = table["difference"].dropna().abs() * 100
    whole = table[(table["table"] == ESTIMATES.name) & (table["group"] == ALL)]["difference"].dropna().abs() * 100
    if off.empty:
        return "Nothing could be compared: every share of the release is withheld."
    lost = int(table["difference"].isna().sum())
    not_there = f" {lost:,} more have nobody in the file: too few gave these answers." if lost else ""
    of_routes = f"; of indicators on a whole route {whole.mean():.1f}" if len(whole) else ""
    return (
        f"Of {len(off):,} released shares, the file is {off.mean():.1f} points off on average{of_routes}; at most "
        f"{off.max():.0f}.{not_there} Each is in quality.csv."
    )
