"""Which numbers moved between two releases of a wave, as the changelog has to say."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.moved import MovedRow, moved_since, print_moved
from pipeline.places import Places
from tests.support.messages import refusal

WAVE = "2016-10"
HEAD = "wave,indicator,route,group,level,yes,share"
ROWS = (
    f"{WAVE},unpaid_work,central,all,all,30,0.5",
    f"{WAVE},unpaid_work,eastern,all,all,,",
    f"{WAVE},forced_work,central,all,all,20,0.4",
)


def release(folder: Path, *rows: str, head: str = HEAD, wave: str = WAVE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "estimates.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"provenance": {"wave": wave}}), encoding="utf-8")
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """With a release of three rows that was published."""
    places = Places(tmp_path)
    release(places.published(WAVE) / "1", "an older one")
    release(places.published(WAVE) / "2", *ROWS)
    return places


def shown(places: Places, most: int | None = 5) -> str:
    console = Console(file=io.StringIO(), soft_wrap=True)
    print_moved(console, moved_since(WAVE, places), most)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_nothing_moved(places: Places) -> None:
    release(places.reports(WAVE), *reversed(ROWS))
    assert moved_since(WAVE, places).tables == ()
    assert "No released number has moved." in shown(places)


def test_a_number_a_withheld_one_a_row_more_and_one_less(places: Places) -> None:
    release(
        places.reports(WAVE), ROWS[0].replace("0.5", "0.6"), ROWS[1].replace(",,", ",15,0.1"), "x,blood,all,all,all,,"
    )
    (table,) = moved_since(WAVE, places).tables
    assert table.rows == (
        MovedRow(("unpaid_work", "central", "all", "all"), (("share", "0.5", "0.6"),)),
        MovedRow(("unpaid_work", "eastern", "all", "all"), (("yes", "", "15"), ("share", "", "0.1"))),
    )
    assert table.gone == ("forced_work, central, all, all",)
    assert table.new == ("blood, all, all, all",)
    told = shown(places)
    assert "estimates.csv: 2 of 2 rows moved (share 2, yes 1)" in told
    assert "  unpaid_work, eastern, all, all: yes nothing → 15, share nothing → 0.1" in told
    assert "no longer there: forced_work, central, all, all" in told
    assert "new: blood, all, all, all" in told


def test_a_column_more(places: Places) -> None:
    release(places.reports(WAVE), *(f"{row},1.2" for row in ROWS), head=f"{HEAD},deff")
    (table,) = moved_since(WAVE, places).tables
    assert (table.rows, table.gone, table.new) == ((), (), ("column deff",))


def test_only_the_first_rows_are_shown_unless_all_are_asked_for(places: Places) -> None:
    release(places.reports(WAVE), *(row.replace(",0.", ",0.1") for row in ROWS))
    assert "… and 1 more; EVERY=1 shows all" in shown(places, most=1)
    assert "more" not in shown(places, most=None)


def test_what_moved_beside_an_earlier_wave(places: Places) -> None:
    """The shares of this wave are as they were, and those of the wave that it is set beside are not."""
    release(places.reports(WAVE), *ROWS)
    head = "wave,earlier_wave,indicator,route,earlier_share,share,difference"
    for folder, row in {
        places.published(WAVE) / "2": f"{WAVE},2016-06,unpaid_work,central,0.40,0.5,0.10",
        places.reports(WAVE): f"{WAVE},2016-06,unpaid_work,central,0.45,0.5,0.05",
    }.items():
        (folder / "changes.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    told = shown(places)
    assert "changes.csv: 1 of 1 rows moved (earlier_share 1, difference 1)" in told
    assert "  unpaid_work, central: earlier_share 0.40 → 0.45, difference 0.10 → 0.05" in told
    assert "estimates.csv" not in told


def test_another_folder_can_be_named(places: Places, tmp_path: Path) -> None:
    release(places.reports(WAVE), *ROWS)
    other = release(tmp_path / "withdrawn", ROWS[0])
    assert moved_since(WAVE, places, other).before == other


@pytest.mark.parametrize("missing", ["the present one", "an earlier one", "the folder named", "one of this wave"])
def test_what_is_missing_is_told(missing: str, places: Places, tmp_path: Path) -> None:
    since = None
    if missing != "the present one":
        release(places.reports(WAVE), *ROWS)
    if missing == "an earlier one":
        places = Places(tmp_path / "elsewhere")
        release(places.reports(WAVE), *ROWS)
    if missing == "the folder named":
        since = tmp_path / "nowhere"
    if missing == "one of this wave":
        since = release(tmp_path / "other", *ROWS, wave="2017-06")
    refusal(UsageError, 2, lambda: moved_since(WAVE, places, since))
