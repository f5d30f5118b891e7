"""Where people were interviewed: a tile for each country, about where it lies. It claims no border and no size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Cell, Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.labels import wrapped
from pipeline.report.figures.mark import Mark, mark_of, marks_of, number_of
from pipeline.vocabulary import ALL, DECLINED, UNKNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "interviews"
VARIABLE = "survey_country"

# Column from the west and row from the north of each country where flow monitoring has been held. Neighbours stand
# beside or above one another where there is room; one that is not here stands in the last row.
TILES = {
    "ESP": (0, 2), "MAR": (0, 3), "MRT": (0, 4), "MLI": (1, 4), "DZA": (1, 3), "TUN": (2, 3), "NER": (2, 4),
    "ITA": (2, 1), "SVN": (3, 0), "HRV": (3, 1), "BIH": (4, 1), "HUN": (4, 0), "ROU": (5, 0), "SRB": (5, 1),
    "BGR": (6, 1), "MNE": (3, 2), "ALB": (4, 2), "MKD": (5, 2), "GRC": (6, 2), "TUR": (7, 2), "CYP": (7, 3),
    "LBY": (3, 3), "TCD": (3, 4), "EGY": (4, 3), "SDN": (4, 4),
}  # fmt: skip
ELSEWHERE = 5
SHADES = ("#E4ECF5", "#A9C3DF", "#6F97C4", "#36669F", "#12305C")
STEPS = (0.05, 0.15, 0.3, 0.5)
"""Shares from which on a tile is a shade darker."""


def _cells(edition: Edition) -> dict[str, Cell]:
    """Country → share of all respondents: where anybody was interviewed, and where that is withheld. Nothing if all is.

    A form lists many more countries than interviews are held in: withheld ones are those that route rules name.
    """
    levels = edition.levels(VARIABLE) if VARIABLE in edition.variables() else []
    cells = {level: edition.distribution(VARIABLE, ALL, level) for level in levels if level not in (DECLINED, UNKNOWN)}
    told = [level for level, cell in cells.items() if cell.share is not None and not cell.nobody]
    named = _of_rules(edition) if told else set()
    return {level: cell for level, cell in cells.items() if level in told or (cell.withheld and level in named)}


def _of_rules(edition: Edition) -> set[str]:
    conditions = [condition for rule in edition.wave.questionnaire.routes for condition in rule.when]
    return {word for condition in conditions if condition.column == VARIABLE for word in condition.is_ or ()}


def words(edition: Edition) -> Words:
    """Title with the country of most interviews, caption with base and disclaimer, and alt text."""
    text, cells = edition.text, _cells(edition)
    n = text.count(edition.released.analysed_by_route.get(ALL, 0))
    caption = text.say(f"figures.{NAME}.caption", n=n, designations=text.say("report.designations"))
    alt = listed({text.country(level): cell for level, cell in cells.items()}, edition)
    return Words(NAME, _title(edition, cells), caption, f"{alt or text.say(f'figures.{NAME}.none')}")


def _title(edition: Edition, cells: dict[str, Cell]) -> str:
    text, told = edition.text, {level: cell.share for level, cell in cells.items() if cell.share is not None}
    if not told:
        return text.say(f"figures.{NAME}.title_none")
    most = max(told, key=lambda level: told[level])
    kind = "title_all" if cells[most].count == cells[most].n else "title"
    return text.say(f"figures.{NAME}.{kind}", country=text.country(most), share=edition.percent(cells[most]))


def marks(edition: Edition) -> list[Mark]:
    """A share for each tile."""
    cells = _cells(edition)
    return [mark_of(cell, edition) for cell in cells.values()] or marks_of({}, edition, VARIABLE, ALL)


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Tiles, the darker the more interviews; hatched where the number is withheld."""
    from pipeline.report.figures.frame import new_figure

    cells = _cells(edition)
    places = _places(list(cells))
    columns = {column for column, _ in places.values()} or {0}
    rows = {row for _, row in places.values()} or {0}
    figure = new_figure(0.25 + 0.62 * (max(rows) - min(rows) + 1), canvas, least=5.2)
    axes = figure.subplots()
    for level, cell in cells.items():
        _tile(axes, places[level], level, cell, edition)
    if not cells:
        axes.text(0.5, 0.5, edition.text.say(f"figures.{NAME}.none"), ha="center", va="center")
    axes.set_xlim(min(columns) - 0.02, max(*columns, min(columns) + 4) + 1)
    axes.set_ylim(max(rows) + 1, min(rows) - 0.02)
    axes.axis("off")
    return figure


def _places(countries: list[str]) -> dict[str, tuple[int, int]]:
    """The tile of each country."""
    elsewhere = [country for country in countries if country not in TILES]
    return {
        country: TILES.get(country) or (elsewhere.index(country) % 8, ELSEWHERE + elsewhere.index(country) // 8)
        for country in countries
    }


def _tile(axes: Axes, place: tuple[int, int], level: str, cell: Cell, edition: Edition) -> None:
    from matplotlib.patches import Rectangle

    from pipeline.report.figures.house import HATCH, INK, WITHHELD_EDGE

    (x, y), shade = place, sum((cell.share or 0) >= step for step in STEPS)
    look: dict[str, Any] = {"facecolor": SHADES[shade], "edgecolor": ROUTE_COLOURS["central"], "linewidth": 0.5}
    if cell.share is None:
        look = {"facecolor": "white", "edgecolor": WITHHELD_EDGE, "hatch": HATCH, "linewidth": 0.5}
    axes.add_patch(Rectangle((x, y), 0.95, 0.93, **look))
    ink = "white" if cell.share is not None and shade > 2 else INK
    name = wrapped(edition.text.country(level), 14, most=2)
    # On hatching, words need a ground of their own.
    ground = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}} if cell.share is None else {}
    axes.text(x + 0.475, y + 0.34, name, ha="center", va="center", fontsize=8, color=ink, **ground)
    if cell.share is not None:
        number = number_of(cell, edition)
        axes.text(x + 0.475, y + 0.74, number, ha="center", va="center", fontsize=9.5, fontweight="semibold", color=ink)
