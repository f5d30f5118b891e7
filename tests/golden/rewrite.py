"""Writes the text of brief and short report again, after a change that is meant: `python -m tests.golden.rewrite`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pypdf import PdfReader

from tests.support.pdf import said
from tests.support.whole_run import lay_out, run_pipeline

TEXTS = ("brief", "short")


def main() -> None:
    """Runs the shipped wave, and keeps what is said."""
    with tempfile.TemporaryDirectory() as folder:
        run = run_pipeline(lay_out(Path(folder)), "report")
        for name in TEXTS:
            text = said(PdfReader(run.reports / f"{name}.pdf"))
            (Path(__file__).parent / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
