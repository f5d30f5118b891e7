"""What a name in a wave file stands for: a file, a folder of parts, or a place in object storage.

Only the standard library is imported here until something lies elsewhere, so that a run with nothing to do is over at
once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import CannotReadOrWrite

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_PIECE = 1 << 22
_HIDDEN = ("_", ".")
"""How names begin of what programs write beside the parts of a table."""


def is_remote(name: str) -> bool:
    """Whether a name is an address, such as `s3://bucket/wave/answers`."""
    return "://" in name


def files_of(folder: Path, name: str) -> dict[str, Path]:
    """The files that a name stands for, by what to call them: the file, or the parts in a folder in their order."""
    path = folder / name
    if not path.is_dir():
        return {name: path}
    return {part.relative_to(folder).as_posix(): part for part in parts_of(path)}


def parts_of(folder: Path) -> list[Path]:
    """The files of a table that is kept in parts, in the order of their names, also those in folders within it."""
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in inside if _is_part(path.relative_to(folder).as_posix())]


def _is_part(within: str) -> bool:
    """Whether a file of a folder is a part of its table. within: its place there."""
    return not any(name.startswith(_HIDDEN) for name in within.split("/"))


def declared(label: str) -> str:
    """The name in the wave file that a file of `files_of` belongs to."""
    return label if is_remote(label) else label.split("/", 1)[0]


def fetch(address: str, scratch: Path) -> Path:
    """A copy of what lies at an address, a file or a folder, in a new folder of `scratch`.

    Errors: CannotReadOrWrite if nothing is there, or it cannot be reached. An address never has a password in it: those
    are where the library of the storage looks for them, such as AWS_ACCESS_KEY_ID.
    """
    import tempfile

    from pyarrow import fs

    with _reached(address) as (system, path, is_folder):
        target = Path(tempfile.mkdtemp(dir=scratch)) / address.rstrip("/").rsplit("/", 1)[-1]
        if is_folder:
            target.mkdir()
        fs.copy_files(path, str(target), source_filesystem=system, destination_filesystem=fs.LocalFileSystem())
    return target


def hashes_at(address: str) -> dict[str, str]:
    """The SHA-256 of each file at an address, by its place there. Nothing is copied. Errors: as `fetch`."""
    from pyarrow import fs

    with _reached(address) as (system, path, is_folder):
        found = system.get_file_info(fs.FileSelector(path, recursive=True)) if is_folder else []
        paths = [info.path for info in found if info.type == fs.FileType.File] if is_folder else [path]
        within = {each: each[len(path) :].strip("/") for each in paths}
        return {within[each]: _hash(system, each) for each in sorted(paths) if _is_part(within[each])}


def _hash(system: FileSystem, path: str) -> str:
    whole = hashlib.sha256()
    with system.open_input_stream(path) as stream:
        while piece := stream.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()


@contextmanager
def _reached(address: str) -> Iterator[tuple[FileSystem, str, bool]]:
    """The storage of an address, the path there, and whether it is a folder."""
    from pyarrow import ArrowException, fs

    try:
        system, path = file_system(address)
        kind = system.get_file_info(path).type
        if kind == fs.FileType.NotFound:
            raise _unreachable(address, "There is nothing at this address.")
        yield system, path, kind == fs.FileType.Directory
    except (ArrowException, OSError, ValueError):
        # What the storage says may name an account.
        raise _unreachable(address, "This address cannot be read.") from None


def file_system(address: str) -> tuple[FileSystem, str]:
    """The file system of an address, and the path there. Those that Arrow does not know are asked of fsspec.

    Errors: ValueError for an address that neither knows, and whatever the storage says.
    """
    from pyarrow import ArrowInvalid, fs

    try:
        system, path = fs.FileSystem.from_uri(address)
    except ArrowInvalid:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise ValueError(address) from None
        other, path = url_to_fs(address)
        system = fs.PyFileSystem(fs.FSSpecHandler(other))
    return system, path


def _unreachable(address: str, what: str) -> CannotReadOrWrite:
    return CannotReadOrWrite(
        what,
        where=address,
        repair="Check the address in wave.toml, the network, and that this machine may read there. Arrow reads s3://, "
        "gs://, abfs://, hdfs:// and file://; for others install the fsspec package of that storage.",
    )
