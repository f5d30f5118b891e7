"""The methods appendix: every statistic is described, with formula, source and assumptions, and is easy to find."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import pipeline.stats
from pipeline.dictionary import dictionary_text
from pipeline.report.text import load_text
from pipeline.stats.methods import BY_QUESTION, Method, methods, methods_of_diff
from pipeline.wave import load_questionnaire

README = (Path(pipeline.stats.__file__).parent / "README.md").read_text(encoding="utf-8")
STEPS = {
    "risk.individual_risk",
    "two_samples.odds_ratio",
    "two_samples.risk_ratio",
    "two_samples.pearson",
    "two_samples.katz",
}
"""Statistics of no report: for analysts, steps of another one, or what a test holds against R."""


def statistics() -> set[str]:
    """Every public function of `pipeline.stats` whose docstring says what it estimates."""
    found = set()
    for module in pkgutil.iter_modules(pipeline.stats.__path__):
        of = import_module(f"pipeline.stats.{module.name}")
        for name, function in inspect.getmembers(of, inspect.isfunction):
            is_own = function.__module__ == of.__name__ and not name.startswith("_")
            if is_own and "\nEstimates " in f"\n{inspect.getdoc(function)}":
                found.add(f"{module.name}.{name}")
    return found


def named(method: Method) -> str:
    return method.name.removeprefix("stats.")


EVERY = (*methods(beside_earlier=True), *methods_of_diff())


def test_every_statistic_is_in_the_appendix_or_in_the_data_dictionary() -> None:
    assert statistics() - STEPS == {named(method) for method in EVERY}


def test_a_report_of_one_wave_says_nothing_of_comparing_waves() -> None:
    """What is described there is what stands in it."""
    further = set(methods(beside_earlier=True)) - set(methods(beside_earlier=False))
    assert {named(method) for method in further} == {"limits.difference_from_limits"}


def test_the_data_dictionary_says_how_analysts_compare_waves() -> None:
    section = dictionary_text().partition("## wave_contrasts")[2].partition("\n## ")[0]
    assert [method.title for method in methods_of_diff() if method.title not in section] == []


@pytest.mark.parametrize("method", EVERY, ids=named)
def test_each_says_what_it_estimates_its_source_and_what_it_assumes(method: Method) -> None:
    told = " ".join(method.text)
    assert method.text[0].startswith("Estimates ")
    assert re.search(r"Source: [^.]+\(\d{4}\)|Source: .*\d{4}", told)
    assert re.search(r"\bAssumes?\b", told)
    assert not re.search(r"[`]|Parameters|Returns", told)
    assert not re.search(r"[`:.]$", method.title)


@pytest.mark.parametrize("method", EVERY, ids=named)
def test_a_statistician_finds_it_in_the_readme(method: Method) -> None:
    module, _, function = named(method).partition(".")
    row = next(line for line in README.splitlines() if f"`{module}.{function}`" in line or f"`.{function}`" in line)
    assert row.startswith("|")
    assert f"`{module}." in row


def test_every_question_has_a_heading() -> None:
    text = load_text("en", load_questionnaire("fms-2016"))
    assert all(text.has(f"report.methods_{question}") for question in BY_QUESTION)
