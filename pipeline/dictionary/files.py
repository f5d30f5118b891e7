"""Every file that the pipeline writes: where it is, what is in it, for whom."""

from __future__ import annotations

from pipeline.dictionary.markdown import section, table
from pipeline.tables import (
    COUNTS,
    DIFF,
    ESTIMATED,
    FINDINGS,
    LEDGER,
    LINEAGE,
    PAIRS,
    PROFILES,
    QUEUES,
    RISK,
    WAVE_CONTRASTS,
    Table,
)

PROCESSED = "data/processed/<wave>/"
CHECKED = "data/processed/check-wave/<wave>/"
COMPARED = "data/processed/diff/<wave>/<base>/"
RELEASED = "reports/<wave>/"

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
        **{f"{name}.csv": f"Released: see {name}." for name in _ESTIMATED},
        "claims.json": "Each headline sentence with its number, base, and the rows it came from.",
        "figures/": "Each figure of the report as SVG and PNG.",
        "manifest.json": "What the release was made from, and the SHA-256 of each file.",
        "README.md": "What is in the folder.",
    },
}
"""Folder → file → what is in it. Another language than English stands before the ending: `report.fr.pdf`."""

_KEPT = {
    LEDGER.name: f"`ledger.csv` in `{PROCESSED}` and `{CHECKED}`",
    FINDINGS.name: f"`findings.csv` in `{PROCESSED}` and `{CHECKED}`",
    LINEAGE.name: f"`lineage.csv` in `{PROCESSED}` and `{CHECKED}`",
    QUEUES.name: f"`queues.csv` in `{CHECKED}`",
    DIFF.name: f"`diff.csv` in `{COMPARED}`",
    WAVE_CONTRASTS.name: f"`wave_contrasts.csv` in `{COMPARED}`",
    **{one.name: f"`{one.name}.parquet`" for one in (COUNTS, PROFILES, PAIRS)},
    RISK.name: "`risk.csv`",
}


def kept_as(one: Table) -> str:
    """Where a table is kept, in a sentence. KeyError for a table that no file is known for."""
    if one.name in _ESTIMATED:
        return f"Kept as `{one.name}.parquet` (exact) and `{one.name}.csv` (released)."
    return f"Kept as {_KEPT[one.name]}."


def files_written() -> str:
    """The section on files."""
    rows = [(f"`{folder}`", f"`{name}`", what) for folder, files in FILES.items() for name, what in files.items()]
    about = (
        "What is under `data/processed/` stays with the analyst; only what is under `reports/` is for readers. Parquet "
        "files open in R (`arrow::read_parquet`) and Python (`pandas.read_parquet`)."
    )
    return section("Files", about, table(("folder", "file", "what is in it"), rows))
