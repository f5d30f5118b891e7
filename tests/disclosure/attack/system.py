"""Whole numbers that nobody has printed, what is known of their sums, and how far that narrows each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

TOLERANCE = 1e-5
"""How far the solver may be off. A bound is widened by it, so that none is narrower than what was proved."""

Number = int | float


class ContradictionError(Exception):
    """No people at all could have given these tables: the reading of them is wrong, or the tables are."""


@dataclass(frozen=True)
class Sum:
    """A sum of unknowns, each some times, and of a number."""

    terms: dict[int, Number] = field(default_factory=dict)
    constant: Number = 0

    def __add__(self, other: Sum | Number) -> Sum:
        return total([self, other])

    __radd__ = __add__

    def __sub__(self, other: Sum | Number) -> Sum:
        return total([self, -1 * other])

    def __rsub__(self, other: Sum | Number) -> Sum:
        return total([other, -1 * self])

    def __rmul__(self, times: Number) -> Sum:
        return Sum({place: times * n for place, n in self.terms.items()}, times * self.constant)

    @property
    def is_zero(self) -> bool:
        return not self.terms and self.constant == 0


def total(parts: Iterable[Sum | Number]) -> Sum:
    """Their sum."""
    terms: dict[int, Number] = {}
    constant: Number = 0
    for item in parts:
        if not isinstance(item, Sum):
            constant += item
            continue
        constant += item.constant
        for place, n in item.terms.items():
            terms[place] = terms.get(place, 0) + n
    return Sum({place: n for place, n in terms.items() if n}, constant)


@dataclass(frozen=True)
class Range:
    """The least and the greatest value that a count may have."""

    least: int
    greatest: int

    @property
    def width(self) -> int:
        return self.greatest - self.least

    def __str__(self) -> str:
        return f"{self.least} to {self.greatest}"


class System:
    """Unknowns and what is known of them.

    Everything is known of all unknowns at once: none is set to what it truly is.
    """

    def __init__(self) -> None:
        self._ends: list[tuple[Number, Number]] = []
        self._whole: list[bool] = []
        self._known: list[tuple[Sum, Number, Number]] = []
        self._rows: LinearConstraint | None = None

    def unknown(self, least: Number = 0, greatest: Number = np.inf, whole: bool = True) -> Sum:
        """A new unknown. whole: whether it must be a whole number; if not, ranges only come out wider."""
        self._ends.append((least, greatest))
        self._whole.append(whole)
        return Sum({len(self._ends) - 1: 1})

    def within(self, what: Sum, least: Number = -np.inf, greatest: Number = np.inf) -> None:
        """This sum lies between these two, both included."""
        if not what.terms:
            if not least <= what.constant <= greatest:
                raise ContradictionError(f"{what.constant} is not {least} to {greatest}")
            return
        least, greatest = least - what.constant, greatest - what.constant
        if list(what.terms.values()) == [1]:
            (place,) = what.terms
            before = self._ends[place]
            self._ends[place] = max(before[0], least), min(before[1], greatest)
            return
        self._known.append((what, least, greatest))
        self._rows = None

    def named(self, what: Sum) -> Sum:
        """One unknown that is equal to this sum, for a sum that is used often."""
        if len(what.terms) < 2:
            return what
        name = self.unknown(least=-np.inf)
        self.equal(name, what)
        return name

    def at_most(self, less: Sum | Number, more: Sum | Number) -> None:
        self.within(total([more, -1 * less]), least=0)

    def equal(self, one: Sum | Number, other: Sum | Number) -> None:
        self.within(total([one, -1 * other]), 0, 0)

    def range_of(self, what: Sum, whole: bool = True, seconds: float = 5.0) -> Range:
        """Between which values this sum must lie. whole: use that unknowns are whole; if not, the range is wider.

        A search that is not finished in time gives the bound that it has proved so far, if it has.
        """
        wide = Range(self._least(what, False, seconds), -self._least(-1 * what, False, seconds))
        if not whole:
            return wide
        least, greatest = self._least(what, True, seconds), -self._least(-1 * what, True, seconds)
        return Range(max(wide.least, least), min(wide.greatest, greatest))

    def narrowed(self, what: Sum, whole_below: int) -> Range:
        """The range without whole numbers, which is found at once; with them where it is narrower than this."""
        wide = self.range_of(what, whole=False)
        return self.range_of(what) if wide.width < whole_below else wide

    def _least(self, what: Sum, whole: bool, seconds: float) -> int:
        if not what.terms:
            return round(what.constant)
        costs = np.zeros(len(self._ends))
        costs[list(what.terms)] = list(what.terms.values())
        least, greatest = np.array(self._ends, dtype=float).T
        found = milp(
            costs,
            constraints=self._constraint(),
            bounds=Bounds(least, greatest),
            integrality=np.array(self._whole) & whole,
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if found.status == 2:
            raise ContradictionError(found.message)
        proved = found.fun if found.status == 0 else found.mip_dual_bound if whole else None
        if proved is None or not np.isfinite(proved):
            return -(10**9)
        return int(np.ceil(proved + what.constant - TOLERANCE))

    def _constraint(self) -> LinearConstraint:
        if self._rows is None:
            columns = [place for what, *_ in self._known for place in what.terms]
            values = [float(n) for what, *_ in self._known for n in what.terms.values()]
            starts = np.cumsum([0, *(len(what.terms) for what, *_ in self._known)])
            matrix = csr_array((values, columns, starts), shape=(len(self._known), len(self._ends)))
            ends = [(least, greatest) for _, least, greatest in self._known]
            self._rows = LinearConstraint(matrix, *np.array(ends, dtype=float).reshape(-1, 2).T)
        return self._rows
