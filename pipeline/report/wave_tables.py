"""Tables that set this wave beside an earlier one."""

from __future__ import annotations

from pipeline.report.edition import Change, Edition
from pipeline.report.figures.wave_by_wave import compared
from pipeline.report.grid import Row, Table, count, interval, points, share, table


def beside_earlier(edition: Edition) -> list[Table]:
    """A table for each route on which anyone was interviewed in both waves; none without an earlier wave."""
    if edition.earlier is None:
        return []
    return [_on(edition, route, changes) for route, changes in compared(edition).items()]


def _on(edition: Edition, route: str, changes: list[Change]) -> Table:
    text = edition.text
    earlier = edition.earlier.name if edition.earlier else ""
    title = text.say("report.table_changes", route=text.say(f"route.{route}"))
    note = text.say("report.table_changes_note", earlier=earlier, wave=edition.wave.name)
    if changes[0].broken:
        note = f"{note} {text.say('report.table_changes_break')}"
    columns = "indicator answered share interval answered share interval difference"
    rows = [_row(edition, change) for change in changes]
    widths = [0, 17, 14, 20, 17, 14, 20, 26]
    made = table(edition, title, columns, "lrrrrrrr", rows, kind="changes", of=[route], note=note, widths=widths)
    for place in range(1, 7):
        of_wave = earlier if place < 4 else edition.wave.name
        made["columns"][place] = text.say("report.col_of_wave", what=made["columns"][place], wave=of_wave)
    return made


def _row(edition: Edition, change: Change) -> Row:
    told = [
        number
        for cell in (change.earlier, change.later)
        for number in (count(edition, cell.n), share(edition, cell), interval(edition, cell))
    ]
    difference = "≠" if change.broken else points(edition, change.difference)
    return [edition.text.say(f"indicator.{change.later.key['indicator']}"), *told, difference]
