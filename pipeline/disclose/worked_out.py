"""What is worked out from released counts and shares: intervals, comparisons, and what a model may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.disclose import comparisons
from pipeline.disclose.changes import Before, changes
from pipeline.disclose.intervals import with_intervals
from pipeline.disclose.model import model
from pipeline.disclose.released import Rows
from pipeline.tables import COOCCURRENCE, ESTIMATES, conform, plain_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from pipeline.disclose.policy import Policy
    from pipeline.stats.inference import Inferred


def worked_out(
    counted: Mapping[str, pd.DataFrame],
    exact: Inferred,
    policy: Policy,
    there: Collection[str],
    before: Before | None = None,
) -> dict[str, Rows]:
    """These tables by name. counted: released tables, without intervals. there: routes on which someone was met, and
    all together. before: another wave, to set this one beside.
    """
    estimates = conform(with_intervals(counted["estimates"], exact.estimates, policy), ESTIMATES)
    together = with_intervals(counted["cooccurrence"], exact.cooccurrence, policy)
    tables = {
        "estimates": estimates,
        "means": comparisons.means_with_intervals(counted["means"], exact.means),
        "cooccurrence": conform(together, COOCCURRENCE),
        "tipping": comparisons.released_tipping(estimates),
        "contrasts": comparisons.released_contrasts(exact.contrasts, estimates, policy),
        "stratified": comparisons.stratified(exact.stratified, estimates, set(there)),
        "trends": comparisons.trends(exact.trends, estimates),
        **model(exact, estimates, policy),
        "changes": changes(estimates, before),
    }
    return {name: rows(frame) for name, frame in tables.items()}


def rows(frame: pd.DataFrame) -> Rows:
    """A table as plain values."""
    return Rows(tuple(frame.columns), tuple(plain_rows(frame)))
