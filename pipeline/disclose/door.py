"""The door: exact estimates in, `Released` out, by the rules of a policy.

Rules on single cells come first. Then further cells are withheld until nothing withheld can be worked out from several
numbers together, and an audit of the whole release, which knows nothing of how they were chosen, has to find so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.aside import Begin, at_once
from pipeline.disclose import comparisons, shares
from pipeline.disclose.also import ALSO_NOTHING, Also
from pipeline.disclose.audit.earlier import Earlier
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.structure import Structure
from pipeline.disclose.audit.verdict import Audit, audit
from pipeline.disclose.changes import Before
from pipeline.disclose.coarse import (
    NOT_COARSE,
    Coarse,
    coarser,
    thin_complete_cases,
    thin_events,
    thin_levels,
    thin_lines,
)
from pipeline.disclose.complementary import protect
from pipeline.disclose.further import NOTHING
from pipeline.disclose.policy import Policy
from pipeline.disclose.released import _DOOR, Released, Rows
from pipeline.disclose.worked_out import rows, worked_out
from pipeline.stats.estimate import Estimates

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
    begin: Begin = at_once,
) -> Disclosed:
    """Everything that may leave, audited. DisclosureBroken if something withheld could be worked out all the same.

    earlier: releases of the wave that were published. Those of about as many respondents go into the audit; if a few
    more or fewer are analysed now, the difference of both would be these few: DisclosureBroken. beside: another wave,
    to set this one beside. begin: how that is begun which is worked out from released numbers, while they are audited.
    """
    if policy.is_internal:
        return Disclosed(release(exact, ledger, policy, checks, beside), None)
    for each in earlier:
        each.check_people(exact.analysed, policy.smallest)
    same = tuple(each for each in earlier if each.analysed == _there(exact))
    kept = NOTHING | [unit for each in same for unit in each.withheld()]
    direct = structure.direct
    coarse = Coarse(
        thin_lines(exact.estimates, policy, direct)
        | thin_levels(exact.estimates, policy, structure.regions)
        | thin_events(exact.events, policy, direct)
        # An earlier release may have printed some of these lines.
        | (NOT_COARSE if same else thin_complete_cases(exact.nonresponse, policy))
    )
    for _ in range(ROUNDS):
        also = Also(kept, coarse)
        before = Release(_counted(exact, policy, also), exact.tables(), exact.analysed, structure, policy, coarse, same)
        protected = protect(before)
        also = Also(kept | protected.units, coarse)
        released = _counted(exact, policy, also)
        others = begin(worked_out, released, exact.inferred.result(), policy, _there(exact), beside)
        found = audit(replace(before, released=released), also.further, protected.worlds)
        if not len(found.broken):
            break
        coarse = Coarse(coarse | coarser(found.broken_units, direct, coarse))
    found.check()
    tables = _with(others.result(), released)
    return Disclosed(_released(exact, ledger, replace(policy, audited=True), tables, checks), found)


def release(
    exact: Estimates, ledger: pd.DataFrame, policy: Policy, checks: Checks = (), beside: Before | None = None
) -> Released:
    """The same by the rules on single cells alone: not audited, and marked so."""
    counted = _counted(exact, policy, ALSO_NOTHING)
    others = worked_out(counted, exact.inferred.result(), policy, _there(exact), beside)
    return _released(exact, ledger, policy, _with(others, counted), checks)


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


def _released(
    exact: Estimates, ledger: pd.DataFrame, policy: Policy, tables: dict[str, Rows], checks: Checks
) -> Released:
    return Released(
        policy=policy,
        ledger=rows(ledger),
        analysed_by_route=_there(exact),
        **tables,
        checks=tuple(sorted(set(checks))),
        door=_DOOR,
    )


def _with(others: dict[str, Rows], counted: dict[str, pd.DataFrame]) -> dict[str, Rows]:
    """All tables: what was worked out, and of those that were counted the ones that are not in it with intervals."""
    return {name: rows(frame) for name, frame in counted.items() if name not in others} | others
