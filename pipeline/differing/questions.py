"""How the questions of two questionnaires differ: which there are, how they were put, to whom, with which answers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.differing.lines import Comparable, Line, Pair, Reason, Topic, Two, each, listing, one_sided, told
from pipeline.questionnaire import AnswerColumn, Column, IntegerColumn, ManyColumn, Questionnaire, Text

_KINDS = {
    "answer": "one answer",
    "many": "several answers",
    "integer": "a whole number",
    "date": "a date",
    "code": "a code",
    "key": "a key of the platform",
}


def reasons(pair: Pair, name: str) -> Iterator[Reason]:
    """Why the answers to a question of both waves may not be compared as they are."""
    base, wave = each(lambda q: q.columns[name], pair.questionnaires)
    if base.kind != wave.kind:
        yield Reason(Comparable.NO, f"It takes {_KINDS[base.kind]} in one and {_KINDS[wave.kind]} in the other.")
        return
    if wording(pair.base.questionnaire, name).get("en") != wording(pair.wave.questionnaire, name).get("en"):
        yield Reason(Comparable.CHECK, "The question was put in other words.")
    if asked(pair.base.questionnaire, name) != asked(pair.wave.questionnaire, name):
        yield Reason(Comparable.CHECK, "It was not put to the same people.")
    if isinstance(base, AnswerColumn | ManyColumn):
        for one, words in zip(pair.waves, one_sided(*each(lambda q: q.words(name), pair.questionnaires)), strict=True):
            if words:
                yield Reason(Comparable.CHECK, f"Only {one.name} has the answers {listing(words)}.")
    if isinstance(base, IntegerColumn) and isinstance(wave, IntegerColumn) and base.possible != wave.possible:
        yield Reason(Comparable.CHECK, "Not the same numbers are possible.")


def wording(q: Questionnaire, name: str) -> Text:
    """The question as the report prints it, with white space made plain."""
    item = next((item for item in q.indicators if item.indicator == name), None)
    text = q.wording(item) if item else q.columns[name].wording
    return {language: " ".join(words.split()) for language, words in text.items()}


def asked(q: Questionnaire, name: str) -> str:
    """Who was asked, in words; with the form versions that did not put the question."""
    without = [version for version, spec in q.form_versions.items() if name in spec.not_asked]
    people = told(q.condition(q.columns[name].asked_if))
    return f"{people}; not in the form versions {listing(without)}" if without else people


def questions(pair: Pair) -> Iterator[Line]:
    """Every difference between the questions themselves."""
    base, wave = pair.questionnaires
    for name in dict.fromkeys([*base.columns, *wave.columns]):
        if name not in base.columns or name not in wave.columns:
            yield _only_one(pair, name)
        else:
            yield from _wordings(pair, name)
            yield from _asked(pair, name)
            yield from _properties(name, base.columns[name], wave.columns[name])


def _only_one(pair: Pair, name: str) -> Line:
    there = each(lambda q: name in q.columns, pair.questionnaires)
    texts = each(lambda q: wording(q, name).get("en", name) if name in q.columns else "", pair.questionnaires)
    consequence = f"{pair.lacks(*there)} does not know it; nothing by it can be compared."
    return Line(Topic.QUESTION, name, texts, Comparable.NO, consequence)


def _wordings(pair: Pair, name: str) -> Iterator[Line]:
    texts = each(lambda q: wording(q, name), pair.questionnaires)
    for language in dict.fromkeys([*texts[0], *texts[1]]):
        base, wave = texts[0].get(language, ""), texts[1].get(language, "")
        if base != wave:
            consequence = "Read both: do they ask the same? If not, do not compare the answers."
            yield Line(Topic.WORDING, f"{name} ({language})", (base, wave), Comparable.CHECK, consequence)


def _asked(pair: Pair, name: str) -> Iterator[Line]:
    base, wave = each(lambda q: asked(q, name), pair.questionnaires)
    if base != wave:
        consequence = "The base is not made from the same people. Compare only those to whom both put the question."
        yield Line(Topic.BASE, name, (base, wave), Comparable.CHECK, consequence)


def _properties(name: str, base: Column, wave: Column) -> Iterator[Line]:
    """What differs in how an export has a question. Each is read by its own rules, so that most of it does no harm."""
    both = (base, wave)
    told: list[tuple[str, Two[str], Comparable, str]] = [
        ("kind", each(lambda c: _KINDS[c.kind], both), Comparable.NO, "Nothing by it can be compared."),
        ("headers", each(lambda c: listing(c.headers), both), Comparable.YES, "Only the export calls it otherwise."),
        (
            "column",
            each(lambda c: "must be there" if c.required else "may be missing", both),
            Comparable.YES,
            "Where an export lacks it, everyone in it counts as not asked.",
        ),
        ("possible", each(_possible, both), Comparable.CHECK, "Rows outside of it are left out in one of the waves."),
    ]
    for what, sides, comparable, consequence in told:
        if sides[0] != sides[1]:
            yield Line(Topic.QUESTION, f"{name}: {what}", sides, comparable, consequence)


def _possible(column: Column) -> str:
    return f"{column.possible[0]} to {column.possible[1]}" if isinstance(column, IntegerColumn) else ""
