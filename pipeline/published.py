"""Releases: whether one is as it was made, and those that were published, kept for the audit of later ones."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import manifest
from pipeline.errors import CannotReadOrWrite, ExportInvalid, UsageError
from pipeline.places import TREND, Places, check_name
from pipeline.publish import lock, prepare, publish, reading, writing
from pipeline.tables import ESTIMATES
from pipeline.vocabulary import ALL

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.disclose.audit.earlier import Earlier
    from pipeline.tables import Table


@dataclass(frozen=True)
class Release:
    """A release as it was made. told: its manifest. kept: whether it is the copy of a published one, tables only."""

    wave: str
    folder: Path
    told: dict[str, Any]
    kept: bool


def released_waves(places: Places) -> list[str]:
    """The waves that have a release, or a copy of a published one, by name."""
    folders = [*places.reports("_").parent.glob("*"), *places.published("_").parent.glob("*/[0-9]*")]
    found = (folder.name if folder.parent.name == "reports" else folder.parent.name for folder in folders)
    return sorted({name for name, folder in zip(found, folders, strict=True) if _is_a_release(name, folder)})


def _is_a_release(name: str, folder: Path) -> bool:
    try:
        check_name(name)
    except UsageError:
        return False
    return any((folder / file).is_file() for file in (manifest.MANIFEST, f"{ESTIMATES.name}.csv"))


def release_of(wave: str, places: Places) -> Release:
    """The release of a wave, or the last one that was published if there is no other. It is as it was made.

    Errors: CannotReadOrWrite if there is none, ExportInvalid if it is not what its manifest says.
    """
    release = _where(wave, places)
    return replace(release, told=_verified(release, places))


def manifest_of(wave: str, places: Places) -> Path:
    """Where the manifest of that release is, if there is one."""
    return _where(wave, places).folder / manifest.MANIFEST


def _where(wave: str, places: Places) -> Release:
    check_name(wave)
    folder, kept = places.reports(wave), releases(wave, places)
    is_kept = bool(kept) and not _is_a_release(wave, folder)
    return Release(wave, kept[-1] if is_kept else folder, {}, is_kept)


def verify(wave: str, places: Places) -> int:
    """How many files the release of a wave has, or the trend over several. Errors: as `release_of`."""
    if wave == TREND:
        return len(_verified_trend(places.trend))
    check_name(wave)
    return len(_verified(Release(wave, places.reports(wave), {}, kept=False), places)["files"])


def _verified_trend(folder: Path) -> dict[str, str]:
    files = manifest.read(folder).get("files")
    if not isinstance(files, dict):
        raise CannotReadOrWrite(
            "There is no trend to verify.", where=str(folder / manifest.MANIFEST), repair="Run `make trend` first."
        )
    _check_unchanged(folder, files, "trend")
    return files


def _verified(release: Release, places: Places) -> dict[str, Any]:
    """The manifest of a release whose files are all as it says."""
    wave, folder = release.wave, release.folder
    recorded = manifest.read(folder)
    files = recorded.get("files")
    if not isinstance(files, dict):
        if places.internal(wave).is_dir():
            raise CannotReadOrWrite(
                f"{wave} is internal, not for release: there is no release to verify.",
                where=str(folder),
                repair='For a release take policy = "internal" out of wave.toml, then run `make report`.',
            )
        raise CannotReadOrWrite(
            f"There is no release of {wave}.", where=str(folder / manifest.MANIFEST), repair="Run `make report` first."
        )
    tables = {name: value for name, value in files.items() if "/" not in name and name.endswith(".csv")}
    _check_unchanged(folder, tables if release.kept else files, "report")
    return recorded


def _check_unchanged(folder: Path, files: dict[str, str], verb: str) -> None:
    """ExportInvalid, with every file that is not as it was made. verb: what makes them anew."""
    with reading():
        found = manifest.difference(folder, files)
    if found:
        kinds = {"missing": found.missing, "changed": found.changed, "not in the manifest": found.extra}
        lines = [f"  - {name}: {kind}" for kind, names in kinds.items() for name in names]
        raise ExportInvalid(
            "The release is not what its manifest says:\n" + "\n".join(lines),
            where=str(folder),
            repair=f"Delete the folder and run `make {verb}` again, or get an unchanged copy.",
        )


def keep(wave: str, places: Places) -> Path:
    """Keeps the released tables of a wave and their manifest. UsageError if there is no release, or it is kept already.

    Returns the folder.
    """
    check_name(wave)
    # A run that replaces the release meanwhile would leave a mixture of two.
    with lock(places.processed(wave)):
        return _keep(wave, places)


def _keep(wave: str, places: Places) -> Path:
    reports = places.reports(wave)
    told = manifest.read(reports)
    if not told.get("policy", {}).get("audited"):
        raise UsageError(
            "There is no audited release of this wave to keep.", where=f"{reports}/", repair=f"make report WAVE={wave}"
        )
    if manifest.difference(reports, told["files"]):
        raise UsageError(
            "The release is not as it was made.", where=f"{reports}/", repair=f"make verify WAVE={wave} says how."
        )
    kept = releases(wave, places)
    for folder in kept:
        if manifest.read(folder).get("files") == told["files"]:
            raise UsageError("This release is kept already.", where=f"{folder}/", repair="There is nothing to do.")
    folder = places.published(wave) / str(1 + max((int(each.name) for each in kept), default=0))
    (new,) = prepare(folder)
    with writing():
        for path in [*sorted(reports.glob("*.csv")), reports / manifest.MANIFEST]:
            shutil.copy2(path, new / path.name)
    publish(folder)
    return folder


def releases(wave: str, places: Places) -> list[Path]:
    """The folders of releases that are kept whole, in order. Others are what a copy that was stopped has left."""
    return sorted(
        (each for each in places.published(wave).glob("*") if each.name.isdigit()), key=lambda each: int(each.name)
    )


def earlier(wave: str, places: Places) -> list[Earlier]:
    """The releases of a wave that are kept, in order."""
    from pipeline.disclose.audit.earlier import Earlier, policy_then
    from pipeline.tables import ESTIMATED, conform

    found = []
    for folder in releases(wave, places):
        told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
        files = {table: folder / f"{table.name}.csv" for table in ESTIMATED}
        tables = {table.name: conform(_read(path, table), table) for table, path in files.items() if path.is_file()}
        found.append(Earlier(folder.name, policy_then(told["policy"]), told["analysed"], tables))
    return found


def _read(path: Path, table: Table) -> pd.DataFrame:
    import pandas as pd

    texts = {column.name: "str" for column in table.columns if column.type == "text"}
    frame = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values={name: [""] for name in table.names})
    # Releases of version 0.1 told missing answers of whole routes alone.
    frame = frame.assign(**{name: ALL for name in ("group", "level") if name in table.names and name not in frame})
    return frame.assign(**{name: frame[name].fillna("") for name in texts})
