"""The data dictionary and glossary, made from the code, so that they cannot say something else than it does."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.tables import AT_REST, COUNTS, FINDINGS, LEDGER, Table
from pipeline.vocabulary import GLOSSARY

PATH = Path("docs") / "data-dictionary.md"
_STAYS = {LEDGER.name: "as `ledger.csv`", FINDINGS.name: "as `findings.csv`", COUNTS.name: "as `counts.parquet`"}

_OPENING = """# Data dictionary

Made from the code by `make dictionary`; do not edit it by hand. Shares are fractions from 0 to 1. An empty field means
that there is no value, or that it is withheld; it never means zero.

Exact tables are in `data/processed/<wave>/` and are not for release. Released tables are in `reports/<wave>/`.
"""


def dictionary_text() -> str:
    """The whole document, in Markdown."""
    parts = [_OPENING, *(_table(table) for table in AT_REST), _glossary(), _exit_codes()]
    return "\n".join(parts)


def _table(table: Table) -> str:
    where = _STAYS.get(table.name, f"as `{table.name}.parquet` (exact) and `{table.name}.csv` (released)")
    lines = [f"## {table.name}", "", f"{table.grain} Kept {where}.", "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.type} | {column.about} |" for column in table.columns]
    return "\n".join([*lines, ""])


def _glossary() -> str:
    lines = [f"- **{word}**: {meaning}" for word, meaning in GLOSSARY.items()]
    return "\n".join(["## Glossary", "", *lines, ""])


def _exit_codes() -> str:
    kinds = sorted(PipelineError.__subclasses__(), key=lambda kind: (kind.exit_code, kind.__name__))
    lines = [f"- {kind.exit_code}: {(kind.__doc__ or '').splitlines()[0]}" for kind in kinds]
    return "\n".join(["## Exit codes", "", "- 0: done.", "- 1: a fault of ours.", *lines, "- 130: interrupted.", ""])
