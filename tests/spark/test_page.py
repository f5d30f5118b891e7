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
    done = subprocess.run(
        ["bash", "-emc", lines],
        cwd=root,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"Open first: reports/{WAVE}/report.pdf" in done.stdout
