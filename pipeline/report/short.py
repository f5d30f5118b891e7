"""The short report: three or four pages that describe, and compare nothing, also of a wave of few respondents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.manifest import Provenance
from pipeline.report import brief, tables
from pipeline.report.claims import Claim, stated
from pipeline.report.edition import Cell, Edition
from pipeline.report.frame import about, frame_of, headings, key
from pipeline.report.method_pages import method
from pipeline.report.provenance import provenance
from pipeline.vocabulary import ALL

FIGURES = ("indicators_by_route", "at_least_one_by_transit", "who")
HEADINGS = (
    *("quote", "key", "indicators", "where", "transit", "who", "method", "method_exclusions"),
    *("method_disclosure", "method_limits"),
)
DESCRIPTIVE = ("at_least_one", "transit", "year_outside_origin", "over_6_months", "where")
"""Kinds of claims that stand on shares of one group each: in a small wave, comparisons promise more than there is."""


def content(edition: Edition, all_claims: list[Claim], source: Provenance) -> dict[str, Any]:
    """Everything that the pages say."""
    text, told = edition.text, method(edition)
    return {
        **frame_of(edition),
        "headings": {"title": text.say("short.title"), **headings(edition, HEADINGS)},
        "about": about(edition),
        "key": {
            **key(edition, all_claims),
            "claims": [claim.sentence for claim in stated(all_claims, *DESCRIPTIVE)] or [text.say("brief.none")],
        },
        "charts": [name for name in FIGURES if _shows(name, edition)],
        "family": [claim.sentence for claim in stated(all_claims, "family")],
        "events": tables.events(edition),
        "designations": text.say("report.designations"),
        "method": told,
        "disclosure": told["disclosure"][:2],
        "more": text.say("short.more", table=edition.file_name("estimates.csv")),
        # The first line is of the export: it and the full report lead to all the others.
        "provenance": provenance(edition, source)["lines"][:1],
    }


def _any(cells: Iterable[Cell]) -> bool:
    return any(cell.share is not None for cell in cells)


def _shows(name: str, edition: Edition) -> bool:
    """Whether a figure has a number to show: an empty one says less than a sentence."""
    if name == "indicators_by_route":
        return brief.tells_indicators(edition)
    if name == "at_least_one_by_transit":
        return brief.chart(edition) == brief.BY_TRANSIT
    variables = ("sex", "age_group", "nationality")
    return _any(
        edition.distribution(variable, route, level)
        for variable in variables
        if variable in edition.variables()
        for route in (*edition.routes, ALL)
        for level in edition.levels(variable)
    )
