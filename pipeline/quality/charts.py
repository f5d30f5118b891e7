"""The charts of the page, as SVG that stands in it. Every mark carries its number as `data-n`, and a title on hover."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from textwrap import wrap

from pipeline.markup import Markup, scrolled, tag
from pipeline.quality.queues import minutes
from pipeline.quality.results import Day, Durations, Enumerator, Measure, Share

WIDTH = 900
LEFT, RIGHT, TOP, BELOW = 52, 12, 14, 34
MOST_BARS = 400
MOST_ENUMERATORS = 40


def days_chart(days: Sequence[Day]) -> Markup:
    """Records by day of fieldwork; by week where there are too many days for a bar each."""
    step = 1 if len(days) <= MOST_BARS else 7
    spans = [days[i : i + step] for i in range(0, len(days), step)]
    counts = [sum(day.records for day in span) for span in spans]
    height, plot = 200, 200 - TOP - BELOW
    top, ticks = _scale(max(counts))
    slot = (WIDTH - LEFT - RIGHT) / len(spans)
    marks = _grid(ticks, top, plot)
    for i, (span, n) in enumerate(zip(spans, counts, strict=True)):
        name = f"{span[0].day}" if step == 1 else f"week from {span[0].day}"
        marks.append(_bar((LEFT + i * slot, slot), n, plot / top, TOP + plot, f"{name}: {n:,} records"))
    every = ceil(len(_months(days)) * 58 / (WIDTH - LEFT - RIGHT))
    for place, name in _months(days)[::every]:
        x = LEFT + place / step * slot
        marks.append(_line(x, TOP + plot, x, TOP + plot + 5, "axis"))
        marks.append(_text(x, TOP + plot + 20, name))
    what = "day" if step == 1 else "week"
    most = max(range(len(counts)), key=lambda i: counts[i])
    told = (
        f"Bars from {days[0].day} to {days[-1].day}. {counts.count(0)} of {len(counts)} without a record; most in one "
        f"{what}: {counts[most]:,}, from {spans[most][0].day}."
    )
    return _picture("days", f"Records per {what} of fieldwork", told, height, marks)


def _months(days: Sequence[Day]) -> list[tuple[int, str]]:
    """The place of the first day of each month, and its name; the first day itself where there is none."""
    firsts = [(i, day.day.strftime("%Y-%m")) for i, day in enumerate(days) if day.day.day == 1]
    return firsts or [(0, str(days[0].day))]


def durations_chart(found: Durations) -> Markup:
    """Interviews by minutes, with the limits of the review queues."""
    height, plot = 220, 220 - TOP - BELOW
    bins = found.bins
    top, ticks = _scale(max(b.interviews for b in bins))
    width = (WIDTH - LEFT - RIGHT) / len(bins)
    marks = _grid(ticks, top, plot)
    for i, b in enumerate(bins):
        span = f"{minutes(b.low)} to {minutes(b.high)} minutes" if b.high else f"{minutes(b.low)} minutes and more"
        marks.append(
            _bar(
                (LEFT + i * width, width), b.interviews, plot / top, TOP + plot, f"{span}: {b.interviews:,} interviews"
            )
        )
        if i % ceil(len(bins) / 12) == 0:
            marks.append(_text(LEFT + i * width, TOP + plot + 18, minutes(b.low), anchor="middle"))
    if bins[-1].high:
        marks.append(_text(WIDTH - RIGHT, TOP + plot + 18, minutes(bins[-1].high), anchor="middle"))
    marks.append(_text(WIDTH - RIGHT, TOP + plot + 32, "minutes", anchor="end"))
    size = (bins[0].high or bins[0].low + 1) - bins[0].low
    for name, limit in (("short", found.low_limit), ("long", found.high_limit)):
        place = None if limit is None else (limit - bins[0].low) / size
        if place is not None and 0 <= place <= len(bins):
            x = LEFT + place * width
            marks.append(_line(x, TOP, x, TOP + plot, "limit"))
            marks.append(_text(x + 4, TOP + 10, f"{name}: {minutes(limit)}", class_="limit-name"))
    told = (
        f"{found.timed:,} interviews. Half took between {minutes(found.lower_quartile)} and "
        f"{minutes(found.upper_quartile)} minutes, the median is {minutes(found.median)}."
    )
    return _picture("durations", "Interviews by minutes from start to end", told, height, marks)


def drawn(staff: Sequence[Enumerator], measures: Sequence[Measure]) -> list[Enumerator]:
    """The enumerators of the chart: all; or, if they are many, those outside a limit and then the largest workloads."""
    names = [measure.name for measure in measures]

    def rank(one: Enumerator) -> tuple[bool, int, str]:
        outside = any(_is_outside(one.shares.get(name)) for name in names)
        return not outside, -one.records, one.code

    return sorted(sorted(staff, key=rank)[:MOST_ENUMERATORS], key=lambda one: one.code)


def _is_outside(share: Share | None) -> bool:
    return share is not None and share.verdict in ("above", "below")


def enumerators_chart(staff: Sequence[Enumerator], measures: Sequence[Measure]) -> Markup:
    """A dot for each enumerator and measure, on a line from limit to limit."""
    people = drawn(staff, measures)
    row, head = 18, 36
    height = head + row * len(people) + BELOW
    panel = (WIDTH - LEFT - RIGHT) / len(measures)
    marks = [_text(0, head + row * i + 13, one.code, class_="strong") for i, one in enumerate(people)]
    for number, measure in enumerate(measures):
        x, wide = LEFT + 12 + number * panel, panel - 40
        shares = [one.shares.get(measure.name) for one in people]
        top, ticks = _scale(100 * max((_reach(share) for share in shares), default=0), steps=3)
        marks += [_text(x, 12 + 14 * i, line, class_="strong") for i, line in enumerate(wrap(measure.title, 16))]
        for tick in ticks:
            at = x + tick / top * wide
            marks.append(_line(at, head, at, head + row * len(people), "grid"))
            marks.append(_text(at, head + row * len(people) + 16, f"{tick:g}%", anchor="middle"))
        for i, (one, share) in enumerate(zip(people, shares, strict=True)):
            if share is not None and share.events is not None:
                marks += _dot(f"{one.code}, {measure.title}", share, (x, head + row * i + 9), wide / top)
    outside = sum(_is_outside(one.shares.get(measure.name)) for one in people for measure in measures)
    told = f"{len(people)} enumerators, {len(measures)} shares each. {outside} shares lie outside their limits."
    return _picture(
        "enumerators", "Shares of each enumerator, between the limits for the workload", told, height, marks
    )


def _reach(share: Share | None) -> float:
    """How far to the right a share and its limits go."""
    if share is None or share.events is None or not share.base:
        return 0.0
    return max(share.events, share.high or 0) / share.base


def _dot(name: str, share: Share, start: tuple[float, float], per_percent: float) -> list[Markup]:
    x, y = start

    def at(count: int) -> float:
        return x + 100 * count / share.base * per_percent

    events, low, high = share.events or 0, share.low or 0, share.high or 0
    said = f"{name}: {events:,} of {share.base:,}; limits {low:,} to {high:,}"
    reach = [] if share.verdict in ("few", "alone") else [_line(at(low), y, at(high), y, "range")]
    place = at(events)
    if _is_outside(share):
        shape = tag(
            "path",
            tag("title", f"{said} ({share.verdict})"),
            d=f"M{place - 6:.1f} {y} L{place:.1f} {y - 6} L{place + 6:.1f} {y} L{place:.1f} {y + 6} Z",
            class_="outside",
            data_n=events,
        )
    else:
        shape = tag("circle", tag("title", said), cx=f"{place:.1f}", cy=y, r=4, class_="dot", data_n=events)
    return [*reach, shape]


def _scale(most: float, steps: int = 5) -> tuple[float, list[float]]:
    """The end of an axis that begins at 0, and its ticks: at most so many steps of 1, 2 or 5 times a power of ten."""
    least = max(most, 1) / steps
    power = 10.0 ** floor(log10(least))
    step = max(1.0, next(power * times for times in (1, 2, 5, 10) if power * times >= least))
    needed = max(1, ceil(most / step))
    return needed * step, [step * i for i in range(needed + 1)]


def _grid(ticks: Sequence[float], top: float, plot: float) -> list[Markup]:
    marks = []
    for tick in ticks:
        y = TOP + plot - tick / top * plot
        marks.append(_line(LEFT, y, WIDTH - RIGHT, y, "grid" if tick else "axis"))
        marks.append(_text(LEFT - 8, y + 4, f"{tick:,.0f}", anchor="end"))
    return marks


def _bar(place: tuple[float, float], n: int, per_one: float, foot: float, said: str) -> Markup:
    x, slot = place
    height = n * per_one
    gap = min(2.0, slot * 0.2)
    return tag(
        "rect",
        tag("title", said),
        x=f"{x + gap / 2:.2f}",
        y=f"{foot - height:.2f}",
        width=f"{slot - gap:.2f}",
        height=f"{height:.2f}",
        class_="bar",
        data_n=n,
    )


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return tag("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", class_=class_)


def _text(x: float, y: float, words: str, *, anchor: str = "start", class_: str | None = None) -> Markup:
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, class_=class_)


def _picture(name: str, title: str, told: str, height: float, marks: Sequence[Markup]) -> Markup:
    picture = tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", told, id=f"{name}-told"),
        list(marks),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-told",
    )
    return scrolled(picture, title)
