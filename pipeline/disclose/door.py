"""The door: exact estimates in, `Released` out, by the rules of a policy.

Each rule is applied to every cell on its own. What a reader could work out from several cells together is the
business of the audit, which does not exist yet: until it does, every output carries a stamp that says so.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pipeline.disclose import comparisons, shares
from pipeline.disclose.model import model
from pipeline.disclose.policy import Policy
from pipeline.disclose.released import _DOOR, Released, Rows
from pipeline.stats.estimate import Estimates


def release(exact: Estimates, ledger: pd.DataFrame, policy: Policy, checks: Iterable[tuple[str, str]] = ()) -> Released:
    """Everything that may leave, rounded and withheld by the policy. checks: (severity, check) of each finding."""
    there = {route for route, people in exact.analysed.items() if people}
    estimates = shares.estimates(exact.estimates, policy, there)
    tables = {
        "estimates": estimates,
        "distributions": shares.distributions(exact.distributions, policy, there),
        "events": shares.events(exact.events, policy, there),
        "experience": shares.experience(exact.experience, policy, there),
        "means": comparisons.means(exact.means, estimates, policy, there),
        "cooccurrence": shares.cooccurrence(exact.cooccurrence, estimates, policy, there),
        "nonresponse": shares.nonresponse(exact.nonresponse, estimates, policy, there),
        "tipping": comparisons.released_tipping(estimates),
        "contrasts": comparisons.released_contrasts(exact.contrasts, estimates, policy),
        "stratified": comparisons.stratified(exact.stratified, estimates, policy, there),
        "trends": comparisons.trends(exact.trends, estimates, policy, there),
        **model(exact, estimates, policy),
    }
    return Released(
        policy=policy,
        ledger=_rows(ledger),
        analysed_by_route={route: n for route, n in exact.analysed.items() if n},
        **{name: _rows(frame) for name, frame in tables.items()},
        checks=tuple(sorted(set(checks))),
        door=_DOOR,
    )


def _rows(frame: pd.DataFrame) -> Rows:
    """A conformed table as plain values; what is missing is None."""
    columns = [frame[name].astype("object").where(frame[name].notna(), None).tolist() for name in frame.columns]
    return Rows(tuple(frame.columns), tuple(zip(*columns, strict=True)))
