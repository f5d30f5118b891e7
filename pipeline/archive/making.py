"""Making the trend: table, figure, page and manifest take their place together, or not at all."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import __version__, manifest
from pipeline.archive.book import Book
from pipeline.archive.figure import NAME, draw
from pipeline.archive.order import load_rounds
from pipeline.archive.page import page
from pipeline.archive.rows import rows, sources
from pipeline.places import TREND as FOLDER
from pipeline.places import Places
from pipeline.publish import lock, prepare, publish, writing
from pipeline.report.figures.canvas import CANVASES
from pipeline.report.raster import rasterise
from pipeline.report.text import load_text
from pipeline.tables import TREND


@dataclass(frozen=True)
class Wanted:
    """What the user asked for. waves: by name; none for every one that has a release."""

    waves: Sequence[str] = field(default=())
    locale: str = "en"


@dataclass(frozen=True)
class Made:
    """What was made: where it is, and what it tells of."""

    folder: Path
    book: Book
    page: Path


def make_trend(wanted: Wanted, places: Places) -> Made:
    """Makes the trend over waves from their releases. The old one stays until the new one is whole.

    Errors: UsageError for a language that is not there, CannotReadOrWrite without any release, ExportInvalid for one
    that is not as it was made, DeclarationError for a wave file that is another one, DisclosureBroken for a
    release that was not audited, WaveBusy.
    """
    rounds, left_out = load_rounds(wanted.waves, places)
    folder_of = {one.name: one.release.folder.relative_to(places.root).as_posix() for one in rounds}
    newest = max(rounds, key=lambda one: (one.wave.period.to, one.name))
    text = load_text(wanted.locale, newest.wave.questionnaire)
    book = Book(rows(rounds, folder_of), rounds, left_out, text)
    told = f"{NAME}.md" if wanted.locale == "en" else f"{NAME}.{wanted.locale}.md"
    with lock(places.processed(FOLDER)), writing():
        (folder,) = prepare(places.trend)
        _write(book, sources(rounds, folder_of), folder, told)
        publish(places.trend)
    return Made(places.trend, book, places.trend / told)


def _write(book: Book, copied_from: list[dict[str, object]], folder: Path, told: str) -> None:
    with (folder / f"{TREND.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TREND.names)
        writer.writerows(row.record() for row in book.rows)
    for canvas in CANVASES:
        drawing, image = (folder / canvas.file_name(NAME, ending) for ending in ("svg", "png"))
        draw(book, drawing, canvas)
        rasterise(drawing, image, canvas)
        if canvas.is_alone:
            # The drawing of a slide or a square is only a step on the way to its image.
            drawing.unlink()
    (folder / told).write_text(page(book, copied_from), encoding="utf-8", newline="\n")
    content = {
        "status": book.stamps,
        "waves": copied_from,
        "left_out": list(book.left_out),
        "code_version": __version__,
        "code": manifest.code_fingerprint(),
        "lock": manifest.lock_fingerprint(),
        "settings": {"locale": book.text.locale},
        "files": manifest.hashes(folder),
    }
    manifest.write(folder, content)
