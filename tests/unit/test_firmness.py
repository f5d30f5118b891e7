"""A share that is not firm enough to be relied on says so wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.report.edition import Edition
from pipeline.report.figures import listed
from pipeline.report.figures.house import bar, column
from pipeline.report.grid import interval
from pipeline.report.text import load_text
from tests.support.run import Results


@pytest.fixture(scope="module")
def edition(shipped: Results) -> Edition:
    released = release(shipped.estimates, shipped.ingested.ledger, PUBLIC)
    return Edition(released, shipped.wave, load_text("en", shipped.wave.questionnaire))


def test_reports_take_the_flag_of_the_released_table(edition: Edition) -> None:
    flags = {tuple(row[k] for k in ("indicator", "route", "group", "level")): row for row in edition.released.estimates}
    unreliable = [key for key, row in flags.items() if row["reliable"] == "no"]
    assert unreliable
    assert not any(edition.estimate(*key).is_firm for key in unreliable)
    assert edition.at_least_one("central").is_firm


def test_it_is_marked_in_tables_figures_and_alt_texts(edition: Edition) -> None:
    firm = edition.at_least_one("central")
    doubtful = replace(firm, is_firm=False)
    assert interval(edition, firm) == "65–76%"
    assert interval(edition, doubtful) == "† 65–76%"
    assert "not firm enough" in listed({"Italy": doubtful}, edition)
    assert "not firm enough" not in listed({"Italy": firm}, edition)
    for draw in (bar, column):
        figure, axes = plt.subplots()
        draw(axes, 0, firm, edition, thick=0.5, colour="#123456", most=1)
        draw(axes, 1, doubtful, edition, thick=0.5, colour="#123456", most=1)
        assert [bool(patch.get_hatch()) for patch in axes.patches] == [False, True]
        assert [text.get_text() for text in axes.texts if text.get_text()] == ["71%", "71%†"]
        plt.close(figure)
