"""Sets a document: a template, what it says as data, the house design, fonts and figures; out comes an archival PDF."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pipeline.report.edition import Edition
from pipeline.report.fonts import FACES

TEMPLATES = Path(__file__).parent / "templates"
BOX = "□"
"""What stands for a character that cannot be shown."""
_UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]


def typeset(template: str, content: dict[str, Any], edition: Edition, figures: Path, names: Iterable[str]) -> bytes:
    """A document as PDF/A-2a and PDF/UA-1. The same content gives the same bytes.

    template: its name without the ending. content: everything that it says. names: the figures in it, drawn already.
    """
    # Beside the figures: what a stopped run leaves is then cleared away with them.
    with tempfile.TemporaryDirectory(dir=figures) as folder:
        desk = Path(folder)
        for path in TEMPLATES.glob("*.typ"):
            shutil.copy(path, desk / path.name)
        for name in names:
            shutil.copy(figures / edition.file_name(f"{name}.svg"), desk / f"{name}.svg")
        fonts = desk / "fonts"
        fonts.mkdir()
        for face in FACES.values():
            shutil.copy(face, fonts / face.name)
        # Data goes in as JSON and is never read as markup.
        return _set(desk, template, json.dumps(content, ensure_ascii=False))


def _set(desk: Path, template: str, data: str) -> bytes:
    """The document. A character that no font has, of a name in a wave file, is set as an empty box: a PDF for archives
    and screen readers may not hold what cannot be shown, and no release should fail for it.
    """
    import typst

    while True:
        (desk / "content.json").write_text(data, encoding="utf-8")
        try:
            pdf: bytes = typst.compile(
                str(desk / f"{template}.typ"),
                root=str(desk),
                font_paths=[str(desk / "fonts")],
                ignore_system_fonts=True,
                pdf_standards=[*STANDARDS],
            )
        except typst.TypstError as problem:
            unknown = _UNKNOWN.search(str(problem))
            if unknown is None or unknown[1] == BOX or unknown[1] not in data:
                raise
            data = data.replace(unknown[1], BOX)
        else:
            return pdf
