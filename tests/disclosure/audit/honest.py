"""An honest release, as the audit was shown it, with what was withheld further and the worlds that were given to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
import pytest

from pipeline.disclose import door
from pipeline.disclose.also import ALSO_NOTHING, Also
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.structure import structure_of
from pipeline.disclose.audit.verdict import JOINED, Audit, Given, audit
from pipeline.disclose.door import Disclosed, disclose
from pipeline.disclose.further import Further, Unit
from pipeline.disclose.policy import PUBLIC
from pipeline.stats.estimate import Estimates
from tests.support.run import Results


@dataclass(frozen=True)
class Honest:
    """What was disclosed, and what the audit was shown of it the last time."""

    exact: Estimates
    disclosed: Disclosed
    release: Release
    further: Further
    given: Given

    @cached_property
    def complementary(self) -> list[Unit]:
        """What was withheld further, and would be in print if it were not."""
        cells = self.audited().cells
        chosen = cells[cells["why"] == "complementary"]
        names = zip(chosen["table"], chosen["cell"], chosen["count"], strict=True)
        return [Unit(table, tuple(cell.split(JOINED)), part) for table, cell, part in names]

    @cached_property
    def without_rules(self) -> dict[str, pd.DataFrame]:
        """The tables as they would be printed if there were no rule on small numbers."""
        return door._counted(self.exact, replace(PUBLIC, smallest=0, share_base=1, zero_base=1), ALSO_NOTHING)

    def audited(self, **planted: pd.DataFrame) -> Audit:
        """The audit of the same release with other tables."""
        return audit(replace(self.release, released=self.release.released | planted), self.further, self.given)

    def given_others(self, given: Given) -> Honest:
        """The same, where the audit is given other worlds."""
        return replace(self, given=given)

    def printing_again(self, unit: Unit) -> Audit:
        """The audit of the same release where one unit is in print that was withheld further."""
        rest = Further(other for other in self.further.units if other != unit)
        tables = door._counted(self.exact, self.release.policy, Also(rest, self.release.coarse))
        return audit(replace(self.release, released=tables), rest, self.given)


def honest(results: Results) -> Honest:
    """The release of a wave."""
    shown: list[tuple[Release, Further, Given]] = []

    def look(release: Release, further: Further, given: Given) -> Audit:
        shown.append((release, further, given))
        return audit(release, further, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "audit", look)
        structure = structure_of(results.wave.questionnaire)
        disclosed = disclose(results.estimates, results.ingested.ledger, PUBLIC, structure)
    return Honest(results.estimates, disclosed, *shown[-1])
