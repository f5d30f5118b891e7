"""A wave that was released: its release, verified, and what its wave file and questionnaire declare."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass

from pipeline import manifest
from pipeline.differing.breaks import breaks
from pipeline.disclose.changes import Before
from pipeline.errors import CannotReadOrWrite, DeclarationError, DisclosureBroken, ExportInvalid
from pipeline.places import Places
from pipeline.publish import reading
from pipeline.published import Release, release_of
from pipeline.tables import ESTIMATES, Table
from pipeline.vocabulary import ALL, ROUTES
from pipeline.wave import WAVE_FILE, Wave, declared_wave, questionnaire_files


@dataclass(frozen=True)
class Round:
    """One wave with its release."""

    wave: Wave
    release: Release

    @property
    def name(self) -> str:
        """The wave's name."""
        return self.wave.name

    @property
    def is_declared_otherwise_now(self) -> bool:
        """Whether the questionnaire's files have changed since the release: breaks go by what they say today."""
        now = {
            path.relative_to(manifest.QUESTIONNAIRES).with_suffix("").as_posix(): manifest.sha256(path)
            for path in questionnaire_files(self.wave.file.questionnaire)
        }
        return bool(self.release.told["provenance"]["questionnaire"] != now)

    @property
    def manifest_hash(self) -> str:
        """The SHA-256 of the release's manifest, which holds that of each of its files."""
        return manifest.sha256(self.release.folder / manifest.MANIFEST)

    def released(self, table: Table) -> list[dict[str, str]]:
        """A released table as texts, from the very bytes whose hash is in the manifest. ExportInvalid for others."""
        path = self.release.folder / f"{table.name}.csv"
        with reading():
            content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.release.told["files"].get(path.name):
            raise ExportInvalid(
                "The release was written anew while it was read.", where=str(path), repair="Run the command again."
            )
        return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def earlier_wave(wave: Wave, places: Places) -> Round | None:
    """The round that a wave is set beside, if its wave file names one.

    Errors: DeclarationError if it was not held before; and as `load_round`.
    """
    name = wave.file.earlier_wave
    if name is None:
        return None
    try:
        found = load_round(name, places)
    except CannotReadOrWrite as missing:
        raise CannotReadOrWrite(
            f'earlier_wave: there is no release of "{name}" here to set this wave beside.',
            where=str(wave.folder / WAVE_FILE),
            repair=f"Run `make report WAVE={name}` first, or take the line out: the report then has no such chapter.",
        ) from missing
    if found.wave.period.from_ >= wave.period.from_:
        raise DeclarationError(
            f"earlier_wave: {name} began on {found.wave.period.from_}, which is not before this wave "
            f"({wave.period.from_}).",
            where=str(wave.folder / WAVE_FILE),
            repair="Name a wave that was held before this one.",
        )
    return found


def before(earlier: Round, wave: Wave) -> Before:
    """What a wave is set beside: the released shares of an earlier one, and where the two may not be compared."""
    rows = [row for row in earlier.released(ESTIMATES) if row["group"] == row["level"] == ALL]
    return Before(earlier.name, rows, {route: breaks(earlier.wave, wave, route) for route in ROUTES})


def load_round(name: str, places: Places) -> Round:
    """A wave with its release.

    Errors: CannotReadOrWrite if there is none, ExportInvalid for one that is not as it was made, DeclarationError for a
    wave file that is another one, DisclosureBroken for a release that was not audited.
    """
    release = release_of(name, places)
    told = release.told
    if not told.get("policy", {}).get("audited"):
        raise DisclosureBroken(
            f"The release of {name} was not audited for what could be worked out from it.",
            where=str(release.folder),
            repair=f"Run `make report WAVE={name}` again.",
        )
    path = places.raw / name / WAVE_FILE
    wave = declared_wave(places.raw, name)
    with reading():
        is_the_same = manifest.sha256(path) == told["provenance"]["wave_file"]
    if not is_the_same:
        raise DeclarationError(
            f"The wave file of {name} is another one than that of its release: its days may be others.",
            where=str(path),
            repair=f"Run `make report WAVE={name}`, or put the wave file back as it was.",
        )
    return Round(wave, release)
