"""Where a document comes from: the last page of it."""

from __future__ import annotations

from typing import Any

from pipeline.manifest import Provenance
from pipeline.report.edition import Edition


def provenance(edition: Edition, source: Provenance) -> dict[str, Any]:
    """Each input with its hash, and the rows received and analysed."""
    text = edition.text
    rows = edition.ledger
    lines = [
        *((text.say("report.provenance_export", file=name), value) for name, value in source.exports.items()),
        *((text.say("report.provenance_form", file=name), value) for name, value in source.form.items()),
        (text.say("report.provenance_wave"), source.wave_file),
        *((text.say("report.provenance_questionnaire", id=k), value) for k, value in source.questionnaire.items()),
        *((text.say("report.provenance_earlier", wave=name), value) for name, value in source.earlier_wave.items()),
        (text.say("report.provenance_code", version=source.code_version), source.code),
        (text.say("report.provenance_lock"), source.lock),
        (text.say("report.provenance_policy"), edition.released.policy.name),
        (
            text.say("report.provenance_received"),
            f"{text.count(rows['received'])} / {text.count(rows['analysed'])}",
        ),
    ]
    intro = text.say(
        "report.provenance_intro",
        claims=edition.file_name_in_language("claims.json"),
        tables=text.say("report.provenance_tables"),
    )
    return {"intro": intro, "lines": [list(line) for line in lines]}
