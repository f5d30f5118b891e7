"""What may be shown.

The public policy's numbers and reasons stand in `thresholds`; a wave may make it stricter. The internal one shows
everything, to the analyst's own office alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.thresholds import RATIO_SHARE, ROUNDING, SHARE_BASE, SMALLEST, WIDTH, ZERO_BASE
from pipeline.wave import WaveFile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Policy:
    """The numbers of a disclosure policy, in people unless they say otherwise.

    smallest: fewest people that may be shown. smallest_printed: smallest count that may stand in print once rounded,
    which follows from the others. reason: why it is stricter than the public one, if it is.
    rounding: step of the printed counts. share_base: smallest base for a printed share. zero_base: smallest base at
    which a true zero may be shown. ratio_share: smallest printed share that may stand in a ratio: a printed 2% may be
    1.5% or 2.5%, and a ratio over it is noise. width: fewest people between the least and the greatest that a withheld
    count can be, whatever a reader computes.
    """

    name: str = "public"
    smallest: int = SMALLEST
    smallest_printed: int = field(init=False)
    rounding: int = ROUNDING
    share_base: int = SHARE_BASE
    zero_base: int = ZERO_BASE
    ratio_share: float = RATIO_SHARE
    width: int = WIDTH
    reason: str = ""
    audited: bool = False

    def __post_init__(self) -> None:
        """A count that is rounded to less than the smallest would look like one that may not be shown."""
        object.__setattr__(self, "smallest_printed", -(-self.smallest // self.rounding) * self.rounding)

    @property
    def fewest(self) -> int:
        """The fewest people who may be shown, and not be printed as fewer than may be."""
        return max(self.smallest, self.smallest_printed - self.rounding // 2)

    def behind(self, printed: int) -> tuple[int, int]:
        """The least and the greatest count that may stand behind a printed one."""
        if printed == 0:
            return 0, 0
        least = printed - self.rounding // 2
        return max(least, self.fewest), least + self.rounding - 1

    @property
    def is_internal(self) -> bool:
        """Whether nothing is withheld, so that what it lets through must not leave the analyst's office."""
        return self.name == "internal"

    def rounded(self, people: ArrayLike) -> NDArray[np.int64]:
        """Counts to the nearest step. Whole numbers of people are never half-way between two steps of five."""
        return (np.asarray(people, dtype=np.int64) + self.rounding // 2) // self.rounding * self.rounding

    def shows(self, people: ArrayLike) -> NDArray[np.bool_]:
        """Whether this many people may be shown: 13 or more, because an 11 or a 12 would be printed as 10."""
        count = np.asarray(people, dtype=np.int64)
        return np.asarray((count >= self.smallest) & (self.rounded(count) >= self.smallest_printed))

    def shows_part(self, part: ArrayLike, base: ArrayLike) -> NDArray[np.bool_]:
        """Whether a part of a base may be shown: the base, the part and its complement are each large enough.

        Everybody in a group is never shown: it tells the answer of each of them. Nobody is, in a large enough group.
        """
        some, whole = np.asarray(part, dtype=np.int64), np.asarray(base, dtype=np.int64)
        nobody = (some == 0) & (whole >= self.zero_base)
        return np.asarray(self.shows(whole) & self.shows(whole - some) & (self.shows(some) | nobody))


PUBLIC = Policy()
INTERNAL = Policy(name="internal", smallest=0, rounding=1, share_base=0, zero_base=0)
"""Every count as it is. Shares stay whole percents and other numbers two digits, so a ratio of small shares is noise
here as well; the tables of the analyst, beside it, have all of them exact."""
POLICIES = {policy.name: policy for policy in (PUBLIC, INTERNAL)}


def policy_of(file: WaveFile) -> Policy:
    """The policy of a wave: the one that it names, with the stricter numbers that it asks for."""
    policy = POLICIES[file.policy]
    if file.stricter is None:
        return policy
    return replace(policy, name=f"{policy.name}, stricter", **dict(file.stricter))


def whole_percent(part: ArrayLike, base: ArrayLike) -> NDArray[np.float64]:
    """part / base to a whole percent, half up, as a fraction; NaN where the base is 0. Exact: integers only."""
    some, whole = np.asarray(part, dtype=np.int64), np.asarray(base, dtype=np.int64)
    there = whole > 0
    percent = np.divide(200 * some + whole, 2 * whole, out=np.full(some.shape, np.nan), where=there)
    return np.asarray(np.floor(percent) / 100)


def two_digits(values: ArrayLike) -> NDArray[np.float64]:
    """Numbers to two significant digits; NaN stays."""
    return np.array([float(f"{value:.2g}") for value in np.asarray(values, dtype=float)])
