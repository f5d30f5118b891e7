"""Each warning that the tests let pass is given still; otherwise its line in `support/known_warnings.py` must go."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from pipeline.engine import Engine
from tests.support.known_warnings import KNOWN
from tests.support.run import run_wave
from tests.support.waves import respondents, write_wave


@pytest.mark.parametrize("why", KNOWN)
def test_it_is_still_given(why: str, engine: Engine, tmp_path: Path) -> None:
    _action, message, _category, _module = KNOWN[why].split(":")
    write_wave(tmp_path, respondents([{}]))
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        run_wave(tmp_path, engine)
    assert any(re.match(message, str(one.message)) for one in given)
