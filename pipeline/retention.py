"""What of a wave holds people or exact numbers, and how it is deleted. What was released, and the export, stay."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pipeline import copies, manifest
from pipeline.errors import CannotReadOrWrite
from pipeline.places import Places, check_name
from pipeline.publish import check_deletable, delete, left_over, lock, mend, writing


@dataclass(frozen=True)
class Purged:
    """deleted, left: folders, each with what it holds. copy: the address of a copy that was deleted too, or nothing."""

    deleted: dict[Path, str]
    left: dict[Path, str]
    copy: str = ""


def purge(wave: str, places: Places) -> Purged:
    """Deletes what was processed of a wave: people, exact tables, checks, comparisons with other waves.

    Errors: UsageError, WaveBusy, CannotReadOrWrite.
    """
    check_name(wave)
    there = _that_go(wave, places)
    if not there:
        raise CannotReadOrWrite(
            f"Nothing of {wave} is processed.",
            where=f"{places.processed(wave)}/",
            repair="Check the wave's name. If it is right, there is nothing to delete.",
        )
    with ExitStack() as held, writing():
        for folder in (places.processed(wave), *places.comparisons(wave)):
            held.enter_context(lock(folder))
        # First, for of a release that a stopped run has moved aside there may be no other copy: it comes back.
        mend(places.reports(wave), places.raw / wave)
        left = [folder for folder in there if folder.exists()]
        for folder in left:
            check_deletable(folder)
        address = str(manifest.read(places.processed(wave)).get("copied_to", ""))
        if address:
            # Before the rest: once that is deleted, nothing tells where it is.
            copies.forget(address, wave)
        for folder in left:
            delete(folder)
    stay = {folder: what for folder, what in _that_stay(wave, places).items() if folder.exists()}
    return Purged(there, stay, address)


def _that_go(wave: str, places: Places) -> dict[Path, str]:
    """Folders with people or exact numbers, and what a stopped run left beside them."""
    whole = {
        places.processed(wave): "respondents, exact tables, any internal edition",
        places.checked(wave): "rows to look at, and findings",
        **dict.fromkeys(places.comparisons(wave), "differences from another wave, with exact numbers"),
    }
    # What a stopped run leaves of a release was not audited yet, and of a new wave it is a copy of the export.
    halves = [half for folder in (places.reports(wave), places.raw / wave) for half in left_over(folder)]
    halves = [half for half in halves if half.suffix != ".old"] + [half for each in whole for half in left_over(each)]
    return {folder: what for folder, what in whole.items() if folder.exists()} | dict.fromkeys(halves, _HALF)


_HALF = "what a stopped run has left"


def _that_stay(wave: str, places: Places) -> dict[Path, str]:
    return {
        places.raw / wave: "the export: it holds the answers of every person, until you delete it yourself",
        places.reports(wave): "the release and its manifest",
        places.published(wave): "releases that were published, for the audit of later ones",
        places.public_use(wave): "made-up people for public use, and what was spent on them",
    }
