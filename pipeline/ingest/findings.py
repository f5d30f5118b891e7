"""A finding: one result of validation, made to be read by the analyst who has to mend something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.errors import ExportInvalid

if TYPE_CHECKING:
    import pandas as pd

ROWS_LISTED = 1000
"""Row numbers listed in `findings.csv` at the most; the count is always whole."""


TOLD = 40
"""Findings told one by one in a terminal; the table and the page have all."""

COLUMNS_TOLD = 12


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
    return f"{text} and {len(ordered) - most:,} more" if len(ordered) > most else text


def said_rows(rows: Sequence[int], most: int) -> str:
    """Row numbers after their word: `row 3`, or `rows 3, 17 and 4 more`."""
    return f"row{'s' if len(rows) > 1 else ''} {listed(rows, most)}"


def as_frame(findings: list[Finding]) -> pd.DataFrame:
    """The findings table."""
    import pandas as pd

    from pipeline.tables import FINDINGS, conform

    return conform(pd.DataFrame([finding.record() for finding in findings], columns=FINDINGS.names), FINDINGS)


def alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that differ only in their column, and point to no rows, are told together."""
    together: dict[object, list[Finding]] = {}
    for place, finding in enumerate(findings):
        alone = place if finding.rows or finding.row_numbers else None
        together.setdefault((finding.check, finding.file, finding.message, finding.repair, alone), []).append(finding)
    return list(together.values())


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, as `2 errors, 1 note`; nothing if there are none."""
    numbers = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    return ", ".join(f"{n:,} {severity}{'s' if n != 1 else ''}" for severity, n in numbers.items() if n)


def report(findings: Sequence[Finding]) -> list[str]:
    """Findings as lines of text: where, what was found, the rows. A repair stands once, below those that it mends."""
    lines: list[str] = []
    told = alike(findings)
    for place, group in enumerate(told[:TOLD]):
        lines.append(f"  - {_described(group)}")
        repair = group[0].repair
        if repair and (place + 1 == len(told[:TOLD]) or told[place + 1][0].repair != repair):
            lines.append(f"    {repair}")
    if len(told) > TOLD:
        lines.append(f"  And {len(told) - TOLD:,} more, in findings.csv.")
    return lines


def report_by_severity(findings: Sequence[Finding]) -> list[str]:
    """The same for findings of every severity, the gravest first, below a line that counts them."""
    lines = [f"Validation: {counted(findings)}." if findings else "Validation found nothing."]
    for severity in Severity:
        told = report([finding for finding in findings if finding.severity is severity])
        lines += [f"{str(severity).capitalize()}s:", *told] if told else []
    return lines


def stop_on_errors(findings: list[Finding]) -> None:
    """ExportInvalid that lists every error found, if there is one, and carries all findings."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not errors:
        return
    count = "1 problem" if len(errors) == 1 else f"{len(errors):,} problems"
    problem = ExportInvalid(
        f"The export cannot be used as it is: {count}.\n" + "\n".join(report(errors)),
        repair="Mend what is listed above, then run the command again. Nothing was changed.",
    )
    problem.findings = tuple(findings)
    raise problem


def findings_in(problem: ExportInvalid) -> list[Finding]:
    """What a refusal has found; the refusal itself where it found nothing else."""
    carried = [finding for finding in problem.findings if isinstance(finding, Finding)]
    return carried or [Finding(Severity.ERROR, "unreadable_export", problem.what, problem.repair, file=problem.where)]


def _described(group: Sequence[Finding]) -> str:
    first = group[0]
    place = ", ".join(part for part in (first.file, _columns([f.column for f in group if f.column])) if part)
    rows = f" ({said_rows(first.row_numbers, 10)})" if first.row_numbers else ""
    return f"{place}: {first.message}{rows}" if place else f"{first.message}{rows}"


def _columns(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(f'"{name}"' for name in names[:COLUMNS_TOLD])
    more = f" and {len(names) - COLUMNS_TOLD:,} more" if len(names) > COLUMNS_TOLD else ""
    return f"column{'s' if len(names) > 1 else ''} {shown}{more}"
