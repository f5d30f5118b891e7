"""Each mistake in a questionnaire, or in the overrides of a wave, is one line that says what to mend.

The mistakes are made in `[overrides]`, which are merged into the questionnaire before it is checked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.declared import read_toml
from pipeline.errors import DeclarationError
from pipeline.questionnaire import AnswerColumn, KeyColumn, ManyColumn
from pipeline.wave import known_questionnaires, load_questionnaire, load_wave, questionnaire_files
from tests.support.messages import refusal
from tests.support.waves import NAME, write_wave

RULES = {
    "repeat_respondent": '{ column = "previous_participation", is = ["yes"] }',
    "no_consent": '{ column = "consent", is_not = ["yes"] }',
    "under_14": '{ column = "age", below = 14 }',
    "age_unknown": '{ column = "age", missing = true }',
}


def exclusions(*rules: str) -> str:
    return "".join(
        f'[[overrides.exclusions]]\nrule = "{rule}"\nwhen = [{RULES.get(rule, RULES["no_consent"])}]\n'
        'reason = { en = "A reason" }\n'
        for rule in rules
    )


def indicator(name: str, more: str = "counts = true") -> str:
    return f'[[overrides.indicators]]\nindicator = "{name}"\n{more}\nwording = {{ en = "A question" }}\n'


def asked_if(condition: str) -> str:
    return f"[overrides.columns.sex]\nasked_if = {condition}\n"


MISTAKES: dict[str, tuple[str, tuple[str, ...]]] = {
    # Keys and types.
    "a misspelt table": ("[overrides]\ncolumn = {}", ("column:", "not known", 'Did you mean "columns"?')),
    "a misspelt key of a column": (
        '[overrides.columns.sex]\nheader = ["sex"]',
        ("columns.sex.header:", 'Did you mean "headers"?'),
    ),
    "a kind of column that is none": (
        '[overrides.columns.sex]\nkind = "answr"',
        ("columns.sex.kind:", "'answer'", "found 'answr'", 'Did you mean "answer"?'),
    ),
    "a misspelt key that only this kind of column has": (
        '[overrides.columns.monitoring_point]\npatern = "x"',
        ("columns.monitoring_point.patern:", 'Did you mean "pattern"?'),
    ),
    "a column without headers": ("[overrides.columns.age]\nheaders = []", ("columns.age.headers:", "at least 1")),
    "a column without a kind": ('[overrides.columns.shoes]\nheaders = ["shoes"]', ("columns.shoes", "kind", "missing")),
    "a number that is none": (
        '[overrides.columns.age]\npossible = [0, "old"]',
        ("columns.age.possible[2]:", "integer", "found 'old'"),
    ),
    "a range that ends before it begins": (
        "[overrides.columns.age]\npossible = [110, 0]",
        ("columns.age.possible:", "smaller number"),
    ),
    "a pattern that is none": (
        '[overrides.columns.monitoring_point]\npattern = "^[A-Z{3}-"',
        ("columns.monitoring_point.pattern:", "not a regular expression"),
    ),
    "a language that is none": (
        '[overrides.columns.sex.label]\nFrench = "Sexe"',
        ("columns.sex.label:", "two letters", 'found "French"'),
    ),
    "a text without English": (
        '[overrides.answers.sex]\nother = { means = "other", label = { fr = "Autre" } }',
        ("answers.sex.other.label:", "English"),
    ),
    # Answers.
    "an answer list that is not there": (
        '[overrides.columns.sex]\nanswers = "sexe"',
        ("columns.sex.answers:", '"sexe" is not declared', 'Did you mean "sex"?', "yes_no"),
    ),
    "an answer with two meanings": (
        '[overrides.answers.sex]\nmale = { means = "male", missing = "declined" }',
        ("answers.sex.male:", "means", "missing", "not both"),
    ),
    "an answer without a meaning": (
        '[overrides.answers.sex]\nother = { label = { en = "Other" } }',
        ("answers.sex.other:", "means", "missing"),
    ),
    "a misspelt key of an answer": (
        '[overrides.answers.sex]\nother = { means = "other", alias = ["x"] }',
        ("answers.sex.other.alias:", 'Did you mean "aliases"?'),
    ),
    "a kind of missing as a meaning": (
        '[overrides.answers.sex]\nother = { means = "declined" }',
        ("answers.sex.other:", 'write missing = "declined"'),
    ),
    "a kind of missing that is none": (
        '[overrides.answers.sex]\nother = { missing = "declind" }',
        ("answers.sex.other.missing:", "'declined'", "found 'declind'", 'Did you mean "declined"?'),
    ),
    "a meaning that tables use for something else": (
        '[overrides.answers.sex]\nother = { means = "all" }',
        ("answers.sex.other:", '"all" cannot be the meaning'),
    ),
    "a journey time that is none": (
        '[overrides.answers.journey_time]\nlong = { means = "12_months_and_more" }',
        ("columns.transit:", '"12_months_and_more" is not declared', 'Did you mean "12_months_or_more"?'),
    ),
    "an experience that is none": (
        '[overrides.answers.experience]\nsometimes = { means = "yess" }',
        ("columns.unpaid_work:", '"yess" is not declared', 'Did you mean "yes"?', "family"),
    ),
    # Conditions.
    "an unknown column in a condition": (
        asked_if('[{ column = "consnt", is = ["yes"] }]'),
        ("columns.sex.asked_if", '"consnt" is not declared', 'Did you mean "consent"?'),
    ),
    "an unknown word in a condition": (
        asked_if('[{ column = "consent", is = ["yess"] }]'),
        ("columns.sex.asked_if", '"consent"', '"yess" is not declared', 'Did you mean "yes"?'),
    ),
    "an unknown condition by name": (
        asked_if('"intervewed"'),
        ("columns.sex.asked_if:", '"intervewed" is not declared', 'Did you mean "interviewed"?'),
    ),
    "a condition on a later column": (
        asked_if('[{ column = "cost", is = ["no_payment"] }]'),
        ("columns.sex.asked_if:", '"cost"', "declared above it"),
    ),
    "a condition with two tests": (
        asked_if('[{ column = "consent", is = ["yes"], is_not = ["no"] }]'),
        ("columns.sex.asked_if[1]:", "exactly one of: is, is_not, below, missing"),
    ),
    "a condition without a test": (
        asked_if('[{ column = "consent" }]'),
        ("columns.sex.asked_if[1]:", "exactly one of: is, is_not, below, missing"),
    ),
    "a misspelt test in a condition": (
        asked_if('[{ column = "consent", iss = ["yes"] }]'),
        ("columns.sex.asked_if[1].iss:", "not known", 'Did you mean "is"?'),
    ),
    "a number asked of a word": (
        asked_if('[{ column = "consent", below = 3 }]'),
        ("columns.sex.asked_if:", '"below"', '"consent"'),
    ),
    "a word that is missing": (
        asked_if('[{ column = "consent", missing = true }]'),
        (
            "columns.sex.asked_if:",
            '"missing" needs',
            '"consent" is not one',
            "write every answer",
            'is_not = ["yes", "no"',
        ),
    ),
    "a word that is there": (
        '[[overrides.routes]]\nroute = "central"\nwhen = [{ column = "sex", missing = false }]',
        ("routes, central", '"missing" needs', '"sex" is not one', 'is = ["male", "female"'),
    ),
    "a code that is not missing": (
        asked_if('[{ column = "monitoring_point", missing = false }]'),
        ("columns.sex.asked_if:", '"monitoring_point" is not one', "write another column"),
    ),
    "a condition on several answers": (
        '[[overrides.routes]]\nroute = "central"\nwhen = [{ column = "reasons", is = ["war"] }]',
        ("routes, central", '"reasons" has several answers'),
    ),
    # Indicators.
    "an indicator that is none": (
        indicator("unpayed_work"),
        ("indicators[1].indicator:", "'unpaid_work'", 'Did you mean "unpaid_work"?'),
    ),
    "an indicator without a column": (indicator("physical_violence"), ("indicators", '"physical_violence"')),
    "indicators of which none counts": (indicator("unpaid_work", "counts = false"), ("indicators:", "counts = true")),
    "a country of events that is no column": (
        indicator("unpaid_work", 'counts = true\nevent_country = "unpaid_work_contry"'),
        ("indicators, unpaid_work: event_country:", 'Did you mean "unpaid_work_country"?'),
    ),
    # Routes.
    "a route that is none": (
        '[[overrides.routes]]\nroute = "centrl"\nwhen = []',
        ("routes[1].route:", "'central'", 'Did you mean "central"?'),
    ),
    "a route by an unknown column": (
        '[[overrides.routes]]\nroute = "central"\nwhen = [{ column = "survy_country", is = ["ITA"] }]',
        ("routes, central", '"survy_country" is not declared', 'Did you mean "survey_country"?'),
    ),
    "a route by an unknown country": (
        '[[overrides.routes]]\nroute = "central"\nwhen = [{ column = "survey_country", is = ["ITL"] }]',
        ("routes, central", '"ITL" is not declared', 'Did you mean "ITA"?'),
    ),
    # Exclusions.
    "exclusions in the wrong order": (
        exclusions("no_consent", "repeat_respondent", "under_14", "age_unknown"),
        (
            "exclusions:",
            "repeat_respondent, no_consent, under_14, age_unknown",
            "found no_consent, repeat_respondent, under_14, age_unknown",
        ),
    ),
    "an exclusion twice": (
        exclusions("no_consent", "no_consent", "under_14", "age_unknown"),
        ("exclusions:", "once each"),
    ),
    "an exclusion that is not declared but computed": (
        exclusions("duplicate", "no_consent", "under_14", "age_unknown"),
        ("exclusions:", "found duplicate"),
    ),
    "a wave without consent": (
        exclusions("repeat_respondent", "under_14", "age_unknown"),
        ("exclusions:", "no_consent is missing"),
    ),
    "an exclusion that is none": (
        exclusions("no_consnt"),
        ("exclusions[1].rule:", "'no_consent'", 'Did you mean "no_consent"?'),
    ),
    "an exclusion by an unknown column": (
        exclusions("no_consent").replace('consent",', 'consents",'),
        ("exclusions, no_consent", '"consents" is not declared', 'Did you mean "consent"?'),
    ),
    # Groups.
    "a gap between age groups": (
        "[overrides.age_groups]\n14_17 = { low = 14, high = 16 }",
        ("age_groups:", '"18_24"', '"14_17"', "no gap"),
    ),
    "age groups that overlap": (
        "[overrides.age_groups]\n14_17 = { low = 14, high = 18 }",
        ("age_groups:", '"18_24"', '"14_17"', "no overlap"),
    ),
    "a nationality without a region": (
        "[overrides.regions.central_africa]\ncountries = []",
        ("regions:", "in no region", "CMR"),
    ),
    "a nationality in two regions": (
        '[overrides.regions.central_africa]\ncountries = ["CMR", "NGA"]',
        ("regions:", '"NGA"', '"west_africa"', '"central_africa"'),
    ),
    "a region with an unknown country": (
        '[overrides.regions.central_africa]\ncountries = ["CMR", "CMN"]',
        ("regions.central_africa.countries:", '"CMN" is not declared', 'Did you mean "CMR"?'),
    ),
    "a distribution of identifiers": (
        '[overrides]\ndistributions = ["submission_uuid"]',
        ("distributions:", '"submission_uuid" is not declared'),
    ),
    "a distribution of nothing": (
        '[overrides]\ndistributions = ["transit", "age_groop"]',
        ("distributions:", '"age_groop" is not declared', 'Did you mean "age_group"?'),
    ),
    # What would be read as two things, or never be seen.
    "one code for two answers": (
        '[overrides.answers.sex]\nfemale = { means = "female", aliases = ["f", "male"] }',
        ("answers.sex:", '"male" stands for both "male" and "female"'),
    ),
    "one header for two questions": (
        '[overrides.columns.sex]\nheaders = ["sex", "age"]',
        ("columns:", '"age" stands for both "age" and "sex"'),
    ),
    "a column that must be of another kind": (
        '[overrides.columns.survey_date]\nkind = "key"',
        ("columns.survey_date.kind:", '"date" is needed', 'found "key"'),
    ),
    "a caveat beside nothing that is there": (
        '[overrides.caveats.sample]\nbeside = ["al"]',
        ("caveats.sample.beside:", '"al" is not declared', 'Did you mean "all"?'),
    ),
}

INTERNALS = ("function-", "tuple[", "[key]", "tag", "union", "validator")
"""Words of the library that checks, which mean nothing to an analyst."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake(mistake: str, tmp_path: Path) -> None:
    overrides, expected = MISTAKES[mistake]
    write_wave(tmp_path, [], more=overrides)
    error = refusal(DeclarationError, 2, lambda: load_wave(tmp_path, NAME))
    assert "wave.toml [overrides] over fms-2016.toml" in error.where
    lines = [line for line in error.what.splitlines() if line.startswith("  - ")]
    assert len(lines) == 1, error.what
    assert [fragment for fragment in expected if fragment not in lines[0]] == [], lines[0]
    assert [word for word in INTERNALS if word in lines[0]] == [], lines[0]


def test_overrides_change_what_they_name_and_nothing_else(tmp_path: Path) -> None:
    write_wave(tmp_path, [], more="[overrides.columns.age]\npossible = [0, 99]\n")
    changed = load_wave(tmp_path, NAME).questionnaire
    usual = load_wave(Path(__file__).parents[2] / "data" / "raw", NAME).questionnaire
    assert changed.columns["age"].possible == (0, 99)
    assert changed.columns["age"].model_copy(update={"possible": (0, 110)}) == usual.columns["age"]
    assert {name: column for name, column in changed.columns.items() if name != "age"} == {
        name: column for name, column in usual.columns.items() if name != "age"
    }


def test_the_six_indicators_of_2016_and_the_common_core() -> None:
    q = load_wave(Path(__file__).parents[2] / "data" / "raw", NAME).questionnaire
    assert [str(indicator) for indicator in q.counted] == [
        *("unpaid_work", "forced_work", "employment_offer", "marriage_offer", "held_against_will", "blood_organs"),
    ]
    assert [str(indicator) for indicator in q.common_core] == [
        *("unpaid_work", "forced_work", "marriage_offer", "held_against_will"),
    ]
    assert [str(item.indicator) for item in q.indicators if item.experience == "awareness"] == ["blood_organs"]


@pytest.mark.parametrize("name", known_questionnaires())
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Exports come with the labels of either; and what a choice of the form is called is told in either."""
    q = load_questionnaire(name)
    asked = [column for column in q.columns.values() if not isinstance(column, KeyColumn)]
    texts = [q.title, *q.inferred, *(column.wording for column in asked)]
    texts += [rule.reason for rule in q.exclusions] + [caveat.text for caveat in q.caveats.values()]
    texts += [region.label for region in q.regions.values()] + [column.label for column in asked if column.label]
    lists = {column.answers for column in asked if isinstance(column, AnswerColumn | ManyColumn)}
    texts += [answer.label for of in lists for answer in q.answers[of].values() if answer.means or answer.label]
    assert [text for text in texts if set(text) != {"en", "fr"}] == []


@pytest.mark.parametrize("name", known_questionnaires())
def test_no_list_of_answers_is_left_unused(name: str) -> None:
    """Those of a questionnaire's own; shared ones may be for others."""
    q, own = load_questionnaire(name), read_toml(questionnaire_files(name)[0])
    used = {column.answers for column in q.columns.values() if isinstance(column, AnswerColumn | ManyColumn)}
    assert set(own["answers"]) <= used
