"""The order of the rules is settled by the cases of `order.md`, and by nothing else in the tests."""

from __future__ import annotations

from itertools import permutations

from pipeline.vocabulary import RULES
from tests.spec.test_specifications import SPECS

RULE_ORDER = ("duplicate", "invalid", "repeat_respondent", "no_consent", "under_14", "age_unknown")


def test_the_cases_allow_one_order_but_for_the_two_rules_that_never_meet() -> None:
    (spec,) = [spec for spec in SPECS if spec.topic == "order"]
    meetings = [(row["why"].split(", "), row["taken out by"]) for row in spec.rows if ", " in row["why"]]
    possible = [
        order
        for order in permutations(RULE_ORDER)
        if all(min(both, key=order.index) == first for both, first in meetings)
    ]
    assert possible == [RULE_ORDER, (*RULE_ORDER[:4], "age_unknown", "under_14")]


def test_the_ledger_has_these_rules_in_this_order() -> None:
    assert [rule for rule in RULES if rule in RULE_ORDER] == list(RULE_ORDER)
