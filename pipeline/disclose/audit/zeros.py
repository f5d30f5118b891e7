"""Counts that follow from printed zeros.

Where a release says that nobody of a region reported something, nobody of a country in it did; and where it says that
nobody else is at a level, everybody is. The policy shows such a zero because it harms no one, so what it implies is no
breach, and is not protected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.disclose.audit.system import Statements


def implied_zeros(statements: Statements) -> NDArray[np.bool_]:
    """For each count, whether a reader knows it to be zero because it is no more than one that is printed as zero.

    A sum of counts that is zero at most has no part that is not; and what is no more than nothing is nothing.
    """
    up, down = statements.adds, statements.takes
    zero = np.zeros(len(statements.truth), dtype=bool)
    while True:
        left = (~zero).astype(np.int64)
        none_below = (down @ left == 0) & (statements.greatest == 0)
        none_above = (up @ left == 0) & (statements.least == 0)
        found = (up.T @ none_below.astype(np.int64) > 0) | (down.T @ none_above.astype(np.int64) > 0)
        if not np.any(found & ~zero):
            return zero
        zero |= found


def implied(statements: Statements, zero: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each count, whether printed zeros say what it is: that it is zero, or as many as a count in print.

    A sum of which all parts but one are zero is that part. zero: `implied_zeros`.
    """
    told = ~np.isin(np.arange(len(zero)), statements.withheld)
    rows = np.flatnonzero((statements.least == 0) & (statements.greatest == 0))
    left = statements.matrix[rows][:, np.flatnonzero(~zero)].tocsr()
    pairs = np.flatnonzero((np.diff(left.indptr) == 2) & (left.sum(axis=1) == 0))
    columns = np.flatnonzero(~zero)[left[pairs].indices].reshape(-1, 2)
    while True:
        one, other = told[columns].T
        found = columns[one ^ other]
        if not len(found):
            return zero | (told & np.isin(np.arange(len(zero)), statements.withheld))
        told[found.ravel()] = True
