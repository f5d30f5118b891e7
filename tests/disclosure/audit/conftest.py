"""Honest releases, each made once."""

from __future__ import annotations

import pytest

from pipeline.engine import Engine
from tests.disclosure.audit.honest import Honest, honest
from tests.disclosure.audit.made_up import made_up_people
from tests.support.run import Results, run_wave
from tests.support.waves import respondents, write_wave


@pytest.fixture(scope="session")
def of_shipped(shipped: Results) -> Honest:
    return honest(shipped)


@pytest.fixture(scope="session")
def of_made_up(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Honest:
    folder = tmp_path_factory.mktemp("made_up")
    write_wave(folder, respondents(made_up_people()))
    return honest(run_wave(folder, engine))
