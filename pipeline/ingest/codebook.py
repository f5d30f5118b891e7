"""What headers may be called: every name and label of a question, in every language, and whose column it is.

Made from the questionnaire and, where the wave has one, from the XLSForm. A header is looked up by its longest known
ending, so that `group/question` finds the question whatever the group is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.ingest.answers import Answers
from pipeline.ingest.folding import fold, unmangled
from pipeline.ingest.form import Form, Question
from pipeline.questionnaire import AnswerColumn, ManyColumn, Questionnaire

_SEPARATOR = re.compile(r"[/.:]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NUMBERED = re.compile(r"(?:[._ ]|\.{3})[0-9]{1,4}$| \([0-9]{1,4}\)$")

NAME, LABEL, VARIABLE_LABEL = "name", "label", "variable label"


@dataclass(frozen=True)
class Target:
    """What a header stands for. column: ours, empty for what nothing here needs. word: for the column of one answer."""

    column: str
    word: str = ""


@dataclass(frozen=True)
class Known:
    """One name that is known for a target.

    rule: how lineage calls it. place: the question's place in the form. question: that of the form, if it has one.
    code: of the answer, for the column of one; several codes may mean one answer of ours.
    """

    text: str
    target: Target
    rule: str
    place: int
    question: Question | None = None
    code: str = ""

    @property
    def called(self) -> str:
        """What to call it in a message: our column, else the question of the form."""
        name = self.target.column or (self.question.name if self.question else self.text)
        return f"{name}/{self.target.word}" if self.target.word else name

    @property
    def meant(self) -> tuple[Target, str]:
        """What sets it apart from other things. Questions that nothing here needs are different things all the same."""
        return self.target, "" if self.target.column else self.called


@dataclass(frozen=True)
class Found:
    """A known name in a header. is_exact: written just so, but for a group before it."""

    known: Known
    is_exact: bool
    has_group: bool

    @property
    def rule(self) -> str:
        """How lineage tells the way from the header to the column."""
        behind = ", behind a group" if self.has_group else ""
        spelled = "" if self.is_exact else ", spelled differently"
        return f"{self.known.rule}{behind}{spelled}"


class Codebook:
    """Looks headers up. form: the wave's XLSForm, if there is one."""

    def __init__(self, questionnaire: Questionnaire, form: Form | None = None) -> None:
        self.questionnaire = questionnaire
        self.form = form
        self.groups = _groups(questionnaire, form)
        self._by_key: dict[str, list[Known]] = {}
        self._answers: dict[str, Answers] = {}
        self._by_lists: dict[tuple[str, str], Answers] = {}
        # The form goes before the questionnaire: its order settles which of several columns with one label is which.
        for known in (*_of_form(questionnaire, form), *_of_questionnaire(questionnaire)):
            there = self._by_key.setdefault(fold(known.text), [])
            if all((known.text, known.meant) != (other.text, other.meant) for other in there):
                there.append(known)

    def find(self, header: str) -> list[Found]:
        """Every target that this header may stand for, in the order of the form; none for an unknown header."""
        for ending, has_group in _endings(header, self.groups):
            knowns = self._by_key.get(fold(ending), [])
            if knowns:
                return self._best(knowns, ending, has_group)
        # Programs that want each name once put a number behind a label that is there again.
        several = self.find(_NUMBERED.sub("", header)) if _NUMBERED.search(header) else []
        return several if len(several) > 1 else []

    def answers_to(self, header: str) -> str | None:
        """The question with several answers under whose name this header stands as one of them, known or not."""
        text = unmangled(header)
        for separator in _SEPARATOR.finditer(text):
            for found in self.find(text[: separator.start()]):
                column = found.known.target.column
                if isinstance(self.questionnaire.columns.get(column), ManyColumn) and not found.known.target.word:
                    return column
        return None

    def names_of(self, column: str) -> list[str]:
        """Every name and label under which a column of ours may stand in an export, without groups."""
        knowns = [known for there in self._by_key.values() for known in there if known.target == Target(column)]
        return list(dict.fromkeys(known.text for known in knowns))

    def knows(self, header: str) -> bool:
        """Whether the questionnaire or the form expects a column of this name that something here needs."""
        return any(found.known.target.column for found in self.find(header))

    @staticmethod
    def _best(knowns: list[Known], ending: str, has_group: bool) -> list[Found]:
        """One for each target; those written just so come before those that are only spelled alike."""
        exact = [known for known in knowns if known.text == ending]
        best: dict[tuple[Target, str], Found] = {}
        for known in exact or knowns:
            best.setdefault(known.meant, Found(known, bool(exact), has_group))
        return sorted(best.values(), key=lambda found: (found.known.question is None, found.known.place))

    def offered(self, header: str) -> frozenset[str]:
        """Every text that the form offers as the answer under this header; none where it is no closed question."""
        asked = next((f.known.question for f in self.find(header) if f.known.question), None)
        choices = self.form.choices.get(asked.choices, ()) if self.form and asked else ()
        return frozenset(text for choice in choices for text in (choice.name, *choice.labels.values()))

    def answers(self, column: str) -> Answers:
        """The answers of a closed question of ours, with the names and labels that the form has for them."""
        if column not in self._answers:
            spec = self.questionnaire.columns[column]
            if not isinstance(spec, AnswerColumn | ManyColumn):
                raise TypeError(f"{column} is not a closed question")
            asked = self.question(column)
            self._answers[column] = self._of_lists(spec.answers, asked.choices if asked else "")
        return self._answers[column]

    def _of_lists(self, answers: str, choices: str) -> Answers:
        """The answers of every question that takes them from these two lists: there are many countries to look up."""
        lists = (answers, choices)
        if lists not in self._by_lists:
            of_form = self.form.choices.get(choices, ()) if self.form else ()
            self._by_lists[lists] = Answers(self.questionnaire.answers[answers], of_form)
        return self._by_lists[lists]

    def question(self, column: str) -> Question | None:
        """The question of the form that asks for this column of ours."""
        keys = {fold(unmangled(alias)) for alias in self.questionnaire.columns[column].headers}
        questions = self.form.questions if self.form else ()
        return next((question for question in questions if fold(question.name) in keys), None)


def _groups(q: Questionnaire, form: Form | None) -> frozenset[str]:
    """Folded names and labels of groups of questions."""
    names = list(q.groups)
    for name, labels in form.groups.items() if form else ():
        names += [name, *labels.values()]
    return frozenset(fold(name) for name in names)


def _endings(header: str, groups: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The header, then what is left of it when groups are taken from its front, the longest first."""
    text = unmangled(header)
    yield header.strip(), False
    yield text, False
    for separator in _SEPARATOR.finditer(text):
        before = [part for part in _SEPARATOR.split(text[: separator.start()]) if part]
        if all(_NAME.fullmatch(part) or fold(part) in groups for part in before):
            yield text[separator.end() :], True
    # Statistics programs allow no separator but the underscore, which names have too: only known groups are taken off.
    while "_" in text:
        group, _, rest = text.partition("_")
        if fold(group) not in groups:
            return
        yield rest, True
        text = rest


def _of_questionnaire(q: Questionnaire) -> Iterator[Known]:
    wordings = {str(item.indicator): item.wording for item in q.indicators}
    for place, (name, column) in enumerate(q.columns.items()):
        names = [(alias, NAME) for alias in column.headers]
        wording = {**wordings.get(name, {}), **column.wording}
        names += [(text, f"{LABEL}, {language}") for language, text in wording.items()]
        yield from (Known(text, Target(name), rule, place) for text, rule in names)
        if isinstance(column, ManyColumn):
            answers = q.answers[column.answers].items()
            said = [
                (text, answer.word, code)
                for code, answer in answers
                for text in (code, *answer.aliases, *answer.label.values())
            ]
            yield from _answers_of(name, names, said, place)
    yield from (Known(text, Target(""), NAME, -1) for text in q.unused)


def _of_form(q: Questionnaire, form: Form | None) -> Iterator[Known]:
    if form is None:
        return
    column_of = {fold(unmangled(alias)): name for name, column in q.columns.items() for alias in column.headers}
    for place, question in enumerate(form.questions):
        column = column_of.get(fold(question.name), "")
        names = [(question.name, f"{NAME} in the form")]
        names += [
            (text, f"{LABEL} in the form, {language}" if language else f"{LABEL} in the form")
            for language, text in question.labels.items()
        ]
        yield from (Known(text, Target(column), rule, place, question) for text, rule in names)
        if question.kind == "select multiple":
            yield from _answers_of(column, names, _said_in_form(q, form, question, column), place)


def _said_in_form(q: Questionnaire, form: Form, question: Question, column: str) -> list[tuple[str, str, str]]:
    """Each name and label of the question's choices, with our word for it ("" where we have none) and its code."""
    spec = q.columns.get(column)
    answers = q.answers[spec.answers] if isinstance(spec, AnswerColumn | ManyColumn) else {}
    known = {fold(text): (answer.word, code) for code, answer in answers.items() for text in (code, *answer.aliases)}
    return [
        (text, *known.get(fold(choice.name), ("", choice.name)))
        for choice in form.choices.get(question.choices, ())
        for text in (choice.name, *choice.labels.values())
    ]


def _answers_of(
    column: str, names: Iterable[tuple[str, str]], said: Iterable[tuple[str, str, str]], place: int
) -> Iterator[Known]:
    """The columns that a question with several answers has for each of them: `question/answer`.

    said: each text for an answer, with our word for it and its code.
    """
    answers = list(said)
    for name, rule in names:
        for text, word, code in answers:
            target = Target(column, word) if word else Target("")
            yield Known(f"{name}/{text}", target, f"{rule}, one answer", place, code=code)
