"""Printing an unreleased number is a type error, so it cannot be written by mistake."""

from __future__ import annotations

from mypy import api

PROGRAM = """
from pipeline.report.edition import Edition
from pipeline.report.text import Text
from pipeline.stats.estimate import Estimates
from pipeline.wave import Wave

def leak(exact: Estimates, wave: Wave, text: Text) -> Edition:
    return Edition(exact, wave, text)
"""


def test_reports_do_not_take_exact_estimates(tmp_path):
    program = tmp_path / "leak.py"
    program.write_text(PROGRAM)
    output, _, status = api.run([str(program), "--config-file", "pyproject.toml", "--no-error-summary"])
    assert status == 1
    assert 'Argument 1 to "Edition" has incompatible type "Estimates"; expected "Released"' in output
