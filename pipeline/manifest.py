"""Where every number comes from: hashes of inputs, code and outputs.

Two manifests. `data/processed/<wave>/manifest.json` says everything and stays with the analyst. The released
`reports/<wave>/manifest.json` leaves out the exact tables: the hash of a small table confirms a guess at what is
withheld in it. Neither holds a time: the same inputs give the same bytes on any day.

Only the standard library is imported here, so that a run with nothing to do is over at once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.inputs import files_of, hashes_at, is_remote

MANIFEST = "manifest.json"
_PACKAGE = Path(__file__).parent
QUESTIONNAIRES = _PACKAGE / "questionnaires"
LOCK = _PACKAGE.parent / "requirements.lock"
_NOT_SOURCE = {"__pycache__"}
_READ_AT_ONCE = 1 << 22
"""Bytes. Other work goes on beside hashing, and each piece has to wait for its turn."""


@dataclass(frozen=True)
class Provenance:
    """What a run was made from. Each value is a SHA-256 in hex, but for the names and the version.

    exports, form, cleaning: file name → hash; of a folder, each part. questionnaire: each file that the instrument is
    made from → hash, by its place in `questionnaires/` without the ending. settings: what was asked for on the command
    line. earlier_wave: name of a wave that this one is set beside → hash of its release's manifest.
    """

    wave: str
    exports: dict[str, str]
    form: dict[str, str]
    cleaning: dict[str, str]
    wave_file: str
    questionnaire: dict[str, str]
    code_version: str
    code: str
    lock: str
    settings: dict[str, str] = field(default_factory=dict)
    earlier_wave: dict[str, str] = field(default_factory=dict)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    whole, buffer = hashlib.sha256(), bytearray(min(_READ_AT_ONCE, path.stat().st_size + 1))
    with path.open("rb", buffering=0) as file, memoryview(buffer) as view:
        while size := file.readinto(buffer):
            whole.update(view[:size])
    return whole.hexdigest()


def provenance(
    folder: Path,
    *,
    exports: list[str],
    form: str | None,
    cleaning: list[str],
    questionnaire: list[Path],
    settings: dict[str, str],
    earlier_wave: dict[str, Path],
) -> Provenance:
    """The provenance of a run over the files in a wave's folder. OSError if one of them cannot be read.

    earlier_wave: name of the wave that it is set beside, if there is one → its release's manifest.
    """
    return Provenance(
        wave=folder.name,
        exports={label: hashed for name in exports for label, hashed in _hashes_of_export(folder, name).items()},
        form={form: sha256(folder / form)} if form else {},
        cleaning={name: sha256(folder / name) for name in cleaning},
        wave_file=sha256(folder / "wave.toml"),
        questionnaire={
            path.relative_to(QUESTIONNAIRES).with_suffix("").as_posix(): sha256(path) for path in questionnaire
        },
        code_version=__version__,
        code=code_fingerprint(),
        lock=lock_fingerprint(),
        settings=settings,
        earlier_wave={name: sha256(path) for name, path in earlier_wave.items()},
    )


def _hashes_of_export(folder: Path, name: str) -> dict[str, str]:
    """The hash of a file, of each part in a folder, or one over all that lies at an address, which is read again."""
    if not is_remote(name):
        return {label: sha256(path) for label, path in files_of(folder, name).items()}
    hashed = hashes_at(name)
    if len(hashed) == 1:
        return {name: next(iter(hashed.values()))}
    return {name: hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()}


def code_fingerprint() -> str:
    """One hash over the package: names and contents of its source files, catalogues, templates and questionnaires."""
    files = [path for path in sorted(_PACKAGE.rglob("*")) if path.is_file() and not _NOT_SOURCE & set(path.parts)]
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(_PACKAGE).as_posix()} {sha256(path)}\n".encode())
    return whole.hexdigest()


def lock_fingerprint() -> str:
    """The hash of the locked dependencies; empty where the package runs without its repository."""
    return sha256(LOCK) if LOCK.is_file() else ""


def hashes(folder: Path) -> dict[str, str]:
    """Every file below a folder but the manifest itself: relative name → SHA-256."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files if path != folder / MANIFEST}


def write(folder: Path, content: dict[str, Any], name: str = MANIFEST) -> None:
    """Writes a manifest as the last file of a folder."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, or an empty one where there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def released_manifest(source: Provenance, told: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What a reader may know: export, declarations, code, lock, and released files. told: status, policy, and so on."""
    return {"provenance": asdict(source), **told, "files": hashes(folder)}


def processed_manifest(
    source: Provenance,
    *,
    stage: str,
    engine: str,
    rows: dict[str, int],
    cleaning: dict[str, int],
    versions: dict[str, str],
    audit: str,
    copied_to: str,
    processed: Path,
    released: Path,
) -> dict[str, Any]:
    """What an analyst may know: all of it, with the rows of every stage and the cleaning log's entries by type.

    copied_to: the address that gets a copy of what is processed, or nothing.
    """
    return {
        "provenance": asdict(source),
        "stage": stage,
        "engine": engine,
        "rows": rows,
        "cleaning": cleaning,
        "versions": versions,
        "audit": audit,
        "copied_to": copied_to,
        "processed": hashes(processed),
        "released": hashes(released) if released.is_dir() else {},
    }


@dataclass(frozen=True)
class Difference:
    """How a folder differs from its manifest."""

    missing: list[str]
    changed: list[str]
    extra: list[str]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.missing or self.changed or self.extra)


def difference(folder: Path, recorded: dict[str, str]) -> Difference:
    """Files that are missing, changed or not recorded."""
    there = hashes(folder) if folder.is_dir() else {}
    return Difference(
        missing=sorted(set(recorded) - set(there)),
        changed=sorted(name for name in recorded if name in there and there[name] != recorded[name]),
        extra=sorted(set(there) - set(recorded)),
    )
