"""`new-wave`: from the files that an analyst was given to the folder of a wave. Files are copied, never moved."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.declared import nearest
from pipeline.engine import Engine
from pipeline.errors import CannotReadOrWrite, ExportInvalid, UsageError
from pipeline.ingest.findings import Finding
from pipeline.ingest.stage import ingest
from pipeline.onboarding.gaps import gaps_of
from pipeline.onboarding.gather import gather
from pipeline.onboarding.look import Looked, lenient
from pipeline.onboarding.opened import open_all
from pipeline.onboarding.proposal import Proposal
from pipeline.onboarding.recognise import Fit, decide, fits
from pipeline.onboarding.wavefile import wave_text
from pipeline.onboarding.words import without_wave_file
from pipeline.publish import beside, mend, prepare, publish, writing
from pipeline.vocabulary import Rule
from pipeline.wave import (
    WAVE_FILE,
    AllowedColumn,
    Export,
    Period,
    Wave,
    WaveFile,
    known_questionnaires,
    load_questionnaire,
)

_ANY_DAY = Period(from_=date.min, to=date.max)
"""Fieldwork that takes nobody out. What it was is asked of the analyst, and never taken from the data."""


@dataclass(frozen=True)
class _Given:
    """What the analyst gave. See `new_wave`."""

    source: Path
    questionnaire: str | None
    sheet: str | None
    allowed: tuple[AllowedColumn, ...]


def new_wave(
    raw: Path,
    name: str,
    source: Path,
    *,
    scratch: Path,
    engine: Engine,
    questionnaire: str | None = None,
    sheet: str | None = None,
    allowed: Sequence[AllowedColumn] = (),
) -> Proposal:
    """Makes the folder of a wave under `raw`, with copies of what was given and a wave file to be filled in.

    source: an export, a folder, or an archive. scratch: an empty folder that only we can read. sheet: which sheet of a
    workbook holds the interviews, if several could. allowed: columns that are let past the anonymity gate.

    Errors: every `PipelineError`, among them NotAnonymised; after any of them nothing was copied.
    """
    target = raw / name
    _check_words(target, questionnaire)
    with without_wave_file():
        given = _Given(source, questionnaire, sheet, tuple(allowed))
        proposal, folder = _proposed(target, given, scratch, engine)
    _write(proposal, folder)
    return proposal


def _proposed(target: Path, given: _Given, scratch: Path, engine: Engine) -> tuple[Proposal, Path]:
    """The wave that is to be made, and the folder in which its files are now."""
    name = target.name
    instruments = {known: load_questionnaire(known) for known in known_questionnaires()}
    indulgent = {known: lenient(q) for known, q in instruments.items()}
    gathered = gather(given.source, scratch)
    opened = open_all(gathered, indulgent, given.sheet, scratch)
    ranked = fits(instruments, opened.codebooks, opened.sheets, engine, scratch, asked_for=given.questionnaire)
    fit = decide(ranked, given.questionnaire)
    wave = _provisional(name, fit, gathered.folder, opened.form, given)
    findings, duplicates = _checked(wave, engine, scratch)
    proposal = Proposal(
        name=name,
        folder=target,
        made_on=wave.file.analysed_on,
        fit=fit,
        ranked=tuple(ranked),
        asked_for=given.questionnaire is not None,
        gaps=gaps_of([one.layout for one in fit.looked], fit.questionnaire),
        findings=tuple(findings),
        duplicates=duplicates,
        form=opened.form,
        logs=gathered.logs,
        sheet=given.sheet,
        allowed=given.allowed,
        left=opened.left,
        encodings=opened.encodings,
        is_synthetic=gathered.is_synthetic,
    )
    return proposal, gathered.folder


def _check_words(target: Path, questionnaire: str | None) -> None:
    if target.exists():
        raise CannotReadOrWrite(
            "There is a wave of this name, or a folder that is called so. It is never written over.",
            where=str(target),
            repair="Use another name; or, if it holds files that you put there yourself, move the folder to another "
            "place and give that place as FROM.",
        )
    known = known_questionnaires()
    if questionnaire is not None and questionnaire not in known:
        raise UsageError(
            f'There is no questionnaire "{questionnaire}".{nearest(questionnaire, known)}',
            where="QUESTIONNAIRE",
            repair=f"Use one of: {', '.join(known)}; or leave it out, and it is recognised from the export.",
        )


def _provisional(name: str, fit: Fit, folder: Path, form: str | None, given: _Given) -> Wave:
    """The wave as far as it is known, where its files are now: to be checked just as `check-wave` will."""
    file = WaveFile(
        wave=name,
        title=name,
        questionnaire=fit.name,
        synthetic=False,
        status="draft",
        analysed_on=date.today(),
        form=form,
        exports=tuple(_export(one, given.sheet) for one in fit.looked),
        allowed_columns=given.allowed,
    )
    return Wave(file=file, questionnaire=lenient(fit.questionnaire), folder=folder)


def _export(one: Looked, sheet: str | None) -> Export:
    return Export(
        file=one.layout.file,
        fieldwork=_ANY_DAY,
        sheet=one.layout.sheet.name if sheet and one.layout.sheet.name else None,
        dates=one.dates.order or "day/month/year",
    )


def _checked(wave: Wave, engine: Engine, scratch: Path) -> tuple[list[Finding], int]:
    """What ingest finds, and how many rows are duplicates, as far as it got.

    NotAnonymised if the gate refuses; ExportInvalid if the exports cannot be read at all.
    """
    apart = scratch / "checked"
    with writing():
        apart.mkdir()
    try:
        ingested = ingest(wave, engine, apart)
    except ExportInvalid as problem:
        # It has looked at everything and tells what is to be mended: the analyst can do that in the wave's folder.
        found = [finding for finding in problem.findings if isinstance(finding, Finding)]
        if not found:
            raise
        return found, 0
    rows = dict(zip(ingested.ledger["rule"], ingested.ledger["rows"], strict=True))
    return ingested.findings, int(rows[str(Rule.DUPLICATE)])


def _write(proposal: Proposal, given: Path) -> None:
    """The folder is written beside its place and takes it when it is whole."""
    target = proposal.folder
    prepare(target)
    try:
        new, _ = beside(target)
        with writing():
            for name in proposal.files:
                shutil.copyfile(given / name, new / name)
            (new / WAVE_FILE).write_text(wave_text(proposal), encoding="utf-8", newline="\n")
        publish(target)
    finally:
        mend(target)
