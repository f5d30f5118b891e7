"""The pages of the report: what stands where. Makes plain data; the template sets it, and adds no word or number."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipeline.manifest import Provenance
from pipeline.report import comparison_tables, model_tables, tables, wave_tables
from pipeline.report.claims import Claim, stated
from pipeline.report.edition import Edition
from pipeline.report.figures.adjusted_by_factor import model_notes
from pipeline.report.figures.wave_by_wave import broken, compared
from pipeline.report.frame import about, frame_of, headings, key
from pipeline.report.grid import Table, said_once
from pipeline.report.method_pages import method, methods
from pipeline.report.provenance import provenance
from pipeline.report.text import Text, capitalised
from pipeline.vocabulary import BREAKS, OWN_OR_FAMILY, Derived
from pipeline.wave import Wave

HEADINGS = (
    *("about", "contents", "key", "quote", "indicators", "transit", "where", "exposure", "young", "young_care", "who"),
    *("quality", "changes", "method", "methods", "tables", "glossary", "provenance", "claims_omitted"),
    *("method_instrument", "method_bases", "method_exclusions", "method_quality", "method_routes"),
    *("method_intervals", "method_disclosure", "method_wording", "method_limits"),
)

MOST_REPORTED = 9
"""How many sentences on indicators have room beside the figure, on all routes together, where there are many."""
WITH_FAMILY = 3
"""Routes that stand side by side there, with room for family members' experience as well."""
MOST_EVENTS = 12
"""How many lines of events by country have room below the figure of them."""


def content(edition: Edition, all_claims: list[Claim], source: Provenance) -> dict[str, Any]:
    """Everything that the template sets, in the order of the pages."""
    at_the_end = tables.in_report(edition)
    return {
        **frame_of(edition),
        "headings": headings(edition, HEADINGS),
        "about": about(edition),
        "key": key(edition, all_claims),
        "chapters": _chapters(edition, all_claims),
        "method": method(edition),
        "methods": methods(edition),
        "tables": at_the_end.told,
        "tables_intro": _tables_intro(edition),
        "tables_also": _tables_also(edition, at_the_end),
        "provenance": provenance(edition, source),
    }


def _chapters(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    text = edition.text
    return {
        "indicators": _indicators(edition, all_claims),
        "transit": {
            "intro": text.say("report.transit_intro"),
            "claims": [claim.sentence for claim in stated(all_claims, *_transit(edition))],
        },
        "where": {
            "claims": [c.sentence for c in stated(all_claims, "where")],
            "table": _events(edition),
            "designations": text.say("report.designations"),
        },
        "young": {
            "intro": text.say("report.young_intro"),
            "claims": [c.sentence for c in stated(all_claims, "young")],
            "table": tables.by_age(edition),
            "care": text.paragraphs("report.young_care"),
        },
        "who": {
            "claims": [c.sentence for c in stated(all_claims, "analysed")],
        },
        "quality": {
            "intro": text.say("report.quality_intro"),
            "missing": comparison_tables.missing_in_report(edition),
        },
        "changes": _changes(edition, all_claims),
        "exposure": _exposure(edition, all_claims),
        "omitted": _omitted(edition, all_claims),
    }


def _transit(edition: Edition) -> tuple[str, ...]:
    """Kinds of sentences on time in transit. Of many routes, how odds grow is left to its table."""
    trend = () if edition.has_many_routes else ("trend",)
    return ("over_6_months", "transit", *trend, "year_outside_origin")


def _events(edition: Edition) -> Table | None:
    """Events by country, where there is room below the figure of their shares; the workbook has them anyway.

    None as well where no country may be named.
    """
    told = tables.events(edition)
    has_room = len(told["rows"]) <= MOST_EVENTS or not edition.has_many_routes
    return told if told["rows"] and has_room else None


def _indicators(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    """What was reported route by route. Of many routes, there is room beside the figure for the most of it alone."""
    text, caveats = edition.text, edition.caveats("route", *edition.singles)
    under = {route: _under_route(edition, route, edition.singles) for route in edition.routes}
    family = [claim.sentence for claim in stated(all_claims, "family")]
    if edition.has_many_routes:
        most = MOST_REPORTED // len(edition.routes)
        under = {route: [*told[:most], *_family_under_route(edition, route)] for route, told in under.items()}
        family, caveats = [], [" ".join([text.say("report.most_reported", n=most), *caveats])]
    by_route = [{"route": text.heading(f"route.{route}"), "claims": told} for route, told in under.items() if told]
    return {"by_route": by_route, "family": family, "caveats": caveats}


def _family_under_route(edition: Edition, route: str) -> list[str]:
    """What respondents on a route reported for family members alone: the claim without the name of the route.

    Nothing where there are so many routes that there is no room for it.
    """
    cell = edition.experience(OWN_OR_FAMILY, Derived.AT_LEAST_ONE, route, "family")
    if cell.share is None or len(edition.routes) > WITH_FAMILY:
        return []
    return [edition.text.say("claims.family_under_route", share=edition.percent(cell))]


def _changes(edition: Edition, all_claims: list[Claim]) -> dict[str, Any] | None:
    """This wave beside an earlier one, if its wave file names one."""
    if edition.earlier is None:
        return None
    text, found = edition.text, compared(edition)
    words = {word for changes in found.values() for word in changes[0].broken}
    means = [
        capitalised(text.labelled(text.say(f"trend.break.{word}"), text.say(f"trend.break_means.{word}")))
        for word in BREAKS
        if word in words
    ]
    waves = {"wave": edition.wave.name, "earlier": edition.earlier.name}
    days = {
        name: text.say("trend.days", from_=text.day(wave.period.from_), to=text.day(wave.period.to))
        for name, wave in (("days", edition.wave), ("earlier_days", edition.earlier))
    }
    return {
        "intro": text.say("report.changes_intro", **waves, **days),
        "stamps": _earlier_stamps(edition.earlier, edition),
        "claims": [*(claim.sentence for claim in stated(all_claims, "change")), *broken(edition)],
        "tables": said_once(wave_tables.beside_earlier(edition)),
        "notes": [*means, *text.paragraphs("report.changes_notes", **waves)],
    }


def _earlier_stamps(earlier: Wave, edition: Edition) -> list[str]:
    """What must be said of the earlier wave: that its people are made up, or its numbers may still move."""
    text = edition.text
    kinds = {"synthetic": earlier.file.synthetic, "draft": earlier.file.status == "draft"}
    stamps = [text.say(f"stamp.{kind}") for kind, is_so in kinds.items() if is_so]
    return [text.say("trend.stamp_some", stamp=stamp, waves=earlier.name) for stamp in stamps]


def _exposure(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    """Characteristics that go with reports, one by one and together, and how sure the model of them is."""
    text, notes = edition.text, model_notes(edition)
    about = [_model_fit(edition)] if edition.has_model else []
    if edition.has_model and notes:
        about.append(text.say("report.model_warning", reason=notes))
    return {
        "intro": text.say("report.exposure_intro"),
        "claims": [c.sentence for c in stated(all_claims, "difference", "equal_time", "factors")],
        "about": about,
        "profiles": model_tables.profiles(edition)
        if edition.has_model and edition.wave.questionnaire.profiles
        else None,
    }


def _model_fit(edition: Edition) -> str:
    text = edition.text
    numbers = ("intraclass_correlation", "median_odds_ratio", "concordance", "left_out")
    icc, mor, concordance, left_out = map(edition.quantity, numbers)
    withheld = text.say("format.withheld")
    return text.say(
        "report.model_fit",
        icc=withheld if icc is None else text.percent(icc),
        mor=withheld if mor is None else text.times_alone(mor),
        concordance=withheld if concordance is None else text.percent(concordance),
        left_out=withheld if left_out is None else text.count(int(left_out)),
    )


def _under_route(edition: Edition, route: str, indicators: list[str]) -> list[str]:
    """What respondents on a route reported, the most frequent first: the claims without the name of the route."""
    cells = {name: edition.estimate(name, route) for name in indicators}
    told = sorted((name for name in indicators if cells[name].share is not None), key=lambda n: -(cells[n].share or 0))
    return [
        edition.text.say(
            "claims.indicator_under_route",
            share=edition.percent(cells[name]),
            reported=edition.text.say(f"reported.{name}"),
        )
        for name in told
    ]


def _omitted(edition: Edition, all_claims: list[Claim]) -> list[str]:
    """Why claims cannot be made, each reason once, with what it is of: indicators or subjects, with their routes."""
    text = edition.text
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim in all_claims:
        if claim.omitted:
            kind, _, route = claim.claim.partition(":")
            found[claim.omitted][_kind(kind, text)] += [text.say(f"route_short.{route}")] if route else []
    return [
        text.say("report.claims_omitted_line", reason=capitalised(reason), claims=text.series(_with_routes(kinds)))
        for reason, kinds in found.items()
    ]


def _with_routes(kinds: dict[str, list[str]]) -> list[str]:
    return [f"{kind} ({', '.join(routes)})" if routes else kind for kind, routes in kinds.items()]


def _kind(kind: str, text: Text) -> str:
    """What an omitted claim is on: its indicator, or its subject."""
    for table in ("indicator", "variable", "claim_kind"):
        if text.has(f"{table}.{kind}"):
            return text.say(f"{table}.{kind}")
    return kind


def _tables_intro(edition: Edition) -> str:
    policy, text = edition.released.policy, edition.text
    marks = text.say(
        "report.tables_marks",
        mark=text.say("format.withheld"),
        rounding=policy.rounding,
        share_base=policy.share_base,
    )
    return text.say("report.tables_intro", marks=marks, table=edition.file_name("estimates.csv"))


def _tables_also(edition: Edition, at_the_end: tables.InReport) -> list[str]:
    """Which tables are not there and why, and what the names of places do not imply."""
    text, also = edition.text, []
    if at_the_end.elsewhere:
        kinds = text.series([text.say(f"table_kind.{kind}") for kind in at_the_end.elsewhere])
        also.append(text.say("report.tables_elsewhere", kinds=kinds, workbook=edition.file_name("annex.xlsx")))
    if at_the_end.untold:
        also.append(text.say("report.tables_untold", titles=text.series(at_the_end.untold)))
    return [*also, text.say("report.designations")]
