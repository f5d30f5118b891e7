"""How two rounds differ: who is left out, when interviews were held, and what their wave files say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.differing.lines import Comparable, Line, Pair, Topic, alone, each, listing, one_sided, told
from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import DECLARED_RULES, ROUTES
from pipeline.wave import Period, Wave


def people(pair: Pair) -> Iterator[Line]:
    """Every difference in who is analysed."""
    base, wave = pair.questionnaires
    for rule in DECLARED_RULES:
        sides = _excluded_if(base, rule), _excluded_if(wave, rule)
        if sides[0] != sides[1]:
            consequence = "Not the same people are left out of every base."
            yield Line(Topic.PEOPLE, rule, sides, Comparable.CHECK, consequence)
    approved = each(lambda one: listing(one.file.approved) or "every record", pair.waves)
    if approved[0] != approved[1]:
        consequence = "Not the same records are analysed: the waves ask for other validation statuses."
        yield Line(Topic.PEOPLE, "not_approved", approved, Comparable.CHECK, consequence)


def _excluded_if(q: Questionnaire, rule: str) -> str:
    return next((told(exclusion.when) for exclusion in q.exclusions if exclusion.rule == rule), "nobody")


def fieldwork(pair: Pair) -> Iterator[Line]:
    """When interviews were held, in all and by route."""
    periods = each(lambda wave: wave.period, pair.waves)
    verdict = Comparable.YES, "Seasons, routes and policies change between rounds."
    if periods[0].overlaps(periods[1]):
        verdict = Comparable.CHECK, "Some days are in both: the same person may be, too."
    yield Line(Topic.FIELDWORK, "all", each(_span, periods), *verdict)
    own_days = {route for wave in pair.waves for export in wave.file.exports for route in export.fieldwork_by_route}
    for route in ROUTES:
        if route in own_days:
            spans = _span(pair.base.route_period(route)), _span(pair.wave.route_period(route))
            consequence = "A route with days of its own weighs otherwise in all routes together."
            yield Line(Topic.FIELDWORK, f"route {route}", spans, Comparable.CHECK, consequence)


def _span(period: Period) -> str:
    return f"{period.from_} to {period.to}"


def wave_files(pair: Pair) -> Iterator[Line]:
    """What else the wave files declare differently."""
    for what, tell, comparable, consequence in _KEYS:
        sides = each(tell, pair.waves)
        if sides[0] != sides[1]:
            yield Line(Topic.WAVE, what, sides, comparable, consequence)
    inferred = one_sided(*each(lambda q: [text["en"] for text in q.inferred], pair.questionnaires))
    for place, texts in enumerate(inferred):
        for text in texts:
            consequence = "No source says so outright: say it beside what is compared."
            yield Line(Topic.WAVE, "inferred", alone(place, text), Comparable.CHECK, consequence)


def _dates(wave: Wave) -> str:
    return listing(dict.fromkeys(export.dates for export in wave.file.exports))


def _allowed(wave: Wave) -> str:
    return listing(sorted(one.column for one in wave.file.allowed_columns))


_KEYS: tuple[tuple[str, Callable[[Wave], str], Comparable, str], ...] = (
    (
        "questionnaire",
        lambda wave: wave.file.questionnaire,
        Comparable.CHECK,
        "Another instrument: see the lines above.",
    ),
    ("status", lambda wave: wave.file.status, Comparable.CHECK, "The numbers of a draft may still move."),
    (
        "form_versions",
        lambda wave: listing(wave.questionnaire.form_versions),
        Comparable.CHECK,
        "A version that leaves questions out makes their bases smaller: look at asked in the tables.",
    ),
    ("overrides", lambda wave: listing(wave.file.overrides), Comparable.YES, "What they change is in the lines above."),
    ("dates", _dates, Comparable.YES, "Only the exports write dates otherwise."),
    ("allowed_columns", _allowed, Comparable.YES, "These columns are dropped in any case."),
)
"""Keys of a wave file that change how it is to be read: name, how to tell it, and what follows if it differs."""
