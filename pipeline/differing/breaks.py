"""Where a wave may not be joined to the one before it: what differs in what both declare.

This goes by the questionnaires as they are today, which are the best account there is of what was asked.
"""

from __future__ import annotations

from pipeline.differing.lines import Pair, each
from pipeline.differing.questions import asked, wording
from pipeline.differing.rounds import people
from pipeline.differing.routes import route_reasons, routes
from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import ALL, COMMON_CORE, Break
from pipeline.wave import Wave


def breaks(before: Wave, after: Wave, route: str) -> tuple[str, ...]:
    """Why the share of a wave on this route may not be joined to that of the wave before it; empty if it may.

    On `all`, the rule of every route counts.
    """
    pair = Pair(base=before, wave=after)
    base, wave = pair.questionnaires
    core = [name for name in COMMON_CORE if name in base.common_core and name in wave.common_core]
    found = {
        Break.QUESTIONNAIRE: before.file.questionnaire != after.file.questionnaire,
        Break.COMMON_SET: base.common_core != wave.common_core,
        Break.WORDING: any(wording(base, name).get("en") != wording(wave, name).get("en") for name in core),
        Break.ASKED: any(asked(base, name) != asked(wave, name) for name in core),
        Break.ANSWERS: any(_yes(base, name) != _yes(wave, name) for name in core),
        Break.ROUTE_RULE: any(routes(pair)) if route == ALL else bool(route_reasons(pair, route)),
        Break.PEOPLE: any(people(pair)),
        Break.DAYS_OVERLAP: before.route_period(route).overlaps(after.route_period(route)),
        Break.MADE_UP: len(set(each(lambda one: one.file.synthetic, pair.waves))) > 1,
    }
    return tuple(str(word) for word, is_so in found.items() if is_so)


def _yes(q: Questionnaire, name: str) -> tuple[str, list[str]]:
    """Whose experience a yes tells of, and which answers there are."""
    item = next(item for item in q.indicators if item.indicator == name)
    return item.experience, q.words(name)
