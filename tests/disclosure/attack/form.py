"""What the published questionnaire says: which indicators count, and which nationalities a region has."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "pipeline" / "questionnaires"
FORM = tomllib.loads((FOLDER / "fms-2016.toml").read_text(encoding="utf-8"))
SHARED = tomllib.loads((FOLDER / "shared" / "countries.toml").read_text(encoding="utf-8"))

INDICATORS = tuple(item["indicator"] for item in FORM["indicators"])
DIRECT = tuple(item["indicator"] for item in FORM["indicators"] if item.get("experience", "own") == "own")
CORE = ("unpaid_work", "forced_work", "marriage_offer", "held_against_will")
ONE, TWO, COMMON = "at_least_one", "at_least_two", "at_least_one_common"
DERIVED = {ONE: (INDICATORS, 1), TWO: (INDICATORS, 2), COMMON: (CORE, 1)}
"""Each derived indicator: among which indicators, and how many of them at least."""

SETS = tuple(frozenset(some) for n in range(len(INDICATORS) + 1) for some in combinations(INDICATORS, n))
"""Every set of indicators that somebody may have said yes to: 64."""

REGIONS = {name: item["countries"] for name, item in (SHARED["regions"] | FORM["regions"]).items()}
OVER_6_MONTHS = {
    "yes": ("6_to_12_months", "12_months_or_more"),
    "no": ("under_2_weeks", "2_weeks_to_3_months", "3_to_6_months"),
    "unknown": ("unknown",),
}
NOT_KNOWN = ("declined", "unknown")
ALL = "all"
