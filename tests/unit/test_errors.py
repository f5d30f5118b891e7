"""The exit codes are a contract with people's scripts."""

from __future__ import annotations

import pytest

from pipeline import errors

EXIT_CODES = {
    "UsageError": 2,
    "DeclarationError": 2,
    "ExportInvalid": 3,
    "NotAnonymised": 4,
    "DisclosureBroken": 5,
    "CannotReadOrWrite": 6,
    "WaveBusy": 7,
}


@pytest.mark.parametrize("name", EXIT_CODES)
def test_exit_code(name: str) -> None:
    assert getattr(errors, name).exit_code == EXIT_CODES[name]


def test_every_error_has_its_code_here() -> None:
    assert {error.__name__ for error in errors.PipelineError.__subclasses__()} == set(EXIT_CODES)
    assert errors.INTERRUPTED == 130


def test_a_message_says_what_where_and_what_to_do() -> None:
    error = errors.UsageError("There is no engine.", where="ENGINE", repair="Use duckdb.")
    assert str(error) == "There is no engine.\nWhere: ENGINE\nWhat to do: Use duckdb."
    assert str(errors.UsageError("Stopped.")) == "Stopped."
