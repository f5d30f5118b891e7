"""The page, second part: where, when and by whom records were made."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import NormalDist

from pipeline.markup import Child, Markup, Section, bullets, folded, joined, table, tag
from pipeline.quality.charts import MOST_ENUMERATORS, days_chart, enumerators_chart
from pipeline.quality.queues import minutes
from pipeline.quality.results import Day, Enumerator, Measure, Quality, Share

MOST_ROWS = 400
"""Rows of a table by monitoring point, version or enumerator that are shown."""

ROWS_IN_SIGHT = 30
"""A longer table of monitoring points is folded away."""


def days_section(quality: Quality) -> Section:
    """Records by day, monitoring point and version of the form."""
    days = _days(quality.days, quality) if quality.days else tag("p", "No row has a date.")
    return Section("days", "When and where", joined(days, *_points(quality), *_versions(quality)))


def _points(quality: Quality) -> list[Markup]:
    if not quality.points:
        return []
    rows: list[list[Child]] = [
        [p.point, f"{p.records:,}", f"{p.interviews:,}", f"{p.days:,}", f"{p.enumerators:,}"] for p in quality.points
    ]
    columns = ["Monitoring point", "Records", "Interviews", "Days with records", "Enumerators"]
    numbers = table("Records by monitoring point", columns, rows, numbers=(1, 2, 3, 4), most=MOST_ROWS)
    counts = sorted(p.records for p in quality.points)
    about = f"{len(counts):,} monitoring points with {counts[0]:,} to {counts[-1]:,} records each."
    shown = folded("Each monitoring point", numbers) if len(rows) > ROWS_IN_SIGHT else numbers
    return [tag("h3", "Monitoring points"), tag("p", about), shown]


def _versions(quality: Quality) -> list[Markup]:
    if not quality.versions:
        return []
    rows: list[list[Child]] = [
        [v.version, f"{v.records:,}", str(v.first or ""), str(v.last or "")] for v in quality.versions
    ]
    columns = ["Version", "Records", "First day", "Last day"]
    numbers = table("Records by version of the form", columns, rows, numbers=(1,), most=MOST_ROWS)
    return [tag("h3", "Versions of the form"), numbers]


def _days(days: Sequence[Day], quality: Quality) -> Markup:
    held = sum(day.records for day in days)
    empty = sum(not day.records for day in days)
    about = f"{held:,} records on {len(days) - empty:,} of {len(days):,} days of fieldwork."
    if quality.gaps:
        gaps = bullets(f"{gap.first} to {gap.last}: {gap.days} days" for gap in quality.gaps)
        told = joined(tag("p", f"No record on {quality.limits.gap_days} days in a row or more:"), gaps)
    else:
        told = tag("p", f"No {quality.limits.gap_days} days in a row are without a record.")
    rows: list[list[Child]] = [[str(day.day), f"{day.records:,}"] for day in days]
    numbers = folded("The same as a table", table("Records by day", ["Day", "Records"], rows, numbers=(1,)))
    return joined(tag("h3", "Records by day"), tag("p", about), tag("figure", days_chart(days)), told, numbers)


def enumerators_section(quality: Quality) -> Section:
    """The work of each enumerator, and who lies outside the limits."""
    title = "Enumerators"
    if not quality.enumerators:
        return Section("enumerators", title, tag("p", "No row has an enumerator code."))
    drawn = [m for m in quality.measures if any(_share(e, m).events is not None for e in quality.enumerators)]
    chart = (
        tag("figure", enumerators_chart(quality.enumerators, drawn), tag("figcaption", _READ_THE_CHART))
        if drawn
        else None
    )
    many = f"The chart shows {MOST_ENUMERATORS} of them: those outside a limit, then the largest workloads."
    return Section(
        "enumerators",
        title,
        joined(
            tag("p", _ABOUT_ENUMERATORS),
            *_outside(quality),
            chart,
            tag("p", many, class_="quiet") if len(quality.enumerators) > MOST_ENUMERATORS else None,
            _shares(quality),
            tag("p", _READ_THE_TABLE, class_="quiet"),
            _workload(quality),
            tag("p", _READ_THE_WORKLOAD, class_="quiet"),
        ),
    )


_ABOUT_ENUMERATORS = (
    "Each share is compared with that of everyone who interviewed at the same monitoring points, or where nobody else "
    "did, in the same country. Outside the limits is further than chance explains, given the workload. It is a reason "
    "to talk, not a verdict: languages, hours and the people who pass differ."
)
_READ_THE_CHART = (
    "A dot is the share of one enumerator, the line behind it reaches from limit to limit. A red diamond lies outside. "
    "A dot without a line is not judged."
)
_READ_THE_TABLE = (
    "▲ above, ▼ below the limits; “few”: too few interviews to be judged; “alone”: no colleagues to compare with; –: "
    "hidden, because so few answers could point to a person."
)
_READ_THE_WORKLOAD = (
    "Minutes are those of interviews with a start and a later end. The last columns count rows in review queues."
)


def _share(one: Enumerator, measure: Measure) -> Share:
    return one.shares.get(measure.name, Share(0, "few"))


def _outside(quality: Quality) -> list[Markup]:
    lines = [
        f"{one.code}: {measure.title.lower()}, {share.verdict} the limits{_numbers(share)}"
        for one in quality.enumerators
        for measure in quality.measures
        if (share := _share(one, measure)).verdict in ("above", "below")
    ]
    judged = sum(_share(e, m).verdict in ("above", "below", "") for e in quality.enumerators for m in quality.measures)
    chance = f"{judged:,} shares were judged. Chance alone would put {_by_chance(judged, quality)} of them outside."
    if not lines:
        return [tag("p", f"No share lies outside its limits. {chance}")]
    return [tag("h3", f"Outside the limits: {len(lines):,}"), tag("p", chance), bullets(lines)]


def _by_chance(judged: int, quality: Quality) -> str:
    """How many of so many shares lie outside by chance, at the most: both tails of the normal distribution."""
    expected = judged * 2 * NormalDist().cdf(-quality.limits.funnel_deviations)
    return "less than one" if expected < 1 else f"at most {ceil(expected):,}"


def _numbers(share: Share) -> str:
    if share.events is None:
        return " (the count is hidden)"
    return f" ({share.events:,} of {share.base:,}; limits {share.low:,} to {share.high:,})"


_MARKS = {"above": " ▲", "below": " ▼", "few": " few", "alone": " alone", "": ""}
_QUEUED = {
    "too_short": "Short",
    "overlapping": "At once",
    "back_to_back": "Next at once",
    "near_duplicates": "Nearly the same",
}


def _workload(quality: Quality) -> Markup:
    queued = [name for name in _QUEUED if any(queue.name == name for queue in quality.queues)]
    headers = ["Code", "Records", "Interviews", "Days", "Median minutes", *(_QUEUED[name] for name in queued)]
    rows: list[list[Child]] = [
        [
            one.code,
            *(f"{n:,}" for n in (one.records, one.interviews, one.days)),
            minutes(one.median_minutes),
            *(f"{one.queued.get(name, 0):,}" for name in queued),
        ]
        for one in quality.enumerators
    ]
    return table("The work of each enumerator", headers, rows, numbers=range(1, len(headers)), most=MOST_ROWS)


def _shares(quality: Quality) -> Markup:
    headers = ["Code", *(measure.title for measure in quality.measures)]
    rows: list[list[Child]] = [
        [one.code, *(_share_cell(_share(one, measure)) for measure in quality.measures)] for one in quality.enumerators
    ]
    caption = "Counts of each enumerator, and of how many"
    return table(caption, headers, rows, numbers=range(1, len(headers)), most=MOST_ROWS)


def _share_cell(share: Share) -> Markup:
    if not share.base:
        return tag("span", "–", class_="quiet")
    count = "–" if share.events is None else f"{share.events:,}"
    outside = share.verdict in ("above", "below")
    return tag(
        "span",
        f"{count} ",
        tag("span", f"of {share.base:,}", class_="quiet"),
        tag("span", _MARKS[share.verdict], class_="alarm" if outside else "quiet"),
        class_="mark",
    )
