"""What the model of factors takes the share to be at each level of each factor, all others taken into account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.edition import Cell, Edition, interval_of
from pipeline.report.figures import Words, listed
from pipeline.report.model_tables import level_label
from pipeline.vocabulary import ALL, FACTOR_LEVELS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "adjusted_by_factor"
COLOURS = ("#12407F", "#5B2A5E", "#8A5A12", "#1F6B75")
"""One for each of IOM's levels: all of them dark enough for text, and told apart by their place as well."""


def adjusted(edition: Edition) -> dict[str, dict[str, dict[str, Cell]]]:
    """IOM's level → factor → label of its level → the adjusted share, where it is printed."""
    return {
        iom_level: {
            factor: {level_label(edition, factor, str(row["level"])): _cell(row) for row in rows}
            for factor, rows in edition.factors(iom_level).items()
        }
        for iom_level in FACTOR_LEVELS
    }


def _cell(row: dict[str, str | int | float | None]) -> Cell:
    found, n = interval_of(row, "probability", "probability_low", "probability_high"), row["answered"]
    share, low, high = found or (None, None, None)
    key = {name: str(row[name]) for name in ("factor", "level")}
    return Cell(ALL, key, share, low, high, n=None if n is None else int(n), withheld=row["suppressed"] != "")


def widest(edition: Edition) -> tuple[str, tuple[str, Cell], tuple[str, Cell]] | None:
    """The factor whose levels lie farthest apart, with its lowest and its highest level."""
    found = []
    for factors in adjusted(edition).values():
        for factor, levels in factors.items():
            told = sorted(
                ((label, cell) for label, cell in levels.items() if cell.share is not None),
                key=lambda one: one[1].share or 0,
            )
            if len(told) > 1:
                found.append((factor, told[0], told[-1]))
    return max(found, key=lambda one: (one[2][1].share or 0) - (one[1][1].share or 0), default=None)


def finding(edition: Edition) -> dict[str, str] | None:
    """The factor by which adjusted shares differ most, with its lowest and its highest level, in words."""
    found = widest(edition)
    if found is None:
        return None
    factor, (low_label, low), (high_label, high) = found
    label = edition.text.variable(factor)
    return {
        "factor": label[:1].lower() + label[1:],
        "low": edition.percent(low),
        "low_level": low_label,
        "high": edition.percent(high),
        "high_level": high_label,
    }


def words(edition: Edition) -> Words:
    """Title with the factor that matters most, caption with the base, and alt text."""
    text, told = edition.text, finding(edition)
    if not edition.has_model or told is None:
        caption = text.say(f"figures.{NAME}.caption_none", reason=model_notes(edition))
        return Words(NAME, text.say(f"figures.{NAME}.title_none"), caption, caption)
    title = text.say(f"figures.{NAME}.title", **told)
    people = edition.quantity("respondents")
    n = text.say("format.withheld") if people is None else text.count(int(people))
    caption = " ".join([text.say(f"figures.{NAME}.caption", n=n), *edition.caveats("sex")])
    alt = [
        f"{text.labelled(_placed(edition, iom_level, factor), listed(levels, edition))}."
        for iom_level, factors in adjusted(edition).items()
        for factor, levels in factors.items()
    ]
    return Words(NAME, title, caption, " ".join(alt))


def _placed(edition: Edition, iom_level: str, factor: str) -> str:
    return f"{edition.text.say(f'factor_level.{iom_level}')}, {edition.text.variable(factor)}"


def model_notes(edition: Edition) -> str:
    """Why there is no model, or what makes it less sure than it looks, in words."""
    notes = [word for word in edition.model_note.split(", ") if word]
    return edition.text.listing([edition.text.say(f"model_note.{word}") for word in notes])


def _heading(edition: Edition, iom_level: str, factor: str) -> str:
    name = edition.text.say(f"factor_level.{iom_level}")
    return edition.text.say("format.factor", level=name, factor=edition.text.variable(factor))


def draw(edition: Edition) -> Figure:
    """A dot with its interval for each level, a block for each factor, a colour for each of IOM's levels."""
    from pipeline.report.figures.house import INK, bare, new_figure, number_of, percent_axis, slot

    blocks = [
        (colour, _heading(edition, iom_level, factor), levels)
        for colour, (iom_level, factors) in zip(COLOURS, adjusted(edition).items(), strict=True)
        for factor, levels in factors.items()
        if edition.has_model
    ]
    lines = sum(len(levels) + 1.2 for _, _, levels in blocks)
    figure = new_figure(0.45 + 0.158 * max(lines, 2))
    axes = figure.subplots()
    shown = [cell.high or cell.share or 0 for _, _, levels in blocks for cell in levels.values()]
    most = min(1.0, max(shown, default=0.8) * 1.15 + 0.02)
    place, ticks, labels = 0.0, [], []
    for colour, heading, levels in blocks:
        axes.text(0, place, heading, color=colour, fontsize=9, fontweight="semibold", va="center")
        for step, (label, cell) in enumerate(levels.items(), start=1):
            y = place + step
            ticks.append(y)
            labels.append(label)
            if cell.share is None or cell.low is None or cell.high is None:
                slot(axes, y, 0.7, most, horizontal=True)
                continue
            axes.plot([cell.low, cell.high], [y, y], color=INK, linewidth=1.1, solid_capstyle="butt")
            axes.plot([cell.share], [y], marker="o", markersize=5, color=colour)
            number = number_of(cell, edition)
            axes.text(cell.high + most * 0.012, y, number, va="center", ha="left", fontsize=8.5, color=INK)
        place += len(levels) + 1.2
    if not blocks:
        axes.set_axis_off()
        axes.text(0, 0, words(edition).caption, fontsize=9, color=INK, va="center", wrap=True)
        axes.set_ylim(-1, 1)
        return figure
    axes.set_yticks(ticks, labels)
    axes.set_ylim(place - 0.4, -0.7)
    percent_axis(axes, edition, most=most)
    bare(axes)
    axes.set_xlabel(edition.text.say(f"figures.{NAME}.axis"))
    return figure
