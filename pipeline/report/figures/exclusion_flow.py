"""Who was taken out, and who is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.edition import Edition
from pipeline.report.figures import Words
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.mark import Mark
from pipeline.vocabulary import EXCLUDING_RULES, Rule

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "exclusion_flow"


def words(edition: Edition) -> Words:
    """Title, caption and alt text, from the ledger."""
    text, rows = edition.text, edition.ledger
    title = text.say(
        f"figures.{NAME}.title",
        analysed=text.count(rows[Rule.ANALYSED]),
        received=text.count(rows[Rule.RECEIVED]),
    )
    none = [text.say(f"rule.{rule}").lower() for rule in EXCLUDING_RULES if rows[rule] == 0]
    caption = text.say(f"figures.{NAME}.caption" if none else f"figures.{NAME}.caption_all", none=text.listing(none))
    alt = text.series(text.labelled(text.say(f"rule.{rule}"), text.count(n)) for rule, n in rows.items() if n)
    return Words(NAME, title, caption, f"{alt}.")


def _lines(edition: Edition) -> list[str]:
    """What is received, the rules that took anybody out, and what is left."""
    return [str(Rule.RECEIVED), *(rule for rule in EXCLUDING_RULES if edition.ledger[rule]), str(Rule.ANALYSED)]


def _number(rule: str, edition: Edition) -> str:
    """What stands beside a bar: what is left, or what a rule took out."""
    n = edition.text.count(edition.ledger[rule])
    return n if rule in (Rule.RECEIVED, Rule.ANALYSED) else f"−{n}"


def marks(edition: Edition) -> list[Mark]:
    """A row of the ledger for each bar."""
    return [
        Mark(
            level=rule,
            level_label=edition.text.say(f"rule.{rule}"),
            count=edition.ledger[rule],
            printed=_number(rule, edition),
        )
        for rule in _lines(edition)
    ]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """A waterfall: what is left after each rule, with what it took out."""
    from pipeline.report.figures.frame import new_figure
    from pipeline.report.figures.house import QUIET, bare, box, line

    rows = edition.ledger
    text = edition.text
    lines = _lines(edition)
    figure = new_figure(0.27 * len(lines) + 0.1, canvas)
    axes = figure.subplots()
    total = left = rows[Rule.RECEIVED]
    for place, rule in enumerate(lines):
        n = rows[rule]
        if rule in (Rule.RECEIVED, Rule.ANALYSED):
            box(axes, (0, place - 0.31), n, 0.62, facecolor="#12407F")
            label, end = _number(rule, edition), n
        else:
            left -= n
            box(axes, (left, place - 0.31), n, 0.62, facecolor="#C2562C")
            line(axes, [left, left], [place + 0.31, place + 1], color="#A7B0B7", linewidth=0.6)
            label, end = _number(rule, edition), left + n
        axes.text(end + total * 0.008, place, label, va="center", ha="left", fontsize=9, color=QUIET)
    axes.set_yticks(range(len(lines)), [text.say(f"rule.{rule}") for rule in lines])
    axes.autoscale_view(scalex=False)
    axes.invert_yaxis()
    axes.set_xlim(0, total * 1.09)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    bare(axes, grid=None)
    return figure
