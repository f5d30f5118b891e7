"""Made-up waves, each written and ingested once however many tests ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.rehearsal import make_dummy_wave
from pipeline.wave import load_wave
from tests.support.run import Results, run

Rehearsed = Callable[..., Results]


@pytest.fixture(scope="session")
def rehearsed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """(questionnaire, layout, and what `make_dummy_wave` takes besides) → the wave, ingested."""

    @cache
    def of(questionnaire: str, layout: str, with_form: bool = True, **how: int | str) -> Results:
        raw = tmp_path_factory.mktemp("rehearsed")
        make_dummy_wave(raw / "wave", questionnaire, layout=layout, **how)  # type: ignore[arg-type]
        if not with_form:
            forget_form(raw / "wave")
        return run(load_wave(raw, "wave"), engine, with_keys=True)

    return of


def forget_form(folder: Path) -> None:
    """Takes the form out of a wave, so that only the questionnaire says what headers and answers are called."""
    path = folder / "wave.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("form =")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    (folder / "form.xlsx").unlink()
