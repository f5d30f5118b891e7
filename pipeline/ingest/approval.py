"""Records that the survey platform has not approved, where a wave asks for approval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import ibis

from pipeline.declared import nearest
from pipeline.engine import Engine
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.folding import fold
from pipeline.ingest.layout import Layout
from pipeline.wave import WAVE_FILE, Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir

STATUS = "validation_status"

_CALLED = {
    "validation_status_approved": ("Approved", "Approuvé", "Approuvée"),
    "validation_status_not_approved": ("Not approved", "Non approuvé", "Non approuvée"),
    "validation_status_on_hold": ("On hold", "En attente"),
}
"""KoboToolbox's statuses, as exports with XML names have them, and as exports with labels do."""

_STATUS_OF = {fold(text): fold(status) for status, labels in _CALLED.items() for text in (status, *labels)}


def _status(text: str) -> str:
    """A key that is equal for two ways to write one status."""
    return _STATUS_OF.get(fold(text), fold(text))


def is_not_approved(received: ir.Table, wave: Wave, engine: Engine) -> ir.BooleanValue:
    """Whether a record has another status than those that the wave asks for, or none. False if it asks for none."""
    if not wave.file.approved or STATUS not in received.columns:
        return ibis.literal(False)
    asked_for = {_status(text) for text in wave.file.approved}
    approved = [text for text in _statuses(received, engine) if _status(text) in asked_for]
    return ~received[STATUS].isin(approved).fill_null(False) if approved else ibis.literal(True)


def approval_findings(received: ir.Table, wave: Wave, layouts: Iterable[Layout], engine: Engine) -> list[Finding]:
    """Exports without the status that the wave asks for, and statuses asked for that no record has."""
    if not wave.file.approved:
        return []
    without = [layout.file for layout in layouts if STATUS not in layout.columns]
    if without:
        return [_no_column(file) for file in without]
    there = {_status(text) for text in _statuses(received, engine)}
    return [_nowhere(text) for text in wave.file.approved if _status(text) not in there]


def _statuses(received: ir.Table, engine: Engine) -> dict[str, int]:
    return engine.tally(received, [STATUS])[STATUS]


def _no_column(file: str) -> Finding:
    return Finding(
        Severity.ERROR,
        "no_approval",
        "The wave asks for approved records only, and this export does not say which are.",
        f"Export the data with the validation status (_validation_status), or take approved out of {WAVE_FILE}.",
        file=file,
    )


def _nowhere(text: str) -> Finding:
    hint = (
        ""
        if fold(text) in _STATUS_OF
        else nearest(text, [*_CALLED, *(label for ls in _CALLED.values() for label in ls)])
    )
    return Finding(
        Severity.WARNING,
        "approved_nowhere",
        f'No record has the validation status "{text}", which the wave asks for.{hint}',
        f"Check approved in {WAVE_FILE}.",
        file=WAVE_FILE,
    )
