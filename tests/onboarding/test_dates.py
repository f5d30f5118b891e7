"""Day and month are told apart by the dates themselves, or asked."""

from __future__ import annotations

import pytest

from pipeline.onboarding.dates import writing_of

ORDERS = {
    "the year first": ({"2017-02-13": 5, "2017-03-01": 1}, "year-month-day"),
    "serial numbers": ({"42780": 3}, "year-month-day"),
    "no dates": ({}, "year-month-day"),
    "a day above twelve": ({"13/02/2017": 1, "3/2/2017": 4}, "day/month/year"),
    "a day above twelve, with points": ({"13.02.2017": 1}, "day/month/year"),
    "a day above twelve in the second place": ({"2/13/2017": 1, "2-3-2017": 4}, "month/day/year"),
    "either": ({"3/5/2017": 900}, None),
    "both": ({"13/5/2017": 10, "5/13/2017": 10}, None),
    "too few that tell": ({"13/5/2017": 1, "3/5/2017": 20}, None),
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_of_day_and_month(case: str) -> None:
    texts, order = ORDERS[case]
    assert writing_of(texts).order == order


def test_a_reason_counts_rows() -> None:
    assert (
        "10 rows can only have the day first, 1 row only the month"
        in writing_of({"13/5/2017": 10, "5/13/2017": 1}).reason
    )
    assert "in 4 rows the other number is above 12" in writing_of({"13/5/2017": 4}).reason
    assert "2 rows stand otherwise" in writing_of({"13/5/2017": 4, "2017-02-01": 2}).reason
