"""The pages of the report: what stands where. Makes plain data; the template sets it, and adds no word or number."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

from pipeline.manifest import Provenance
from pipeline.questionnaire import Condition
from pipeline.report import model_tables, tables
from pipeline.report.claims import Claim, stated
from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES, all_words
from pipeline.report.figures.adjusted_by_factor import model_notes
from pipeline.report.fonts import FACES
from pipeline.vocabulary import ALL, COMMON_CORE

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
HEADINGS = (
    *("about", "contents", "key", "quote", "indicators", "transit", "where", "exposure", "who"),
    *("method", "method_instrument", "method_bases", "method_exclusions", "method_quality", "method_routes"),
    "method_intervals",
    *("method_disclosure", "method_wording", "method_limits", "claims_omitted", "methods", "tables", "provenance"),
)


def typeset(edition: Edition, all_claims: list[Claim], source: Provenance, figures: Path) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1. The same edition gives the same bytes."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        for path in TEMPLATES.glob("*.typ"):
            shutil.copy(path, desk / path.name)
        for name in NAMES:
            shutil.copy(figures / edition.file_name(f"{name}.svg"), desk / f"{name}.svg")
        fonts = desk / "fonts"
        fonts.mkdir()
        for face in FACES.values():
            shutil.copy(face, fonts / face.name)
        # Data goes in as JSON and is never read as markup.
        data = json.dumps(content(edition, all_claims, source), ensure_ascii=False)
        (desk / "content.json").write_text(data, encoding="utf-8")
        pdf: bytes = typst.compile(
            str(desk / "report.typ"),
            root=str(desk),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            pdf_standards=[*STANDARDS],
        )
    return pdf


def content(edition: Edition, all_claims: list[Claim], source: Provenance) -> dict[str, Any]:
    """Everything that the template sets, in the order of the pages."""
    text = edition.text
    return {
        "language": text.locale,
        "headings": {
            name: text.say(f"report.{name}_title" if text.has(f"report.{name}_title") else f"report.{name}")
            for name in HEADINGS
        },
        "cover": _cover(edition),
        "frame": _frame(edition),
        "about": _about(edition),
        "key": _key(edition, all_claims),
        "chapters": _chapters(edition, all_claims),
        "figures": {w.name: {"title": w.title, "caption": w.caption, "alt": w.alt} for w in all_words(edition)},
        "method": _method(edition),
        "methods": _methods(edition),
        "tables": tables.appendix(edition),
        "tables_intro": _tables_intro(edition),
        "provenance": _provenance(edition, source),
    }


def _about(edition: Edition) -> list[str]:
    text, asked = edition.text, len(edition.wave.questionnaire.indicators)
    paragraphs = text.paragraphs("report.about", count=text.number_word(asked).capitalize())
    return [*paragraphs, text.say("report.about_policy")]


def _cover(edition: Edition) -> dict[str, Any]:
    text, wave = edition.text, edition.wave
    when = wave.file.analysed_on
    countries = edition.interviewed_in()
    return {
        "organisation": text.say("report.organisation"),
        "series": text.say("report.series"),
        "title": text.say("report.title"),
        "subtitle": text.say("report.subtitle"),
        "wave_title": wave.file.title,
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


def _frame(edition: Edition) -> dict[str, Any]:
    """What stands at the head and foot of every page."""
    text, q = edition.text, edition.wave.questionnaire
    items = ", ".join(text.say(f"indicator_short.{indicator}") for indicator in q.counted)
    return {
        "header": text.say("report.header", series=text.say("report.subtitle"), wave=edition.wave.name),
        "stamps": " · ".join(edition.stamps),
        "watermark": edition.watermark,
        "footer": text.say("report.footer_set", set=q.indicator_set, items=items),
    }


def _key(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    headline = [claim for claim in all_claims if claim.headline and not claim.omitted]
    figures = [_big_number(edition, claim) for claim in stated(all_claims, "at_least_one")]
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
        "route": edition.text.say(f"route.{route}"),
        "share": edition.percent(cell),
        "label": f"{label} ({edition.text.say('report.descriptive_interval')} {interval})",
    }


def _chapters(edition: Edition, all_claims: list[Claim]) -> dict[str, Any]:
    text = edition.text
    omitted = [c for c in all_claims if c.omitted]
    return {
        "indicators": {
            "by_route": [
                {"route": text.say(f"route.{route}"), "claims": told}
                for route in edition.routes
                if (told := _under_route(edition, route, edition.singles))
            ],
            "family": [c.sentence for c in stated(all_claims, "family")],
            "caveats": edition.caveats("route", *edition.singles),
        },
        "transit": {
            "intro": text.say("report.transit_intro"),
            "claims": [
                c.sentence for c in stated(all_claims, "over_6_months", "transit", "trend", "year_outside_origin")
            ],
        },
        "where": {
            "claims": [c.sentence for c in stated(all_claims, "where")],
            "table": tables.events(edition),
            "designations": text.say("report.designations"),
        },
        "who": {
            "claims": [c.sentence for c in stated(all_claims, "analysed")],
        },
        "exposure": _exposure(edition, all_claims),
        "omitted": [
            text.say("report.claims_omitted_line", claim=_named(c, edition), reason=c.omitted) for c in omitted
        ],
    }


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


def _methods(edition: Edition) -> dict[str, Any]:
    """How each number is computed, by question."""
    text = edition.text
    questions = dict.fromkeys(method.question for method in edition.methods)
    return {
        "intro": text.say("report.methods_intro"),
        "questions": [
            {
                "title": text.say(f"report.methods_{question}"),
                "methods": [
                    {"title": method.title, "name": method.name, "text": list(method.text)}
                    for method in edition.methods
                    if method.question == question
                ],
            }
            for question in questions
        ],
    }


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


def _named(claim: Claim, edition: Edition) -> str:
    """An omitted claim in words: its indicator and route where it has them."""
    text = edition.text
    kind, _, route = claim.claim.partition(":")
    for table in ("indicator", "variable", "claim_kind"):
        if text.has(f"{table}.{kind}"):
            kind = text.say(f"{table}.{kind}")
            break
    return f"{kind}, {text.say(f'route.{route}')}" if route else kind


def _method(edition: Edition) -> dict[str, Any]:
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
    inferred = [text.say("report.method_inferred", text=fact.get(text.locale, fact["en"])) for fact in q.inferred]
    return {
        "instrument": text.say(
            "report.method_instrument_text",
            title=q.title[text.locale],
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
            text.say("report.method_routes_text", rules="; ".join(_route_rules(edition))),
            text.say("report.method_regions_text", regions="; ".join(_regions(edition))),
        ],
        "intervals": text.say(
            "report.method_intervals_text",
            numbers=text.say("report.method_intervals_numbers"),
            table=edition.file_name("estimates.csv"),
        ),
        "disclosure": disclosure,
        "words": text.say("report.method_wording_text"),
        "limits": [caveat.text[text.locale] for caveat in q.caveats.values()] + inferred,
    }


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
        "wording": q.wording(item)[text.locale],
        "note": "; ".join(notes),
    }


def _route_rules(edition: Edition) -> list[str]:
    text = edition.text
    return [
        text.say(
            "report.method_route_rule",
            route=text.say(f"route.{rule.route}"),
            conditions=text.say("format.and").join(_condition(c, edition) for c in rule.when),
        )
        for rule in edition.wave.questionnaire.routes
    ]


def _regions(edition: Edition) -> list[str]:
    text = edition.text
    return [
        text.say(
            "report.method_region",
            region=region.label[text.locale],
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


def _tables_intro(edition: Edition) -> str:
    policy, text = edition.released.policy, edition.text
    marks = text.say(
        "report.tables_marks",
        mark=text.say("format.withheld"),
        rounding=policy.rounding,
        share_base=policy.share_base,
    )
    intro = text.say("report.tables_intro", marks=marks, table=edition.file_name("estimates.csv"))
    return f"{intro} {text.say('report.designations')}"


def _provenance(edition: Edition, source: Provenance) -> dict[str, Any]:
    text = edition.text
    rows = edition.ledger
    lines = [
        *((text.say("report.provenance_export", file=name), value) for name, value in source.exports.items()),
        *((text.say("report.provenance_form", file=name), value) for name, value in source.form.items()),
        (text.say("report.provenance_wave"), source.wave_file),
        *((text.say("report.provenance_questionnaire", id=k), value) for k, value in source.questionnaire.items()),
        (text.say("report.provenance_code", version=source.code_version), source.code),
        (text.say("report.provenance_lock"), source.lock),
        (text.say("report.provenance_policy"), edition.released.policy.name),
        (
            text.say("report.provenance_received"),
            f"{text.count(rows['received'])} / {text.count(rows['analysed'])}",
        ),
    ]
    intro = text.say(
        "report.provenance_intro",
        claims=edition.file_name("claims.json"),
        tables=text.say("report.provenance_tables"),
    )
    return {"intro": intro, "lines": [list(line) for line in lines]}
