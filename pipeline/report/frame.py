"""What every document of a wave has: cover, head and foot of pages, and the key findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.report.claims import Claim, stated
from pipeline.report.edition import Edition
from pipeline.report.figures import all_words, tells
from pipeline.report.text import capitalised
from pipeline.vocabulary import ALL


def frame_of(edition: Edition) -> dict[str, Any]:
    """What the house design needs of any document: language, cover, head and foot, and the words of figures."""
    return {
        "language": edition.text.locale,
        "cover": _cover(edition),
        "frame": _head_and_foot(edition),
        "figures": {
            w.name: {"title": w.title, "caption": w.caption, "alt": w.alt, "tells": tells(w.name, edition)}
            for w in all_words(edition)
        },
        "left_out": edition.text.say("short.left_out"),
    }


def headings(edition: Edition, names: Iterable[str]) -> dict[str, str]:
    """Headings by name."""
    text = edition.text
    keys = {name: f"report.{name}_title" for name in names}
    return {name: text.say(key if text.has(key) else f"report.{name}") for name, key in keys.items()}


def about(edition: Edition) -> list[str]:
    """What the surveys are, and what their numbers are not."""
    text, asked = edition.text, len(edition.wave.questionnaire.indicators)
    paragraphs = text.paragraphs("report.about", count=capitalised(text.number_word(asked)))
    return [*paragraphs, text.say("report.about_policy")]


def _cover(edition: Edition) -> dict[str, Any]:
    text, wave = edition.text, edition.wave
    when = wave.file.analysed_on
    countries = edition.interviewed_in()
    title, wave_title = text.say("report.title"), wave.file.title_in(text.locale)
    return {
        "organisation": text.say("report.organisation"),
        "series": text.say("report.series"),
        "title": title,
        "subtitle": text.say("report.subtitle"),
        "wave_title": wave_title,
        "document_title": text.labelled(title, wave_title),
        "period": text.say("report.cover_period", from_=text.day(wave.period.from_), to=text.day(wave.period.to)),
        "n": text.count(edition.released.analysed_by_route.get(ALL, 0)),
        "n_label": text.say("report.cover_n"),
        "countries": text.say("report.cover_countries", countries=text.listing(countries)) if countries else "",
        "analysed": text.say("report.cover_analysed", date=text.day(when)),
        "synthetic": text.say("report.cover_synthetic") if wave.file.synthetic else "",
        "stamps": edition.stamps,
        "designations": text.say("report.designations"),
        "date": [when.year, when.month, when.day],
    }


def _head_and_foot(edition: Edition) -> dict[str, Any]:
    """What stands at the head and foot of every page."""
    text, q = edition.text, edition.wave.questionnaire
    items = ", ".join(text.say(f"indicator_short.{indicator}") for indicator in q.counted)
    return {
        "header": text.say("report.header", series=text.say("report.subtitle"), wave=edition.wave.name),
        "stamps": " · ".join(edition.stamps),
        "watermark": edition.watermark,
        "footer": text.say("report.footer_set", set=q.indicator_set, items=items),
    }


def key(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    """The key findings, and how to read them."""
    shares = stated(all_claims, "at_least_one")
    figures = [_big_number(edition, claim) for claim in shares]
    # Of many routes, what the big numbers say is not said again.
    headline = [
        claim
        for claim in all_claims
        if claim.headline and not claim.omitted and not (edition.has_many_routes and claim in shares)
    ]
    return {
        "intro": edition.text.say("report.key_intro"),
        "numbers": figures,
        "claims": [claim.sentence for claim in headline],
        "caveats": edition.caveats("all", "route", "at_least_one"),
    }


def _big_number(edition: Edition, claim: Claim) -> dict[str, str]:
    route = claim.rows[0]["route"]
    cell = edition.at_least_one(route)
    interval = edition.text.interval(cell.low, cell.high) if cell.low is not None and cell.high is not None else ""
    label = edition.text.say("indicator.at_least_one")
    return {
        "route": edition.text.heading(f"route.{route}"),
        "share": edition.percent(cell),
        "label": f"{label} ({edition.text.say('report.descriptive_interval')} {interval})",
    }
