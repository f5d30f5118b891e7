"""How the answers of two questionnaires differ: codes, what they mean, labels, other spellings, codes for no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.differing.lines import Comparable, Line, Pair, Topic, Two, alone, each, listing, one_sided
from pipeline.questionnaire import Answer, AnswerColumn, IntegerColumn, ManyColumn, Questionnaire

Answers = Mapping[str, Answer]


def answers(pair: Pair) -> Iterator[Line]:
    """Every difference between the lists of answers, once for each list."""
    # What stands in every list is told once, among the codes for no answer.
    everywhere = set.union(*each(_texts_everywhere, pair.questionnaires))
    for (in_base, in_wave), questions in _lists(pair).items():
        name = in_base if in_base == in_wave else f"{in_base} / {in_wave}"
        what = f"{name} ({listing(questions)})"
        lists = each(_choices, (pair.base.questionnaire.answers[in_base], pair.wave.questionnaire.answers[in_wave]))
        yield from _one_sided(pair, what, lists)
        yield from _in_order(what, lists)
        for code in lists[0]:
            if code in lists[1]:
                both = lists[0][code], lists[1][code]
                yield from _one_code(f"{what}, {code}", both, everywhere)
    yield from _no_answer(pair)


def _lists(pair: Pair) -> dict[tuple[str, str], list[str]]:
    """The lists of the base and of the wave that belong to the same question → the questions."""
    base, wave = pair.questionnaires
    found: dict[tuple[str, str], list[str]] = {}
    for name, column in base.columns.items():
        other = wave.columns.get(name)
        if isinstance(column, AnswerColumn | ManyColumn) and isinstance(other, AnswerColumn | ManyColumn):
            found.setdefault((column.answers, other.answers), []).append(name)
    return found


def _choices(answers: Answers) -> Answers:
    """The choices of the form, without what exports write where there is no answer."""
    return {code: answer for code, answer in answers.items() if answer.label or answer.means}


def _one_sided(pair: Pair, what: str, lists: Two[Answers]) -> Iterator[Line]:
    """Codes that only one has; those whose meaning the other has under another code are only called otherwise."""
    only = one_sided(*lists)
    words = each(lambda one: {answer.word for answer in one.values()}, lists)
    renamed = (
        [code for code in only[0] if lists[0][code].word in words[1]],
        [code for code in only[1] if lists[1][code].word in words[0]],
    )
    if any(renamed):
        consequence = "Other codes for answers that both have."
        yield Line(Topic.ANSWER, f"{what}, codes", each(listing, renamed), Comparable.YES, consequence)
    for place, codes in enumerate(only):
        new = [code for code in codes if code not in renamed[place]]
        if new:
            has, lacks = pair.waves[place].name, pair.waves[1 - place].name
            consequence = f"In {lacks} these people gave another answer or none. Compare the answers that both have."
            yield Line(
                Topic.ANSWER, f"{what}, only in {has}", alone(place, listing(new)), Comparable.CHECK, consequence
            )


def _in_order(what: str, lists: Two[Answers]) -> Iterator[Line]:
    order = each(lambda one: listing(code for code in one if code in lists[0] and code in lists[1]), lists)
    if order[0] != order[1]:
        consequence = "Tables have them in another order; so may the form, which can move answers a little."
        yield Line(Topic.ANSWER, f"{what}, order", order, Comparable.CHECK, consequence)


def _one_code(what: str, both: Two[Answer], everywhere: set[str]) -> Iterator[Line]:
    """A code that both have: what it means, how the form shows it, and how else it is written."""
    words = each(lambda answer: answer.word, both)
    if words[0] != words[1]:
        consequence = "The same code means something else. Each wave is read by its own list; is it right in both?"
        yield Line(Topic.ANSWER, f"{what}, meaning", words, Comparable.CHECK, consequence)
    for language in dict.fromkeys([*both[0].label, *both[1].label]):
        labels = both[0].label.get(language, ""), both[1].label.get(language, "")
        if labels[0] != labels[1]:
            consequence = "Read both: do they say the same?"
            yield Line(Topic.ANSWER, f"{what}, label ({language})", labels, Comparable.CHECK, consequence)
    aliases = each(lambda answer: listing(text for text in answer.aliases if text not in everywhere), both)
    if aliases[0] != aliases[1]:
        consequence = "Other spellings of the same answer."
        yield Line(Topic.ANSWER, f"{what}, aliases", aliases, Comparable.YES, consequence)


def _texts_everywhere(q: Questionnaire) -> set[str]:
    return {text for code, answer in q.answers_everywhere.items() for text in (code, *answer.aliases)}


def _no_answer(pair: Pair) -> Iterator[Line]:
    """What exports write where there is no answer: for all lists, and for each question with a number."""
    base, wave = each(_sentinels, pair.questionnaires)
    for key in dict.fromkeys([*base, *wave]):
        sides = base.get(key, ""), wave.get(key, "")
        if sides[0] != sides[1]:
            consequence = (
                "In one of the waves this is no answer; in the other it is another kind, an answer, or an error."
            )
            yield Line(Topic.MISSING, ": ".join(key), sides, Comparable.CHECK, consequence)


def _sentinels(q: Questionnaire) -> dict[tuple[str, str], str]:
    """(all lists, or a column of numbers; text) → the kind of missing answer that it stands for."""
    everywhere = {
        ("all lists", text): answer.word
        for code, answer in q.answers_everywhere.items()
        for text in (code, *answer.aliases)
    }
    numbers = {
        (name, text): str(kind)
        for name, column in q.columns.items()
        if isinstance(column, IntegerColumn)
        for text, kind in column.missing.items()
    }
    return everywhere | numbers
