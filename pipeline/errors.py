"""The error tree. Each kind of mistake has one exit code, and each message says what, where and what to do.

The codes are a contract with people's scripts (README, "Exit codes"). A message may name files, columns, row
numbers and counts; it never holds what a person answered next to where that person can be found.
"""

from __future__ import annotations


class PipelineError(Exception):
    """A mistake that the user can mend: shown as a message, never as a traceback.

    what: one sentence on what is wrong. where: file, key, column or rows. repair: the next step.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", repair: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.repair = repair

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}")
        if self.repair:
            parts.append(f"What to do: {self.repair}")
        return "\n".join(parts)


class UsageError(PipelineError):
    """The command was given a word that it does not know."""

    exit_code = 2


class DeclarationError(PipelineError):
    """A wave file or a questionnaire cannot be loaded as it stands."""

    exit_code = 2


class ExportInvalid(PipelineError):
    """The export fails validation: it must be mended, or the questionnaire must learn what is in it.

    findings: everything that was found, where more than the message was.
    """

    exit_code = 3
    findings: tuple[object, ...] = ()


class NotAnonymised(PipelineError):
    """The export holds columns that could identify a person. Nothing was written."""

    exit_code = 4


class DisclosureBroken(PipelineError):
    """Going on would publish something that the disclosure policy forbids."""

    exit_code = 5


class CannotReadOrWrite(PipelineError):
    """The file system refused: missing file, no permission, disk full."""

    exit_code = 6


class WaveBusy(PipelineError):
    """Another run holds this wave."""

    exit_code = 7


INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it."""

EXIT_CODES = {
    0: "done",
    2: "wrong usage or wave file",
    3: "the export fails validation",
    4: "the export is not anonymised",
    5: "a disclosure rule would be broken",
    6: "cannot read or write",
    7: "another run holds the wave",
    INTERRUPTED: "interrupted",
    1: "a fault of ours",
}
"""What each code says, in a few words."""
