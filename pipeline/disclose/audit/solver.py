"""A linear program of whole people or of parts of them, kept by HiGHS from one objective to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

INFINITY: float = highspy.kHighsInf
DUAL, PRIMAL = 1, 4
"""Which simplex goes on from the last solution: the dual where bounds change from run to run, the primal where only the
objective does."""
OPTIONS = {"output_flag": False, "threads": 1, "presolve": "off", "mip_max_nodes": 200, "mip_rel_gap": 0.02}
"""Limits in nodes and not in seconds, so that the same input gives the same output on any machine."""


class Program:
    """low ≤ matrix · x ≤ high, least ≤ x ≤ greatest."""

    def __init__(
        self, matrix: csr_array, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], strategy: int
    ) -> None:
        """matrix: rows × columns. rows, columns: their bounds, low and high; `INFINITY` where there is none."""
        # The wrapper around this class prints a banner on the terminal as soon as it is made.
        self._highs = highspy._Highs()  # type: ignore[attr-defined]
        for option, value in {**OPTIONS, "simplex_strategy": strategy}.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(_model(matrix, rows, columns))
        self._whole = False
        self._costs = np.zeros(matrix.shape[1])
        self._all = np.arange(matrix.shape[1], dtype=np.int32)

    @classmethod
    def unbounded(cls, matrix: csr_array, strategy: int) -> Program:
        """A program of which bounds are set later."""
        rows, columns = (np.full(n, INFINITY) for n in matrix.shape)
        return cls(matrix, (-rows, rows), (-columns, columns), strategy)

    def bound(self, column: int, least: float, greatest: float) -> None:
        """Sets the bounds of one column."""
        self._highs.changeColBounds(column, least, greatest)

    def bound_row(self, row: int, low: float, high: float) -> None:
        """Sets the bounds of one row."""
        self._highs.changeRowBounds(row, low, high)

    def bound_all(self, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats]) -> None:
        """Sets the bounds of every row and column, low and high."""
        places = np.arange(len(rows[0]), dtype=np.int32)
        self._highs.changeRowsBounds(len(places), places, *rows)
        self._highs.changeColsBounds(len(self._all), self._all, *columns)

    def least(self, costs: Floats, *, whole: bool = False) -> Floats | None:
        """The x with the least sum of costs · x, or nearly so; None where none was found. whole: of whole numbers."""
        changed = np.flatnonzero(costs != self._costs).astype(np.int32)
        self._highs.changeColsCost(len(changed), changed, costs[changed])
        self._costs = costs
        if whole != self._whole:
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            self._highs.changeColsIntegrality(len(self._all), self._all, np.full(len(self._all), kind))
            self._whole = whole
        self._highs.run()
        if self._highs.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            return None
        return np.array(self._highs.getSolution().col_value)


def _model(matrix: csr_array, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats]) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.zeros(matrix.shape[1])
    lp.row_lower_, lp.row_upper_ = rows
    lp.col_lower_, lp.col_upper_ = columns
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(float)
    return lp
