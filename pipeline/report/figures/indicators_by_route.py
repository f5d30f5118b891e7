"""The indicators side by side for each route, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.colours import ROUTE_COLOURS
from pipeline.report.edition import Edition
from pipeline.report.figures import Words, listed
from pipeline.report.figures.canvas import PAGE, Canvas
from pipeline.report.figures.mark import Mark, mark_of
from pipeline.vocabulary import Derived

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "indicators_by_route"


def _indicators(edition: Edition) -> list[str]:
    return [str(Derived.AT_LEAST_ONE), *edition.singles]


def headline(edition: Edition, name: str, cells: dict[str, str]) -> str:
    """A title that states the finding for two routes or one, or names the subject where nothing can be stated."""
    text = edition.text
    told = {route: share for route, share in cells.items() if share != text.say("format.withheld")}
    if not told:
        return text.say(f"figures.{name}.title_none")
    (route, share), *others = told.items()
    values = {"route": text.say(f"route.{route}"), "share": share}
    if not others or not text.has(f"figures.{name}.title_two"):
        kind = "title_one" if text.has(f"figures.{name}.title_one") else "title_none"
        return text.say(f"figures.{name}.{kind}", **values)
    other, other_share = others[-1]
    return text.say(f"figures.{name}.title_two", **values, other=text.say(f"route.{other}"), other_share=other_share)


def words(edition: Edition) -> Words:
    """Title, caption with the range of bases, and alt text."""
    text = edition.text
    shares = {route: edition.percent(edition.at_least_one(route)) for route in edition.routes}
    bases = []
    for route in edition.routes:
        n = [cell.n for i in _indicators(edition) if (cell := edition.estimate(i, route)).n is not None]
        if not n:
            continue
        low, high = min(n), max(n)
        key = "caption_base" if low < high else "caption_base_equal"
        name = text.say(f"route_short.{route}")
        bases.append(text.say(f"figures.{NAME}.{key}", route=name, low=text.count(low), high=text.count(high)))
    caption = text.say(
        f"figures.{NAME}.caption", bases=", ".join(bases), not_own=_not_own(edition), apart=_apart(edition)
    )
    alt = []
    for route in edition.routes:
        cells = {text.say(f"indicator.{i}"): edition.estimate(i, route) for i in _indicators(edition)}
        alt.append(f"{text.labelled(text.say(f'route_short.{route}'), listed(cells, edition))}.")
    return Words(NAME, headline(edition, NAME, shares), caption, " ".join(alt))


def _not_own(edition: Edition) -> str:
    """What a yes says where the question is not about the respondent's own experience."""
    text = edition.text
    items = [item.indicator for item in edition.wave.questionnaire.indicators if item.experience != "own"]
    parts = [
        text.say(
            f"figures.{NAME}.caption_not_own_part",
            question=text.say(f"question.{indicator}"),
            yes_says=text.say(f"yes_says.{indicator}"),
        )
        for indicator in items
    ]
    return text.say(f"figures.{NAME}.caption_not_own", parts=text.series(parts)) if parts else ""


def _apart(edition: Edition) -> str:
    if not edition.apart:
        return ""
    return edition.text.say(f"figures.{NAME}.caption_apart", indicators=", ".join(edition.apart))


def marks(edition: Edition) -> list[Mark]:
    """A share for each bar."""
    return [mark_of(edition.estimate(i, route), edition) for i in _indicators(edition) for route in edition.routes]


def draw(edition: Edition, canvas: Canvas = PAGE) -> Figure:
    """Horizontal bars, a group an indicator, a bar a route."""
    from pipeline.report.figures.frame import new_figure
    from pipeline.report.figures.house import bar, bare, percent_axis

    indicators, routes = _indicators(edition), edition.routes
    thick = 0.8 / max(len(routes), 1)
    figure = new_figure(0.33 + len(indicators) * (0.13 + 0.165 * len(routes)), canvas)
    axes = figure.subplots()
    cells = {(i, r): edition.estimate(i, r) for i in indicators for r in routes}
    longest = max([cell.high or cell.share or 0 for cell in cells.values()], default=0)
    most = min(1.0, longest * 1.2 + 0.02) if longest else 1.0
    for place, indicator in enumerate(indicators):
        gap = 0.25 if place else 0
        for step, route in enumerate(routes):
            y = place + gap + (step - (len(routes) - 1) / 2) * thick
            name = edition.text.say(f"route_short.{route}") if place == 0 else ""
            cell = cells[indicator, route]
            bar(axes, y, cell, edition, thick=thick * 0.9, colour=ROUTE_COLOURS[route], most=most, name=name)
    places = [place + (0.25 if place else 0) for place in range(len(indicators))]
    axes.set_yticks(places, [edition.text.say(f"indicator.{i}") for i in indicators])
    for label, indicator in zip(axes.get_yticklabels(), indicators, strict=True):
        label.set_fontweight("semibold" if indicator == Derived.AT_LEAST_ONE else "normal")
    axes.autoscale_view(scalex=False)
    axes.invert_yaxis()
    axes.set_xlabel(edition.text.say(f"figures.{NAME}.axis"))
    percent_axis(axes, edition, most=most)
    bare(axes)
    return figure
