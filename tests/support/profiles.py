"""How hard random tests try: `ci` on every change, `long` in `make test-long`. Chosen by HYPOTHESIS_PROFILE."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

NAME = os.environ.get("HYPOTHESIS_PROFILE", "ci")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
WHOLE_RUNS = {"ci": 4, "long": 100}
"""Random waves that are run through the whole pipeline, which takes a second or two each."""
DAMAGED_FILES = {"ci": 8, "long": 2100}
"""Damaged files of each kind that are read, of which there are ten."""
DAMAGED_WAVES = {"ci": 1, "long": 30}
"""Those of them that are run through the whole ingest stage."""


def load() -> None:
    """Makes the chosen profile the one of all tests. Called before any test is read."""
    settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None)
    settings.register_profile("long", max_examples=1000, deadline=None)
    settings.load_profile(NAME)


def whole_runs(one_in: int = 1) -> settings:
    """Settings of a test that runs the pipeline for each example. `one_in` three: for tests that run it twice."""
    # Making a failing wave smaller takes minutes, so only `long` does it.
    phases = [Phase.explicit, Phase.generate] if NAME == "ci" else list(Phase)
    return settings(max_examples=WHOLE_RUNS[NAME] // one_in, phases=phases, suppress_health_check=SLOW)


def damaged_files() -> settings:
    """Settings of a test that reads a damaged file for each example. A seed cannot be made smaller."""
    return settings(max_examples=DAMAGED_FILES[NAME], phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def damaged_waves() -> settings:
    """Settings of a test that ingests a wave with a damaged file for each example."""
    return settings(max_examples=DAMAGED_WAVES[NAME], phases=[Phase.generate], suppress_health_check=list(HealthCheck))
