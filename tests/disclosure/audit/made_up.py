"""A small made-up wave: two routes, three regions, of which one has a single nationality, and rare experiences."""

from __future__ import annotations

import random

from tests.support.waves import INDICATORS, Row

PEOPLE = 1600
YES = {
    "unpaid_work": 0.16,
    "forced_work": 0.12,
    "employment_offer": 0.06,
    "marriage_offer": 0.025,
    "held_against_will": 0.2,
    "blood_organs": 0.01,
}
KINDS = {
    "nationality": {"NGA": 40, "GMB": 25, "CMR": 15, "SYR": 40, "IRQ": 20},
    "sex": {"male": 75, "female": 24, "declined": 1},
    "age": {"16": 15, "20": 45, "30": 40},
    "transit": {"lt_2w": 12, "2w_3m": 25, "3m_6m": 30, "6m_12m": 25, "ge_12m": 8},
    "survey_country": {"ITA": 60, "GRC": 40},
}
"""How often each answer is drawn."""
COUNTRIES = {"LBY": 60, "TUR": 30, "NGA": 10}
ANSWERS = {"no": 0.985, "declined": 0.993, "yes_family": 1.0}
"""What those say who do not say yes, from how often to how often."""


def made_up_people(seed: int = 1, people: int = PEOPLE, **kinds: dict[str, float]) -> list[Row]:
    """People drawn at random. Experiences are more likely on long journeys, else as likely for all.

    kinds: how often each answer is drawn, where not as usual.
    """
    chance = random.Random(seed)
    return [_person(chance, number, KINDS | kinds) for number in range(people)]


def _person(chance: random.Random, number: int, kinds: dict[str, dict[str, float]]) -> Row:
    row = {name: chance.choices(list(of), list(of.values()))[0] for name, of in kinds.items()}
    row["monitoring_point"] = f"PNT-{number % 8:02d}"
    times = 1.6 if row["transit"] in ("6m_12m", "ge_12m") else 0.8
    for name in INDICATORS:
        if chance.random() < YES[name] * times:
            row |= {name: "yes_me", f"{name}_country": chance.choices(list(COUNTRIES), list(COUNTRIES.values()))[0]}
        else:
            drawn = chance.random()
            row[name] = next(answer for answer, most in ANSWERS.items() if drawn <= most)
    return row
