"""What else is withheld, block by block."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, NoReturn

import numpy as np
import pytest

from pipeline.disclose import complementary, door
from pipeline.disclose.audit.blocks import OF_PEOPLE, blocks_of
from pipeline.disclose.audit.release import Release
from pipeline.disclose.audit.said import say_everything
from pipeline.disclose.audit.structure import structure_of
from pipeline.disclose.audit.system import NO_BOUND, Statements
from pipeline.disclose.policy import PUBLIC
from pipeline.engine import Engine
from pipeline.rehearsal import make_dummy_wave
from tests.support.run import Results, run_wave

Integers = np.ndarray
WAVE = "2017-09"


class Noted(complementary._Chosen):
    """The units for one block. All of them are kept, with what they were chosen from."""

    begun: ClassVar[list[Noted]] = []

    def __init__(self, statements: Statements, places: Integers, behind: list[Integers], width: int) -> None:
        super().__init__(statements, places, behind, width)
        self.begun.append(self)


class Reached(Exception):
    """What was to be seen has been."""


def first_round(results: Results, patch: pytest.MonkeyPatch) -> Release:
    """A release as it is when it is first asked what else to withhold of it."""
    seen: list[Release] = []

    def look(release: Release) -> NoReturn:
        seen.append(release)
        raise Reached

    patch.setattr(door, "protect", look)
    structure = structure_of(results.wave.questionnaire)
    with pytest.raises(Reached):
        door.disclose(results.estimates, results.ingested.ledger, PUBLIC, structure)
    return seen[0]


def test_what_is_withheld_for_the_sake_of_people_is_not_said_of_their_answers(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their answers are looked at where people are as they may be without it: what is said there must hold."""
    make_dummy_wave(tmp_path / WAVE, "fms-2017", size=600)
    release = first_round(run_wave(tmp_path, engine, WAVE), monkeypatch)
    monkeypatch.setattr(complementary, "_Chosen", Noted)
    complementary.protect(release)
    system = say_everything(release)
    blocks = blocks_of(system.place, system.built().withheld)
    of_people = {places[0] for name, places in blocks.items() if name.startswith(OF_PEOPLE)}
    people = [each for each in Noted.begun if each._places[0] in of_people]
    answers = [each for each in Noted.begun if each not in people]
    withheld = {unit for each in people for unit in each.units}
    assert withheld
    assert answers
    for each in answers:
        of_withheld = np.isin(each._statements.unit, list(withheld))
        assert (each._statements.greatest[of_withheld] >= NO_BOUND).all()
        assert all(view.allows(world[each._places]) for view, world in zip(each._views, each._behind, strict=True))
