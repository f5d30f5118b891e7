"""Writes a release: tables with what describes them, claims, report, workbook.

Takes an edition, which holds only what was released.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.disclose.released import Rows
from pipeline.manifest import Provenance
from pipeline.report import brief, pages, short
from pipeline.report.claims import Claim, claims
from pipeline.report.edition import Edition
from pipeline.report.figures import names
from pipeline.report.package import PACKAGE, described, package, released_tables
from pipeline.report.typesetting import typeset
from pipeline.report.workbook import WORKBOOK, workbook


def write_tables(edition: Edition, source: Provenance, folder: Path) -> None:
    """The released tables as CSV, what their columns and words mean, and the data package that describes them all."""
    released = edition.released
    for table in released_tables(edition):
        rows: Rows = getattr(released, table.name)
        _write_rows(folder / edition.file_name(f"{table.name}.csv"), rows.columns, rows.values)
    for table, values in described(edition).items():
        _write_rows(folder / edition.file_name(f"{table.name}.csv"), table.names, values)
    text = json.dumps(package(edition, source, folder), indent=1, ensure_ascii=False)
    (folder / edition.file_name(PACKAGE)).write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_rows(path: Path, columns: Sequence[str], values: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(values)


def write_readme(edition: Edition, folder: Path) -> None:
    """What the release is, of which status, and how to read it: a table that is passed on alone says none of it."""
    paragraphs = edition.text.paragraphs(
        "readme.lines",
        wave=edition.wave.name,
        title=edition.wave.file.title_in(edition.text.locale),
        stamps=". ".join(edition.stamps),
        policy=edition.released.policy.name,
        rounding=edition.released.policy.rounding,
    )
    path = folder / edition.file_name_in_language("README.md")
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8", newline="\n")


def write_claims(edition: Edition, folder: Path) -> None:
    """The headline claims, each with its sentence, number, base and rows; and those left out, with the reason."""
    content = {
        "wave": edition.wave.name,
        "status": edition.stamps,
        "indicator_set": edition.wave.questionnaire.indicator_set,
        "claims": [_record(claim) for claim in claims(edition)],
    }
    path = folder / edition.file_name_in_language("claims.json")
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def write_report(edition: Edition, source: Provenance, folder: Path) -> None:
    """The report, the short report and the brief as PDF. The figures must be in the folder already."""
    told = claims(edition)
    documents = {
        "report": (pages.content(edition, told, source), names(edition)),
        "short": (short.content(edition, told, source), short.FIGURES),
        "brief": (brief.content(edition, told), brief.FIGURES),
    }
    for name, (content, figures) in documents.items():
        pdf = typeset(name, content, edition, folder / "figures", figures)
        (folder / edition.file_name_in_language(f"{name}.pdf")).write_bytes(pdf)


def write_workbook(edition: Edition, source: Provenance, folder: Path) -> None:
    """The tables of the report as a workbook, with all estimates."""
    (folder / edition.file_name_in_language(WORKBOOK)).write_bytes(workbook(edition, source))


def _record(claim: Claim) -> dict[str, object]:
    return {key: value for key, value in asdict(claim).items() if value not in ("", None, (), {})}
