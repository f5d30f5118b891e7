"""The page, third part: how long interviews took, what was not answered, and how all of it was worked out."""

from __future__ import annotations

from pipeline.markup import Child, Markup, Section, bullets, folded, joined, table, tag
from pipeline.quality.charts import durations_chart
from pipeline.quality.limits import explained
from pipeline.quality.queues import minutes
from pipeline.quality.results import Quality


def durations_section(quality: Quality) -> Section:
    """How long interviews took."""
    found = quality.durations
    if found is None:
        return Section("durations", "Duration", tag("p", "Interviews have no start and end, so none was measured."))
    about = (
        f"{found.timed:,} interviews have a start and a later end. The median is {minutes(found.median)} minutes; "
        f"half took {minutes(found.lower_quartile)} to {minutes(found.upper_quartile)} minutes."
    )
    limits = (
        f"Limits of the review queues: below {minutes(found.low_limit)} and above {minutes(found.high_limit)} minutes"
    )
    told = (
        f"{limits} ({found.limits_from})."
        if found.low_limit or found.high_limit
        else f"No limits: {found.limits_from}."
    )
    rows: list[list[Child]] = [
        [
            f"{minutes(b.low)} to under {minutes(b.high)}" if b.high else f"{minutes(b.low)} and more",
            f"{b.interviews:,}",
        ]
        for b in found.bins
    ]
    numbers = table("Interviews by minutes", ["Minutes", "Interviews"], rows, numbers=(1,))
    return Section(
        "durations",
        "Duration",
        joined(
            tag("p", about),
            tag("p", told),
            tag("figure", durations_chart(found)),
            folded("The same as a table", numbers),
        ),
    )


def answers_section(quality: Quality) -> Section:
    """Answers that were not given, by question; and ages that end in 0 or 5."""
    rows: list[list[Child]] = [
        [
            q.question.replace("_", " "),
            f"{q.asked:,}",
            *(_part(n, q.asked) for n in (q.dont_know, q.declined, q.no_answer)),
        ]
        for q in quality.questions
    ]
    columns = ["Question", "Asked", "Don’t know", "Declined", "No answer"]
    parts: list[Child] = [
        table("Answers not given, of the interviews in which the question was put", columns, rows, numbers=(1, 2, 3, 4))
        if rows
        else tag("p", "No question of the interview is there.")
    ]
    if quality.ages:
        index = (
            f"Whipple’s index over ages 23 to 62 is {quality.ages.index:.0f} (base {quality.ages.base:,}): "
            f"{quality.ages.verdict}, on the scale of the United Nations. 100 means that ages ending in 0 or 5 are "
            "given no more often than others, 500 that all ages end so."
        )
        parts += [tag("h3", "Age heaping"), tag("p", index)]
    return Section("answers", "Answers", joined(*parts))


def _part(n: int, whole: int) -> Markup:
    if not whole:
        return tag("span", "–", class_="quiet")
    return joined(f"{n:,} ", tag("span", f"({n / whole:.1%})", class_="quiet"))


def methods_section(quality: Quality) -> Section:
    """What could not be measured, and the limits with their reasons."""
    missing = (
        [tag("h3", "Not measured"), bullets(quality.not_measured)]
        if quality.not_measured
        else [tag("p", "Everything that the pipeline can measure was measured.")]
    )
    rows: list[list[Child]] = [[value, what, why] for value, what, why in explained(quality.limits)]
    widened = [f"{m.title.lower()} ({m.widened:.1f} times)" for m in quality.measures if m.widened > 1]
    spread = (
        f"Because enumerators differ from each other anyway, limits were widened for {', '.join(widened)}."
        if widened
        else None
    )
    return Section(
        "methods",
        "Limits and methods",
        joined(
            *missing,
            table("Limits, and why they are where they are", ["Limit", "Of what", "Why"], rows),
            tag("p", spread) if spread else None,
            tag("h3", "Sources"),
            bullets(SOURCES),
        ),
    )


SOURCES = (
    "N. Mantel and W. Haenszel, Statistical aspects of the analysis of data from retrospective studies of disease, "
    "Journal of the National Cancer Institute 22 (1959), 719–748: what is expected of somebody at several points.",
    "D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005), "
    "1185–1202; Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14 (2005), "
    "347–351.",
    "B. Iglewicz and D. C. Hoaglin, How to detect and handle outliers (ASQC, 1993): the median and 3.5.",
    "N. Kuriakose and M. Robbins, Don’t get duped: fraud through duplication in public opinion surveys, Statistical "
    "Journal of the IAOS 32 (2016), 283–291; and, on why high shares of equal answers are no proof, K. Simmons, A. "
    "Mercer, S. Schwarzer and C. Kennedy, Evaluating a new proposal for detecting data falsification in surveys, the "
    "same volume, 327–338.",
    "H. S. Shryock, J. S. Siegel and Associates, The methods and materials of demography (1976): Whipple’s index.",
)
