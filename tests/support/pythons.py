"""The Pythons of this machine, each with the locked packages in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.whole_run import REPOSITORY

SUPPORTED = ("3.11", "3.12", "3.13")


def find_python(version: str) -> Path | None:
    """An interpreter of this version: on the path, or kept by pyenv or uv. None if there is none."""
    on_path = shutil.which(f"python{version}")
    homes = (Path.home() / ".pyenv" / "versions", Path.home() / ".local" / "share" / "uv" / "python")
    patterns = (f"{version}.*/bin/python{version}", f"cpython-{version}.*/bin/python{version}")
    kept = [found for home in homes for pattern in patterns for found in sorted(home.glob(pattern))]
    candidates = [Path(on_path), *kept] if on_path else kept
    return next((python for python in candidates if _is(python, version)), None)


def _is(python: Path, version: str) -> bool:
    """What pyenv puts on the path has the name of a version that it may not run."""
    told = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=False)
    return told.stdout.startswith(f"Python {version}.")


def environment_of(python: Path, folder: Path) -> Path:
    """Sets up the locked packages for this interpreter in a folder, as `make` does, and gives the Python there."""
    made = subprocess.run(
        ["make", "--silent", f"VENV={folder}", f"PYTHON={python}", str(folder / "ready")],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folder / "bin" / "python"
