"""Every file that the pipeline writes: where it is, what is in it, for whom."""

from __future__ import annotations

from pipeline.dictionary.markdown import section, table
from pipeline.public_use.draws import LEDGER as DRAWS_FILE
from pipeline.public_use.draws import PUBLIC_USE_FILE
from pipeline.public_use.files import ABOUT, ABOUT_FILE, EARLIER, QUALITY_FILE, README
from pipeline.public_use.tables import TABLES as PUBLIC_USE_TABLES
from pipeline.report.glossary import GLOSSARY_TABLE
from pipeline.report.package import DICTIONARY_TABLE, PACKAGE
from pipeline.tables import (
    CHANGES,
    COUNTS,
    DIFF,
    DISCLOSURE_AUDIT,
    ESTIMATED,
    FIGURE_DATA,
    FINDINGS,
    LEDGER,
    LINEAGE,
    PAIRS,
    PROFILES,
    QUEUES,
    RISK,
    TREND,
    WAVE_CONTRASTS,
    Table,
)

PROCESSED = "data/processed/<wave>/"
CHECKED = "data/processed/check-wave/<wave>/"
COMPARED = "data/processed/diff/<wave>/<base>/"
RELEASED = "reports/<wave>/"
FIGURES = f"{RELEASED}figures/"
INTERNAL = f"{PROCESSED}internal/"
SIDE_BY_SIDE = "reports/trend/"

_ESTIMATED = tuple(one.name for one in ESTIMATED)

FILES: dict[str, dict[str, str]] = {
    PROCESSED: {
        "respondents.parquet": "Every row received, in our words, with the rule that took it out: see respondents.",
        "ledger.csv": "Who was left out, and why: see ledger.",
        "findings.csv": "What validation noticed: see findings and Checks.",
        "lineage.csv": "Which header gave each column: see lineage.",
        "counts.parquet": "Respondents counted: see counts.",
        "profiles.parquet": "Respondents counted by several characteristics at once: see profiles.",
        "risk.csv": "How easily a respondent could be found by what somebody may know: see risk.",
        "disclosure_audit.csv": "What could be made of each withheld count: see disclosure_audit. After `make report`.",
        "pairs.parquet": "Respondents counted by two indicators at once: see pairs.",
        **{f"{name}.parquet": f"Exact: see {name}." for name in _ESTIMATED},
        "manifest.json": "What the run was made from, with the entries of the cleaning log by type.",
    },
    CHECKED: {
        "quality.html": "What should be looked at in the fieldwork, as a page: written by `make check-wave`.",
        "queues.csv": "Every row of its review queues: see queues.",
        "findings.html": "Instead of quality.html, where an export is refused: what is wrong with it.",
        "findings.csv": "As above; also where an export is refused.",
        "ledger.csv": "As above.",
        "lineage.csv": "As above.",
    },
    COMPARED: {
        "diff.csv": "How a wave differs from a base, and what may be compared: written by `make diff`.",
        "wave_contrasts.csv": "Exact: see wave_contrasts. Written once `make indicators` has counted both waves.",
    },
    RELEASED: {
        "report.pdf": "The report.",
        "short.pdf": "A short report of three or four pages, which describes and compares nothing.",
        "brief.pdf": "One page: three findings, a chart, how to quote them.",
        **{f"{name}.csv": f"Released: see {name}." for name in _ESTIMATED},
        "annex.xlsx": "The tables of the report as a workbook, with two charts and all estimates. After `make report`.",
        f"{DICTIONARY_TABLE.name}.csv": "Each column of the released tables: see dictionary.",
        f"{GLOSSARY_TABLE.name}.csv": "Each word: see glossary.",
        PACKAGE: "The CSV files described for programs: a Frictionless Data Package. See datapackage.json.",
        "claims.json": "Each headline sentence with its number, base, and the rows it came from.",
        "figures/": "Each figure of the report, with its data, and a page that shows them all: see below.",
        "manifest.json": "What the release was made from, and the SHA-256 of each file.",
        "README.md": "What is in the folder.",
    },
    FIGURES: {
        "<figure>.svg": "The figure as a drawing, as wide as the text of the report.",
        "<figure>.png": "The same as an image, with 300 pixels to the inch.",
        "<figure>.slide.png": "The figure laid out for a slide, 1920 × 1080 pixels.",
        "<figure>.square.png": "The figure laid out for social media, 1080 × 1080 pixels.",
        "<figure>.csv": "What the figure draws: see figure_data.",
        "index.html": "Every figure, with a caption, a text for screen readers, and links to its files.",
    },
    INTERNAL: {
        "internal_…": "Each file of a release with this before its name, also in `figures/`, and tables with the same "
        "columns: every count exact, nothing withheld, not for release. Written in place of a release if the wave "
        "file says that the policy is internal.",
    },
}
"""Folder → file → what is in it. Another language than English stands before the ending: `report.fr.pdf`."""

PUBLISHED = "data/published/<wave>/"
KEPT = {"<n>/": "Tables and manifest of a release as it was published: kept by `make publish`, for later audits."}

ARCHIVE = {
    f"{TREND.name}.csv": "What several releases say side by side: see trend. Written by `make trend`, as all of these.",
    f"{TREND.name}.svg": "The same drawn: a panel for each route, and no line over a break.",
    f"{TREND.name}.png": "The drawing as an image, with 300 pixels to the inch.",
    f"{TREND.name}.slide.png": "The same for a slide, 16 : 9.",
    f"{TREND.name}.square.png": "The same for social media, square.",
    f"{TREND.name}.md": "The same in words and tables, with what it is copied from. In French: `trend.fr.md`.",
    "manifest.json": "Which releases it is copied from, with the SHA-256 of their tables, and of each file. See below.",
}
"""File → what is in it. Of several waves, so that it has no place below that of one."""

DRAWN = "data/public-use/<wave>/"

DRAWN_ONCE: dict[str, str] = {
    PUBLIC_USE_FILE: "Made-up people, drawn once by `make public-use`: see public_use.",
    QUALITY_FILE: "Its shares beside the released ones: see quality.",
    ABOUT_FILE: "What it was made with, and its SHA-256: see public_use.json.",
    DRAWS_FILE: "Every draw, and what it has spent: see draws. Keep it.",
    README: "What the file is, and what it may be used for.",
    f"{EARLIER}/": "Files of earlier draws, in a folder for each, by its number.",
}
"""File → what is in it. Apart from the others: no run makes these again."""

_KEPT = {
    LEDGER.name: f"`ledger.csv` in `{PROCESSED}` and `{CHECKED}`",
    FINDINGS.name: f"`findings.csv` in `{PROCESSED}` and `{CHECKED}`",
    LINEAGE.name: f"`lineage.csv` in `{PROCESSED}` and `{CHECKED}`",
    QUEUES.name: f"`queues.csv` in `{CHECKED}`",
    DIFF.name: f"`diff.csv` in `{COMPARED}`",
    WAVE_CONTRASTS.name: f"`wave_contrasts.csv` in `{COMPARED}`",
    **{one.name: f"`{one.name}.parquet`" for one in (COUNTS, PROFILES, PAIRS)},
    RISK.name: "`risk.csv`",
    TREND.name: f"`trend.csv` in `{SIDE_BY_SIDE}`",
    FIGURE_DATA.name: f"`<figure>.csv` in `{FIGURES}`",
    DISCLOSURE_AUDIT.name: f"`{DISCLOSURE_AUDIT.name}.csv`",
    CHANGES.name: f"`{CHANGES.name}.csv` in `{RELEASED}`, if the wave file names an earlier wave",
    **{one.name: f"`{one.name}.csv` in `{DRAWN}`" for one in PUBLIC_USE_TABLES},
    **{one.name: f"`{one.name}.csv` in `{RELEASED}`" for one in (DICTIONARY_TABLE, GLOSSARY_TABLE)},
}


BESIDE_EARLIER = {
    f"{CHANGES.name}.csv": "Released: see changes. If the wave file names an earlier wave, and so is the next.",
    "figures/wave_by_wave.*": "The figure of it, in the same forms as the others.",
}
"""What a release has besides, of a wave that is set beside an earlier one."""


def kept_as(one: Table) -> str:
    """Where a table is kept, in a sentence. KeyError for a table that no file is known for."""
    if one.name in _ESTIMATED:
        return f"Kept as `{one.name}.parquet` (exact) and `{one.name}.csv` (released)."
    return f"Kept as {_KEPT[one.name]}."


def files_written() -> str:
    """The section on files, and those on what is in a public-use file."""
    every = {**FILES, SIDE_BY_SIDE: ARCHIVE, PUBLISHED: KEPT, DRAWN: DRAWN_ONCE}
    rows = [(f"`{folder}`", f"`{name}`", what) for folder, files in every.items() for name, what in files.items()]
    rows += [(f"`{RELEASED}`", f"`{name}`", what) for name, what in BESIDE_EARLIER.items()]
    about = (
        "What is under `data/processed/` stays with the analyst; only what is under `reports/` is for readers, and a "
        "public-use file once somebody has decided so. Parquet files open in R (`arrow::read_parquet`) and Python "
        "(`pandas.read_parquet`)."
    )
    keys = [(f"`{key}`", what) for key, what in ABOUT.items()]
    parts = [
        section("Files", about, table(("folder", "file", "what is in it"), rows)),
        *(_described(one) for one in (DICTIONARY_TABLE, GLOSSARY_TABLE, *PUBLIC_USE_TABLES)),
        section(ABOUT_FILE, f"Kept in `{DRAWN}`.", table(("key", "meaning"), keys)),
    ]
    return "\n".join(parts)


def _described(one: Table) -> str:
    rows = [(f"`{column.name}`", column.type, column.about) for column in one.columns]
    return section(one.name, f"{one.grain} {kept_as(one)}", table(("column", "type", "meaning"), rows))
