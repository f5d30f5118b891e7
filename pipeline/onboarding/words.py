"""What an analyst says after `new-wave`, because there is no wave file yet to say it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import ExportInvalid, NotAnonymised, UsageError
from pipeline.wave import WAVE_FILE, AllowedColumn

_SAY = f"\nThere is no {WAVE_FILE} yet: say it after new-wave, as {{}}."


def allowed_columns(text: str) -> list[AllowedColumn]:
    """The columns in a text such as `column=reason;another column=another reason`. UsageError for another text."""
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    entries = [(column.strip(), reason.strip()) for column, _, reason in parts]
    try:
        if not all(column for column, _ in entries):
            raise ValueError
        return [AllowedColumn(column=column, reason=reason) for column, reason in entries]
    except ValueError:
        raise UsageError(
            "Each column that is to be let past needs a reason of at least ten characters.",
            where="ALLOW",
            repair='Write it as ALLOW="header of the column=why it tells nothing about a person". Between several '
            "stands a semicolon.",
        ) from None


@contextmanager
def without_wave_file() -> Iterator[None]:
    """Says how to give what a message would have written into a wave file, which is not there yet."""
    try:
        yield
    except NotAnonymised as problem:
        problem.repair += _SAY.format('ALLOW="header of the column=why it tells nothing about a person"')
        raise
    except ExportInvalid as problem:
        if WAVE_FILE in problem.repair:
            problem.repair += _SAY.format('SHEET="name of the sheet", if it is the sheet')
            problem.repair += " For anything else, make the folder by hand (docs/add-a-wave.md)."
        raise
