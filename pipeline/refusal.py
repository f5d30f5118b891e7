"""The page about an export that is refused: written when a run or a check stops, taken away once it is mended.

It stands where a check writes its own page, in `data/processed/check-wave/<wave>/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExportInvalid
from pipeline.places import Places
from pipeline.publish import delete, prepare, publish, writing

if TYPE_CHECKING:
    from pipeline.ingest.findings import Finding
    from pipeline.wave import Wave

PAGE = "findings.html"


@contextmanager
def told_on_a_page(wave: Wave, places: Places) -> Iterator[None]:
    """Writes what is wrong with an export on a page for the analyst, and says where, when it stops the run.

    A run that is not stopped takes such a page of an earlier one away.
    """
    try:
        yield
        forget_refusal(wave.name, places)
    except ExportInvalid as problem:
        page = write_refusal(wave, places, problem)
        problem.repair = f"{problem.repair}\nThe same, to print and to sort: {page}"
        raise


def write_refusal(wave: Wave, places: Places, problem: ExportInvalid) -> Path:
    """The page of findings of an export that was refused, and the same as a table. Gives the page's place."""
    from pipeline.ingest.findings import findings_in
    from pipeline.quality.page import findings_page

    target = places.checked(wave.name)
    findings = findings_in(problem)
    (folder,) = prepare(target)
    with writing():
        write_findings(folder, findings)
        text = findings_page(findings, wave)
        (folder / PAGE).write_text(text, encoding="utf-8", newline="\n")
    publish(target)
    return target / PAGE


def is_refused(wave: str, places: Places) -> bool:
    """Whether there is a page of findings of an export that was refused."""
    return (places.checked(wave) / PAGE).exists()


def forget_refusal(wave: str, places: Places) -> None:
    """Takes away the page of findings of an export that was refused and is mended now. The caller holds the wave."""
    if is_refused(wave, places):
        with writing():
            delete(places.checked(wave))


def write_findings(folder: Path, findings: list[Finding]) -> None:
    """Findings as a table, in a folder that is there."""
    from pipeline.ingest.findings import as_frame
    from pipeline.tables import write_csv

    write_csv(as_frame(findings), folder / "findings.csv")
