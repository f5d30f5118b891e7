"""A program that goes on from its last solution finds what one made anew finds, whatever it was asked before."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.disclose.audit.solver import INFINITY, PRIMAL, Program

Floats = NDArray[np.float64]
Range = tuple[int, int]

MOST = 6
"""Of what a column may be, so that all whole points can be tried."""
COLUMNS, ROWS = 3, 2
ONE = st.integers(-2, 2)
RANGE = st.tuples(st.integers(0, MOST), st.integers(0, MOST)).map(lambda pair: (min(pair), max(pair)))
MATRIX = st.lists(st.lists(ONE, min_size=COLUMNS, max_size=COLUMNS), min_size=ROWS, max_size=ROWS)
ROW = st.tuples(st.integers(-MOST, MOST), st.integers(0, MOST)).map(lambda pair: (pair[0], pair[0] + pair[1]))
QUESTION = st.tuples(
    st.lists(ROW, min_size=ROWS, max_size=ROWS),
    st.lists(RANGE, min_size=COLUMNS, max_size=COLUMNS),
    st.lists(ONE, min_size=COLUMNS, max_size=COLUMNS),
    st.booleans(),
)


def ends(ranges: list[Range]) -> tuple[Floats, Floats]:
    low, high = np.array(ranges, dtype=float).T
    return low, high


def least_whole(matrix: NDArray[np.int64], rows: list[Range], columns: list[Range], costs: list[int]) -> int | None:
    """The least sum over every whole point, one by one."""
    found = [
        sum(cost * x for cost, x in zip(costs, point, strict=True))
        for point in product(*(range(low, high + 1) for low, high in columns))
        if all(low <= sum(row * np.array(point)) <= high for row, (low, high) in zip(matrix, rows, strict=True))
    ]
    return min(found, default=None)


@given(MATRIX, st.lists(QUESTION, min_size=1, max_size=4))
def test_each_answer_is_that_of_a_program_made_anew(
    lines: list[list[int]], questions: list[tuple[list[Range], list[Range], list[int], bool]]
) -> None:
    matrix = np.array(lines)
    program = Program.unbounded(csr_array(matrix), PRIMAL)
    for rows, columns, costs, whole in questions:
        program.bound_all(ends(rows), ends(columns))
        found = program.least(np.array(costs, dtype=float), whole=whole)
        anew = Program(csr_array(matrix), ends(rows), ends(columns), PRIMAL)
        expected = anew.least(np.array(costs, dtype=float), whole=whole)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert np.dot(costs, found) == pytest.approx(np.dot(costs, expected))
        best = least_whole(matrix, rows, columns, costs)
        if whole:
            assert (found is None) == (best is None)
        if best is not None and found is not None:
            sum_ = float(np.dot(costs, found))
            # In parts of people it may be less, in whole ones no less.
            assert sum_ == pytest.approx(best) if whole else sum_ <= best + 1e-6


def test_a_program_without_bounds_has_none() -> None:
    program = Program.unbounded(csr_array(np.array([[1, 1]])), PRIMAL)
    program.bound_all(ends([(3, 5)]), (np.zeros(2), np.full(2, INFINITY)))
    found = program.least(np.array([1.0, 2.0]))
    assert found is not None
    assert found.tolist() == pytest.approx([3, 0])


def test_bounds_that_nothing_keeps_are_no_answer_and_leave_no_trace() -> None:
    program = Program.unbounded(csr_array(np.array([[1, 1]])), PRIMAL)
    for columns, expected in (([(0, 6), (0, 6)], 3), ([(4, 2), (0, 6)], None), ([(2, 4), (0, 6)], 3)):
        program.bound_all(ends([(3, 5)]), ends(columns))
        found = program.least(np.ones(2))
        assert (None if found is None else found.sum()) == expected
