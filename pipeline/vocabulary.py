"""The closed words of the project: what a route, an indicator, a kind of missing answer is called.

Every table, questionnaire and catalogue uses these words and no others. The data dictionary's glossary is made
from `GLOSSARY`; labels for readers live in the message catalogues (`report/text/`) and the questionnaires.
"""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    """Why there is no answer. None of these is ever counted as "no"."""

    DONT_KNOW = "dont_know"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NOT_ASKED = "not_asked"


MISSING_WORDS = tuple(str(word) for word in Missing)


class Experience(StrEnum):
    """A valid answer to an indicator question."""

    YES = "yes"
    FAMILY = "family"
    NO = "no"


EXPERIENCE_WORDS = tuple(str(word) for word in Experience)


class Route(StrEnum):
    """A Mediterranean route, by the rule that the questionnaire declares."""

    CENTRAL = "central"
    EASTERN = "eastern"
    WESTERN = "western"
    WESTERN_AFRICAN = "western_african"


ROUTES = tuple(str(route) for route in Route)


class Transit(StrEnum):
    """Journey time: since leaving the country of departure, in order."""

    UNDER_2_WEEKS = "under_2_weeks"
    TWO_WEEKS_TO_3_MONTHS = "2_weeks_to_3_months"
    THREE_TO_6_MONTHS = "3_to_6_months"
    SIX_TO_12_MONTHS = "6_to_12_months"
    TWELVE_MONTHS_OR_MORE = "12_months_or_more"


TRANSIT_BINS = tuple(str(step) for step in Transit)
TRANSIT_OVER_6_MONTHS = (str(Transit.SIX_TO_12_MONTHS), str(Transit.TWELVE_MONTHS_OR_MORE))


class Indicator(StrEnum):
    """A proxy indicator that a questionnaire may ask about."""

    UNPAID_WORK = "unpaid_work"
    FORCED_WORK = "forced_work"
    EMPLOYMENT_OFFER = "employment_offer"
    MARRIAGE_OFFER = "marriage_offer"
    HELD_AGAINST_WILL = "held_against_will"
    BLOOD_ORGANS = "blood_organs"
    PHYSICAL_VIOLENCE = "physical_violence"
    SEXUAL_VIOLENCE_THREATS = "sexual_violence_threats"


class Derived(StrEnum):
    """An indicator computed from several questions."""

    AT_LEAST_ONE = "at_least_one"
    AT_LEAST_TWO = "at_least_two"
    AT_LEAST_ONE_COMMON = "at_least_one_common"


DERIVED = tuple(str(name) for name in Derived)

COMMON_CORE = (
    Indicator.UNPAID_WORK,
    Indicator.FORCED_WORK,
    Indicator.MARRIAGE_OFFER,
    Indicator.HELD_AGAINST_WILL,
)
"""The four indicators that every instrument asks: the only set that may be compared across instruments."""


class FactorLevel(StrEnum):
    """A level of IOM's Determinants of Migrant Vulnerability, from the person outwards."""

    INDIVIDUAL = "individual"
    HOUSEHOLD_AND_FAMILY = "household_and_family"
    COMMUNITY = "community"
    STRUCTURAL = "structural"


FACTOR_LEVELS = tuple(str(level) for level in FactorLevel)
ROUTE = "route"
"""What the route is called where it is one characteristic among others."""


class Rule(StrEnum):
    """A line of the exclusion ledger, in the order in which rows are taken out."""

    RECEIVED = "received"
    REMOVED_BY_LOG = "removed_by_log"
    DUPLICATE = "duplicate"
    NOT_APPROVED = "not_approved"
    INVALID = "invalid"
    REPEAT_RESPONDENT = "repeat_respondent"
    NO_CONSENT = "no_consent"
    UNDER_14 = "under_14"
    AGE_UNKNOWN = "age_unknown"
    ANALYSED = "analysed"


RULES = tuple(str(rule) for rule in Rule)
EXCLUDING_RULES = RULES[1:-1]
DECLARED_RULES = (Rule.REPEAT_RESPONDENT, Rule.NO_CONSENT, Rule.UNDER_14, Rule.AGE_UNKNOWN)
"""The rules whose conditions a questionnaire declares; the others are worked out from keys, dates and the log."""

ALL = "all"
"""The margin: all routes, or the whole of a group."""

DECLINED = str(Missing.DECLINED)
UNKNOWN = "unknown"
"""The level of a group that holds don't know, no answer and not asked together."""

DIMENSIONS = (
    "transit",
    "year_outside_origin",
    "sex",
    "age_group",
    "travel_mode",
    "education",
    "nationality",
    "region_of_origin",
    "departure_country",
    "survey_country",
)
"""The characteristics by which every indicator is tabulated."""

CROSSES = {
    "transit_by_sex": ("transit", "sex"),
    "transit_by_age_group": ("transit", "age_group"),
    "transit_by_travel_mode": ("transit", "travel_mode"),
}

PROFILE = ("transit", "sex", "age_group", "travel_mode", "education", "region_of_origin")
"""The characteristics that are counted all together: those that models and standardised shares may take."""

GROUPS: dict[str, tuple[str, ...]] = {ALL: (), **{d: (d,) for d in DIMENSIONS}, **CROSSES}
"""Each group of the estimates table, with the dimensions whose levels it crosses."""

OVER_6_MONTHS = "transit_over_6_months"
"""The distribution of journey time in two classes."""

OWN_OR_FAMILY = "own_or_family"
NUMBER_OF_INDICATORS = "number_of_indicators"
"""The two measures of the experience table."""

OWN_OR_FAMILY_LEVELS = ("own", "family", "either", "neither")
"""own: an own experience; family: none, but a family member's; either: own or family; neither."""

WITHHELD = "withheld"


class Break(StrEnum):
    """Why the share of a wave may not be joined to that of the wave before it."""

    QUESTIONNAIRE = "questionnaire"
    COMMON_SET = "common_set"
    WORDING = "wording"
    ASKED = "asked"
    ANSWERS = "answers"
    ROUTE_RULE = "route_rule"
    PEOPLE = "people"
    DAYS_OVERLAP = "days_overlap"
    MADE_UP = "made_up"


BREAKS = tuple(str(word) for word in Break)
"""What each means is in the catalogues, under `trend.break_means`."""

GLOSSARY = {
    "wave": "One survey round: a folder under `data/raw/` with a wave file and its exports.",
    "export": "A file as it came from the survey platform.",
    "questionnaire": "An instrument: its questions, answer codes, indicators, routes and exclusion rules.",
    "respondent": "A person interviewed at a flow monitoring point. The sample is not random.",
    "monitoring point": "A flow monitoring point: a place where interviews are held.",
    "indicator": "A proxy question on an experience that may amount to trafficking or exploitation.",
    "at least one": "One or more own positive responses among the indicators that the instrument counts.",
    "route": "The Mediterranean route on which the interview was held, by the declared route rule.",
    "transit": "Journey time: time since leaving the country of departure, in five bins.",
    "asked": "Respondents to whom the question was put.",
    "answered": "Respondents with a valid answer: yes (own), yes (family member) or no. This is the base.",
    "yes": "Respondents who reported the experience as their own.",
    "base": "The denominator of a share.",
    "don't know, declined, no answer, not asked": "Four kinds of missing answer; none of them is a no.",
    "ledger": "Who was taken out of the analysis, by which rule, and how many.",
    "finding": "A result of validation: a check, a column, a number of rows.",
    "claim": "A headline sentence with its number, its base and the rows it came from.",
    "estimate": "A share with its counts, interval and bounds.",
    "factor": "A characteristic with which reports of an indicator are more or less frequent. Not a cause.",
    "profile": "A combination of characteristics: of respondents counted together, or of whom a model predicts.",
    "released": "Passed by disclosure control: rounded or withheld, and the only thing a reader sees.",
    "withheld": "Not shown, to protect respondents. It never means zero.",
}
