"""Writing without halves: everything is written beside its place, and takes it when it is whole.

A run that is stopped at any point leaves the old folder; what it had begun is cleared away by the next run.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import CannotReadOrWrite, WaveBusy

_HERE, _EXCHANGE = -100, 2
"""Of Linux: paths as they are, and that both names stay in use."""
_REPAIRS = {
    errno.ENOSPC: "The disk is full. Free some space and run the command again; nothing was changed.",
    errno.EDQUOT: "The disk quota is used up. Free some space and run the command again; nothing was changed.",
    errno.EACCES: "Ask for permission to write there, or work in a folder of your own; nothing was changed.",
    errno.EPERM: "Ask for permission to write there, or work in a folder of your own; nothing was changed.",
    errno.EROFS: "This place can only be read. Copy the project to a place that can be written to.",
}


@contextmanager
def writing(*folders: Path) -> Iterator[None]:
    """Turns what the file system says into a message with a next step. folders: named if the system names no file."""
    try:
        yield
    except OSError as problem:
        # Of a copy the second name is what could not be written.
        named = problem.filename2 or problem.filename or ", ".join(f"{folder}/" for folder in folders)
        raise CannotReadOrWrite(
            f"Cannot write ({_said(problem)}).",
            where=str(named),
            repair=_REPAIRS.get(problem.errno or 0, "Check the place named above; nothing was changed."),
        ) from None


@contextmanager
def reading() -> Iterator[None]:
    """The same for a file that cannot be read."""
    try:
        yield
    except OSError as problem:
        raise CannotReadOrWrite(
            f"Cannot read ({_said(problem)}).",
            where=str(problem.filename or ""),
            repair="Check that the file is there and that you may read it.",
        ) from None


def _said(problem: OSError) -> str:
    """The system's own words for an error; a library may have put its own in their place."""
    return os.strerror(problem.errno) if problem.errno else type(problem).__name__


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Holds a wave for one run. WaveBusy if another run has it; a run that died gives it back by itself."""
    from filelock import FileLock, Timeout

    with writing():
        folder.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder.parent / f".{folder.name}.lock")
        try:
            held.acquire(timeout=0)
        except Timeout:
            raise WaveBusy(
                f"Another run is working on {folder.name}{_read_holder(folder)}.",
                where=f"{folder.parent}/",
                repair="Wait until it has finished, then try again.",
            ) from None
    note = _note(folder)
    try:
        # Only a help to whoever waits: the lock holds without it, also on a full disk.
        with suppress(OSError):
            note.write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        held.release()


def _read_holder(folder: Path) -> str:
    try:
        return f" ({_note(folder).read_text(encoding='utf-8')})"
    except (OSError, ValueError):
        return ""


def _note(folder: Path) -> Path:
    """Where a run says that it holds a folder. A stopped run leaves it, and the next one writes its own."""
    return folder.parent / f".{folder.name}.holder"


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """A folder beside a target for texts on their way, which only its owner can read, and which is gone afterwards."""
    folder = _scratch(target)
    with writing():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def left_over(target: Path) -> list[Path]:
    """What a run that was killed has left beside a target."""
    return [path for path in (*beside(target), _scratch(target)) if path.exists()]


def _scratch(target: Path) -> Path:
    return target.parent / f".{target.name}.scratch"


def mend(*targets: Path) -> None:
    """Clears away what a stopped run has left beside these targets; a folder that it had moved aside comes back."""
    with writing():
        for target in targets:
            _, old = beside(target)
            if old.exists() and not target.exists():
                old.rename(target)
            for left in left_over(target):
                delete(left)


def delete(folder: Path) -> None:
    """Deletes a folder. OSError with the folder's place, where the system would name a file in it without its place."""
    try:
        shutil.rmtree(folder)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(folder)) from None


def prepare(*targets: Path) -> list[Path]:
    """An empty folder beside each target, to write into."""
    mend(*targets)
    with writing():
        for target in targets:
            check_deletable(target)
            beside(target)[0].mkdir(parents=True)
    return [beside(target)[0] for target in targets]


def publish(*targets: Path) -> None:
    """Each folder that was written beside its target takes the target's place, all of them or none."""
    with writing():
        for target in targets:
            check_deletable(target)
            _sync(beside(target)[0])
        exchanged: list[Path] = []
        try:
            for target in targets:
                if target.exists() and _exchange(beside(target)[0], target):
                    exchanged.append(target)
                else:
                    _swap(target)
                _sync_list(target.parent)
        except BaseException:
            for target in targets:
                if target in exchanged:
                    _exchange(beside(target)[0], target)
                else:
                    _swap_back(target)
            raise
        for target in targets:
            for left in beside(target):
                shutil.rmtree(left, ignore_errors=True)


def check_deletable(whole: Path) -> None:
    """PermissionError if a folder could not be deleted whole: half of it would stay in the way of every later run."""
    for folder in (whole, *(path for path in whole.rglob("*") if path.is_dir())):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def beside(target: Path) -> tuple[Path, Path]:
    """Where the new contents of a folder are written, and where the old ones wait while they change places."""
    return target.parent / f".{target.name}.new", target.parent / f".{target.name}.old"


def _swap(target: Path) -> None:
    new, old = beside(target)
    if target.exists():
        target.rename(old)
    new.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Two folders change places in one step, so that neither is ever missing; whether the system can do that."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return bool(renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _swap_back(target: Path) -> None:
    new, old = beside(target)
    if old.exists():
        if target.exists():
            target.rename(new)
        old.rename(target)


def _sync(folder: Path) -> None:
    """Files and lists of them reach the disk before they take their place: a power cut leaves none of them empty."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for path in (folder, *(each for each in folder.rglob("*") if each.is_dir())):
        _sync_list(path)


def _sync_list(folder: Path) -> None:
    """The list of files in a folder reaches the disk; Windows, which does that by itself, opens no folder."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
