"""Unpacks gzip files and zip archives, counting what comes out of them."""

from __future__ import annotations

import errno
import gzip
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from pipeline.ingest.sources.opening import Opening

MOST_MEMBERS = 10_000
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, IndexError, struct.error)
_NOISE = ("__macosx/", "thumbs.db", "desktop.ini", ".ds_store")


@contextmanager
def refusing_damage(what: str, repair: str, opening: Opening) -> Iterator[None]:
    """Makes ExportInvalid of everything that Python raises for a damaged archive. Use around reading one."""
    try:
        yield
    except NotImplementedError:
        raise opening.refused(
            "This archive is packed in a way that is not read.", "Unpack it, and pack it again as an ordinary .zip."
        ) from None
    except _DAMAGE:
        raise opening.refused(what, repair) from None
    except OSError as problem:
        # Places that are before the beginning of the file, and bad gzip, are errors without a number or of this one.
        if problem.errno not in (None, errno.EINVAL):
            raise
        raise opening.refused(what, repair) from None


def gunzip(path: Path, opening: Opening) -> Path:
    """What a gzip file holds, which may be several members one after the other. ExportInvalid if it is damaged."""
    damaged = refusing_damage(
        "This gzip file is damaged, or was cut off.", "Download it again, or unpack it yourself.", opening
    )
    with damaged, gzip.open(path) as packed:
        return opening.copy(cast(BinaryIO, packed), path.stat().st_size)


def unzip(path: Path, opening: Opening) -> list[tuple[Path, Opening]]:
    """The files in a zip archive, unpacked into the scratch folder under other names, in the order of their names.

    Errors: ExportInvalid for a damaged or encrypted archive, for links, for names that lead out of it.
    """
    damaged = refusing_damage("This archive is damaged, or was cut off.", "Download it again.", opening)
    with damaged, zipfile.ZipFile(path) as archive:
        infos = checked_members(archive, opening)
        return [_unpacked(archive, info, path, opening) for info in infos if not _is_noise(info.filename)]


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, opening: Opening) -> tuple[Path, Opening]:
    inner = replace(opening, member=f"{opening.member}/{info.filename}".lstrip("/"))
    with archive.open(info) as packed:
        return inner.copy(cast(BinaryIO, packed), packed_size(info, path)), inner


def packed_size(info: zipfile.ZipInfo, path: Path) -> int:
    """How many bytes of the archive a file in it takes. The archive may say more than there is."""
    return min(info.compress_size, path.stat().st_size)


def checked_members(archive: zipfile.ZipFile, opening: Opening) -> list[zipfile.ZipInfo]:
    """The files in an archive, by name. ExportInvalid for anything that no export needs and an attack might."""
    infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
    if len(infos) > MOST_MEMBERS:
        raise opening.refused(
            f"This archive holds {len(infos)} files; the most that are looked at are {MOST_MEMBERS}.",
            "Pack the tables alone, without pictures and other attachments.",
        )
    names = [_plain(info.filename).casefold() for info in infos]
    if len(set(names)) < len(names):
        raise opening.refused("This archive holds two files of the same name.", "Pack it again.")
    for info in infos:
        _check_member(info, opening)
    return infos


def _plain(name: str) -> str:
    return name.replace("\\", "/")


def _check_member(info: zipfile.ZipInfo, opening: Opening) -> None:
    if info.flag_bits & 1:
        raise opening.refused(
            "This archive is password-protected.",
            "Unpack it with its password, and name the unpacked file in wave.toml.",
        )
    path = PurePosixPath(_plain(info.filename))
    if path.is_absolute() or ".." in path.parts or ":" in info.filename or not path.parts:
        raise opening.refused(
            "A file in this archive has a name that leads out of the archive.",
            "Unpack it by hand and look at it first.",
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise opening.refused(
            "This archive holds a link to another file, or a device.", "Pack the file itself instead of the link."
        )


def _is_noise(name: str) -> bool:
    """Whether a file was put there by a file manager, or by Excel while the workbook was open."""
    last = PurePosixPath(_plain(name)).name.casefold()
    return name.casefold().startswith(_NOISE) or last in _NOISE or last.startswith(("~$", "._", ".~lock."))
