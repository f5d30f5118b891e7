"""Which columns the exports of two waves have, by their headers alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.differing.lines import Comparable, Line, Pair, Topic, Two, alone, each, listing, one_sided
from pipeline.errors import ExportInvalid
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.folding import fold
from pipeline.ingest.form import Form
from pipeline.ingest.layout import Layout, lay_out
from pipeline.ingest.sources import data_sheet, open_source
from pipeline.onboarding.look import lenient
from pipeline.questionnaire import KeyColumn
from pipeline.wave import Export, Wave

_MEGABYTE = 1_000_000


def exports(pair: Pair, forms: Two[Form | None], scratch: Path) -> Iterator[Line]:
    """Columns that only one wave's exports have. scratch: an empty folder that only we can read.

    An export that cannot be laid out is named, and its columns are not compared.
    """
    layouts: Two[list[Layout]] = [], []
    for place, (wave, form) in enumerate(zip(pair.waves, forms, strict=True)):
        codebook = Codebook(lenient(wave.questionnaire), form)
        for export in wave.file.exports:
            try:
                layouts[place].append(_layout(wave, export, codebook, scratch))
            except ExportInvalid:
                consequence = f"Its columns cannot be told. What is wrong with it: make check-wave WAVE={wave.name}"
                yield Line(Topic.EXPORT, "unreadable", alone(place, export.file), Comparable.CHECK, consequence)
    if all(layouts):
        yield from _ours(pair, layouts)
        yield from _others(pair, layouts)


def _layout(wave: Wave, export: Export, codebook: Codebook, scratch: Path) -> Layout:
    limit = wave.file.max_unpacked_mb * _MEGABYTE
    source = open_source(wave.folder / export.file, scratch, codebook.knows, limit)
    sheet, _ = data_sheet(source, codebook.knows, export.sheet)
    return lay_out(sheet, codebook, export.dates)


def _ours(pair: Pair, layouts: Two[list[Layout]]) -> Iterator[Line]:
    """Questions that both questionnaires know, and of which not both waves have a column."""
    base, wave = pair.questionnaires
    for name in base.columns:
        if name in wave.columns:
            states = _state(name, layouts[0]), _state(name, layouts[1])
            if states[0] != states[1]:
                verdict = Comparable.CHECK, "Where no column is, everyone in the file counts as not asked."
                if isinstance(base.columns[name], KeyColumn):
                    verdict = Comparable.YES, "The platform's own column: it helps to find duplicates and edits."
                yield Line(Topic.EXPORT, name, states, *verdict)


def _state(name: str, layouts: Sequence[Layout]) -> str:
    there = [name in layout.columns or any(of == name for of, _ in layout.children) for layout in layouts]
    return "in every file" if all(there) else "in some files" if any(there) else "in no file"


def _others(pair: Pair, layouts: Two[list[Layout]]) -> Iterator[Line]:
    """Columns that nothing here needs, which only one wave has: often a question that is asked under a new name."""
    headers = each(lambda of_wave: {fold(header): header for layout in of_wave for header in layout.unknown}, layouts)
    for place, keys in enumerate(one_sided(*headers)):
        if keys:
            text = listing(headers[place][key] for key in keys)
            sides, name = alone(place, text), pair.waves[place].name
            consequence = "The questionnaire does not know these columns. Is a question among them, under a new name?"
            yield Line(Topic.EXPORT, f"unknown columns, only in {name}", sides, Comparable.CHECK, consequence)
