"""What is worked out from released counts and shares: comparisons, and the model with what the policy lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.disclose import comparisons
from pipeline.disclose.model import model
from pipeline.disclose.released import Rows
from pipeline.tables import plain_rows

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from pipeline.disclose.policy import Policy
    from pipeline.stats.comparisons import Comparisons


def worked_out(exact: Comparisons, estimates: pd.DataFrame, policy: Policy, there: Collection[str]) -> dict[str, Rows]:
    """These tables by name. estimates: released. there: routes on which someone was met, and all together."""
    tables = {
        "tipping": comparisons.released_tipping(estimates),
        "contrasts": comparisons.released_contrasts(exact.contrasts, estimates, policy),
        "stratified": comparisons.stratified(exact.stratified, estimates, set(there)),
        "trends": comparisons.trends(exact.trends, estimates),
        **model(exact, estimates, policy),
    }
    return {name: rows(frame) for name, frame in tables.items()}


def rows(frame: pd.DataFrame) -> Rows:
    """A table as plain values."""
    return Rows(tuple(frame.columns), tuple(plain_rows(frame)))
