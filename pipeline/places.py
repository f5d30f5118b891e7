"""Where things are, below one root folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError

CHECKED = "check-wave"
COMPARED = "diff"
"""Folders of what `check-wave` and `diff` write; no wave can be called so."""

TREND = "trend"
"""Folder of what `trend` makes of several releases, beside them; no wave can be called so, either."""

EVERY = "all"
"""Stands for every wave where waves are named; no wave can be called so."""

INTERNAL = "internal"
"""Folder of an edition that must not leave, inside what stays with the analyst."""

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")


@dataclass(frozen=True)
class Places:
    """Where things are, below one root folder."""

    root: Path

    @property
    def raw(self) -> Path:
        """Exports as received: read, and never written but by `new-wave`."""
        return self.root / "data" / "raw"

    def processed(self, wave: str) -> Path:
        """What stays with the analyst."""
        return self.root / "data" / "processed" / wave

    def internal(self, wave: str) -> Path:
        """The edition of an internal wave, which withholds nothing: inside what stays with the analyst."""
        return self.processed(wave) / INTERNAL

    def checked(self, wave: str) -> Path:
        """What was found about an export, for the analyst: findings, lineage, field quality."""
        return self.root / "data" / "processed" / CHECKED / wave

    def compared(self, wave: str, base: str) -> Path:
        """How a wave differs from its base, for the analyst: declarations and headers, and nobody's answers."""
        return self.root / "data" / "processed" / COMPARED / wave / base

    def comparisons(self, wave: str) -> list[Path]:
        """Every comparison that there is of a wave with another, or of another with it."""
        folder = self.root / "data" / "processed" / COMPARED
        return sorted({*folder.glob(f"{wave}/*/"), *folder.glob(f"*/{wave}/")})

    def reports(self, wave: str) -> Path:
        """What is for readers."""
        return self.root / "reports" / wave

    @property
    def trend(self) -> Path:
        """What several releases say side by side, for readers."""
        return self.root / "reports" / TREND

    def published(self, wave: str) -> Path:
        """Releases of a wave that were published, by number: kept, since no later run can know of them otherwise."""
        return self.root / "data" / "published" / wave

    def public_use(self, wave: str) -> Path:
        """The public-use files of a wave. Apart from the reports, which can be made again; what was drawn cannot."""
        return self.root / "data" / "public-use" / wave


def check_name(wave: str) -> None:
    """UsageError for a name that could lead out of the folders of waves."""
    if not NAME.fullmatch(wave) or wave.casefold() in (CHECKED, COMPARED, TREND, EVERY):
        raise UsageError(
            "This cannot be the name of a wave.",
            where="WAVE",
            repair="Letters, digits, points, underscores and dashes, as in 2016-10; at most 60 of them; but not "
            f"{CHECKED}, {COMPARED}, {TREND} or {EVERY}, which mean something else.",
        )
