"""The Data Package of a release: what each of its CSV files is, in a form that programs read.

The standard is Frictionless Data Package 1.0, with the profile for tables: https://specs.frictionlessdata.io.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pipeline.manifest import Provenance, sha256
from pipeline.report.citation import DOI_ADDRESS, citation, version_of
from pipeline.report.edition import Edition
from pipeline.report.glossary import GLOSSARY_TABLE, glossary, meaning
from pipeline.report.text.of_code import meaning_in
from pipeline.tables import CHANGES, ESTIMATED, Column, Table

PACKAGE = "datapackage.json"
DICTIONARY_TABLE = Table(
    "dictionary",
    "One column of a table.",
    (
        Column("table", "text", "The table."),
        Column("column", "text", "Its column."),
        Column("type", "text", "text, count (a whole number) or number.", ("text", "count", "number")),
        Column("meaning", "text", "What it means."),
    ),
    key=("table", "column"),
)
_TYPES = {"text": "string", "count": "integer", "number": "number"}
_DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}
Rows = list[tuple[str, ...]]


def released_tables(edition: Edition) -> tuple[Table, ...]:
    """The tables of a release: one more where the wave is set beside an earlier one."""
    return (*ESTIMATED, CHANGES) if edition.earlier else ESTIMATED


def described(edition: Edition) -> dict[Table, Rows]:
    """The tables that say what columns and words mean, with their rows."""
    every = (*released_tables(edition), DICTIONARY_TABLE, GLOSSARY_TABLE)
    columns = [(table, column) for table in every for column in table.columns]
    return {
        DICTIONARY_TABLE: [(table.name, one.name, one.type, meaning(one, edition)) for table, one in columns],
        GLOSSARY_TABLE: [(one.kind, one.word, one.label, one.meaning) for one in glossary(edition.text)],
    }


def package(edition: Edition, source: Provenance, folder: Path) -> dict[str, Any]:
    """The descriptor. The CSV files must be in the folder already: their sizes and hashes are in it."""
    text, file = edition.text, edition.wave.file
    tables = (*released_tables(edition), DICTIONARY_TABLE, GLOSSARY_TABLE)
    return {
        "profile": "tabular-data-package",
        "name": _plain(f"flow-monitoring-{file.wave}"),
        **({"id": f"{DOI_ADDRESS}{file.doi}"} if file.doi else {}),
        "title": text.say("package.title", title=text.say("report.title"), wave_title=file.title_in(text.locale)),
        "description": text.say(
            "package.description",
            stamps="".join(f"{stamp}. " for stamp in edition.stamps),
            wave=file.wave,
            policy=text.say("report.about_policy"),
        ),
        "version": version_of(edition),
        "created": f"{file.analysed_on.isoformat()}T00:00:00Z",
        "keywords": [text.say("report.subtitle")],
        "contributors": [{"title": text.say("report.organisation"), "role": "author"}],
        "sources": [
            {"title": text.labelled(text.say("report.provenance_export", file=name), value)}
            for name, value in source.exports.items()
        ],
        "citation": citation(edition),
        "resources": [_resource(table, edition, folder / edition.file_name(f"{table.name}.csv")) for table in tables],
    }


def _resource(table: Table, edition: Edition, path: Path) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path.name,
        "title": table.name,
        "description": edition.text.say("package.grain", grain=meaning_in(edition.text.locale, table.grain)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "dialect": _DIALECT,
        "schema": {
            "fields": [_field(column, edition) for column in table.columns],
            "missingValues": [""],
            **({"primaryKey": list(table.key)} if table.key else {}),
        },
    }


def _field(column: Column, edition: Edition) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": meaning(column, edition),
        **({"constraints": {"enum": list(column.words)}} if column.words else {}),
    }


def _plain(name: str) -> str:
    """A name as the standard wants it: small letters, digits, dots, hyphens and underscores."""
    return re.sub(r"[^a-z0-9._-]", "-", name.lower())
