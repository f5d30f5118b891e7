"""What is installed with Spark says of its licence what is written down of it."""

from __future__ import annotations

from importlib.metadata import metadata

import pytest

from tests.support.licences import WITH_SPARK

WORDS = {
    "Apache-2.0": "apache",
    "BSD-3-Clause": "bsd",
    "MIT": "mit",
    "GPL-2.0-only WITH Classpath-exception-2.0": "gpl",
}


@pytest.mark.parametrize("name", WITH_SPARK)
def test_it_says_so_itself(name: str) -> None:
    told = metadata(name)
    said = " ".join([told["License-Expression"] or "", told["License"] or "", *(told.get_all("Classifier") or [])])
    assert WORDS[WITH_SPARK[name]] in said.lower()
