"""How single values are printed: rounded counts, whole percents, two digits, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.disclose.policy import Policy, two_digits, whole_percent
from pipeline.vocabulary import ALL, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def printed_count(people: pd.Series[int], shown: NDArray[np.bool_], policy: Policy) -> pd.Series[int]:
    """Counts to the nearest step where they are shown; nothing elsewhere, or where there is no count."""
    rounded = pd.Series(policy.rounded(people.fillna(0)), people.index, dtype="Int64")
    return rounded.where(shown & np.asarray(people.notna()))


def printed_percent(part: pd.Series[int], base: pd.Series[int], shown: NDArray[np.bool_]) -> pd.Series[float]:
    """part / base, exact counts, to a whole percent."""
    return pd.Series(whole_percent(part.fillna(0), base.fillna(0)), part.index, dtype="Float64").where(shown)


def rounded_share(values: object, shown: NDArray[np.bool_]) -> pd.Series[float]:
    """Shares to a whole percent, half up: a computer may keep a half as a hair less."""
    percent = np.floor(np.round(numbers(values) * 100, 9) + 0.5) / 100
    index = values.index if isinstance(values, pd.Series) else None
    return pd.Series(percent, index, dtype="Float64").where(shown)


def rounded_number(column: pd.Series[float]) -> pd.Series[float]:
    """Numbers to two digits."""
    return pd.Series(two_digits(numbers(column)), column.index, dtype="Float64")


def numbers(values: object) -> NDArray[np.float64]:
    """A column as plain numbers; NaN where there is none."""
    if isinstance(values, pd.Series):
        return values.to_numpy(np.float64, na_value=np.nan)
    return np.asarray(values, dtype=float)


def marked(shown: NDArray[np.bool_]) -> NDArray[np.str_]:
    """What stands in the column `suppressed`."""
    return np.where(shown, "", WITHHELD)


def shows_complete(exact: pd.DataFrame, policy: Policy) -> NDArray[np.bool_]:
    """Whether complete cases may be counted: those who are not complete are a group of their own, or nobody.

    exact: exact rows of missing answers. That group is the difference of two printed ones: its parts must be large
    enough as well.
    """
    complete, yes = exact["complete"], exact["complete_yes"]
    others = policy.shows_part(exact["yes"] - yes, exact["answered"] - complete)
    return np.asarray(policy.shows_part(yes, complete) & (others | np.asarray(exact["answered"] == complete)))


def nobody_met(routes: pd.Series[str], there: Iterable[str]) -> NDArray[np.bool_]:
    """Rows of routes on which nobody was interviewed: their zeros point to no one."""
    return np.asarray(~routes.isin({*there, ALL}))


def withheld_cells(released: pd.DataFrame, *columns: str) -> set[tuple[str, ...]]:
    """What these columns hold in the rows that are withheld."""
    rows = released[released["suppressed"] == WITHHELD]
    return set(zip(*(rows[name] for name in columns), strict=True))
