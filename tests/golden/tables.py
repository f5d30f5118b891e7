"""The released tables of the shipped wave, as hashes: any machine and any Python can be compared with them.

`tables.sha256` is in the form of `sha256sum`; within a release, `sha256sum --check` reads it.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.manifest import sha256

DIGESTS = Path(__file__).parent / "tables.sha256"


def digests(reports: Path) -> str:
    """The released tables and claims of a run."""
    files = sorted([*reports.glob("*.csv"), reports / "claims.json"])
    return "".join(f"{sha256(path)}  {path.name}\n" for path in files)
