"""How made-up people are distributed: invented numbers, so chosen that a rehearsal looks like a survey round.

None of them is a finding. Words are ours; a word that a table does not name gets a small weight, so that every answer
of any questionnaire occurs.
"""

from __future__ import annotations

from datetime import date

from pipeline.vocabulary import Indicator, Route

Weights = dict[str, float]

FIELDWORK = {
    "fms-2015": (date(2015, 12, 1), date(2016, 5, 31)),
    "fms-2016": (date(2016, 6, 1), date(2016, 11, 30)),
    "fms-2017": (date(2017, 2, 1), date(2017, 9, 30)),
    "fms-2018-west": (date(2018, 7, 1), date(2018, 10, 31)),
}
"""When each instrument was used; another one is rehearsed in the days below."""

ANY_FIELDWORK = (date(2020, 1, 1), date(2020, 3, 31))

REST = 0.12
"""Weight of a word that a table leaves out."""

NO_ANSWER = 0.006
"""Weight of each kind of missing that a form offers, against 1 for all answers together."""

BLANK = 0.003
"""Share of questions that were put and left blank."""

SURVEY_COUNTRY: Weights = {
    **{"ITA": 34, "GRC": 20, "SRB": 11, "BGR": 9, "MKD": 8, "HUN": 4, "HRV": 4, "SVN": 3},
    **{"ESP": 6, "MAR": 1, "ROU": 2, "MNE": 1, "XKX": 1},
}

# The same for everyone, or by what someone said before.
PLAIN: dict[str, Weights] = {
    "previous_participation": {"no": 96, "yes": 3.5},
    "consent": {"yes": 97, "no": 2.5},
    "marital_status": {"single": 66, "married": 30, "divorced": 2, "widowed": 2},
    "education": {"none": 17, "primary": 29, "lower_secondary": 24, "upper_secondary": 22, "tertiary": 8},
    "cost": {"no_payment": 6, "under_1000_usd": 27, "1000_to_5000_usd": 46, "over_5000_usd": 9},
    "arrival_area": {"andalusia": 62, "canary_islands": 18, "ceuta_melilla": 17, "elsewhere_in_spain": 3},
}

BY_ROUTE: dict[str, dict[str, Weights]] = {
    "sex": {
        Route.CENTRAL: {"male": 86, "female": 14},
        Route.EASTERN: {"male": 72, "female": 28},
        Route.WESTERN: {"male": 91, "female": 9},
        Route.WESTERN_AFRICAN: {"male": 93, "female": 7},
    },
    "travel_mode": {
        Route.CENTRAL: {"alone": 66, "group": 25, "family": 9},
        Route.EASTERN: {"alone": 24, "group": 34, "family": 42},
        Route.WESTERN: {"alone": 54, "group": 40, "family": 6},
        Route.WESTERN_AFRICAN: {"alone": 32, "group": 61, "family": 7},
    },
    "nationality": {
        Route.CENTRAL: {
            **{"NGA": 21, "GIN": 10, "GMB": 9, "CIV": 9, "BGD": 9, "SEN": 8, "MLI": 7, "ERI": 7, "SDN": 6},
            **{"GHA": 5, "SOM": 3, "CMR": 2, "MAR": 2, "EGY": 1, "PAK": 1},
        },
        Route.EASTERN: {"AFG": 29, "SYR": 28, "IRQ": 16, "PAK": 13, "IRN": 5, "BGD": 2, "DZA": 2, "MAR": 2, "SOM": 1},
        Route.WESTERN: {"GIN": 20, "MLI": 16, "CIV": 15, "MAR": 13, "CMR": 11, "SEN": 9, "DZA": 5, "GMB": 4, "BFA": 3},
        Route.WESTERN_AFRICAN: {"SEN": 33, "MLI": 20, "GIN": 14, "MAR": 10, "CIV": 8, "GMB": 8, "MRT": 5},
    },
    "departure_country": {
        Route.CENTRAL: {"LBY": 45, "NER": 18, "SDN": 15, "DZA": 10, "EGY": 8, "TUN": 4},
        Route.EASTERN: {"TUR": 60, "IRN": 24, "PAK": 9, "GRC": 7},
        Route.WESTERN: {"MAR": 42, "DZA": 40, "MLI": 10, "MRT": 8},
        Route.WESTERN_AFRICAN: {"SEN": 40, "MRT": 35, "MAR": 25},
    },
    "transit": {
        Route.CENTRAL: {
            "under_2_weeks": 4,
            "2_weeks_to_3_months": 23,
            "3_to_6_months": 37,
            "6_to_12_months": 20,
            "12_months_or_more": 16,
        },
        Route.EASTERN: {
            "under_2_weeks": 31,
            "2_weeks_to_3_months": 39,
            "3_to_6_months": 19,
            "6_to_12_months": 7,
            "12_months_or_more": 4,
        },
        Route.WESTERN: {
            "under_2_weeks": 11,
            "2_weeks_to_3_months": 20,
            "3_to_6_months": 20,
            "6_to_12_months": 22,
            "12_months_or_more": 27,
        },
        Route.WESTERN_AFRICAN: {
            "under_2_weeks": 40,
            "2_weeks_to_3_months": 33,
            "3_to_6_months": 14,
            "6_to_12_months": 8,
            "12_months_or_more": 5,
        },
    },
    "reasons": {
        Route.CENTRAL: {"economic": 0.55, "war": 0.25, "persecution": 0.22, "services": 0.10, "family": 0.07},
        Route.EASTERN: {"economic": 0.30, "war": 0.62, "persecution": 0.18, "services": 0.12, "family": 0.08},
        Route.WESTERN: {"economic": 0.70, "war": 0.12, "persecution": 0.15, "services": 0.09, "family": 0.08},
        Route.WESTERN_AFRICAN: {"economic": 0.80, "war": 0.12, "persecution": 0.08, "services": 0.10, "family": 0.05},
    },
}

LAST_DEPARTURE: dict[str, Weights] = {
    "ITA": {"LBY": 82, "TUN": 6, "TUR": 6, "DZA": 3, "GRC": 3},
    "ESP": {"MAR": 76, "DZA": 17, "MRT": 4, "SEN": 3},
    "MAR": {"DZA": 70, "MRT": 30},
    "GRC": {"TUR": 100},
    "BGR": {"TUR": 88, "GRC": 12},
    "": {"SRB": 30, "MKD": 25, "GRC": 25, "BGR": 20},
}
"""By country of interview: where people came from last."""

EVENT_COUNTRY: dict[str, Weights] = {
    Route.CENTRAL: {"LBY": 88, "DZA": 4, "NER": 3, "SDN": 3, "EGY": 2},
    Route.EASTERN: {"TUR": 46, "IRN": 20, "BGR": 12, "GRC": 12, "SRB": 6, "MKD": 4},
    Route.WESTERN: {"MAR": 34, "DZA": 38, "LBY": 8, "MLI": 10, "NER": 10},
    Route.WESTERN_AFRICAN: {"MRT": 45, "MAR": 35, "MLI": 20},
}

POSITIVE: dict[str, Weights] = {
    Route.CENTRAL: {
        Indicator.UNPAID_WORK: 0.44,
        Indicator.FORCED_WORK: 0.30,
        Indicator.EMPLOYMENT_OFFER: 0.10,
        Indicator.MARRIAGE_OFFER: 0.02,
        Indicator.HELD_AGAINST_WILL: 0.42,
        Indicator.BLOOD_ORGANS: 0.05,
        Indicator.PHYSICAL_VIOLENCE: 0.70,
        Indicator.SEXUAL_VIOLENCE_THREATS: 0.24,
    },
    Route.EASTERN: {
        Indicator.UNPAID_WORK: 0.07,
        Indicator.FORCED_WORK: 0.04,
        Indicator.EMPLOYMENT_OFFER: 0.03,
        Indicator.MARRIAGE_OFFER: 0.01,
        Indicator.HELD_AGAINST_WILL: 0.06,
        Indicator.BLOOD_ORGANS: 0.02,
        Indicator.PHYSICAL_VIOLENCE: 0.19,
        Indicator.SEXUAL_VIOLENCE_THREATS: 0.04,
    },
    Route.WESTERN: {
        Indicator.UNPAID_WORK: 0.26,
        Indicator.FORCED_WORK: 0.11,
        Indicator.EMPLOYMENT_OFFER: 0.05,
        Indicator.MARRIAGE_OFFER: 0.01,
        Indicator.HELD_AGAINST_WILL: 0.13,
        Indicator.BLOOD_ORGANS: 0.03,
        Indicator.PHYSICAL_VIOLENCE: 0.35,
        Indicator.SEXUAL_VIOLENCE_THREATS: 0.12,
    },
    Route.WESTERN_AFRICAN: {
        Indicator.UNPAID_WORK: 0.12,
        Indicator.FORCED_WORK: 0.04,
        Indicator.EMPLOYMENT_OFFER: 0.03,
        Indicator.MARRIAGE_OFFER: 0.01,
        Indicator.HELD_AGAINST_WILL: 0.05,
        Indicator.BLOOD_ORGANS: 0.01,
        Indicator.PHYSICAL_VIOLENCE: 0.15,
        Indicator.SEXUAL_VIOLENCE_THREATS: 0.04,
    },
}
"""Share of positive responses in the middle of a route. Time in transit, the point and the person move it."""

FAMILY = 0.02
"""Share who say that a family member had the experience, of those who had none."""

A_YEAR_OUTSIDE = (0.02, 0.05, 0.13, 0.34, 0.78)
"""Share who have been outside their country for a year, by journey time, the shortest first."""

AGE_FROM, AGE_SHAPE, AGE_SCALE, OLDEST = 14, 2.1, 5.6, 79
UNDER_14, AGE_UNKNOWN = 0.015, 0.0015

# How alike people at one monitoring point are, as standard deviations on the scale of logits.
ALIKE_IN_EXPERIENCE = 0.55
ALIKE_IN_ONE_EXPERIENCE = 0.25
ALIKE_IN_ANSWERS = 0.45
ALIKE_IN_JOURNEY = 0.25
FRAILTY = 0.9
"""How much people differ whom everything else has in common."""

PER_STEP = 0.55
"""How much more often an experience is reported from one journey time to the next, on the scale of logits."""

# What is wrong with an export, as shares of its rows; each occurs at least once unless the wave is tiny.
COPIES, EDITS, IMPOSSIBLE_AGES, IMPOSSIBLE_DATES = 0.0015, 0.0015, 0.0004, 0.0003
NOT_APPROVED, ON_HOLD = 0.004, 0.002
