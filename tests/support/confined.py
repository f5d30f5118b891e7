"""Runs that are kept from something: from sockets, from the rights of root, from room on a disk.

A test run often is root's, whom no permission stops, so rights are taken from the process instead of from its files.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.whole_run import REPOSITORY, Run

# Numbers of Linux: linux/prctl.h, linux/capability.h, linux/seccomp.h, linux/filter.h.
_NO_NEW_RIGHTS, _SECCOMP, _DROP_RIGHT, _FILTER = 38, 22, 24, 2
_IGNORE_MODES, _READ_ANYTHING = 1, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_SOCKET = {"x86_64": 41, "aarch64": 198}


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _prctl(*arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def die_of_a_socket() -> None:
    """From here on the system kills this process, and those that it begins, when they ask for a socket.

    It is the system that watches, and not Python: a library written in C or Rust is seen as well.
    """
    number = _SOCKET[platform.machine()]
    steps = [(_LOAD, 0, 0, 0), (_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _KILL), (_RETURN, 0, 0, _ALLOW)]
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(packed, len(packed))
    _prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    _prctl(_SECCOMP, _FILTER, ctypes.byref(_Filter(len(steps), ctypes.cast(held, ctypes.c_void_p))), 0, 0)


def obey_permissions() -> None:
    """From here on permissions count for this process also if it is root's. Others obey them anyway."""
    if os.geteuid() == 0:
        _prctl(_DROP_RIGHT, _IGNORE_MODES, 0, 0, 0)
        _prctl(_DROP_RIGHT, _READ_ANYTHING, 0, 0, 0)


def run_confined(before: Callable[[], None], *arguments: str, root: Path | None = None, **environment: str) -> Run:
    """Runs a verb, or without a root folder another program of Python, in a process that does `before` first."""
    command = ["-m", "pipeline", *arguments, "--root", str(root)] if root else arguments
    done = subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(root or REPOSITORY, done.stdout, done.stderr, done.returncode)


_ON_A_SMALL_DISK = """
mount -t tmpfs -o "size=$3" none "$2" && cp -r "$1/." "$2" || exit 99
original=$1 disk=$2
shift 3
"$@"
echo "exit $?"
diff -rq "$original" "$disk"
"""
_READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99
shift
exec "$@"
"""


def run_on_a_small_disk(original: Path, disk: Path, size: int, *arguments: str) -> tuple[Run, list[str]]:
    """Runs a verb on a copy of a root folder, on a disk that has room for these bytes, copy included.

    The disk is gone afterwards; the second of what is returned says in what it differed from the original.
    """
    disk.mkdir()
    done = _with_mounts(_ON_A_SMALL_DISK, [original, disk, size], disk, arguments)
    said, found, told = done.stdout.partition("exit ")
    assert found, done.stderr
    code, *differences = told.splitlines()
    return Run(disk, said, done.stderr, int(code)), differences


def run_read_only(root: Path, *arguments: str) -> Run:
    """Runs a verb where the root folder can only be read."""
    done = _with_mounts(_READ_ONLY, [root], root, arguments)
    assert done.returncode != 99, done.stderr
    return Run(root, done.stdout, done.stderr, done.returncode)


def _with_mounts(
    script: str, given: Sequence[object], root: Path, arguments: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Runs a script of the shell with what it is given and then a verb's command. It may mount: nobody else sees it.

    Linux lets everybody do so.
    """
    verb = [sys.executable, "-m", "pipeline", *arguments, "--root", str(root)]
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", *map(str, given), *verb],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
