"""What Spark writes, under names that are the same each time."""

from __future__ import annotations

from pathlib import Path


def one_file_if_one_part(path: Path) -> None:
    """Turns a folder that Spark wrote into a file where it holds one part; else numbers its parts in their order."""
    for other in (path for path in path.iterdir() if path.suffix != ".parquet"):
        other.unlink()
    parts = sorted(path.iterdir())
    if len(parts) == 1:
        whole = path.with_name(f"{path.name}.whole")
        parts[0].rename(whole)
        path.rmdir()
        whole.rename(path)
        return
    for number, part in enumerate(parts):
        part.rename(path / f"part-{number:05}.parquet")
