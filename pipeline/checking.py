"""`check-wave`: what is noticed about an export, for the analyst, without computing any result.

What was found goes to `data/processed/check-wave/<wave>/`: the findings, the lineage, the ledger, and the quality of
the fieldwork, as a page and with every row of its review queues. An export that is refused leaves a page of findings,
one that is not anonymised nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.places import Places, check_name
from pipeline.publish import lock, mend, prepare, publish, scratch, writing
from pipeline.refusal import told_on_a_page, write_findings
from pipeline.run import Asked, Progress, open_engine

if TYPE_CHECKING:
    from pipeline.ingest.stage import Ingested
    from pipeline.quality.results import Quality
    from pipeline.wave import Wave

PAGE = "quality.html"


@dataclass(frozen=True)
class Checked:
    """What a check has found, and the page that it wrote."""

    ingested: Ingested
    quality: Quality
    page: Path


def check_wave(asked: Asked, places: Places, progress: Progress) -> Checked:
    """Validates a wave and measures the quality of its fieldwork. No result of it is computed.

    Errors: every `PipelineError`; after ExportInvalid a page of findings is there, after NotAnonymised nothing is.
    """
    from pipeline.wave import load_wave

    check_name(asked.wave)
    wave = load_wave(places.raw, asked.wave)
    target = places.checked(asked.wave)
    with lock(places.processed(asked.wave)), told_on_a_page(wave, places):
        (folder,) = prepare(target)
        try:
            with scratch(target) as private, open_engine(asked.engine, private) as engine, writing(target):
                with progress.stage("read and check"):
                    from pipeline.ingest.stage import ingest

                    ingested = ingest(wave, engine, private, with_keys=True)
                with progress.stage("quality of the fieldwork"):
                    from pipeline.quality.measure import measure_quality

                    quality = measure_quality(ingested.received, wave, engine)
                    _write(folder, ingested, quality, wave)
            publish(target)
        finally:
            mend(target)
    return Checked(ingested, quality, target / PAGE)


def _write(folder: Path, ingested: Ingested, quality: Quality, wave: Wave) -> None:
    from pipeline.quality.page import quality_page
    from pipeline.tables import QUEUES, conform, write_csv

    write_findings(folder, ingested.findings)
    write_csv(ingested.ledger, folder / "ledger.csv")
    write_csv(ingested.lineage, folder / "lineage.csv")
    write_csv(conform(quality.rows, QUEUES), folder / "queues.csv")
    text = quality_page(quality, ingested.findings, ingested.ledger, wave)
    (folder / PAGE).write_text(text, encoding="utf-8", newline="\n")
