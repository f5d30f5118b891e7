"""After a purge nothing is left of a wave's people and exact numbers but the export; what was released stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import CannotReadOrWrite, WaveBusy
from pipeline.places import Places
from pipeline.publish import lock
from pipeline.retention import purge
from tests.support.messages import refusal

WAVE, OTHER = "2016-10", "2017-06"
PEOPLE = (
    f"data/processed/{WAVE}/respondents.parquet",
    f"data/processed/{WAVE}/internal/internal_estimates.csv",
    f"data/processed/check-wave/{WAVE}/queues.csv",
    f"data/processed/diff/{WAVE}/{OTHER}/wave_contrasts.csv",
    f"data/processed/diff/{OTHER}/{WAVE}/wave_contrasts.csv",
    # What runs that were killed have left.
    f"data/processed/.{WAVE}.new/respondents.parquet",
    f"data/processed/.{WAVE}.old/respondents.parquet",
    f"data/processed/.{WAVE}.scratch/tmp1",
    f"data/processed/check-wave/.{WAVE}.scratch/tmp1",
    f"data/processed/diff/{WAVE}/.{OTHER}.scratch/tmp1",
    f"data/raw/.{WAVE}.new/export.csv",
    f"reports/.{WAVE}.new/estimates.csv",
)
STAY = (
    f"data/raw/{WAVE}/export.csv",
    f"reports/{WAVE}/manifest.json",
    f"data/published/{WAVE}/1/manifest.json",
    f"data/public-use/{WAVE}/draws.csv",
    f"data/processed/{OTHER}/respondents.parquet",
    f"data/processed/check-wave/{OTHER}/queues.csv",
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    for name in (*PEOPLE, *STAY):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return Places(tmp_path)


def there(places: Places) -> set[str]:
    return {str(path.relative_to(places.root)) for path in places.root.rglob("*") if path.is_file()}


def test_it_takes_every_place_that_holds_people_or_exact_numbers(places: Places) -> None:
    purge(WAVE, places)
    assert {name for name in there(places) if not name.endswith(".lock")} == set(STAY)


def test_it_tells_what_is_deleted_and_what_is_left(places: Places) -> None:
    told = purge(WAVE, places)
    for name in PEOPLE:
        assert any((places.root / name).is_relative_to(folder) for folder in told.deleted), name
    assert {folder.relative_to(places.root).as_posix() for folder in told.left} == {
        f"{place}/{WAVE}" for place in ("data/raw", "reports", "data/published", "data/public-use")
    }
    assert "answers of every person" in told.left[places.raw / WAVE]


def test_a_release_that_a_stopped_run_has_moved_aside_comes_back(places: Places) -> None:
    places.reports(WAVE).rename(places.reports(f".{WAVE}.old"))
    purge(WAVE, places)
    assert (places.reports(WAVE) / "manifest.json").exists()


def test_nothing_to_delete_is_told(tmp_path: Path) -> None:
    refusal(CannotReadOrWrite, 6, lambda: purge(WAVE, Places(tmp_path)))


def test_a_wave_that_is_being_compared_is_left_alone(places: Places) -> None:
    with lock(places.compared(WAVE, OTHER)):
        refusal(WaveBusy, 7, lambda: purge(WAVE, places))
    assert set(PEOPLE) <= there(places)


def test_every_folder_that_the_pipeline_knows_is_kept_or_deleted_on_purpose(places: Places) -> None:
    """A place that is added to `Places` must be decided on."""
    told = purge(WAVE, places)
    decided = {str(folder.relative_to(places.root)) for folder in (*told.deleted, *told.left)}
    of_a_wave = [name for name, what in vars(Places).items() if callable(what) and not name.startswith("_")]
    for name in set(of_a_wave) - {"compared", "comparisons", "internal"}:
        assert str(getattr(places, name)(WAVE).relative_to(places.root)) in decided, name
