"""The scanner finds what is planted in any carrier, and nothing where nothing is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.carriers.plants import PLANTS, SECRET, Planted, chart_of, drawing, sheet_of
from tests.support.carriers import Piece, hits, scan, scan_folder, scan_said, told_exactly
from tests.support.carriers.axes import measured
from tests.support.whole_run import REPOSITORY

HARMLESS = "Nobody wrote this"
FIGURE = REPOSITORY / "docs" / "at_least_one_by_transit.svg"


def written(files: Planted, folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("what", PLANTS)
def test_a_secret_is_found_wherever_it_is_planted(what: str, tmp_path: Path) -> None:
    carrier, plant = PLANTS[what]
    (tmp_path / "work").mkdir()
    folder = written(plant(tmp_path / "work"), tmp_path / "release")
    pieces = list(scan_folder(folder))
    assert carrier in {found for found, _, _ in hits(pieces, [SECRET])}
    assert hits(pieces, [HARMLESS]) == []


def test_a_link_to_another_place_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(f"/somewhere/{SECRET}")
    assert [carrier for carrier, _, _ in hits(scan_folder(tmp_path), [SECRET])] == ["target of a link"]


def test_what_a_run_says_is_told_by_line() -> None:
    pieces = scan_said(output=f"one\ntwo {SECRET.upper()}\n", errors="")
    assert hits(pieces, [SECRET]) == [("output", "line 2", SECRET)]


# --- how texts are compared -----------------------------------------------------------------------------------------

READ_ALIKE = {
    "over two lines": "Zaqwim Ötter-\nfelt",
    "broken by hand": "Zaqwim Ötter\u00adfelt",
    "with unseen characters": "Zaq\u200bwim\u2060 Ötterfelt",
    "in capitals": "ZAQWIM ÖTTERFELT",
    "in two pieces a letter": "Zaqwim O\u0308tterfelt",
    "with a ligature and wide letters": "Ｚaqwim Ötterfelt",
    "between zero bytes": "\0".join(SECRET),
}


@pytest.mark.parametrize("how", READ_ALIKE)
def test_a_text_is_found_as_a_reader_reads_it(how: str) -> None:
    assert hits([Piece("", "", f"x{READ_ALIKE[how]}y")], [SECRET]) == [("", "", SECRET)]


UNSEEN = st.text(st.sampled_from("\n \t\u00a0\u00ad\u200b\u2060\ufeff\0-"), max_size=3)


@given(st.text(), st.data(), st.text())
def test_a_text_is_found_however_it_is_broken(before: str, data: st.DataObject, after: str) -> None:
    broken = "".join(letter + data.draw(UNSEEN) for letter in SECRET)
    assert hits([Piece("", "", f"{before} {broken}.{after}")], [SECRET]) == [("", "", SECRET)]


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=8,
)


@given(TREES, st.booleans(), st.data())
def test_a_text_is_found_anywhere_in_json(tree: Any, is_ascii: bool, data: st.DataObject) -> None:
    planted = _with_secret(tree, data)
    pieces = list(scan("a.json", json.dumps(planted, ensure_ascii=is_ascii).encode()))
    assert {carrier for carrier, _, _ in hits(pieces, [SECRET])} & {"JSON key", "JSON value"}


def _with_secret(tree: Any, data: st.DataObject) -> Any:
    """The tree, with the secret in place of one of its leaves."""
    if isinstance(tree, list) and tree:
        place = data.draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], _with_secret(tree[place], data), *tree[place + 1 :]]
    if isinstance(tree, dict) and tree:
        key = data.draw(st.sampled_from(sorted(tree)))
        return {**tree, key: _with_secret(tree[key], data)}
    return SECRET


# --- numbers --------------------------------------------------------------------------------------------------------

EXACT = 6 / 847
PERCENT = f"{EXACT:.6%}"
TOLD = {
    "JSON value": {"a.json": json.dumps({"a": [EXACT]}).encode()},
    "CSV cell": {"a.csv": f"share\n{EXACT}\n".encode()},
    "SVG coordinates": {"a.svg": drawing(f'<path d="M 0,{EXACT:.6f} L 1,2"/>')},
    "SVG text": {"a.svg": drawing(f"<desc>{PERCENT} of them</desc>")},
    "line of text": {"README.md": f"about {EXACT:.7f}".encode()},
    "XLSX sheet text": {"a.xlsx": sheet_of(EXACT)},
    "XLSX chart text": {"a.xlsx": chart_of(EXACT)},
}


@pytest.mark.parametrize("carrier", TOLD)
def test_an_exact_number_is_found(carrier: str, tmp_path: Path) -> None:
    pieces = [piece for piece in scan_folder(written(TOLD[carrier], tmp_path)) if piece.carrier != "bytes"]
    assert {found for found, _, _ in told_exactly(pieces, [0.5, EXACT])} == {carrier}
    assert told_exactly(pieces, [EXACT + 1e-5, 0.5]) == []


NUMBERS = {
    "2,770 of 1,234,567.5": [2770, 1234567.5],
    "71% against 14.5%": [0.71, 0.145],
    "-1.5e-3 .25 −4": [-0.0015, 0.25, -4],
    "no number": [],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    assert Piece("", "PDF page text", text).numbers == pytest.approx(NUMBERS[text])


def test_coordinates_have_no_sign_of_thousands() -> None:
    assert Piece("", "SVG coordinates", "M 100,200 300,400").numbers == [100, 200, 300, 400]


# --- drawings, measured ---------------------------------------------------------------------------------------------


def off_grid(svg: str) -> list[float]:
    """The ends in a drawing that are no whole percent."""
    return [end.share for end in measured(svg) if abs(end.share * 100 - round(end.share * 100)) > 1e-3]


def test_the_columns_of_a_figure_end_where_their_labels_say() -> None:
    svg = FIGURE.read_text(encoding="utf-8")
    columns = {round(end.share, 4) for end in measured(svg) if end.place.startswith("patch")}
    labels = {int(n) / 100 for n in re.findall(r"<!-- (\d+)% -->", svg)}
    assert columns
    assert columns <= labels
    assert off_grid(svg) == []


@pytest.mark.parametrize("share", [EXACT, 0.7143, 0.0049])
def test_a_column_of_an_exact_share_is_measured(share: float) -> None:
    svg = FIGURE.read_text(encoding="utf-8")
    column = svg[svg.index('<g id="patch_3">') :]
    (_, bottom), (_, top) = re.findall(r"[ML] ([\d.]+) ([\d.]+)", column)[1:3]
    height = float(bottom) - float(top)
    moved = float(bottom) - height * share / measured(svg)[0].share
    assert off_grid(svg.replace(top, f"{moved:.6f}")) == pytest.approx([share], abs=1e-5)
