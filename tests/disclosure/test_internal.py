"""An internal edition shows everything, says on all of it that it must not leave, and touches no release."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from pipeline.dictionary.files import FILES, RELEASED
from pipeline.disclose.door import release
from pipeline.disclose.policy import INTERNAL, policy_of
from pipeline.disclose.released import Released
from pipeline.errors import DeclarationError
from pipeline.manifest import sha256
from pipeline.report.figures import NAMES
from pipeline.report.figures.house import MARK
from pipeline.report.text import FOLDER, load_text
from pipeline.tables import ESTIMATED, Table
from pipeline.wave import load_wave
from tests.disclosure.exact_tables import (
    DEFF,
    FEW,
    WHOLE_ROUTE,
    cells,
    exact_estimates,
    over_points,
    released_estimates,
    rows_of,
)
from tests.support.carriers import scan
from tests.support.messages import refusal
from tests.support.pages import Page
from tests.support.run import Results, run_wave
from tests.support.waves import INDICATORS, Row, respondents, write_wave
from tests.support.whole_run import Run, run_pipeline

WATERMARK = "internal, not for release"
DECLARED = 'policy = "internal"\n'
CLAIMS_OF_OTHERS = ("are withheld and counts", "withheld to protect", "rounded to the nearest")
"""What a report says of itself that withholds and rounds."""

OF_A_FIGURE = ("svg", "png", "slide.png", "square.png", "csv")
PAPERS = ("README.md", "claims.json", "manifest.json")
TEXTS = (".svg", ".json", ".md")

BY_NAME = {table.name: table for table in ESTIMATED}
NO_PEOPLE = {"df", "breslow_day_df", "tenth"}
FROM_PRINTED = {"contrasts": None, "cooccurrence": {"ratio"}}
"""Numbers that are computed from printed ones, None for all of a table: not every one that the exact table has."""


def people() -> list[Row]:
    """Forty on each of two routes, with groups of one or two people and answers that are missing."""
    answers = ("yes_me", "no", "no", "declined", "yes_family", "no", "")
    rows = []
    for number in range(80):
        met = {"survey_country": "ITA", "departure_country": "LBY"} if number % 2 else {"survey_country": "GRC"}
        told = {name: answers[(number * (place + 2) + number // 7) % 7] for place, name in enumerate(INDICATORS)}
        nationality = ("NGA", "SYR", "GMB", "IRQ")[min(number % 11, 3)]
        sex, transit = ("male", "female")[number % 3 == 0], ("lt_2w", "3m_6m", "ge_12m")[number % 3]
        rows.append({**met, **told, "nationality": nationality, "sex": sex, "transit": transit})
    return respondents([{**row, "monitoring_point": f"PNT-{number % 12:03d}"} for number, row in enumerate(rows)])


# --- the door --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def internal(shipped: Results) -> Released:
    return released_of(shipped)


def released_of(results: Results) -> Released:
    file = results.wave.file.model_copy(update={"policy": "internal"})
    return release(results.estimates, results.ingested.ledger, policy_of(file))


def exact_and_shown(results: Results, released: Released, table: Table) -> list[tuple[Row, dict[str, Any]]]:
    exact = results.estimates.every_table()[table.name]
    if table.name == "model":
        exact = exact[exact["quantity"] != "log_likelihood"]
    return list(zip(rows_of(exact), getattr(released, table.name), strict=True))


@pytest.mark.parametrize("table", ESTIMATED, ids=lambda table: table.name)
def test_every_count_is_exact_and_nothing_is_withheld(table: Table, shipped: Results, internal: Released) -> None:
    assert internal.policy.name == "internal"
    counts = [column.name for column in table.columns if column.type == "count" and column.name not in NO_PEOPLE]
    numbers = [column.name for column in table.columns if column.type == "number"]
    derived = FROM_PRINTED.get(table.name, set())
    pairs = exact_and_shown(shipped, internal, table)
    assert pairs
    for exact, shown in pairs:
        assert [shown[name] for name in counts] == [exact[name] for name in counts]
        assert not shown.get("suppressed")
        for name in () if derived is None else set(numbers) - derived:
            assert (shown[name] is None) == (exact[name] is None), name


def test_people_of_the_model_are_exact_too(shipped: Results, internal: Released) -> None:
    of = {exact["quantity"]: (exact, shown) for exact, shown in exact_and_shown(shipped, internal, BY_NAME["model"])}
    for name in ("respondents", "left_out", "positive"):
        exact, shown = of[name]
        assert shown["value"] == exact["value"] > 0


def test_in_a_wave_of_few_as_well(small: Results) -> None:
    released, lone = released_of(small), 0
    for table in ESTIMATED:
        counts = [column.name for column in table.columns if column.type == "count" and column.name not in NO_PEOPLE]
        for exact, shown in exact_and_shown(small, released, table):
            assert [shown[name] for name in counts] == [exact[name] for name in counts]
            assert not shown.get("suppressed")
            lone += sum(shown[name] == 1 for name in counts)
    assert lone > 50


@given(st.lists(cells(), min_size=1, max_size=20), DEFF, st.integers(0, 90))
@FEW
def test_shares_are_whole_percents_of_exact_counts_however_few(drawn, deff, df) -> None:
    drawn = [WHOLE_ROUTE, *drawn]
    exact = exact_estimates(drawn).assign(**over_points(deff, df))
    for (yes, answered, asked), row in zip(drawn, rows_of(released_estimates(exact, INTERNAL)), strict=True):
        assert (row["yes"], row["answered"], row["asked"]) == (yes, answered, asked)
        assert row["suppressed"] == ""
        assert row["share"] == (None if answered == 0 else (200 * yes + answered) // (2 * answered) / 100)
        assert row["bound_low"] == (None if asked == 0 else (200 * yes + asked) // (2 * asked) / 100)
        if answered:
            assert 0 <= row["ci_low"] <= row["share"] + 0.005
            assert row["share"] - 0.005 <= row["ci_high"] <= 1


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_policy_lets_any_part_of_any_base_through_as_it_is(part: int, others: int) -> None:
    assert INTERNAL.rounded(part) == part
    assert INTERNAL.shows(part)
    assert INTERNAL.shows_part(part, part + others)


# --- the declaration -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ({"policy": '"internal"', "more": '[stricter]\nreason = "Groups of twenty."\nsmallest = 20'}, "stricter: "),
        ({"policy": '"intern"'}, "policy: expected 'public' or 'internal', found 'intern'"),
    ],
    ids=["stricter than nothing", "a misspelt policy"],
)
def test_what_cannot_be_is_refused(tmp_path: Path, declared: dict[str, str], named: str) -> None:
    write_wave(tmp_path, people(), **declared)
    error = refusal(DeclarationError, 2, lambda: load_wave(tmp_path, "2016-10"))
    assert named in error.what
    assert error.where.endswith("wave.toml")
    assert error.repair


# --- whole runs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """A wave that is released, then internal, then released again. released, again: the files of `reports/` by name."""

    internal: Run
    once_more: Run
    verified: Run
    back: Run
    edition: Path
    released: dict[str, bytes]
    during: dict[str, bytes]
    again: dict[str, bytes]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    root = tmp_path_factory.mktemp("internal")
    file = write_wave(root / "data" / "raw", people()) / "wave.toml"
    public = file.read_text(encoding="utf-8")

    def run(verb: str) -> Run:
        done = run_pipeline(root, verb)
        assert done.code == 0, done.errors
        return done

    released = files_of(run("report").reports)
    file.write_text(DECLARED + public, encoding="utf-8")
    internal, once_more, verified = run("report"), run("report"), run("verify")
    during = files_of(internal.reports)
    edition = tmp_path_factory.mktemp("kept") / "internal"
    shutil.copytree(internal.processed / "internal", edition)
    file.write_text(public, encoding="utf-8")
    back = run("report")
    return Story(internal, once_more, verified, back, edition, released, during, files_of(back.reports))


@pytest.fixture(scope="module")
def small(story: Story, engine) -> Results:
    return run_wave(story.back.root / "data" / "raw", engine)


def test_every_file_says_so_in_its_name_and_none_is_missing(story: Story) -> None:
    there = {path.relative_to(story.edition).as_posix() for path in story.edition.rglob("*") if path.is_file()}
    figures = {f"figures/internal_{name}.{ending}" for name in NAMES for ending in OF_A_FIGURE}
    figures.add("figures/internal_index.html")
    tables = {f"internal_{name}" for name in FILES[RELEASED] if not name.endswith("/")}
    assert there == tables | figures


def test_the_tables_hold_the_exact_counts(story: Story, small: Results) -> None:
    with (story.edition / "internal_estimates.csv").open(encoding="utf-8", newline="") as file:
        shown = [tuple(int(row[name]) for name in ("asked", "answered", "yes")) for row in csv.DictReader(file)]
    exact = [tuple(row[name] for name in ("asked", "answered", "yes")) for row in rows_of(small.estimates.estimates)]
    assert shown == exact


def test_every_page_says_so_at_its_head_and_across(story: Story) -> None:
    pages = PdfReader(story.edition / "internal_report.pdf").pages
    assert len(pages) > 10
    for page in pages:
        assert re.sub(r"\s+", " ", page.extract_text()).count(WATERMARK) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_says_so_also_alone(story: Story, name: str) -> None:
    drawn = story.edition / "figures" / f"internal_{name}.svg"
    text = drawn.read_text(encoding="utf-8")
    # Text is drawn as outlines; matplotlib keeps the words beside them as a comment.
    assert f"<!-- {WATERMARK} -->" in text
    assert f"<!-- DTM · wave 2016-10 · {WATERMARK} · Synthetic data: no person is in it -->" in text
    assert WATERMARK in text.split("<dc:description>")[1].split("</dc:description>")[0]
    for ending in ("png", "slide.png", "square.png"):
        assert _marked(drawn.with_suffix(f".{ending}")) > 2000
        assert _marked(story.back.reports / "figures" / f"{name}.{ending}") < 200


def test_the_page_of_figures_says_so_and_leads_to_files_that_are_there(story: Story) -> None:
    page = Page((story.edition / "figures" / "internal_index.html").read_text(encoding="utf-8"))
    assert page.all("body")[0].text.count(WATERMARK) > 2 * len(NAMES)
    named = {str(e.attributes["href"]) for e in page.all("a")} | {str(e.attributes["src"]) for e in page.all("img")}
    files = {name for name in named if not name.startswith("#")}
    assert {f"internal_{name}.{ending}" for name in NAMES for ending in OF_A_FIGURE} == files
    assert "Do not use them elsewhere" in page.content


def _marked(image: Path) -> int:
    """How many pixels have the colour of the watermark over white."""
    mark = np.array([int(MARK[place : place + 2], 16) for place in (1, 3, 5)])
    seen = np.asarray(Image.open(image).convert("RGB"), dtype=float)
    return int((np.abs(seen - (255 - (255 - mark) * 0.16)).max(axis=2) < 3).sum())


def test_every_sheet_and_the_data_package_say_so(story: Story) -> None:
    for sheet in openpyxl.load_workbook(story.edition / "internal_annex.xlsx"):
        assert WATERMARK in sheet["A2"].value
        assert WATERMARK in sheet.oddHeader.right.text
    package = json.loads((story.edition / "internal_datapackage.json").read_text(encoding="utf-8"))
    assert WATERMARK in package["description"]
    assert WATERMARK in package["citation"]
    assert {one["path"] for one in package["resources"]} == {path.name for path in story.edition.glob("*.csv")}
    assert all(
        "rounded" not in field["description"] for one in package["resources"] for field in one["schema"]["fields"]
    )


def said_by(workbook: Path) -> list[str]:
    """Every text in a workbook, those of charts and properties too."""
    return [piece.text for piece in scan(workbook.name, workbook.read_bytes()) if piece.carrier != "bytes"]


def test_papers_of_the_edition_say_so_and_its_manifest_names_every_file(story: Story) -> None:
    papers = {name: (story.edition / name).read_text(encoding="utf-8") for name in map("internal_{}".format, PAPERS)}
    assert all(WATERMARK in text for text in papers.values())
    content = json.loads(papers["internal_manifest.json"])
    assert [content["policy"][key] for key in ("name", "smallest", "rounding")] == ["internal", 0, 1]
    files = {path.relative_to(story.edition).as_posix(): path for path in story.edition.rglob("*") if path.is_file()}
    del files["internal_manifest.json"]
    assert content["files"] == {name: sha256(path) for name, path in files.items()}


def test_no_sentence_says_that_anything_is_withheld_or_rounded(story: Story) -> None:
    documents = [PdfReader(story.edition / f"internal_{name}.pdf") for name in ("report", "short", "brief")]
    said = " ".join(page.extract_text() for document in documents for page in document.pages)
    said += "".join(content.decode() for name, content in files_of(story.edition).items() if name.endswith(TEXTS))
    said += " ".join(said_by(story.edition / "internal_annex.xlsx"))
    said = re.sub(r"\s+", " ", said)
    assert [claim for claim in CLAIMS_OF_OTHERS if claim in said] == []
    assert "nothing is withheld, and every count is exact" in said
    assert "it must not be released, in whole or in part" in said


def test_a_release_stays_byte_for_byte_and_the_run_says_so(story: Story) -> None:
    assert story.released
    assert story.during == story.released
    assert f"An earlier release is in {story.internal.reports}/; it was left as it was." in story.internal.output
    assert f"Internal report: {story.internal.processed}/internal/internal_report.pdf" in story.internal.output
    assert "It must not leave your office." in story.internal.output
    assert "as the manifest says" in story.verified.output


def test_a_second_run_has_nothing_to_do_and_says_again_where_it_is(story: Story) -> None:
    assert "Nothing has changed" in story.once_more.output
    assert "internal_report.pdf" in story.once_more.output
    assert "It must not leave your office." in story.once_more.output


def test_back_to_public_no_internal_file_is_left_and_the_release_is_the_same(story: Story) -> None:
    left = [path for path in story.back.root.rglob("*") if "internal" in path.relative_to(story.back.root).as_posix()]
    assert left == []
    assert set(story.again) == set(story.released)
    changed = {name for name, content in story.again.items() if content != story.released[name]}
    # Both name the fingerprint of the code, which someone may be working on while this runs.
    assert changed <= {"report.pdf", "manifest.json"}
    assert "must not leave" not in story.back.output


def test_a_public_release_holds_none_of_the_words(story: Story) -> None:
    pages = PdfReader(story.back.reports / "report.pdf").pages
    said = [re.sub(r"\s+", " ", page.extract_text()) for page in pages]
    said += [content.decode() for name, content in story.again.items() if not name.endswith((".pdf", ".png", ".xlsx"))]
    said += said_by(story.back.reports / "annex.xlsx")
    assert len(said) > 30
    assert not any(WATERMARK in text.lower() for text in said)
    assert all(any(claim in text for text in said) for claim in CLAIMS_OF_OTHERS)


def test_alone_there_is_nothing_to_verify_and_purge_deletes_it(tmp_path: Path) -> None:
    write_wave(tmp_path / "data" / "raw", people(), policy='"internal"')
    drawn = run_pipeline(tmp_path, "figures")
    assert drawn.code == 0, drawn.errors
    assert "earlier release" not in drawn.output
    assert "internal_report.pdf" not in drawn.output
    assert not drawn.reports.exists()
    verified = run_pipeline(tmp_path, "verify")
    assert verified.code == 6
    assert "2016-10 is internal, not for release: there is no release to verify." in verified.errors
    assert (drawn.processed / "internal" / "internal_README.md").is_file()
    assert run_pipeline(tmp_path, "purge", "--wave", "2016-10").code == 0
    assert not list(tmp_path.rglob("internal*"))


# --- the words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_other_words_stand_for_words_that_are_there_and_ask_for_nothing_more(path: Path, shipped: Results) -> None:
    catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
    others = dict(_leaves(catalogue["under"]["internal"]))
    usual = dict(_leaves({key: words for key, words in catalogue.items() if key != "under"}))
    assert len(others) > 10
    for key, words in others.items():
        assert _gaps(words) <= _gaps(usual[key]), key
        assert words != usual[key]
    text = load_text(path.stem, shipped.wave.questionnaire)
    assert text.under("public") is text
    assert text.under("internal").say("alt.withheld", label="x") != text.say("alt.withheld", label="x")
    assert text.under("internal").under("internal") == text.under("internal")


def _leaves(words: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, word in words.items():
        found += _leaves(word, f"{above}{key}.") if isinstance(word, dict) else [(f"{above}{key}", word)]
    return found


def _gaps(words: str | list[str]) -> set[str]:
    lines = [words] if isinstance(words, str) else words
    return {name for line in lines for _, name, _, _ in Formatter().parse(line) if name}
