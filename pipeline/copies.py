"""A copy of what stays with the analyst, in storage of their own office, where the wave file asks for one.

At the address lies a folder for the wave, and in it one for each copy, named by the hash of its manifest. The manifest
is written last: a copy that has one is whole, and what lacks one was begun and not ended. Storage of objects cannot put
a folder in the place of another in one step, so a new copy lies beside the old one until it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import CannotReadOrWrite
from pipeline.inputs import file_system
from pipeline.manifest import MANIFEST, sha256

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_LETTERS = 16
"""Of the hash: enough to tell copies of one wave apart."""


def keep(address: str, wave: str, processed: Path) -> None:
    """Has one whole copy of this folder at the address, and no other of the wave.

    Errors: CannotReadOrWrite if the address cannot be reached or written to. What lay there before is left then.
    """
    with _at(address, wave, "No copy could be kept there.") as there:
        name = sha256(processed / MANIFEST)[:_LETTERS]
        if not there.is_whole(name):
            there.delete(name)
            there.write(name, processed)
        for other in there.names():
            if other != name:
                there.delete(other)


def forget(address: str, wave: str) -> None:
    """Deletes every copy of a wave at the address. Errors: CannotReadOrWrite if that cannot be done."""
    with _at(address, wave, "The copy there could not be deleted.") as there:
        there.delete("")


@dataclass(frozen=True)
class _There:
    """The folder of a wave in some storage."""

    system: FileSystem
    folder: str

    def is_whole(self, name: str) -> bool:
        """Whether this copy has its manifest."""
        from pyarrow.fs import FileType

        return bool(self.system.get_file_info(f"{self.folder}/{name}/{MANIFEST}").type == FileType.File)

    def names(self) -> list[str]:
        """The copies that there are, whole or not."""
        from pyarrow.fs import FileSelector

        found = self.system.get_file_info(FileSelector(self.folder, allow_not_found=True))
        return sorted(info.base_name for info in found)

    def delete(self, name: str) -> None:
        """Deletes a copy, if it is there; without a name, all. The manifest goes first: then it is no longer whole."""
        from pyarrow.fs import FileType

        for each in (name,) if name else self.names():
            if self.is_whole(each):
                self.system.delete_file(f"{self.folder}/{each}/{MANIFEST}")
        place = f"{self.folder}/{name}".rstrip("/")
        if self.system.get_file_info(place).type != FileType.NotFound:
            self.system.delete_dir(place)

    def write(self, name: str, processed: Path) -> None:
        """Writes every file of a folder, the manifest last."""
        from pyarrow.fs import LocalFileSystem, copy_files

        files = sorted(path for path in processed.rglob("*") if path.is_file() and path != processed / MANIFEST)
        for path in (*files, processed / MANIFEST):
            target = f"{self.folder}/{name}/{path.relative_to(processed).as_posix()}"
            self.system.create_dir(target.rsplit("/", 1)[0])
            copy_files(str(path), target, source_filesystem=LocalFileSystem(), destination_filesystem=self.system)


@contextmanager
def _at(address: str, wave: str, failed: str) -> Iterator[_There]:
    from pyarrow import ArrowException

    try:
        system, path = file_system(address)
        yield _There(system, f"{path.rstrip('/')}/{wave}")
    except (ArrowException, OSError, ValueError):
        # What the storage says may name an account.
        raise CannotReadOrWrite(
            f"{failed} What is in the folders of this project is whole.",
            where=address,
            repair="Check copy_processed_to in wave.toml, the network, and that this machine may write there; then run "
            "the command again. Without that line no copy is kept.",
        ) from None
