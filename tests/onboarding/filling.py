"""Fills in a wave file as an analyst does: what is asked for, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.wave import WAVE_FILE

ANY_FIELDWORK = ("2015-01-01", "2018-12-31")


def fill_in(folder: Path, fieldwork: tuple[str, str] = ANY_FIELDWORK, **words: str) -> None:
    """Writes the days over the two placeholders of each export, and words over those of other keys."""
    path = folder / WAVE_FILE
    text = path.read_text(encoding="utf-8")
    begin, end = fieldwork
    text = re.sub(r'from = "FILL IN[^"]*", to = "FILL IN[^"]*"', f"from = {begin}, to = {end}", text)
    for key, word in words.items():
        text, n = re.subn(rf'^{key} = "FILL IN[^"]*"', f'{key} = "{word}"', text, flags=re.MULTILINE)
        assert n
    path.write_text(text, encoding="utf-8")
