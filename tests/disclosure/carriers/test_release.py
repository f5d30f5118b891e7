"""What the files of a release tell: drawings measured, numbers, hashes, times."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipeline.manifest import hashes, sha256
from pipeline.report.figures import NAMES
from pipeline.tables import ESTIMATED
from tests.support.carriers import Piece, hits, scan, told_exactly
from tests.support.carriers.axes import Measured, measured
from tests.support.whole_run import REPOSITORY, WAVE, Run


@pytest.fixture(params=["shipped_run", "drawn_run"])
def run(request: pytest.FixtureRequest) -> Run:
    return request.getfixturevalue(request.param)


# --- drawings -------------------------------------------------------------------------------------------------------

WITH_AN_AXIS = ("adjusted_by_factor", "at_least_one_by_transit", "indicators_by_route", "where", "who")
OFF = 1e-5


def ends(run: Run) -> dict[str, list[Measured]]:
    return {path.stem: measured(path.read_text(encoding="utf-8")) for path in (run.reports / "figures").glob("*.svg")}


def is_whole_percent(share: float) -> bool:
    return abs(share * 100 - round(share * 100)) < 100 * OFF


def test_bars_lines_and_dots_end_at_whole_percents(run: Run) -> None:
    """So none is drawn from an exact share. The slots of what is withheld are hatched, and all equally long."""
    for name, found in ends(run).items():
        assert bool(found) == (name in WITH_AN_AXIS), name
        lengths = defaultdict(set)
        for end in found:
            if not is_whole_percent(end.share):
                assert end.is_hatched, (name, end)
                lengths[end.panel].add(round(end.share, 5))
        assert all(len(of_panel) == 1 for of_panel in lengths.values()), (name, lengths)


def test_slots_are_measured_too(drawn_run: Run) -> None:
    slots = [end for found in ends(drawn_run).values() for end in found if end.is_hatched]
    assert len(slots) > 5


def test_what_is_measured_is_what_is_printed(shipped_run: Run) -> None:
    """Bars of indicators by route, and ends of their intervals, against the released table."""
    found = {round(end.share, 2) for end in ends(shipped_run)["indicators_by_route"]}
    with (shipped_run.reports / "estimates.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] == "all" and row["route"] in ("central", "eastern")]
    printed = {float(row[name]) for row in rows for name in ("share", "ci_low", "ci_high") if row[name]}
    assert found <= printed
    assert len(found) > 10


# --- numbers --------------------------------------------------------------------------------------------------------

SHARES = {
    "estimates": ("share", "bound_low", "bound_high", "ci_low", "ci_high", "deff"),
    "distributions": ("share",),
    "events": ("share",),
    "experience": ("share",),
    "cooccurrence": ("share", "deff"),
    "means": ("mean", "mean_low", "mean_high"),
    "trends": ("slope", "odds_ratio"),
    "factors": ("odds_ratio", "odds_low", "odds_high"),
}
NOT_WRITTEN_AS_DATA = ("bytes", "PDF drawing", "PDF stream", "PDF coordinates", "PDF number", "SVG coordinates")
"""Carriers whose numbers are places on a page, colours and widths: drawings are measured instead."""


def exact_numbers(run: Run) -> list[float]:
    """Every exact number that two or three digits do not tell whole."""
    tables = {name: pd.read_parquet(run.processed / f"{name}.parquet", columns=[*of]) for name, of in SHARES.items()}
    values = np.concatenate([table.to_numpy(np.float64, na_value=np.nan).ravel() for table in tables.values()])
    return sorted({value for value in values[np.isfinite(values)] if abs(value - float(f"{value:.3g}")) > 10 * OFF})


def test_no_exact_number_is_told(shipped_run: Run, told: list[Piece]) -> None:
    exact = exact_numbers(shipped_run)
    assert len(exact) > 3000
    pieces = [piece for piece in told if piece.carrier not in NOT_WRITTEN_AS_DATA]
    assert told_exactly(pieces, exact) == []
    assert told_exactly([Piece("", "JSON value", str(exact[7]))], exact), "an exact number is found"


def counts_of_people(run: Run, name: str) -> set[int]:
    """Exact counts of a table that may not be told: too small, or not rounded."""
    exact = pd.read_parquet(run.processed / f"{name}.parquet")
    kinds = {column.name for table in ESTIMATED if table.name == name for column in table.columns}
    people = exact[[one for one in ("asked", "answered", "yes", "events", "respondents", "people") if one in kinds]]
    return {int(count) for count in people.to_numpy(np.float64, na_value=0).ravel() if 0 < count < 15 or count % 5}


def test_no_exact_count_is_in_a_table_of_the_workbook(run: Run) -> None:
    """Cells with the form of a count, in every sheet but the ledger's, which is exact."""
    exact = (
        counts_of_people(run, "estimates") | counts_of_people(run, "distributions") | counts_of_people(run, "events")
    )
    assert len(exact) > 100
    seen = 0
    for sheet in openpyxl.load_workbook(run.reports / "annex.xlsx"):
        analysed = sheet.title in ("Left out", "Respondents")
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.number_format == "#,##0" and not analysed]
        # Degrees of freedom are numbers of points, not of people.
        heads = {cell.column: cell.value for cell in sheet[4]}
        told = {cell.value for cell in cells if heads[cell.column] != "df"}
        assert told & exact == set(), sheet.title
        seen += len(told)
    assert seen > 100


def test_charts_of_the_workbook_keep_whole_percents_alone(run: Run) -> None:
    """A chart has its own copy of what it draws."""
    pieces = scan("annex.xlsx", (run.reports / "annex.xlsx").read_bytes())
    told = [piece for piece in pieces if piece.carrier == "XLSX chart text"]
    numbers = [float(piece.text) for piece in told if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", piece.text)]
    assert len(numbers) > 20
    assert [number for number in numbers if not is_whole_percent(number)] == []


def test_a_row_that_is_withheld_is_empty_in_the_file(run: Run) -> None:
    withheld = 0
    for table in ESTIMATED:
        people = [c.name for c in table.columns if c.name in ("yes", "events", "respondents", "people", "share")]
        with (run.reports / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row.get("suppressed") == "withheld"]
        if table.name != "nonresponse":
            assert [row for row in rows if any(row[name] for name in people)] == []
        withheld += len(rows)
    assert withheld > 500


# --- hashes, times, programs ----------------------------------------------------------------------------------------

FIGURE_DATA = {f"figures/{name}.csv" for name in NAMES}
IMAGES = {f"figures/{name}.{ending}" for name in NAMES for ending in ("png", "slide.png", "square.png")}
HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def test_every_hash_is_of_what_a_reader_has_or_may_not_guess(shipped_run: Run, told: list[Piece]) -> None:
    """The export, the declarations, the code, and released files. A hash of an exact table confirms a guess at it."""
    raw = shipped_run.root / "data" / "raw" / WAVE
    provenance = json.loads((shipped_run.reports / "manifest.json").read_text(encoding="utf-8"))["provenance"]
    may = {sha256(path) for path in raw.iterdir()} | set(hashes(shipped_run.reports).values())
    may |= {*provenance["questionnaire"].values(), provenance["code"], sha256(REPOSITORY / "requirements.lock")}
    found = {hash_ for piece in told for hash_ in HASH.findall(piece.text)}
    exact = set(hashes(shipped_run.processed).values())
    assert len(exact) > 15
    assert len(found) > 30
    assert found & exact == set()
    assert found - may == set()


def test_no_file_tells_when_or_with_what_it_was_made(told: list[Piece]) -> None:
    carriers = Counter(piece.carrier for piece in told)
    assert carriers["PDF info"] > 3
    assert carriers["SVG comment"] > 100
    assert carriers["HTML text"] > 100
    assert carriers["HTML comment"] == 0
    assert {piece.place.partition(" ")[0] for piece in told if piece.carrier == "CSV cell"} >= FIGURE_DATA
    assert {piece.place for piece in told if piece.carrier == "file name"} >= IMAGES
    assert [carrier for carrier in carriers if carrier.startswith(("PNG", "PDF attachment", "PDF script"))] == []
    today = date.today()
    assert hits(told, [f"{today:%Y-%m-%d}", f"D:{today:%Y%m%d}"]) == []
    taken = re.compile(r"\(\d+\.\d s\)|\bseconds\b", re.IGNORECASE)
    assert [piece for piece in told if piece.carrier != "bytes" and taken.search(piece.text)] == []


def test_dates_in_documents_are_those_declared(told: list[Piece]) -> None:
    stamps = {
        found
        for piece in told
        if piece.carrier.startswith(("PDF info", "PDF metadata", "SVG text", "SVG attribute", "XLSX properties"))
        for found in re.findall(r"(?:D:\d{14}Z?|\d{4}-\d\d-\d\dT[\d:]+Z?)", piece.text)
    }
    assert stamps == {"D:20161011000000Z", "2016-10-11T00:00:00Z"}


def test_nothing_lies_about_in_a_release(run: Run) -> None:
    """No hidden, temporary or half-written file, and none that the manifest does not list."""
    recorded = json.loads((run.reports / "manifest.json").read_text(encoding="utf-8"))["files"]
    there = {path.relative_to(run.reports).as_posix() for path in run.reports.rglob("*") if not path.is_dir()}
    assert there == {*recorded, "manifest.json"}
    assert [name for name in there if Path(name).name.startswith((".", "~"))] == []
    assert {Path(name).suffix for name in there} <= {".csv", ".html", ".json", ".md", ".pdf", ".png", ".svg", ".xlsx"}
