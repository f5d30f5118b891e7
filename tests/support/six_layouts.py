"""The wave in `tests/data/layouts`, written in six ways, and what it must come to."""

from __future__ import annotations

import csv
import json
from pathlib import Path

LAYOUTS = Path(__file__).parents[1] / "data" / "layouts"
FORM = "form.xlsx"
FILES = (
    *("kobo_names.csv", "kobo_labels_en.csv", "kobo_labels_fr.csv", "kobo_names_hxl.csv"),
    *("kobo_names.xlsx", "ona_question_row.csv"),
)
FIELDWORK = "{ from = 2016-09-01, to = 2016-11-30 }"
MEASURES = ("asked", "answered", "yes")

Cell = tuple[str, str, str, str]


def expected_ledger() -> dict[str, int]:
    """Rule → rows; rules that take out none are not in it."""
    ledger: dict[str, int] = json.loads((LAYOUTS / "expected_ledger.json").read_text(encoding="utf-8"))
    return ledger


def expected_counts() -> dict[Cell, list[int]]:
    """(indicator, route, group, level) → asked, answered, yes."""
    with (LAYOUTS / "expected_counts.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return {
        (
            row["indicator"],
            row["route"],
            *(("all", "all") if row["transit"] == "all" else ("transit", row["transit"])),
        ): [int(row[measure]) for measure in MEASURES]
        for row in rows
    }
