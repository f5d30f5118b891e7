"""Routes compared: what must hold of any contrast. Numbers from R are in `published`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stats.contrast import Sure, compare, route_contrasts
from pipeline.tables import ESTIMATES, conform

SIDE = st.tuples(st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.integers(1, 60))


def sure(share: float, se: float, df: float) -> Sure:
    return Sure(*(np.array([value], dtype=float) for value in (share, se, df)))


def of(first: tuple[float, float, int], second: tuple[float, float, int]) -> dict[str, float]:
    return {name: float(value[0]) for name, value in compare(sure(*first), sure(*second)).items()}


@given(SIDE, SIDE)
def test_swapped_routes_invert_the_ratio_and_the_sign_of_the_difference(first, second) -> None:
    one, other = of(first, second), of(second, first)
    assert one["risk_ratio"] == pytest.approx(1 / other["risk_ratio"])
    assert one["ratio_low"] == pytest.approx(1 / other["ratio_high"])
    assert one["risk_difference"] == pytest.approx(-other["risk_difference"])
    assert one["difference_low"] == pytest.approx(-other["difference_high"])


@given(SIDE, SIDE)
def test_an_interval_holds_its_number(first, second) -> None:
    found = of(first, second)
    assert found["ratio_low"] < found["risk_ratio"] < found["ratio_high"]
    assert found["difference_low"] < found["risk_difference"] < found["difference_high"]


@pytest.mark.parametrize("second", [(0.0, 0.0, 9), (1.0, 0.0, 9), (0.4, np.nan, 9), (0.4, 0.1, -9)])
def test_what_is_not_sure_is_not_compared(second) -> None:
    assert all(np.isnan(value) for value in of((0.5, 0.1, 9), second).values())


def estimates(**routes: tuple[float, int, float, float]) -> pd.DataFrame:
    """Estimates of whole routes from (share, answered, deff, df)."""
    rows = [
        {"wave": "w", "indicator_set": "s", "indicator": "unpaid_work", "route": route, "group": "all", "level": "all"}
        | dict(zip(("share", "answered", "deff", "df"), numbers, strict=True))
        | {"ci_method": "korn_graubard", "reliable": "yes", "suppressed": ""}
        for route, numbers in routes.items()
    ]
    return conform(pd.DataFrame(rows, columns=ESTIMATES.names), ESTIMATES)


def test_every_pair_of_routes_has_a_row_also_where_nobody_was_met() -> None:
    frame = route_contrasts(estimates(central=(0.5, 1001, 4.0, 39), eastern=(0.1, 2001, 9.0, 60)))
    assert list(zip(frame["first"], frame["second"], strict=True))[:2] == [
        ("central", "eastern"),
        ("central", "western"),
    ]
    assert len(frame) == 6
    assert frame["risk_ratio"].notna().tolist() == [True] + [False] * 5
    first = frame.iloc[0]
    # se² = deff · p(1−p)/(n−1): 0.001 and 0.000405; t with 99 degrees of freedom is 1.984217.
    assert first["risk_ratio"] == pytest.approx(5)
    assert first["difference_high"] - first["risk_difference"] == pytest.approx(1.984217 * (0.001 + 0.000405) ** 0.5)
