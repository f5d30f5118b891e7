"""The brief: one page with three findings, one chart, how to quote them, and what they do not say."""

from __future__ import annotations

from typing import Any

from pipeline.report.claims import Claim, stated
from pipeline.report.edition import Edition
from pipeline.report.frame import frame_of
from pipeline.vocabulary import ALL, TRANSIT_BINS, Derived

FURTHER = ("transit", "where", "year_outside_origin", "over_6_months", "family")
"""Kinds of claims after the headline, the first that can be stated first."""
MOST = 3
BY_TRANSIT, BY_INDICATOR = "at_least_one_by_transit", "indicators_by_route"
FIGURES = (BY_TRANSIT, BY_INDICATOR)


def content(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    """Everything that the page says."""
    text = edition.text
    found = findings(edition, all_claims)
    return {
        **frame_of(edition),
        "headings": {name: text.say(f"brief.{name}") for name in ("title", "findings", "quote", "not")},
        "n": text.say(
            "brief.n",
            n=text.count(edition.released.analysed_by_route.get(ALL, 0)),
            from_=text.day(edition.wave.period.from_),
            to=text.day(edition.wave.period.to),
        ),
        "findings": found or [text.say("brief.none")],
        "chart": chart(edition) or "",
        "no_chart": text.say("brief.no_chart"),
        "quote": _quote(edition, found),
        "not": text.paragraphs("brief.not_said") + edition.caveats("at_least_one"),
    }


def findings(edition: Edition, all_claims: list[Claim]) -> list[str]:
    """At most three findings, each a sentence or two for all routes together."""
    told = [_at_least_one(edition, stated(all_claims, "at_least_one"))]
    told += [" ".join(claim.sentence for claim in stated(all_claims, kind)) for kind in FURTHER]
    return [finding for finding in told if finding][:MOST]


def _at_least_one(edition: Edition, found: list[Claim]) -> str:
    """The headline of all routes in one sentence."""
    text = edition.text
    parts = [
        text.say(
            "brief.at_least_one_part",
            share=edition.percent(edition.at_least_one(claim.rows[0]["route"])),
            route=text.say(f"route.{claim.rows[0]['route']}"),
        )
        for claim in found
    ]
    count = text.number_word(len(edition.wave.questionnaire.counted))
    return text.say("brief.at_least_one", parts=text.listing(parts), count=count) if parts else ""


def chart(edition: Edition) -> str | None:
    """The figure that shows most: shares along journey time where there are two at least, else by route; or none."""
    for route in edition.routes:
        cells = [edition.at_least_one(route, "transit", step) for step in TRANSIT_BINS]
        if sum(cell.share is not None for cell in cells) > 1:
            return BY_TRANSIT
    return BY_INDICATOR if tells_indicators(edition) else None


def tells_indicators(edition: Edition) -> bool:
    """Whether any indicator has a share in print on any route."""
    names = [str(Derived.AT_LEAST_ONE), *edition.singles]
    return any(edition.estimate(name, route).share is not None for name in names for route in edition.routes)


def _quote(edition: Edition, found: list[str]) -> list[str]:
    """A sentence as it may be quoted, and its source."""
    text = edition.text
    source = text.say(
        "brief.source",
        organisation=text.say("report.organisation"),
        title=text.say("report.title"),
        wave_title=edition.wave.file.title_in(text.locale),
        year=edition.wave.file.analysed_on.year,
        wave=edition.wave.name,
    )
    if edition.wave.file.synthetic:
        return [text.say("brief.quote_synthetic"), source]
    return [*([text.say("brief.quote_as", sentence=found[0])] if found else []), source]
