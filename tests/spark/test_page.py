"""The page on clusters, followed to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.whole_run import REPOSITORY, WAVE

PAGE = REPOSITORY / "docs" / "more-than-one-machine.md"


def copy_of_the_project(root: Path) -> Path:
    """The project without what it has made, with its environment."""
    for path in REPOSITORY.iterdir():
        if path.name.startswith("requirements") or path.name in ("Makefile", "pyproject.toml"):
            shutil.copy(path, root)
    shutil.copytree(REPOSITORY / "pipeline", root / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "data" / "raw", root / "data" / "raw")
    (root / ".venv").symlink_to((REPOSITORY / ".venv").resolve())
    return root


def test_the_lines_for_a_cluster_make_a_report(tmp_path: Path) -> None:
    (lines,) = re.findall(r"^```bash\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    root = copy_of_the_project(tmp_path)
    # Whatever is still running in the end would go on for ever.
    clear_away = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
    said = tmp_path / "said.txt"
    with said.open("wb") as out:
        command = ["bash", "-emc", clear_away + lines]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        done = subprocess.run(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            timeout=900,
            check=False,
        )
    text = said.read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, text
    assert f"Open first: reports/{WAVE}/report.pdf" in text
