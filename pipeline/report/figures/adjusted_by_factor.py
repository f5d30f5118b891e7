"""What the model of factors takes the share to be at each level of each factor, all others taken into account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.report.edition import Cell, Edition, interval_of
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.labels import wrapped
from pipeline.report.figures.mark import Mark, mark_of
from pipeline.report.model_tables import level_label
from pipeline.vocabulary import ALL, FACTOR_LEVELS, Derived

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "adjusted_by_factor"
LINE = 0.158
"""Inches from one level to the next."""
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


def marks(edition: Edition) -> list[Mark]:
    """An adjusted share for each dot."""
    return [
        replace(
            mark_of(cell, edition),
            indicator=str(Derived.AT_LEAST_ONE),
            indicator_label=edition.text.say(f"indicator.{Derived.AT_LEAST_ONE}"),
            variable_label=block.heading,
            level_label=label,
        )
        for block in _blocks(edition)
        for label, cell in block.levels.items()
    ]


@dataclass(frozen=True)
class _Block:
    """A factor: its colour, its heading, and its levels."""

    colour: str
    heading: str
    levels: dict[str, Cell]

    @property
    def lines(self) -> float:
        """How many lines it takes, with the space below it."""
        return len(self.levels) + 1.2


def _blocks(edition: Edition) -> list[_Block]:
    return [
        _Block(colour, _heading(edition, iom_level, factor), levels)
        for colour, (iom_level, factors) in zip(COLOURS, adjusted(edition).items(), strict=True)
        for factor, levels in factors.items()
        if edition.has_model
    ]


def _in_columns(blocks: list[_Block], columns: int) -> list[list[_Block]]:
    """The blocks in one column, or in two that are as alike in length as they can be."""
    if columns == 1 or len(blocks) < 2:
        return [blocks]
    cuts = [(blocks[:at], blocks[at:]) for at in range(1, len(blocks))]
    return [*min(cuts, key=lambda cut: max(sum(block.lines for block in part) for part in cut))]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """A dot with its interval for each level, a block for each factor, a colour for each of IOM's levels."""
    from pipeline.report.figures.frame import new_figure
    from pipeline.report.figures.house import bare, percent_axis, say_instead

    blocks = _blocks(edition)
    columns = _in_columns(blocks, 2 if canvas.is_alone else 1)
    lines = max(sum(block.lines for block in column) for column in columns)
    figure = new_figure(0.45 + LINE * max(lines, 2), canvas, least=3.2 * len(columns))
    # Two columns on a square are narrow: headings begin above the labels, or they would run into the next column.
    narrow = len(columns) > 1 and canvas.beside == 1
    outdent, letters = (75, 26) if narrow else (0, 80 // len(columns))
    panels = figure.subplots(1, len(columns), squeeze=False)[0]
    if not blocks:
        say_instead(panels[0], wrapped(words(edition).caption, 80, most=6))
        return figure
    shown = [cell.high or cell.share or 0 for block in blocks for cell in block.levels.values()]
    most = min(1.0, max(shown) * 1.15 + 0.02)
    for axes, column in zip(panels, columns, strict=True):
        place, labelled = 0.0, dict[float, str]()
        for block in column:
            _draw_block(axes, block, place, most, edition)
            _say_heading(axes, block, place, outdent)
            labelled |= {place + step: label for step, label in enumerate(block.levels, start=1)}
            place += block.lines
        axes.set_yticks(list(labelled), [wrapped(label, 30, most=1) for label in labelled.values()])
        axes.set_ylim(lines - 0.4, -0.7)
        percent_axis(axes, edition, most=most)
        bare(axes)
        axes.set_xlabel(wrapped(edition.text.say(f"figures.{NAME}.axis"), letters))
    return figure


def _draw_block(axes: Axes, block: _Block, place: float, most: float, edition: Edition) -> None:
    from pipeline.report.figures.house import dot

    for y, cell in enumerate(block.levels.values(), start=1):
        dot(axes, place + y, cell, edition, colour=block.colour, most=most)


def _say_heading(axes: Axes, block: _Block, place: float, outdent: float) -> None:
    look: dict[str, Any] = {"color": block.colour, "fontsize": 9, "fontweight": "semibold", "va": "center"}
    if outdent:
        look |= {"xytext": (-outdent, 0), "textcoords": "offset points", "annotation_clip": False}
        axes.annotate(block.heading, (0, place), **look).set_in_layout(False)
    else:
        axes.text(0, place, block.heading, **look)
