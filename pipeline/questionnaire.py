"""The questionnaire: what an instrument asks, in which codes, and how its answers become our words.

A questionnaire is a TOML file under `pipeline/questionnaires/`. It is data, not code: a new instrument is a new file.
What several instruments have in common stands in `questionnaires/shared/`; an instrument names what it takes of it.
Loading checks everything that can be checked without an export, so that an invalid questionnaire cannot be used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.declared import Declared, nearest
from pipeline.vocabulary import (
    ALL,
    COMMON_CORE,
    DECLARED_RULES,
    DECLINED,
    DIMENSIONS,
    EXPERIENCE_WORDS,
    MISSING_WORDS,
    PROFILE,
    ROUTE,
    ROUTES,
    TRANSIT_BINS,
    UNKNOWN,
    Derived,
    FactorLevel,
    Indicator,
    Missing,
    Route,
    Rule,
)

LANGUAGE = "^[a-z]{2}$"
"""What a language is called by: its code of two letters (ISO 639-1)."""


def _by_language(text: dict[str, str]) -> dict[str, str]:
    for code in text:
        if not re.fullmatch(LANGUAGE, code):
            raise ValueError(f'a language is called by its code of two letters, as en or fr; found "{code}"')
    return text


def _with_english(text: dict[str, str]) -> dict[str, str]:
    if text and "en" not in text:
        raise ValueError('a text needs at least English: { en = "…" }')
    return text


_ANY_LANGUAGE: dict[str, Any] = {
    "properties": {"en": {"type": "string"}, "fr": {"type": "string"}},
    "propertyNames": {"pattern": LANGUAGE},
}
"""What editors are told: English and French are offered, and any other language is let stand."""

Translated = Annotated[dict[str, str], AfterValidator(_by_language), Field(json_schema_extra=_ANY_LANGUAGE)]
"""A text by language."""

Text = Annotated[
    dict[str, str],
    AfterValidator(_by_language),
    AfterValidator(_with_english),
    Field(json_schema_extra=_ANY_LANGUAGE | {"required": ["en"]}),
]
"""A text by language. English is always there, and stands for every language that is not."""


def in_language(text: Text, locale: str) -> str:
    """A text in a language, or in English where it has none in that language."""
    return text.get(locale) or text["en"]


class Answer(Declared):
    """One answer code: what it means in our words, or which kind of missing it is."""

    means: str | None = Field(default=None, examples=["yes"])
    """Our word for this answer. Either this or `missing`."""
    missing: Missing | None = None
    """Which kind of missing it is. Either this or `means`."""
    label: Text = Field(default_factory=dict)
    """As the form shows it. An answer without a label is no choice of the form: exports write it for no answer."""
    aliases: tuple[str, ...] = Field(default=(), examples=[["1", "TRUE"]])
    """Other codes for the same, in older versions of the form or in other programs."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Answer:
        if (self.means is None) == (self.missing is None):
            raise ValueError('an answer needs either means = "…" or missing = "…", not both and not neither')
        if self.means in MISSING_WORDS:
            raise ValueError(f'"{self.means}" is a kind of missing: write missing = "{self.means}"')
        return self

    @property
    def word(self) -> str:
        """The word that stands for this answer in our tables."""
        return self.means if self.means is not None else str(self.missing)


class Condition(Declared):
    """A test of one column of a respondent, in our words. A list of conditions holds when all of them hold."""

    column: str
    """Our name of the column that is tested."""
    is_: tuple[str, ...] | None = Field(default=None, alias="is", examples=[["yes"]])
    """It holds when the answer is one of these words."""
    is_not: tuple[str, ...] | None = None
    """It holds when the answer is none of these words. A missing answer is none of them."""
    below: int | None = None
    """It holds when the number is below this one."""
    missing: bool | None = None
    """Of a number or a date. True: it holds when there is none, whatever the reason. False: when there is one."""

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = [self.is_, self.is_not, self.below, self.missing]
        if sum(test is not None for test in tests) != 1:
            raise ValueError("a condition needs exactly one of: is, is_not, below, missing")
        return self


class _Column(Declared):
    """One column of an export."""

    headers: tuple[str, ...] = Field(min_length=1, examples=[["ct_held"]])
    """Its names in exports, by form version."""
    group: str | None = None
    """The group of questions of the form that it is in."""
    asked_if: str | tuple[Condition, ...] = ()
    """Who was asked: the name of one of `conditions`, or conditions that must all hold. Everybody if left out."""
    required: bool = True
    """Whether an export without this column is refused. If not, everyone in it counts as not asked."""
    wording: Text = Field(default_factory=dict)
    """The question as it was put, which is a header in exports with labels."""
    label: Text = Field(default_factory=dict)
    """What a reader of the report sees."""


class AnswerColumn(_Column):
    """A closed question with one answer, out of a list of answers."""

    kind: Literal["answer"]
    """The kind of column: answer, many, integer, date, code or key."""
    answers: str
    """Which list of `answers` it takes."""


class ManyColumn(_Column):
    """A closed question with several answers: one string of codes, a 0/1 column for each, or both."""

    kind: Literal["many"]
    """The kind of column: answer, many, integer, date, code or key."""
    answers: str
    """Which list of `answers` it takes."""


class IntegerColumn(_Column):
    """A whole number."""

    kind: Literal["integer"]
    """The kind of column: answer, many, integer, date, code or key."""
    possible: tuple[int, int] = Field(examples=[[0, 110]])
    """The smallest and the largest number that can be. Outside of them the row is invalid."""
    missing: dict[str, Missing] = Field(default_factory=dict, examples=[{"-99": "no_answer"}])
    """Numbers and texts that stand for no answer, and for which kind of it."""


class DateColumn(_Column):
    """A calendar date, written as declared; outside fieldwork the row is invalid."""

    kind: Literal["date"]
    """The kind of column: answer, many, integer, date, code or key."""
    format: Literal["iso"] = "iso"
    """How the form writes it. An export that writes it otherwise says so under `dates` in the wave file."""


class CodeColumn(_Column):
    """A code without a list, such as that of a monitoring point: checked against a pattern."""

    kind: Literal["code"]
    """The kind of column: answer, many, integer, date, code or key."""
    pattern: str = Field(examples=["^E[0-9]{2,4}$"])
    """A regular expression that every code matches."""
    keep: bool = True
    """Whether it is kept with the respondents."""


class KeyColumn(_Column):
    """A key or stamp of the platform: used to find duplicates, never kept."""

    kind: Literal["key"]
    """The kind of column: answer, many, integer, date, code or key."""


Column = Annotated[
    AnswerColumn | ManyColumn | IntegerColumn | DateColumn | CodeColumn | KeyColumn, Field(discriminator="kind")
]


class IndicatorItem(Declared):
    """One indicator question: the column with its answers, and the one with the country where it happened."""

    indicator: Indicator
    """Which indicator; the column with its answers is called the same."""
    counts: bool
    """Whether it counts in "at least one"."""
    experience: Literal["own", "awareness", "witnessed"] = "own"
    """Whether a yes tells of the respondent's own experience, of something heard of, or of something seen."""
    wording: Text = Field(default_factory=dict)
    """The question, if the report is to print it otherwise than the form puts it."""
    event_country: str | None = None
    """The column with the country where it happened."""


class RouteRule(Declared):
    """A route and the conditions that put a respondent on it. The first rule that holds wins."""

    route: Route
    """Which route."""
    when: tuple[Condition, ...]
    """The conditions, all of which must hold."""


class AgeGroup(Declared):
    """Ages from `low` to `high`, both included, in whole years."""

    low: int
    """The youngest age in it."""
    high: int | None = None
    """The oldest age in it. Left out in the last group, which has no end."""


class Region(Declared):
    """A region of origin and the nationalities in it."""

    label: Text
    """What a reader of the report sees."""
    countries: tuple[str, ...]
    """The nationalities in it, in our words."""


class Exclusion(Declared):
    """A rule that takes respondents out, with the reason that the ledger prints."""

    rule: Rule
    """Which line of the ledger."""
    when: tuple[Condition, ...]
    """The conditions, all of which must hold."""
    reason: Text
    """Why, as the ledger prints it."""


class Caveat(Declared):
    """A sentence that must stand beside some results."""

    beside: tuple[str, ...] = Field(default=(), examples=[["at_least_one"]])
    """`all`, `route`, `sex`, `at_least_one` or an indicator. Beside nothing, it only stands among the limits."""
    text: Text
    """The sentence."""


class Factor(Declared):
    """A characteristic that the model of factors takes, in IOM's Determinants of Migrant Vulnerability."""

    level: FactorLevel
    """On which of its four levels it lies."""
    reference: str
    """The level of the characteristic with which the others are compared."""


class FactorProfile(Declared):
    """Respondents of whom the report predicts how likely they are to report an indicator."""

    label: Text
    """What a reader of the report sees."""
    of: dict[str, str] = Field(examples=[{"age_group": "14_17", "travel_mode": "alone"}])
    """Factor → its level. Every other factor is as it is among all respondents; the route is each in turn."""


class FormVersion(Declared):
    """What sets one version of the form apart: the columns whose question it did not put."""

    not_asked: tuple[str, ...]
    """Our names of the columns whose question it did not put."""


class Questionnaire(Declared):
    """An instrument, whole and consistent."""

    questionnaire: str
    """The instrument's name, which is also that of its file."""
    title: Text
    """What the report calls it."""
    indicator_set: str
    """The name of the set that "at least one" is counted over. Instruments that count other indicators differ in it."""
    shared: tuple[str, ...] = ()
    """Files of `questionnaires/shared/` that lie below this one, table by table; what stands here goes before."""
    inferred: tuple[Text, ...] = ()
    """What no source states outright. The report prints it as such."""
    unused: tuple[str, ...] = ()
    """Headers that nothing here needs, and that are dropped without a finding."""
    groups: tuple[str, ...] = ()
    """Names of the groups of questions, which may stand before a question's name in a header."""
    form_versions: dict[str, FormVersion] = Field(default_factory=dict)
    """Versions of the form by their name in the export. Versions that are not listed put every question."""
    answers_everywhere: dict[str, Answer] = Field(default_factory=dict)
    """What exports write where there is no answer: known in every list that does not use the same text otherwise."""
    answers: dict[str, dict[str, Answer]]
    """Lists of answers: name of the list → code in the export → what it means. Their order is that of the levels."""
    conditions: dict[str, tuple[Condition, ...]] = Field(default_factory=dict)
    """Conditions that several columns have in common, by a name."""
    columns: dict[str, Column]
    """The columns of an export, by our names for them."""
    indicators: tuple[IndicatorItem, ...] = Field(min_length=1)
    """The indicator questions, in the order of the form."""
    routes: tuple[RouteRule, ...] = Field(min_length=1)
    """The rules that put a respondent on a route; the first that holds wins."""
    age_groups: dict[str, AgeGroup]
    """Age groups in order, without gaps."""
    regions: dict[str, Region]
    """Regions of origin, by our words for them. Each nationality is in one."""
    keys: tuple[str, ...] = ()
    """What somebody who is not in the survey team may know of a respondent, taken together. The analyst is told how
    many respondents are alone with theirs."""
    factors: dict[str, Factor] = Field(default_factory=dict)
    """What the model of factors takes: `route`, or a characteristic that is counted with all others. None: no model."""
    profiles: dict[str, FactorProfile] = Field(default_factory=dict)
    """Profiles of whom the model predicts, by a name."""
    exclusions: tuple[Exclusion, ...]
    """The rules that take respondents out, in the order of the ledger."""
    distributions: tuple[str, ...]
    """What the report describes respondents by."""
    caveats: dict[str, Caveat] = Field(default_factory=dict)
    """Sentences that must stand beside some results, by a name."""

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, tables: object) -> object:
        """Puts what is declared for every list into each of them."""
        if not isinstance(tables, dict) or not isinstance(tables.get("answers"), dict):
            return tables
        everywhere = tables.get("answers_everywhere", {})
        lists = {name: _with_everywhere(answers, everywhere) for name, answers in tables["answers"].items()}
        return {**tables, "answers": lists}

    @model_validator(mode="after")
    def _consistent(self) -> Questionnaire:
        _check_columns(self)
        _check_answer_lists(self)
        _check_words(self)
        _check_conditions(self)
        _check_form_versions(self)
        _check_indicators(self)
        _check_exclusion_order(self)
        _check_age_groups(self)
        _check_regions(self)
        _check_distributions(self)
        _check_caveats(self)
        _check_factors(self)
        _check_keys(self)
        return self

    def condition(self, asked_if: str | tuple[Condition, ...]) -> tuple[Condition, ...]:
        """The conditions that a column names or holds."""
        return self.conditions[asked_if] if isinstance(asked_if, str) else asked_if

    @property
    def tested(self) -> frozenset[str]:
        """The columns that some condition is about."""
        of_columns = (self.condition(column.asked_if) for column in self.columns.values())
        of_routes, of_exclusions = (r.when for r in self.routes), (e.when for e in self.exclusions)
        return frozenset(test.column for tests in (*of_columns, *of_routes, *of_exclusions) for test in tests)

    @property
    def counted(self) -> tuple[Indicator, ...]:
        """The indicators that count in "at least one"."""
        return tuple(item.indicator for item in self.indicators if item.counts)

    @property
    def common_core(self) -> tuple[Indicator, ...]:
        """The indicators of the common core that this instrument asks."""
        asked = {item.indicator for item in self.indicators}
        return tuple(indicator for indicator in COMMON_CORE if indicator in asked)

    def wording(self, item: IndicatorItem) -> Text:
        """The question behind an indicator, by language."""
        return item.wording or self.columns[item.indicator].wording

    def words(self, column: str) -> list[str]:
        """Every answer word of a closed question, in declared order, without the kinds of missing."""
        spec = self.columns[column]
        if not isinstance(spec, AnswerColumn | ManyColumn):
            raise TypeError(f"{column} is not a closed question")
        return _distinct(answer.means for answer in self.answers[spec.answers].values() if answer.means)

    def levels(self, dimension: str) -> list[str]:
        """The levels of a dimension in order, without `declined` and `unknown`."""
        if dimension == "age_group":
            return list(self.age_groups)
        if dimension == "region_of_origin":
            return list(self.regions)
        return self.words(dimension)

    def level_labels(self, dimension: str, locale: str) -> dict[str, str]:
        """What a reader sees for each level of a question. Empty where the words are labelled elsewhere."""
        if dimension == "region_of_origin":
            return {word: in_language(region.label, locale) for word, region in self.regions.items()}
        spec = self.columns.get(dimension)
        if not isinstance(spec, AnswerColumn | ManyColumn):
            return {}
        answers = self.answers[spec.answers].values()
        return {a.word: in_language(a.label, locale) for a in answers if a.means and a.label}


def _with_everywhere(own: object, everywhere: object) -> object:
    """The tables of a list of answers with those of `everywhere` below them. What cannot be read is left as it is.

    A kind of missing that the list has gets the further aliases; one that it lacks is added.
    """
    if not isinstance(own, dict) or not isinstance(everywhere, dict) or not all(_is_answer(a) for a in own.values()):
        return own
    together = dict(own)
    taken = {text for code, table in own.items() for text in _texts(code, table)}
    for code, more in everywhere.items():
        if not _is_answer(more):
            continue
        further = [text for text in more.get("aliases", ()) if text not in taken]
        same = next((name for name, table in own.items() if table.get("missing") == more.get("missing")), None)
        if same is not None:
            together[same] = {**own[same], "aliases": [*own[same].get("aliases", ()), *further]}
        elif code not in own:
            together[code] = {**more, "aliases": further}
    return together


def _is_answer(table: object) -> bool:
    try:
        Answer.model_validate(table)
    except ValidationError:
        return False
    return isinstance(table, dict)


def _texts(code: str, table: dict[str, Any]) -> list[str]:
    return [code, *table.get("aliases", ()), *table.get("label", {}).values()]


def group_level(word: str) -> str:
    """The level at which a recoded answer is tabulated: all kinds of missing but `declined` are `unknown`."""
    return UNKNOWN if word in MISSING_WORDS and word != DECLINED else word


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _known(word: str, known: Iterable[str], place: str) -> None:
    words = list(known)
    if word not in words:
        raise ValueError(f'{place}: "{word}" is not declared.{nearest(word, words)} Known: {", ".join(words)}.')


BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that spreadsheets compute, or that hides such a beginning."""
RESERVED = (ALL, UNKNOWN, *MISSING_WORDS)
"""Words that tables use for something else than an answer."""


def _check_columns(q: Questionnaire) -> None:
    for name, column in q.columns.items():
        if isinstance(column, CodeColumn):
            try:
                re.compile(column.pattern)
            except re.error as problem:
                raise ValueError(f"columns.{name}.pattern: not a regular expression ({problem})") from None
        if isinstance(column, IntegerColumn) and column.possible[0] > column.possible[1]:
            raise ValueError(f"columns.{name}.possible: the smaller number stands first")
        if column.group is not None:
            _known(column.group, q.groups, f"columns.{name}.group")
    for needed, kind in _NEEDED.items():
        _known(needed, q.columns, "columns: this one is needed")
        if q.columns[needed].kind != kind:
            raise ValueError(f'columns.{needed}.kind: "{kind}" is needed, found "{q.columns[needed].kind}"')
    _once({name: column.headers for name, column in q.columns.items()}, "columns: the header")


_NEEDED = {
    **{"submission_uuid": "key", "survey_date": "date", "survey_country": "answer", "monitoring_point": "code"},
    **{"consent": "answer", "age": "integer"},
}


def _once(texts: dict[str, Iterable[str]], place: str) -> None:
    """Stops at a text that stands for two things."""
    seen: dict[str, str] = {}
    for thing, several in texts.items():
        for text in several:
            if seen.setdefault(text, thing) != thing:
                raise ValueError(f'{place} "{text}" stands for both "{seen[text]}" and "{thing}"')


def _check_answer_lists(q: Questionnaire) -> None:
    for name, column in q.columns.items():
        if isinstance(column, AnswerColumn | ManyColumn):
            _known(column.answers, q.answers, f"columns.{name}.answers")
    for name, answers in q.answers.items():
        for code, answer in answers.items():
            if answer.means in RESERVED or "|" in answer.word:
                raise ValueError(f'answers.{name}.{code}: "{answer.means}" cannot be the meaning of an answer')
        _once({code: (code, *answer.aliases) for code, answer in answers.items()}, f"answers.{name}: the text")
    if "transit" in q.columns:
        for word in q.words("transit"):
            _known(word, TRANSIT_BINS, "columns.transit: the meaning of an answer")


def _check_words(q: Questionnaire) -> None:
    """Stops at a word that a spreadsheet would take for a formula where it opens a released CSV file."""
    words = {f"answers.{name}": [answer.word for answer in answers.values()] for name, answers in q.answers.items()}
    words |= {"columns": [*q.columns], "age_groups": [*q.age_groups], "regions": [*q.regions]}
    words |= {"factors": [*q.factors], "profiles": [*q.profiles], "indicator_set": [q.indicator_set]}
    for place, several in words.items():
        for word in several:
            if word.startswith(BEGINS_A_FORMULA):
                raise ValueError(f'{place}: "{word}" begins like a formula; begin it with a letter or a digit')


def _check_conditions(q: Questionnaire) -> None:
    before: set[str] = set()
    for name, column in q.columns.items():
        if isinstance(column.asked_if, str):
            _known(column.asked_if, q.conditions, f"columns.{name}.asked_if")
        for condition in q.condition(column.asked_if):
            _check_condition(q, condition, f"columns.{name}.asked_if")
            if condition.column not in before:
                raise ValueError(
                    f'columns.{name}.asked_if: it depends on "{condition.column}", which must be declared above it'
                )
        before.add(name)
    for route in q.routes:
        for condition in route.when:
            _check_condition(q, condition, f"routes, {route.route}")
    for exclusion in q.exclusions:
        for condition in exclusion.when:
            _check_condition(q, condition, f"exclusions, {exclusion.rule}")


def _check_form_versions(q: Questionnaire) -> None:
    for version, spec in q.form_versions.items():
        for name in spec.not_asked:
            _known(name, q.columns, f'form_versions."{version}".not_asked')


def _check_condition(q: Questionnaire, condition: Condition, place: str) -> None:
    _known(condition.column, q.columns, f"{place}: column")
    column = q.columns[condition.column]
    if isinstance(column, AnswerColumn):
        for word in (condition.is_ or ()) + (condition.is_not or ()):
            _known(word, [*q.words(condition.column), *MISSING_WORDS], f'{place}: a word of "{condition.column}"')
    if isinstance(column, ManyColumn):
        raise ValueError(f'{place}: "{condition.column}" has several answers and cannot be a condition')
    if condition.below is not None and not isinstance(column, IntegerColumn):
        raise ValueError(f'{place}: "below" needs a column of whole numbers, "{condition.column}" is not one')
    if condition.missing is not None and not isinstance(column, IntegerColumn | DateColumn):
        instead = "another column"
        if isinstance(column, AnswerColumn):
            # A blank passes `is_not`, and every kind of missing does.
            test = "is_not" if condition.missing else "is"
            instead = f"every answer in its place: {test} = {json.dumps(q.words(condition.column))}"
        raise ValueError(
            f'{place}: "missing" needs a column of numbers or dates, "{condition.column}" is not one; write {instead}'
        )


def _check_indicators(q: Questionnaire) -> None:
    for item in q.indicators:
        _known(item.indicator, q.columns, "indicators: column")
        for word in q.words(item.indicator):
            _known(word, EXPERIENCE_WORDS, f"columns.{item.indicator}: the meaning of an answer")
        if not q.wording(item):
            raise ValueError(f"indicators, {item.indicator}: neither it nor its column says how the question was put")
        if item.event_country:
            _known(item.event_country, q.columns, f"indicators, {item.indicator}: event_country")
    if not q.counted:
        raise ValueError('indicators: at least one must have counts = true, or there is no "at least one"')


def _check_exclusion_order(q: Questionnaire) -> None:
    rules = [exclusion.rule for exclusion in q.exclusions]
    for rule in (Rule.NO_CONSENT, Rule.UNDER_14, Rule.AGE_UNKNOWN):
        if rule not in rules:
            raise ValueError(f"exclusions: {rule} is missing, and no questionnaire may do without it")
    expected = [rule for rule in DECLARED_RULES if rule in rules]
    if rules != expected:
        raise ValueError(
            f"exclusions: they must stand once each, in the order of the ledger: {', '.join(DECLARED_RULES)}; "
            f"found {', '.join(rules)}"
        )


def _check_age_groups(q: Questionnaire) -> None:
    groups = list(q.age_groups.items())
    for (name, group), (after, following) in pairwise(groups):
        if group.high is None or group.high + 1 != following.low:
            raise ValueError(f'age_groups: "{after}" must begin where "{name}" ends, with no gap and no overlap')


def _check_regions(q: Questionnaire) -> None:
    countries = q.words("nationality") if "nationality" in q.columns else []
    seen: dict[str, str] = {}
    for name, region in q.regions.items():
        for country in region.countries:
            _known(country, countries, f"regions.{name}.countries")
            if country in seen:
                raise ValueError(f'regions: "{country}" stands in both "{seen[country]}" and "{name}"')
            seen[country] = name
    without = [country for country in countries if country not in seen]
    if without:
        raise ValueError(f"regions: these nationalities are in no region: {', '.join(without)}")


def _check_distributions(q: Questionnaire) -> None:
    closed = [name for name, column in q.columns.items() if isinstance(column, AnswerColumn | ManyColumn)]
    for name in q.distributions:
        _known(name, [*closed, *(d for d in DIMENSIONS if d not in closed)], "distributions")


def _check_caveats(q: Questionnaire) -> None:
    places = [ALL, "route", "sex", str(Derived.AT_LEAST_ONE), *map(str, Indicator)]
    for name, caveat in q.caveats.items():
        for word in caveat.beside:
            _known(word, places, f"caveats.{name}.beside")


def _check_factors(q: Questionnaire) -> None:
    derived = ("age_group", "region_of_origin")
    places = [ROUTE, *(name for name in PROFILE if name in derived or isinstance(q.columns.get(name), AnswerColumn))]
    for name, factor in q.factors.items():
        _known(name, places, "factors")
        _known(factor.reference, _factor_levels(q, name), f"factors.{name}.reference")
    for name, profile in q.profiles.items():
        for factor_name, level in profile.of.items():
            _known(factor_name, [factor for factor in q.factors if factor != ROUTE], f"profiles.{name}.of")
            _known(level, _factor_levels(q, factor_name), f"profiles.{name}.of.{factor_name}")


def _factor_levels(q: Questionnaire, name: str) -> list[str]:
    return list(ROUTES) if name == ROUTE else q.levels(name)


def _check_keys(q: Questionnaire) -> None:
    closed = [name for name in q.distributions if isinstance(q.columns.get(name), AnswerColumn)]
    for name in q.keys:
        _known(name, dict.fromkeys([ROUTE, "monitoring_point", *DIMENSIONS, *closed]), "keys")
