"""A wave may ask for stricter rules than the public policy, and for no looser ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC, Policy, policy_of
from pipeline.tables import ESTIMATED
from pipeline.wave import Stricter
from tests.support.run import Results
from tests.support.whole_run import Run, lay_out, run_pipeline

REASON = "The mission asks for groups of twenty."
ASKED = f'\n[stricter]\nreason = "{REASON}"\nsmallest = 20\nrounding = 10\nshare_base = 100\n'
PEOPLE = ("asked", "answered", "yes", "respondents", "base", "events", "people", "complete", "complete_yes")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    root = lay_out(tmp_path_factory.mktemp("stricter"))
    file = root / "data" / "raw" / "2016-10" / "wave.toml"
    file.write_text(file.read_text(encoding="utf-8") + ASKED, encoding="utf-8")
    done = run_pipeline(root, "report")
    assert done.code == 0, done.errors
    return done


def test_the_report_and_the_manifest_say_so_with_the_reason(run: Run) -> None:
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(run.reports / "report.pdf").pages).split())
    assert f"This wave asks for stricter rules than the public policy: {REASON}" in text
    assert "fewer than 20 people" in text
    assert "rounded to the nearest 10" in text
    assert "rounded to the nearest 5" not in text
    policy = json.loads((run.reports / "manifest.json").read_text(encoding="utf-8"))["policy"]
    assert (policy["smallest"], policy["smallest_printed"], policy["reason"]) == (20, 20, REASON)


def test_nothing_is_shown_that_the_public_policy_withholds(shipped: Results) -> None:
    policy = policy_of(shipped.wave.file.model_copy(update={"stricter": Stricter(reason=REASON, smallest=30)}))
    of = {p.name: release(shipped.estimates, shipped.ingested.ledger, p) for p in (PUBLIC, policy)}
    fewer = 0
    for table in ESTIMATED:
        public, stricter = (list(getattr(one, table.name)) for one in of.values())
        for loose, tight in zip(public, stricter, strict=True):
            shown = {name for name in PEOPLE if tight.get(name) is not None}
            assert all(loose[name] is not None for name in shown)
            assert all(tight[name] == 0 or tight[name] >= 30 for name in shown)
            fewer += sum(loose.get(name) is not None for name in PEOPLE) - len(shown)
    assert fewer > 100


@given(st.integers(11, 60), st.sampled_from([5, 10, 15, 20]), st.integers(0, 400))
def test_no_count_is_printed_below_the_smallest(smallest: int, rounding: int, people: int) -> None:
    policy = Policy(smallest=smallest, rounding=rounding)
    assert policy.rounded(people) % rounding == 0
    if policy.shows(people):
        assert people >= smallest
        assert policy.rounded(people) >= smallest
    assert policy.shows(smallest + 2 * rounding)


def test_without_more_it_is_the_public_policy(shipped: Results) -> None:
    assert policy_of(shipped.wave.file) == PUBLIC
    assert PUBLIC.smallest_printed == 15
