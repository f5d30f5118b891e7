"""The data dictionary and the glossary, made from the code, so that they cannot say something else than it does.

`files`: every file that is written. `people`: the columns of respondents, by instrument. `documents`: the keys of JSON
files. `declarations`: what people write: wave files, questionnaires, cleaning logs.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pipeline.dictionary.declarations import cleaning_log, keys_of_declarations
from pipeline.dictionary.documents import documents
from pipeline.dictionary.files import files_written, kept_as
from pipeline.dictionary.markdown import section, table
from pipeline.dictionary.people import answer_lists, respondents
from pipeline.errors import PipelineError
from pipeline.report.text import capitalised
from pipeline.stats.lacking import MEANING
from pipeline.stats.methods import methods_of_diff
from pipeline.tables import AT_REST, WAVE_CONTRASTS, Table
from pipeline.vocabulary import BREAKS, GLOSSARY

PATH = Path("docs") / "data-dictionary.md"
GLOSSARY_PATH = Path("docs") / "glossary.md"
_CATALOGUE = Path(__file__).parent.parent / "report" / "text" / "en.toml"

_OPENING = """# Data dictionary

Made from the code by `make dictionary`; do not edit it by hand. Shares are fractions from 0 to 1. An empty field means
that there is no value, or that it is withheld; it never means zero.

Exact tables are in `data/processed/<wave>/` and are not for release. Released tables are in `reports/<wave>/`.
"""


def dictionary_text() -> str:
    """The whole document, in Markdown."""
    parts = [
        _OPENING,
        files_written(),
        respondents(),
        answer_lists(),
        *(_table(one) for one in AT_REST),
        _reasons(),
        _breaks(),
        documents(),
        _checks(),
        cleaning_log(),
        keys_of_declarations(),
        _glossary(),
        _exit_codes(),
    ]
    return "\n".join(parts)


def _table(one: Table) -> str:
    rows = [(f"`{column.name}`", column.type, column.about) for column in one.columns]
    # A report describes its own statistics; these are in none.
    computed = _how_computed() if one is WAVE_CONTRASTS else []
    return section(one.name, f"{one.grain} {kept_as(one)}", table(("column", "type", "meaning"), rows), *computed)


def _how_computed() -> list[str]:
    return [f"{method.title}. {' '.join(method.text)}" for method in methods_of_diff()]


def _reasons() -> str:
    about = "Words of the columns `reason`, `adjusted_reason` and `standardised_reason`: why a number is not there."
    return section(
        "Reasons", about, table(("word", "meaning"), [(f"`{word}`", text) for word, text in MEANING.items()])
    )


def _breaks() -> str:
    about = "Words of the column `break_before` of `trend.csv`: why a wave may not be joined to the one before it."
    means = _catalogue()["trend"]["break_means"]
    rows = [(f"`{word}`", capitalised(means[word])) for word in BREAKS]
    return section("Breaks", about, table(("word", "meaning"), rows))


def _catalogue() -> dict[str, Any]:
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


def _checks() -> str:
    texts = _catalogue()["check"]
    about = (
        "What checks notice that let a run go on: words of the column `check` in `findings.csv`. Any other word there "
        "is that of an error, which stops the run; its message says what to do."
    )
    rows = [(f"`{check}`", text) for check, text in sorted(texts.items())]
    return section("Checks", about, table(("check", "what it notices"), rows))


def _glossary() -> str:
    return section("Glossary", *(f"- **{word}**: {meaning}" for word, meaning in GLOSSARY.items()), close=True)


def _exit_codes() -> str:
    kinds = sorted(PipelineError.__subclasses__(), key=lambda kind: (kind.exit_code, kind.__name__))
    lines = [f"- {kind.exit_code}: {(kind.__doc__ or '').splitlines()[0]}" for kind in kinds]
    return section("Exit codes", "- 0: done.", "- 1: a fault of ours.", *lines, "- 130: interrupted.", close=True)
