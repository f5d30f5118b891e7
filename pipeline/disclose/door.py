"""The door: exact estimates in, `Released` out, by the rules of a policy.

Rules on single cells come first. Then further cells are withheld until nothing withheld can be worked out from several
numbers together, and an audit of the whole release, which knows nothing of how they were chosen, has to find so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.disclose import comparisons, shares
from pipeline.disclose.also import ALSO_NOTHING, Also
from pipeline.disclose.audit.earlier import Earlier
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.structure import Structure
from pipeline.disclose.audit.verdict import Audit, audit
from pipeline.disclose.changes import Before, changes
from pipeline.disclose.coarse import Coarse, coarser, thin_levels, thin_lines
from pipeline.disclose.complementary import protect
from pipeline.disclose.further import NOTHING
from pipeline.disclose.model import model
from pipeline.disclose.policy import Policy
from pipeline.disclose.released import _DOOR, Released, Rows
from pipeline.stats.estimate import Estimates
from pipeline.tables import plain_rows

ROUNDS = 12
"""How often lines may be made coarser. Each round takes out whole lines, a group on a route at least, so that there is
an end; two or three are usual."""

Checks = Iterable[tuple[str, str]]
"""Severity and name of each check of the export that has noticed something."""


@dataclass(frozen=True)
class Disclosed:
    """What may leave, and the audit of it, which may not; none where nothing is withheld."""

    released: Released
    audit: Audit | None


def disclose(
    exact: Estimates,
    ledger: pd.DataFrame,
    policy: Policy,
    structure: Structure,
    checks: Checks = (),
    *,
    earlier: Sequence[Earlier] = (),
    beside: Before | None = None,
) -> Disclosed:
    """Everything that may leave, audited. DisclosureBroken if something withheld could be worked out all the same.

    earlier: releases of the wave that were published. Those of about as many respondents go into the audit; if a few
    more or fewer are analysed now, the difference of both would be these few: DisclosureBroken. beside: another wave,
    to set this one beside.
    """
    if policy.is_internal:
        return Disclosed(release(exact, ledger, policy, checks, beside), None)
    for each in earlier:
        each.check_people(exact.analysed, policy.smallest)
    same = tuple(each for each in earlier if each.analysed == _there(exact))
    kept = NOTHING | [unit for each in same for unit in each.withheld()]
    direct = structure.direct
    coarse = Coarse(
        thin_lines(exact.estimates, policy, direct) | thin_levels(exact.estimates, policy, structure.regions)
    )
    for _ in range(ROUNDS):
        also = Also(kept, coarse)
        before = Release(_counted(exact, policy, also), exact.tables(), exact.analysed, structure, policy, coarse, same)
        protected = protect(before)
        also = Also(kept | protected.units, coarse)
        released = _counted(exact, policy, also)
        found = audit(replace(before, released=released), also.further, protected.worlds)
        if not len(found.broken):
            break
        coarse = Coarse(coarse | coarser(found.broken_units, direct, coarse))
    found.check()
    return Disclosed(_released(exact, ledger, replace(policy, audited=True), _beside(released, beside), checks), found)


def release(
    exact: Estimates, ledger: pd.DataFrame, policy: Policy, checks: Checks = (), beside: Before | None = None
) -> Released:
    """The same by the rules on single cells alone: not audited, and marked so."""
    return _released(exact, ledger, policy, _beside(_counted(exact, policy, ALSO_NOTHING), beside), checks)


def _there(exact: Estimates) -> dict[str, int]:
    return {route: n for route, n in exact.analysed.items() if n}


def _counted(exact: Estimates, policy: Policy, also: Also) -> dict[str, pd.DataFrame]:
    """The tables that say something of counts: what else is released is worked out from these alone."""
    there = set(_there(exact))
    estimates = shares.estimates(exact.estimates, policy, there, also)
    return {
        "estimates": estimates,
        "distributions": shares.distributions(exact.distributions, policy, there, also),
        "events": shares.events(exact.events, policy, there, also),
        "experience": shares.experience(exact.experience, policy, there, also),
        "means": comparisons.means(exact.means, estimates, policy, there, also),
        "cooccurrence": shares.cooccurrence(exact.cooccurrence, estimates, policy, there, also),
        "nonresponse": shares.nonresponse(exact.nonresponse, estimates, policy, there, also),
    }


def _worked_out(exact: Estimates, policy: Policy, estimates: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Comparisons of released estimates, and the model with what the policy lets through of it."""
    return {
        "tipping": comparisons.released_tipping(estimates),
        "contrasts": comparisons.released_contrasts(exact.contrasts, estimates, policy),
        "stratified": comparisons.stratified(exact.stratified, estimates, set(_there(exact))),
        "trends": comparisons.trends(exact.trends, estimates),
        **model(exact, estimates, policy),
    }


def _beside(counted: dict[str, pd.DataFrame], before: Before | None) -> dict[str, pd.DataFrame]:
    """These tables with what they come to beside those of an earlier wave."""
    return {**counted, "changes": changes(counted["estimates"], before)}


def _released(
    exact: Estimates, ledger: pd.DataFrame, policy: Policy, counted: dict[str, pd.DataFrame], checks: Checks
) -> Released:
    tables = counted | _worked_out(exact, policy, counted["estimates"])
    return Released(
        policy=policy,
        ledger=_rows(ledger),
        analysed_by_route=_there(exact),
        **{name: _rows(frame) for name, frame in tables.items()},
        checks=tuple(sorted(set(checks))),
        door=_DOOR,
    )


def _rows(frame: pd.DataFrame) -> Rows:
    return Rows(tuple(frame.columns), tuple(plain_rows(frame)))
