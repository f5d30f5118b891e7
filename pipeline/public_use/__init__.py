"""A public-use file of a wave: made-up rows that a differentially private table of counts gives.

Drawn once, with the operating system's randomness, and kept: it is no part of `make report`, whose outputs can be made
again. `columns`: what a row says. `noise`: counts with noise, the only place that sees people. `rows`: rows from these
counts. `quality`: how far they are from what is released. `draws`: what was spent. `files`: what is written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import manifest
from pipeline.errors import CannotReadOrWrite, DisclosureBroken, UsageError
from pipeline.places import Places, check_name
from pipeline.public_use.draws import Draw, check_ceiling, check_file, read_draws
from pipeline.publish import lock, mend, prepare, publish, writing
from pipeline.run import Asked, Progress, Stage, is_current, open_engine
from pipeline.thresholds import SMALLEST

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.public_use.files import Source
    from pipeline.public_use.noise import Noisy
    from pipeline.wave import Wave

EPSILON = 4.0
"""ε of a draw if nothing else is asked for. Three such draws are what a wave may spend."""

LEAST_EPSILON = 0.5
"""Below it, noise drowns nearly every answer of a wave of this kind."""

FEWEST = 1000
"""Respondents that a wave must have: with fewer, at the usual ε, an answer of one in twenty is lost in the noise."""


@dataclass(frozen=True)
class Wanted:
    """What the user asked for. reason: why another file is drawn, if there is one already."""

    wave: str
    epsilon: float = EPSILON
    resolution: int = SMALLEST
    again: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """Every draw of the wave so far, and the quality table of the last one if it was drawn just now."""

    folder: Path
    draws: list[Draw]
    quality: pd.DataFrame | None


def make_public_use(wanted: Wanted, places: Places, progress: Progress) -> Outcome:
    """Draws a public-use file from a finished run, or tells that there is one. A stopped draw leaves all as it was.

    Errors: UsageError for what cannot be asked for, or too few respondents; CannotReadOrWrite without a finished run;
    DisclosureBroken if the wave has spent what it may; WaveBusy.
    """
    _check(wanted)
    folder = places.public_use(wanted.wave)
    with lock(places.processed(wanted.wave)), lock(folder):
        mend(folder)
        draws = read_draws(folder)
        if draws:
            check_file(folder, draws[-1])
        if draws and not wanted.again:
            return Outcome(folder, draws, None)
        if draws and not wanted.reason.strip():
            raise UsageError(
                "There is a public-use file of this wave. Another one spends more of what its respondents may lose.",
                where="REASON",
                repair="Say why it is needed: it is kept in draws.csv.",
            )
        check_ceiling(draws, wanted.epsilon)
        wave = _public_wave(wanted.wave, places)
        _check_finished(wanted.wave, places)
        return _drawn(wanted, wave, places, progress, draws)


def _check(wanted: Wanted) -> None:
    check_name(wanted.wave)
    if not (math.isfinite(wanted.epsilon) and wanted.epsilon >= LEAST_EPSILON):
        raise UsageError(
            f"ε = {wanted.epsilon:g} cannot be used.",
            where="EPSILON",
            repair=f"Give a number from {LEAST_EPSILON:g} on; the usual one is {EPSILON:g}. Smaller protects more.",
        )
    if wanted.resolution < 0:
        raise UsageError(
            f"{wanted.resolution} is no count of people.",
            where="RESOLUTION",
            repair=f"Give a whole number from 0 on; the usual one is {SMALLEST}.",
        )


def _check_finished(wave: str, places: Places) -> None:
    """CannotReadOrWrite unless the respondents and the release are those that `make report` would give now."""
    processed = places.processed(wave)
    recorded = manifest.read(processed)
    if not recorded:
        raise _unfinished(f"Nothing of {wave} is processed.", processed, wave)
    if not (places.reports(wave) / "estimates.csv").is_file():
        raise _unfinished(f"Nothing of {wave} is released.", places.reports(wave), wave)
    try:
        asked = Asked.before(recorded, Stage.FIGURES)
    except (KeyError, TypeError):
        raise _unfinished(f"The last run of {wave} is of another make.", processed, wave) from None
    if not is_current(asked, places, recorded):
        raise _unfinished(
            f"The export, the code or a result of {wave} has changed since the last run.", processed, wave
        )


def _unfinished(what: str, where: Path, wave: str) -> CannotReadOrWrite:
    return CannotReadOrWrite(what, where=str(where), repair=f"Run `make report WAVE={wave}` first.")


def _public_wave(name: str, places: Places) -> Wave:
    """The wave. DisclosureBroken if it is internal."""
    from pipeline.wave import load_wave

    wave = load_wave(places.raw, name)
    if wave.file.is_internal:
        raise DisclosureBroken(
            f"{name} is internal, not for release: it has no public-use file.",
            where=str(wave.folder / "wave.toml"),
            repair='For one, take policy = "internal" out of wave.toml, then run `make report`.',
        )
    return wave


def _drawn(wanted: Wanted, wave: Wave, places: Places, progress: Progress, draws: list[Draw]) -> Outcome:
    from pipeline.public_use.files import keep_earlier, write_notes, write_rows
    from pipeline.public_use.noise import DELTA

    folder = places.public_use(wanted.wave)
    noisy = _counted(wanted, wave, places, progress)
    with progress.stage("draw rows"):
        rows = _rows(noisy, wave)
    with progress.stage("compare with what is released"):
        compared = _quality(rows, places, wave)
    with writing():
        (new,) = prepare(folder)
        keep_earlier(folder, new, draws)
        now, spent = date.today().isoformat(), (wanted.epsilon, DELTA, wanted.resolution)
        draws = [*draws, Draw(len(draws) + 1, now, *spent, wanted.reason.strip(), write_rows(rows, new))]
        write_notes(compared, _source(wave, places), draws, len(rows), new)
        publish(folder)
    return Outcome(folder, draws, compared)


def _counted(wanted: Wanted, wave: Wave, places: Places, progress: Progress) -> Noisy:
    """The noisy counts. Respondents are forgotten with the end of this function."""
    from pipeline.public_use.columns import analysed
    from pipeline.public_use.noise import count_with_noise

    with progress.stage("read respondents"), open_engine("duckdb") as engine:
        people = analysed(places.processed(wanted.wave) / "respondents.parquet", wave.questionnaire, engine)
    if len(people) < FEWEST:
        raise UsageError(
            f"{wanted.wave} has {len(people):,} analysed respondents: too few, the file would be noise.",
            where="WAVE",
            repair=f"At least {FEWEST:,} are needed. Share the released tables in reports/ instead.",
        )
    with progress.stage("count with noise"):
        return count_with_noise(people, wanted.epsilon, wanted.resolution)


def _rows(noisy: Noisy, wave: Wave) -> pd.DataFrame:
    import numpy as np

    from pipeline.public_use.columns import columns
    from pipeline.public_use.rows import draw_rows

    q = wave.questionnaire
    # Without a seed, NumPy takes one from the operating system.
    return draw_rows(noisy, [str(name) for name in q.counted], list(columns(q)), np.random.default_rng())


def _quality(rows: pd.DataFrame, places: Places, wave: Wave) -> pd.DataFrame:
    from pipeline.public_use.quality import quality

    return quality(rows, places.reports(wave.name), wave.questionnaire)


def _source(wave: Wave, places: Places) -> Source:
    from pipeline.public_use.columns import columns
    from pipeline.public_use.files import Source

    status = [str(stamp) for stamp in manifest.read(places.reports(wave.name)).get("status", [])]
    return Source(wave.name, wave.file.title, wave.file.synthetic, status, columns(wave.questionnaire))
