"""A wave with a finished run, and made-up people to count."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.public_use.columns import ANY
from pipeline.public_use.rows import at_least_one
from tests.support.whole_run import WAVE, Run

NAME = WAVE
COUNTED = ["unpaid_work", "forced_work"]


@pytest.fixture(scope="session")
def finished(shipped_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the shipped wave and its release. Tests that draw take a copy."""
    return shutil.copytree(shipped_run.root, tmp_path_factory.mktemp("finished"), dirs_exist_ok=True)


@pytest.fixture
def root(finished: Path, tmp_path: Path) -> Path:
    """A copy of that root for one test."""
    return shutil.copytree(finished, tmp_path / "root")


def population(many: int, seed: int) -> pd.DataFrame:
    """Made-up people of two routes, with two indicators that longer journeys make likelier, some not answered."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "route": rng.choice(["central", "eastern"], many, p=[0.4, 0.6]),
            "transit": rng.choice(["under_2_weeks", "3_to_6_months"], many),
            "sex": rng.choice(["male", "female"], many, p=[0.7, 0.3]),
        }
    )
    often = np.where(frame["transit"] == "under_2_weeks", 0.1, 0.5) * np.where(frame["route"] == "central", 1.5, 0.5)
    for place, name in enumerate(COUNTED):
        yes = np.where(rng.random(many) < often / (place + 1), "yes", "no")
        frame[name] = np.where(rng.random(many) < 0.1, "missing", yes)
    return frame.assign(**{ANY: at_least_one(frame, COUNTED)})
