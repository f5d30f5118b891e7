"""How the XLSForms of two waves differ: questions and choices that were added, taken out, put elsewhere or renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.differing.lines import Comparable, Line, Topic, alone, each, listing, one_sided
from pipeline.ingest.form import Choice, Form, Question

_READ_BOTH = "Read both: do they say the same?"


def forms(base: Form, wave: Form) -> Iterator[Line]:
    """Every difference between two forms, by the names of questions and choices; of labels, in languages of both."""
    languages = each(_languages, (base, wave))
    if any(one_sided(*languages)):
        consequence = "Labels are compared in the languages that both have. Is one of them only called otherwise?"
        yield Line(Topic.FORM, "languages", each(listing, languages), Comparable.CHECK, consequence)
    shared = [language for language in languages[0] if language in languages[1]]
    yield from _questions(base.questions, wave.questions, shared)
    asked = {question.name: question for question in wave.questions}
    # A list is told once, however many questions take it, and whatever it is called.
    lists = {
        (one.choices, asked[one.name].choices): None for one in base.questions if one.name in asked and one.choices
    }
    for in_base, in_wave in lists:
        yield from _choices(in_base, base.choices.get(in_base, ()), wave.choices.get(in_wave, ()), shared)


def _languages(form: Form) -> list[str]:
    choices = [choice for of_list in form.choices.values() for choice in of_list]
    labels = [*(question.labels for question in form.questions), *(choice.labels for choice in choices)]
    return list(dict.fromkeys(language for one in labels for language in one))


def _questions(base: Sequence[Question], wave: Sequence[Question], shared: Sequence[str]) -> Iterator[Line]:
    named = each(lambda one: {question.name: question for question in one}, (base, wave))
    for place, names in enumerate(one_sided(*named)):
        for name in names:
            question = named[place][name]
            verdict = Comparable.NO, "Only one form asks it."
            if not question.labels:
                verdict = Comparable.YES, "Only one form has it; it is not put to anybody."
            yield Line(Topic.FORM, f"question {name}", alone(place, question.kind), *verdict)
    in_base, in_wave = named
    both = [name for name in in_base if name in in_wave]
    for name in both:
        yield from _question(in_base[name], in_wave[name], shared)
    yield from _moved("question", both, [name for name in in_wave if name in in_base])


def _question(base: Question, wave: Question, shared: Sequence[str]) -> Iterator[Line]:
    kinds = base.kind, wave.kind
    if kinds[0] != kinds[1]:
        consequence = "Other answers can be given to it."
        yield Line(Topic.FORM, f"question {base.name}: type", kinds, Comparable.CHECK, consequence)
    groups = each(lambda one: "/".join(one.groups), (base, wave))
    if groups[0] != groups[1]:
        consequence = "It stands in another group: look whether that group is put to the same people."
        yield Line(Topic.FORM, f"question {base.name}: group", groups, Comparable.CHECK, consequence)
    yield from _relabelled(f"question {base.name}", base.labels, wave.labels, shared)


def _choices(name: str, base: Sequence[Choice], wave: Sequence[Choice], shared: Sequence[str]) -> Iterator[Line]:
    in_base, in_wave = each(lambda one: {choice.name: choice for choice in one}, (base, wave))
    only = one_sided(in_base, in_wave)
    if any(only):
        consequence = "People who would have chosen one of these gave another answer in the other wave."
        yield Line(Topic.FORM, f"list {name}: choices", each(listing, only), Comparable.CHECK, consequence)
    both = [choice for choice in in_base if choice in in_wave]
    for choice in both:
        yield from _relabelled(f"list {name}, choice {choice}", in_base[choice].labels, in_wave[choice].labels, shared)
    yield from _moved(f"list {name}: choice", both, [choice for choice in in_wave if choice in in_base])


def _relabelled(what: str, base: Mapping[str, str], wave: Mapping[str, str], shared: Sequence[str]) -> Iterator[Line]:
    for language in shared:
        texts = base.get(language, ""), wave.get(language, "")
        if " ".join(texts[0].split()) != " ".join(texts[1].split()):
            told = f" ({language})" if language else ""
            yield Line(Topic.FORM, f"{what}: label{told}", texts, Comparable.CHECK, _READ_BOTH)


def _moved(what: str, base: Sequence[str], wave: Sequence[str]) -> Iterator[Line]:
    """The order of what both have, where it changed: from the first that stands elsewhere to the last."""
    places = [place for place, (one, other) in enumerate(zip(base, wave, strict=True)) if one != other]
    if places:
        first, last = places[0], places[-1] + 1
        consequence = "What is read out or asked before may move answers a little."
        sides = each(lambda one: listing(one[first:last]), (base, wave))
        yield Line(Topic.FORM, f"{what}s in order", sides, Comparable.CHECK, consequence)
