"""Each check that lets a run go on has a text for the report, which names it without saying where it was."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator

import pytest

from pipeline.ingest.findings import Severity
from tests.support.whole_run import REPOSITORY

MAKES_A_FINDING = ("Finding", "noticed")
PASSES_ON = {"pipeline/ingest/sources/opening.py"}
"""Where a finding is made with the severity and check that were handed over."""


def severity_of(node: ast.expr) -> str | None:
    """The severity that `Severity.NOTE` or `_NOTE` stands for; None for anything else."""
    name = {ast.Attribute: "attr", ast.Name: "id"}.get(type(node))
    word = str(getattr(node, name)).lstrip("_").lower() if name else ""
    return word if word in set(Severity) else None


def declared_in(source: str) -> tuple[list[tuple[str | None, str]], bool]:
    """(severity, check) of each finding that a module makes, and whether it makes one whose check stands elsewhere.

    A severity that is worked out is None. Then the checks stand in a table: name → (severity, …).
    """
    nodes = list(ast.walk(ast.parse(source)))
    made = [
        node.args[:2]
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MAKES_A_FINDING
    ]
    named = [(severity_of(first), second.value) for first, second in made if isinstance(second, ast.Constant)]
    return [(severity, str(check)) for severity, check in named], len(named) < len(made)


def declared_in_tables(source: str) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple) and severity_of(value.elts[0]):
                    yield severity_of(value.elts[0]), str(key.value)


@pytest.fixture(scope="module")
def checks() -> dict[str, set[str | None]]:
    """Check → its severities, over the whole package."""
    found: dict[str, set[str | None]] = {}
    for path in sorted((REPOSITORY / "pipeline").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        declared, elsewhere = declared_in(source)
        if elsewhere and path.relative_to(REPOSITORY).as_posix() not in PASSES_ON:
            in_tables = list(declared_in_tables(source))
            assert in_tables, f"{path.name} makes findings, and where their checks stand was not found"
            declared += in_tables
        for severity, check in declared:
            found.setdefault(check, set()).add(severity)
    return found


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads((REPOSITORY / "pipeline/report/text/en.toml").read_text(encoding="utf-8"))


def test_the_search_finds_each_way_of_making_a_finding(checks):
    expected = {
        "unknown_answer": {"error"},
        "blank_uuid": {"warning"},
        "file_kind": {"note"},
        "log_old_value": {"error"},
        "log_no_who": {"warning"},
        "not_a_respondent": {None},
    }
    assert {check: checks.get(check) for check in expected} == expected


def test_each_check_that_can_reach_a_report_has_a_text_and_no_other_has(checks, catalogue):
    reach = {check for check, severities in checks.items() if severities != {"error"}}
    assert set(catalogue["check"]) == reach


def test_each_severity_that_can_reach_a_report_has_a_word(catalogue):
    assert set(catalogue["severity"]) == set(Severity) - {Severity.ERROR}


def test_texts_of_checks_are_whole_sentences_without_numbers_or_gaps(catalogue):
    for check, text in catalogue["check"].items():
        assert text.endswith("."), check
        assert not set("{}0123456789") & set(text), check
