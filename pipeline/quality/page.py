"""The page of field quality: one HTML file that needs no network and no script. For the analyst; not for release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.ingest.findings import Finding
from pipeline.markup import Child, Markup, Section, bullets, document, joined, tag
from pipeline.quality.page_answers import answers_section, durations_section, methods_section
from pipeline.quality.page_rows import findings_section, ledger_section, queues_section, to_review
from pipeline.quality.page_work import days_section, enumerators_section
from pipeline.quality.results import Quality
from pipeline.quality.style import style_sheet
from pipeline.wave import Wave

if TYPE_CHECKING:
    import pandas as pd

NOT_FOR_RELEASE = "Not for release: this page points to rows of the export."
SYNTHETIC = "This wave is synthetic: its people are made up, and nothing on this page is about anybody."


def quality_page(quality: Quality, findings: Sequence[Finding], ledger: pd.DataFrame, wave: Wave) -> str:
    """The page, as the text of an HTML file. The same input gives the same text."""
    sections = [
        findings_section(findings),
        ledger_section(ledger),
        queues_section(quality),
        days_section(quality),
        enumerators_section(quality),
        durations_section(quality),
        answers_section(quality),
        methods_section(quality),
    ]
    head = [
        tag("h1", f"Field quality of wave {wave.name}"),
        tag("p", wave.file.title, class_="quiet"),
        _stamps(synthetic=wave.file.synthetic),
        _figures(quality),
        to_review(quality),
    ]
    return _document(f"Field quality of wave {wave.name}", head, sections)


def findings_page(findings: Sequence[Finding], wave: Wave) -> str:
    """The page of a wave that failed validation, before anything could be measured."""
    refused = "The export cannot be used as it is, so field quality was not measured. Mend the errors, and run again."
    head = [
        tag("h1", f"Validation of wave {wave.name}"),
        tag("p", wave.file.title, class_="quiet"),
        _stamps(synthetic=wave.file.synthetic),
        tag("p", refused),
    ]
    return _document(f"Validation of wave {wave.name}", head, [findings_section(findings)])


def _stamps(*, synthetic: bool) -> Markup:
    stamps = [SYNTHETIC] if synthetic else []
    return joined([tag("p", tag("strong", stamp), class_="stamp") for stamp in [*stamps, NOT_FOR_RELEASE]])


def _figures(quality: Quality) -> Markup:
    """The four numbers on top."""
    numbers = [
        (quality.received, "rows received"),
        (quality.records, "records, without copies"),
        (quality.interviews, "interviews held"),
        (len(quality.to_review), "review queues with rows"),
    ]
    return tag("ul", [tag("li", tag("b", f"{n:,}"), what) for n, what in numbers], class_="figures")


def _document(title: str, head: Sequence[Child], sections: Sequence[Section]) -> str:
    links = bullets(tag("a", section.title, href=f"#{section.name}") for section in sections)
    contents = tag("nav", links, aria_label="Contents") if len(sections) > 1 else None
    body = [tag("section", tag("h2", s.title, id=s.name), s.content, aria_labelledby=s.name) for s in sections]
    return document(title, style_sheet(), [*head, contents], body, language="en")
