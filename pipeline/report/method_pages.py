"""How the report came about: instrument, bases, exclusions, rules, limits; and how each number is computed."""

from __future__ import annotations

from typing import Any

from pipeline.questionnaire import Condition, in_language
from pipeline.report import tables
from pipeline.report.edition import Edition, Method
from pipeline.report.text.of_code import method_in
from pipeline.vocabulary import COMMON_CORE


def methods(edition: Edition) -> dict[str, Any]:
    """How each number is computed, by question."""
    text = edition.text
    questions = dict.fromkeys(method.question for method in edition.methods)
    return {
        "intro": text.say("report.methods_intro"),
        "questions": [
            {
                "title": text.say(f"report.methods_{question}"),
                "methods": [_described(method, edition) for method in edition.methods if method.question == question],
            }
            for question in questions
        ],
    }


def _described(method: Method, edition: Edition) -> dict[str, Any]:
    told = method_in(edition.text.locale, method.name, method.title, method.text)
    return {"language": told.language, "title": told.title, "name": method.name, "text": list(told.text)}


def method(edition: Edition) -> dict[str, Any]:
    """The chapter on method."""
    text, q, policy = edition.text, edition.wave.questionnaire, edition.released.policy
    disclosure = text.paragraphs(
        "report.method_disclosure_text",
        policy=policy.name,
        smallest=policy.smallest,
        smallest_printed=policy.smallest_printed,
        zero_base=policy.zero_base,
        rounding=policy.rounding,
        share_base=policy.share_base,
        width=policy.width,
        mark=text.say("format.withheld"),
    )
    if policy.reason:
        disclosure.insert(1, text.say("report.method_stricter", reason=policy.reason))
    if not (policy.audited or policy.is_internal):
        disclosure.append(text.say("report.method_not_audited"))
    inferred = [text.say("report.method_inferred", text=in_language(fact, text.locale)) for fact in q.inferred]
    return {
        "instrument": text.say(
            "report.method_instrument_text",
            title=in_language(q.title, text.locale),
            id=q.questionnaire,
            count=text.number_word(len(q.counted)),
        ),
        "common": _common(edition),
        "wording": [_wording(edition, i) for i in range(len(q.indicators))],
        "bases": text.paragraphs("report.method_bases_text"),
        "exclusions": text.say("report.method_exclusions_text"),
        "ledger": tables.ledger(edition),
        "quality": text.say("report.method_quality_text" if edition.released.checks else "report.method_quality_none"),
        "checks": tables.checks(edition),
        "routes": [
            text.say("report.method_routes_text", rules=text.series(_route_rules(edition))),
            text.say("report.method_regions_text", regions=text.series(_regions(edition))),
        ],
        "intervals": text.say(
            "report.method_intervals_text",
            numbers=text.say("report.method_intervals_numbers"),
            table=edition.file_name("estimates.csv"),
        ),
        "disclosure": disclosure,
        "words": text.say("report.method_wording_text"),
        "glossary": _glossary(edition),
        "limits": [in_language(caveat.text, text.locale) for caveat in q.caveats.values()] + inferred,
    }


def _glossary(edition: Edition) -> list[list[str]]:
    """The words that a reader needs, each with what it means."""
    words, meanings = (edition.text.paragraphs(f"report.glossary_{name}") for name in ("words", "meanings"))
    return [list(pair) for pair in zip(words, meanings, strict=True)]


def _common(edition: Edition) -> str:
    text = edition.text
    items = [text.say(f"indicator_short.{indicator}") for indicator in COMMON_CORE]
    return text.say("report.method_common", items=text.listing(items)) if edition.asks_common_core else ""


def _wording(edition: Edition, place: int) -> dict[str, str]:
    text, q = edition.text, edition.wave.questionnaire
    item = q.indicators[place]
    notes = [text.say("report.method_counted" if item.counts else "report.method_apart")]
    if item.experience != "own":
        notes.append(text.say(f"report.method_{item.experience}"))
    return {
        "name": text.say(f"indicator.{item.indicator}"),
        "wording": text.say("report.method_quoted", words=in_language(q.wording(item), text.locale)),
        "note": text.series(notes),
    }


def _route_rules(edition: Edition) -> list[str]:
    text = edition.text
    return [
        text.say(
            "report.method_route_rule",
            route=text.say(f"route.{rule.route}"),
            conditions=text.listing([_condition(c, edition) for c in rule.when]),
        )
        for rule in edition.wave.questionnaire.routes
    ]


def _regions(edition: Edition) -> list[str]:
    text = edition.text
    return [
        text.say(
            "report.method_region",
            region=in_language(region.label, text.locale),
            countries=", ".join(text.country(word) for word in region.countries),
        )
        for region in edition.wave.questionnaire.regions.values()
        if len(region.countries) > 1
    ]


def _condition(condition: Condition, edition: Edition) -> str:
    text, column = edition.text, condition.column
    name = text.variable(column)
    name = name[:1].lower() + name[1:]
    if condition.below is not None:
        return text.say("report.method_condition_below", column=name, values=condition.below)
    if condition.missing is not None:
        return text.say("report.method_condition_missing", column=name)
    words = condition.is_ if condition.is_ is not None else condition.is_not or ()
    values = text.listing([text.level(column, word) for word in words], "or")
    key = "method_condition_is" if condition.is_ is not None else "method_condition_is_not"
    return text.say(f"report.{key}", column=name, values=values)
