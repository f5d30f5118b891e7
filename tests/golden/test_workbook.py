"""The workbook of the shipped wave, opened by two readers that did not write it: the same numbers, safe, printable."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests.support.whole_run import Run

HEAD = 4
"""The row of the heads, as a spreadsheet numbers it."""

SYNTHETIC = "Synthetic data: no person is in it"
CHARTS = ("Chart by route", "Chart by journey time")
NO_TABLE = "Read me"
LONG = "All estimates"
SHARES = ("share", "ci_low", "ci_high", "wilson_low", "wilson_high", "bound_low", "bound_high")
COUNTS = ("Answered", "Yes", "Events", "Complete")


@pytest.fixture(scope="module")
def path(shipped_run: Run) -> Path:
    return shipped_run.reports / "annex.xlsx"


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def estimates(shipped_run: Run) -> list[dict[str, str]]:
    with (shipped_run.reports / "estimates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(book: openpyxl.Workbook) -> list[Worksheet]:
    return [sheet for sheet in book if sheet.title != NO_TABLE]


def filtered(sheet: Worksheet) -> str:
    """The range that has filters: that of the table, or of the sheet where it is too large for one."""
    return next((table.ref for table in sheet.tables.values()), None) or sheet.auto_filter.ref


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows of a sheet's table, by head."""
    cells = [[cell.value for cell in row] for row in sheet[filtered(sheet)]]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


# --- the same numbers -----------------------------------------------------------------------------------------------


def test_every_estimate_is_there_as_in_the_csv(book, estimates) -> None:
    shown = rows_of(book[LONG])
    assert len(shown) == len(estimates) > 8000
    for row, released in zip(shown, estimates, strict=True):
        for name, text in released.items():
            value = row[name]
            if isinstance(value, int | float):
                assert value == float(text)
            else:
                assert (value or "") == text


def test_codes_have_their_labels_beside_them(book) -> None:
    row = next(row for row in rows_of(book[LONG]) if row["level"] == "3_to_6_months|female")
    assert row["group (label)"] == "Journey time, Sex"
    assert row["level (label)"] == "3 to 6 months, Female"
    assert row["indicator (label)"] == "Worked without the expected pay"
    assert row["route (label)"] == "Central Mediterranean route"


def test_tables_hold_the_released_numbers_as_numbers(book, estimates) -> None:
    released = {row["indicator"]: row for row in estimates if (row["route"], row["group"]) == ("central", "all")}
    rows = rows_of(book["Indicators, Central"])
    assert len(rows) == len(released)
    for row, name in zip(rows, released, strict=True):
        own = released[name]
        told = [row[head] for head in ("Answered", "Yes", "Share", "95% interval, low", "95% interval, high")]
        assert told == [float(own[key]) for key in ("answered", "yes", "share", "ci_low", "ci_high")]


def test_another_reader_finds_the_same(path: Path, book) -> None:
    other = CalamineWorkbook.from_path(path)
    assert other.sheet_names == book.sheetnames
    for sheet in book:
        theirs = other.get_sheet_by_name(sheet.title).to_python()
        ours = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert theirs == ours, sheet.title


def test_the_pdf_and_the_workbook_have_the_same_tables(book) -> None:
    titles = [sheet["A1"].value for sheet in book]
    assert len(titles) == len(set(titles)) > 25
    for title in ("Trend with journey time", "Who was interviewed", "Events by country where they took place"):
        assert title in titles


def test_what_is_withheld_is_a_mark_and_never_a_number(book) -> None:
    marked = [row for row in rows_of(book["Reported together"]) if "–" in row.values()]
    assert marked
    for row in marked:
        heads = [head for head, value in row.items() if value == "–"]
        assert all(row[f"{head}: 95% interval, low"] is None for head in heads)


def test_less_than_one_percent_is_shown_as_such_over_the_released_number(book) -> None:
    cells = [cell for row in book["Reported together"].iter_rows() for cell in row if cell.number_format == '"<1%"']
    assert cells
    assert {cell.value for cell in cells} == {0}


# --- forms, heads, printing -----------------------------------------------------------------------------------------


def test_every_sheet_has_a_title_its_stamps_and_a_printed_head(book) -> None:
    for sheet in book:
        assert sheet["A1"].value
        assert SYNTHETIC in sheet["A2"].value
        assert "Wave 2016-10" in sheet["A2"].value
        assert "disclosure policy: public" in sheet["A2"].value
        assert SYNTHETIC in sheet.oddHeader.right.text
        assert "wave 2016-10" in sheet.oddHeader.left.text
        assert sheet.oddFooter.right.text == "Page &P / &N"
        assert sheet.page_setup.orientation == "landscape"
        # One page wide, which is what a file that does not say it means, and as many pages high as it takes.
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_every_table_has_heads_that_stay_and_filters_and_print_on_each_page(book) -> None:
    for sheet in tables(book):
        heads = [cell.value for cell in sheet[filtered(sheet)][0]]
        assert all(isinstance(head, str) and head for head in heads)
        assert len({head.casefold() for head in heads}) == len(heads)
        assert filtered(sheet).startswith(f"A{HEAD}:")
        assert sheet.freeze_panes == f"B{HEAD + 1}"
        assert sheet.print_title_rows == f"${HEAD}:${HEAD}"


def test_nothing_is_merged_hidden_or_computed(book, path: Path) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert not [one for one in sheet.column_dimensions.values() if one.hidden]
        assert not [one for one in sheet.row_dimensions.values() if one.hidden]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, content in parts.items() if name.startswith("xl/worksheets/") and b"<f>" in content]
    assert not [name for name in parts if "externalLink" in name or "vba" in name]


def test_names_of_sheets_are_short_and_the_first_leads_to_all_others(book) -> None:
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in book.sheetnames)
    targets = [cell.hyperlink.location for row in book[NO_TABLE].iter_rows() for cell in row if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in book.sheetnames if name != NO_TABLE]


def test_the_first_sheet_says_how_to_read_and_to_cite(book, shipped_run: Run) -> None:
    said = " ".join(str(cell) for row in book[NO_TABLE].iter_rows(values_only=True) for cell in row if cell)
    for words in (
        "Central and Eastern Mediterranean, December 2015 – September 2016",
        "Interviews 1 December 2015 – 30 September 2016",
        "Counts are rounded to the nearest 5",
        "–  Withheld to protect respondents. It never means zero.",
        "†  Too few people or points",
        "The base of an indicator is everyone who answered it",
        "Flow Monitoring Surveys (2016). Experiences that may amount to trafficking or exploitation.",
        "version 0.1.0",
        "manifest.json",
    ):
        assert words in said
    assert re.search(r"fms_2016_10\.csv, SHA-256: [0-9a-f]{64}", said)


def test_units_and_marks_stand_below_the_tables_that_have_them(book) -> None:
    def below(name: str) -> str:
        sheet = book[name]
        last = int(re.findall(r"\d+", filtered(sheet))[-1])
        return " ".join(str(row[0]) for row in sheet.iter_rows(min_row=last + 1, values_only=True) if row[0])

    assert "The cell holds a fraction" in below("Indicators, Central")
    assert "†" not in below("Indicators, Central")
    assert "‡  Fewer than 30" in below("Profiles")
    assert "events, not people" in below("Events")
    assert "rounded" not in below("Left out")


# --- charts ---------------------------------------------------------------------------------------------------------


def parts(path: Path, folder: str) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if name.startswith(folder)]


def test_charts_have_an_alt_text_with_the_numbers_and_the_stamp(path: Path) -> None:
    told = [re.search(r'descr="([^"]+)"', drawing) for drawing in parts(path, "xl/drawings/drawing")]
    assert len(told) == len(CHARTS)
    for found in told:
        assert found is not None
        assert "71%" in found[1] or "95%" in found[1]
        assert SYNTHETIC in found[1]


@pytest.mark.parametrize("name", CHARTS)
def test_charts_draw_the_table_above_them_with_its_intervals(book, name: str) -> None:
    (chart,) = book[name]._charts
    rows = rows_of(book[name])
    assert len(chart.series) == 2
    for series, route in zip(chart.series, ("Central", "Eastern"), strict=True):
        drawn = [point.v for point in series.val.numRef.numCache.pt]
        assert list(map(float, drawn)) == [row[route] for row in rows if row[route] is not None]
        above = [float(point.v) for point in series.errBars.plus.numLit.pt]
        told = [round(row[f"{route}: 95% interval, high"] - row[route], 2) for row in rows]
        assert above == pytest.approx(told)


def test_shares_grow_to_the_right_or_upwards_from_zero_and_labels_are_in_order(path: Path) -> None:
    bars, columns = parts(path, "xl/charts/chart")
    for chart in (bars, columns):
        (shares,) = re.findall(r"<c:valAx>.*?</c:valAx>", chart)
        assert '<c:orientation val="minMax"/>' in shares
        assert '<c:min val="0"/>' in shares
        assert "Share of respondents" in shares
    assert '<c:barDir val="bar"/>' in bars
    assert '<c:barDir val="col"/>' in columns
    assert '<c:orientation val="maxMin"/>' in re.findall(r"<c:catAx>.*?</c:catAx>", bars)[0]
    assert '<c:crosses val="max"/>' in re.findall(r"<c:valAx>.*?</c:valAx>", bars)[0]


def test_no_mark_is_drawn_as_a_zero(book) -> None:
    """A chart takes any text among its values for a zero, so that there may be none."""
    for name in CHARTS:
        for row in rows_of(book[name]):
            assert not isinstance(row["Central"], str)
            assert not isinstance(row["Eastern"], str)


# --- the file itself ------------------------------------------------------------------------------------------------


def test_it_holds_no_time_but_that_of_the_analysis_and_no_machine(book, path: Path) -> None:
    assert book.properties.created == book.properties.modified == datetime(2016, 10, 11)
    assert book.properties.creator == "Flow Monitoring Surveys"
    assert "2016-10" in book.properties.subject
    assert {one.name: one.value for one in book.custom_doc_props.props} == {"Language": "en"}
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_counts_in_tables_are_rounded_and_none_is_small(book) -> None:
    seen = 0
    for sheet in tables(book):
        for row in rows_of(sheet) if sheet.title != LONG else []:
            for head in COUNTS:
                if isinstance(count := row.get(head), int | float):
                    assert count % 5 == 0, (sheet.title, count)
                    assert count == 0 or count >= 15, (sheet.title, count)
                    seen += 1
    assert seen > 100
