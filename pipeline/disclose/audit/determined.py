"""Counts that equations alone give away: a second look, which shares nothing with the search for other worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import eye_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.disclose.audit.system import Statements

SEED = 1
"""Of the direction that is tried: any does, and it is always the same."""
SYMMETRIC = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 1.0, "options": {"SymmetricMode": True}}
"""How to order a symmetric system: it takes a quarter of the time."""
HAIR, FAR = 1e-9, 1e-5
"""What is added so that there is a solution, and from where on a count has moved."""


def determined(statements: Statements) -> NDArray[np.bool_]:
    """For each count, whether the equations of the release have one solution for it.

    A count is free if some direction that keeps every equation moves it. A direction drawn at random, less what the
    equations hold of it, moves each free count: the chance that it leaves one where it is, is nil. The same as asking
    whether the count lies in the row space of the equations. Returns one bool for each count.
    """
    # Loading it takes as long as solving: both are done while the search goes on.
    from scipy.sparse.linalg import splu

    equations = statements.matrix[statements.least == statements.greatest].astype(float)
    direction = np.random.default_rng(SEED).normal(size=len(statements.truth))
    # Some equations follow from others: a hair on the diagonal keeps the system solvable.
    normal = (equations @ equations.T + HAIR * eye_array(equations.shape[0])).tocsc()
    held = equations.T @ splu(normal, **SYMMETRIC).solve(equations @ direction)
    free: NDArray[np.bool_] = np.abs(direction - held) > FAR
    return ~free
