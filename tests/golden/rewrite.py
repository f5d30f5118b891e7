"""Writes again what pages should say and figures look like, after a change that is meant.

`python -m tests.golden.rewrite` runs the shipped wave, and keeps the text of brief and short report, small pictures,
and hashes of the tables. Look at them before they are committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pypdf import PdfReader

from tests.golden.references import redraw
from tests.golden.tables import DIGESTS, digests
from tests.support.pdf import said
from tests.support.whole_run import lay_out, run_pipeline

TEXTS = ("brief", "short")


def main() -> None:
    """Runs the shipped wave, and keeps what is said and shown."""
    with tempfile.TemporaryDirectory() as folder:
        run = run_pipeline(lay_out(Path(folder)), "report")
        for name in TEXTS:
            text = said(PdfReader(run.reports / f"{name}.pdf"))
            (Path(__file__).parent / f"{name}.txt").write_text(text, encoding="utf-8")
        redraw(run.reports / "figures")
        DIGESTS.write_text(digests(run.reports), encoding="utf-8")


if __name__ == "__main__":
    main()
