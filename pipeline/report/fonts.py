"""The typefaces of figures and pages: Source Sans Pro, from a package, so that every machine draws the same."""

from __future__ import annotations

from pathlib import Path

import font_source_sans_pro

_FILES = Path(font_source_sans_pro.__file__).parent / "files"
FACES = {
    face: _FILES / f"SourceSansPro-{face}.ttf"
    for face in ("Regular", "It", "Light", "Semibold", "SemiboldIt", "Bold", "BoldIt")
}
