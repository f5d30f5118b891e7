"""Random waves and random tables: whatever the people are, a release can be made, and its audit holds."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.disclose.audit.blocks import Block
from pipeline.disclose.audit.system import Count, Statements, System
from pipeline.disclose.audit.worlds import World, Worlds
from pipeline.disclose.complementary import _Chosen
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import PUBLIC
from pipeline.engine import Engine
from tests.disclosure.audit.honest import honest
from tests.disclosure.audit.made_up import KINDS, made_up_people
from tests.support.run import run_wave
from tests.support.waves import respondents, write_wave

WAVES = (0, 1, 2, 3, 28)
"""In the last, one person left out an answer, and totals tell that she reported something in another."""
MORE_WAVES = [seed for seed in range(100) if seed not in WAVES]
RARE = (0, 0.05, 0.3, 1, 1, 1)
TABLES = 10_000


def a_random_wave(seed: int) -> list[dict[str, str]]:
    """People of whom some answers are rare, or never given, in another way each time."""
    chance = random.Random(seed)
    kinds = {
        name: {
            answer: times * chance.choice((0, 1, 1) if name == "survey_country" else RARE)
            for answer, times in of.items()
        }
        for name, of in KINDS.items()
    }
    kinds = {name: of if any(of.values()) else KINDS[name] for name, of in kinds.items()}
    return made_up_people(seed, chance.choice((40, 120, 400, 900)), **kinds)


def holds(seed: int, folder: Path, engine: Engine) -> bool:
    """Whether a random wave is released and nothing is broken."""
    write_wave(folder, respondents(a_random_wave(seed)))
    found = honest(run_wave(folder, engine)).disclosed.audit
    return found is not None and len(found.cells) > 0 and found.broken.empty


@pytest.mark.parametrize("seed", WAVES)
def test_any_wave_can_be_released_and_its_audit_holds(seed: int, tmp_path: Path, engine: Engine) -> None:
    assert holds(seed, tmp_path, engine)


@pytest.mark.parametrize("few", [1, 3])
def test_so_can_one_with_a_few_people_on_a_route(few: int, tmp_path: Path, engine: Engine) -> None:
    people = made_up_people(1, 40, survey_country={"ITA": 1})
    for row in people[:few]:
        row |= {"survey_country": "GRC", "forced_work": "declined"}
    write_wave(tmp_path, respondents(people))
    results = run_wave(tmp_path, engine)
    found = honest(results).disclosed.audit
    assert results.estimates.analysed["eastern"] == few
    assert found is not None
    assert found.broken.empty


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_WAVES)
def test_so_can_many_more(seed: int, tmp_path: Path, engine: Engine) -> None:
    assert holds(seed, tmp_path, engine)


# --- random two-way tables --------------------------------------------------------------------------------------------


def a_table(chance: random.Random) -> Statements:
    """A two-way table with its margins: small cells are withheld, all other counts are in print, rounded."""
    rows, columns = chance.randint(2, 5), chance.randint(2, 5)
    most = chance.choice((15, 40, 200))
    cells = np.array([[chance.randint(0, most) for _ in range(columns)] for _ in range(rows)])
    table = np.block([[cells, cells.sum(1, keepdims=True)], [cells.sum(0, keepdims=True), cells.sum(keepdims=True)]])
    system = System()
    place = np.empty(table.shape, dtype=int)
    for (r, c), exact in np.ndenumerate(table):
        place[r, c] = at = system.count(Count("yes", "i", "central", f"{r}", f"{c}"), int(exact))
        unit = Unit("estimates", ("i", "central", f"{r}", f"{c}"), "yes")
        if 0 < exact < PUBLIC.fewest:
            system.withheld[at] = unit
            system.say([(at, 1)], 0, PUBLIC.fewest - 1)
        else:
            system.say([(at, 1)], *PUBLIC.behind(int(PUBLIC.rounded(exact))), unit)
            system.prints[unit] = [at]
    for line in (*place, *place.T):
        system.adds_up(line[:-1].tolist(), int(line[-1]))
    return system.built()


def ranges(statements: Statements) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest of each count, over whole-number worlds found afresh."""
    places = np.arange(len(statements.truth))
    block = Block.of(statements, places, statements.truth)
    worlds = Worlds([block], [World(0, statements.truth)], PUBLIC.width)
    worlds.widen(statements.targets, 30)
    assert statements.hold(np.column_stack([world.counts for world in worlds.found])).all()
    return worlds.least, worlds.greatest


def protected(statements: Statements) -> Statements:
    """The same table with what else has to be withheld."""
    places = np.arange(len(statements.truth))
    chosen = _Chosen(statements, places, [statements.truth], PUBLIC.width).enough()
    return statements.without(chosen.units)


def narrow(statements: Statements) -> list[int]:
    """Places of withheld counts that are known too well."""
    least, greatest = ranges(statements)
    return [at for at in statements.targets.tolist() if greatest[at] - least[at] < PUBLIC.width]


def test_no_withheld_cell_of_some_random_tables_is_known_too_well() -> None:
    chance = random.Random(1)
    tables = [a_table(chance) for _ in range(100)]
    assert sum(bool(narrow(table)) for table in tables) >= 10
    assert [narrow(protected(table)) for table in tables] == [[]] * len(tables)


@pytest.mark.long
def test_nor_of_ten_thousand() -> None:
    chance = random.Random(2)
    for number in range(TABLES):
        assert narrow(protected(a_table(chance))) == [], number
