"""What a figure draws, as rows: whoever has them can draw it again. Every number in them is a released one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.report.edition import Cell, Edition
from pipeline.vocabulary import ALL

VALUE, UNRELIABLE, WITHHELD, NO_NUMBER = "value", "unreliable", "withheld", "no_number"
COUNTRY = "country"


@dataclass(frozen=True)
class Mark:
    """One bar, column, cell or dot: a row of a figure's CSV. The columns are described in `pipeline.tables`."""

    route: str = ""
    route_label: str = ""
    indicator: str = ""
    indicator_label: str = ""
    variable: str = ""
    variable_label: str = ""
    level: str = ""
    level_label: str = ""
    share: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int | None = None
    count: int | None = None
    printed: str = ""
    printed_n: str = ""
    drawn: str = VALUE


def mark_of(cell: Cell, edition: Edition, *, printed_n: str = "") -> Mark:
    """A released cell as it is drawn. printed_n: the base that stands beside it, as it is printed."""
    text, indicator = edition.text, cell.key.get("indicator", ALL)
    variable, level = _where(cell.key)
    return Mark(
        route=cell.route,
        route_label=text.say(f"route.{cell.route}"),
        indicator="" if indicator == ALL else indicator,
        indicator_label="" if indicator == ALL else text.say(f"indicator.{indicator}"),
        variable=variable,
        variable_label=_variable_label(variable, edition),
        level=level,
        level_label=text.country(level) if variable == COUNTRY else text.level(variable, level) if level else "",
        share=cell.share,
        ci_low=cell.low,
        ci_high=cell.high,
        n=cell.n,
        printed=number_of(cell, edition),
        printed_n=printed_n,
        drawn=_drawn(cell),
    )


def marks_of(cells: dict[str, Cell], edition: Edition, variable: str, route: str) -> list[Mark]:
    """The marks of a panel; of one without any cell, the slot that is drawn in place of them."""
    if cells:
        return [mark_of(cell, edition) for cell in cells.values()]
    text = edition.text
    empty = Mark(route, text.say(f"route.{route}"), printed=text.say("format.withheld"), drawn=NO_NUMBER)
    return [replace(empty, variable=variable, variable_label=_variable_label(variable, edition))]


def number_of(cell: Cell, edition: Edition) -> str:
    """A cell's share as it stands beside its bar, with a mark where it is not firm enough to be relied on."""
    number = edition.percent(cell, short=True)
    return number if cell.is_firm else edition.text.say("format.unreliable_share", share=number)


def _where(key: dict[str, str]) -> tuple[str, str]:
    """The characteristic and the level that a row of a released table is about; nothing for all respondents."""
    if COUNTRY in key:
        return COUNTRY, key[COUNTRY]
    variable = next((key[name] for name in ("group", "variable", "factor") if name in key), ALL)
    return ("", "") if variable == ALL else (variable, key["level"])


def _variable_label(variable: str, edition: Edition) -> str:
    if variable == COUNTRY:
        return edition.text.say("report.col_country")
    return edition.text.variable(variable) if variable else ""


def _drawn(cell: Cell) -> str:
    if cell.share is None:
        return WITHHELD if cell.withheld else NO_NUMBER
    return VALUE if cell.is_firm else UNRELIABLE
