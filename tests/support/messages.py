"""What every message to a user must have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.errors import PipelineError


def refusal(kind: type[PipelineError], exit_code: int, run: Callable[[], object]) -> PipelineError:
    """The error that this raises. It has its exit code, and says what is wrong, where, and what to do."""
    with pytest.raises(kind) as caught:
        run()
    error = caught.value
    assert type(error) is kind
    assert error.exit_code == exit_code
    assert error.what
    assert error.repair
    assert f"What to do: {error.repair}" in str(error)
    assert error.where == "" or f"Where: {error.where}" in str(error)
    assert error.__cause__ is None, "a cause may quote a record of the file"
    assert error.__suppress_context__ or error.__context__ is None, "a traceback would show what was caught"
    return error
