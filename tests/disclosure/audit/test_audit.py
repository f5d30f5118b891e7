"""The audit of the shipped wave: it holds, it needs what was withheld further, and it knows nothing of the choice."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

import pytest

from pipeline.disclose import door
from pipeline.disclose.audit.structure import structure_of
from pipeline.disclose.audit.verdict import Audit
from pipeline.disclose.coarse import Coarse
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import INTERNAL, PUBLIC
from pipeline.disclose.protected import Protected
from pipeline.errors import DisclosureBroken
from pipeline.vocabulary import WITHHELD
from tests.disclosure.audit.honest import Honest
from tests.support.run import Results

SOME = 12

# --- the release of the shipped wave ----------------------------------------------------------------------------------


def test_the_audit_holds(of_shipped: Honest) -> None:
    found = of_shipped.disclosed.audit
    assert found is not None
    assert len(found.cells) > 1000
    assert found.broken.empty
    assert of_shipped.disclosed.released.policy.audited


def test_every_protected_count_may_be_six_values_or_more(of_shipped: Honest) -> None:
    cells = of_shipped.audited().cells
    protected = cells[cells["verdict"] == "protected"]
    assert (protected["greatest"] - protected["least"] >= PUBLIC.width).all()
    assert set(cells["verdict"]) <= {"protected", "implied"}


def test_what_is_left_narrow_is_nobody_or_many_enough_or_in_a_line_that_is_withheld_whole(of_shipped: Honest) -> None:
    cells = of_shipped.audited().cells
    implied = cells[(cells["verdict"] == "implied") & (cells["why"] != "coarsened")]
    assert len(implied)
    assert ((implied["greatest"] == 0) | (implied["least"] >= PUBLIC.fewest)).all()


HIDDEN = {
    "estimates": ("yes", "share", "bound_low", "bound_high", "wilson_low", "wilson_high", "ci_low", "ci_high"),
    "events": ("events", "people", "share"),
    "experience": ("respondents", "share"),
    "cooccurrence": ("answered", "yes", "yes_indicator", "yes_other", "share", "ratio"),
}


@pytest.mark.parametrize("table", HIDDEN)
def test_nothing_of_a_withheld_row_is_released(table: str, of_shipped: Honest) -> None:
    rows = [row for row in getattr(of_shipped.disclosed.released, table) if row["suppressed"] == WITHHELD]
    assert rows
    assert {row[name] for row in rows for name in HIDDEN[table]} == {None}


def needless(units: Sequence[Unit], of: Honest) -> list[Unit]:
    """Those without which nothing more is known too well, or follows from printed zeros and totals."""
    follow = set(narrow(of.audited(), "implied"))
    return [unit for unit in units if not _is_told_more(of.printing_again(unit), follow)]


def _is_told_more(found: Audit, follow: set[tuple[str, ...]]) -> bool:
    return bool(narrow(found, "broken")) or not set(narrow(found, "implied")) <= follow


def narrow(found: Audit, verdict: str) -> list[tuple[str, ...]]:
    """The names of the cells of a verdict."""
    cells = found.cells[found.cells["verdict"] == verdict]
    return list(zip(cells["table"], cells["cell"], cells["count"], strict=True))


@pytest.mark.parametrize("wave", ["of_shipped", "of_made_up"])
def test_nothing_among_some_that_is_withheld_further_could_be_printed_again(
    wave: str, request: pytest.FixtureRequest
) -> None:
    of = request.getfixturevalue(wave)
    some = of.complementary[:: len(of.complementary) // SOME][:SOME]
    assert len(some) == SOME
    assert needless(some, of) == []


@pytest.mark.long
@pytest.mark.parametrize("wave", ["of_shipped", "of_made_up"])
def test_nothing_of_all_of_it_could(wave: str, request: pytest.FixtureRequest) -> None:
    of = request.getfixturevalue(wave)
    assert needless(of.complementary, of) == []


# --- the audit is on its own ------------------------------------------------------------------------------------------


def test_the_audit_does_not_load_what_chooses() -> None:
    choosing = [f"pipeline.disclose.{name}" for name in ("complementary", "loose", "prices", "door")]
    code = f"import sys, pipeline.disclose.audit.verdict; print([n for n in {choosing} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- a wave that cannot be protected ----------------------------------------------------------------------------------


def test_a_wave_that_cannot_be_protected_is_refused_and_the_message_holds_no_answer(
    shipped: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "ROUNDS", 1)
    monkeypatch.setattr(door, "protect", lambda release: Protected(frozenset(), {}))
    monkeypatch.setattr(door, "coarser", lambda *units_and_lines: Coarse())
    structure = structure_of(shipped.wave.questionnaire)
    with pytest.raises(DisclosureBroken) as refused:
        door.disclose(shipped.estimates, shipped.ingested.ledger, PUBLIC, structure)
    assert refused.value.exit_code == 5
    message = str(refused.value)
    assert re.findall(r"\d+", message) == [*re.findall(r"^\d+", message), "20"]
    assert re.match(r"\d+ withheld counts could be worked out", message)
    assert not re.search(r"unpaid_work|central|nationality|sex", message)


def test_an_internal_wave_withholds_nothing_and_has_no_audit(shipped: Results) -> None:
    structure = structure_of(shipped.wave.questionnaire)
    disclosed = door.disclose(shipped.estimates, shipped.ingested.ledger, INTERNAL, structure)
    assert disclosed.audit is None
    assert not disclosed.released.policy.audited
