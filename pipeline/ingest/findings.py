"""A finding: one result of validation, made to be read by the analyst who has to mend something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.errors import ExportInvalid

if TYPE_CHECKING:
    import pandas as pd

ROWS_LISTED = 1000
"""Row numbers listed in `findings.csv` at the most; the count is always whole."""


class Severity(StrEnum):
    """Whether a finding stops the run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One result of validation. `row_numbers` are those of the file; the message never holds a person's answer."""

    severity: Severity
    check: str
    message: str
    repair: str = ""
    file: str = ""
    column: str = ""
    rows: int = 0
    row_numbers: tuple[int, ...] = field(default=())

    def record(self) -> dict[str, object]:
        """The finding as a row of the findings table."""
        return {**asdict(self), "severity": str(self.severity), "row_numbers": listed(self.row_numbers)}


def listed(rows: Iterable[int], most: int = ROWS_LISTED) -> str:
    """Row numbers as text: `3, 17, 21`, and how many more there are."""
    ordered = sorted(rows)
    text = ", ".join(str(row) for row in ordered[:most])
    return f"{text} and {len(ordered) - most} more" if len(ordered) > most else text


def as_frame(findings: list[Finding]) -> pd.DataFrame:
    """The findings table."""
    import pandas as pd

    from pipeline.tables import FINDINGS, conform

    return conform(pd.DataFrame([finding.record() for finding in findings], columns=FINDINGS.names), FINDINGS)


def stop_on_errors(findings: list[Finding]) -> None:
    """ExportInvalid that lists every error found, if there is one, and carries all findings."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not errors:
        return
    count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
    problem = ExportInvalid(
        f"The export cannot be used as it is: {count}.\n" + "\n".join(_described(finding) for finding in errors),
        repair="Mend what is listed above, then run the command again. Nothing was changed.",
    )
    problem.findings = tuple(findings)
    raise problem


def findings_in(problem: ExportInvalid) -> list[Finding]:
    """What a refusal has found; the refusal itself where it found nothing else."""
    carried = [finding for finding in problem.findings if isinstance(finding, Finding)]
    return carried or [Finding(Severity.ERROR, "unreadable_export", problem.what, problem.repair, file=problem.where)]


def _described(finding: Finding) -> str:
    place = ", ".join(part for part in (finding.file, finding.column and f'column "{finding.column}"') if part)
    rows = f" (rows {listed(finding.row_numbers, 10)})" if finding.row_numbers else ""
    line = f"  - {place}: {finding.message}{rows}" if place else f"  - {finding.message}{rows}"
    return f"{line}\n    {finding.repair}" if finding.repair else line
