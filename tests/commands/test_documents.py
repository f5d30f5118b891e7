"""Documents say what the code does."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from pipeline import __version__
from pipeline.vocabulary import RULES, Derived, Indicator, Route, Transit
from tests.support.whole_run import REPOSITORY


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def test_the_picture_in_the_readme_is_current(shipped_run):
    drawn = (shipped_run.reports / "figures" / "at_least_one_by_transit.svg").read_bytes()
    shown = (REPOSITORY / "docs" / "at_least_one_by_transit.svg").read_bytes()
    assert shown == drawn, "copy the figure from reports/2016-10/figures/ to docs/"


def test_every_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", read("README.md"))) <= targets | {"itself"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_address(name):
    lock = read(name)
    pins = re.findall(r"^[A-Za-z0-9._-]+==", lock, re.MULTILINE)
    assert len(pins) > 20
    assert lock.count("--hash=sha256:") >= len(pins)
    assert "://" not in lock
    assert "index" not in lock


def test_the_development_lock_agrees_with_the_other():
    pins = set(re.findall(r"^(\S+==\S+)", read("requirements.lock"), re.MULTILINE))
    assert pins <= set(re.findall(r"^(\S+==\S+)", read("requirements-dev.lock"), re.MULTILINE))


def test_one_version_everywhere():
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == __version__
    assert f"version: {__version__}" in read("CITATION.cff")
    assert f"## {__version__}" in read("CHANGELOG.md")


def test_declared_dependencies_are_the_locked_ones():
    declared = tomllib.loads(read("pyproject.toml"))
    lines = [line for line in read("requirements.in").splitlines() if line and not line.startswith("#")]
    assert sorted(declared["project"]["dependencies"]) == sorted(lines)


def test_every_word_has_a_label_in_the_catalogue():
    catalogue = tomllib.loads(read("pipeline/report/text/en.toml"))
    assert set(catalogue["route"]) == {str(route) for route in Route} | {"all"}
    assert set(catalogue["indicator"]) == {str(word) for word in (*Indicator, *Derived)}
    assert set(catalogue["reported"]) == {str(word) for word in Indicator}
    assert set(catalogue["rule"]) == set(RULES)
    assert {str(step) for step in Transit} <= set(catalogue["level"])


def test_only_the_synthetic_wave_is_tracked():
    tracked = subprocess.run(
        ["git", "ls-files", "data", "reports"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split()
    outside = [p for p in tracked if not p.startswith("data/raw/2016-10/") and not p.endswith(".gitkeep")]
    assert outside == []
    assert "synthetic = true" in read("data/raw/2016-10/wave.toml")
    assert "No person is in these files" in read("data/raw/2016-10/README.md")


def test_a_new_wave_is_ignored_by_git():
    ignored = ["data/raw/2017-01/export.csv", "data/processed/2016-10/ledger.csv", "reports/2016-10/report.pdf"]
    told = subprocess.run(
        ["git", "check-ignore", *ignored], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split()
    assert told == ignored
