"""The page of the chart pack: what is in it is text, whatever it looks like."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from pipeline.disclose.door import release
from pipeline.disclose.policy import PUBLIC
from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES, Words, all_words
from pipeline.report.figures.canvas import CANVASES
from pipeline.report.pack import index_page, write_pack
from pipeline.report.text import load_text
from tests.support.pages import Page
from tests.support.run import Results

HOSTILE = "<script>alert('x')</script> & \"quoted\" \u202eright to left\u200f 🛶 </title><img src=x onerror=y> سوريا"


@pytest.fixture(scope="module")
def edition(shipped: Results) -> Edition:
    released = release(shipped.estimates, shipped.ingested.ledger, PUBLIC)
    return Edition(released, shipped.wave, load_text("en", shipped.wave.questionnaire))


@pytest.fixture(scope="module")
def page(edition: Edition) -> Page:
    return Page(index_page(all_words(edition), edition))


def test_it_is_one_plain_accessible_document(page: Page, edition: Edition) -> None:
    assert page.content.startswith('<!DOCTYPE html>\n<html lang="en">')
    tags = [element.tag for element in page.elements]
    assert [tags.count(tag) for tag in ("title", "h1", "main", "script", "link", "iframe", "style")] == [
        *(1, 1, 1, 0, 0, 0, 1)
    ]
    assert [element.attributes["id"] for element in page.all("h2")] == list(NAMES)
    assert [e.attributes["aria-labelledby"] for e in page.all("section")] == list(NAMES)
    assert "http" not in page.content.replace("http-equiv", "")
    assert "url(" not in page.content
    whole = page.all("body")[0].text
    assert all(stamp in whole for stamp in edition.stamps)


def test_every_figure_has_its_words_to_use(page: Page, edition: Edition) -> None:
    images = {str(e.attributes["src"]): str(e.attributes["alt"]) for e in page.all("img")}
    sections = {str(e.attributes["aria-labelledby"]): e for e in page.all("section")}
    for words in all_words(edition):
        said = sections[words.name].text
        assert images[f"{words.name}.png"] == words.alt
        assert f"{words.title}. {words.caption} Source: Flow Monitoring Surveys" in said
        assert words.alt in said
        assert f"figure “{words.title}”" in said
        links = {str(e.attributes["href"]) for e in page.all("a")}
        assert {canvas.file_name(words.name, "png") for canvas in CANVASES} <= links
        assert {f"{words.name}.svg", f"{words.name}.csv", f"#{words.name}"} <= links


def test_hostile_words_are_words(edition: Edition) -> None:
    wave = edition.wave
    wave = wave.model_copy(update={"file": wave.file.model_copy(update={"title": HOSTILE})})
    page = Page(index_page([Words("where", HOSTILE, HOSTILE, HOSTILE)], replace(edition, wave=wave)))
    assert [len(page.all(tag)) for tag in ("script", "img", "title", "section")] == [0, 1, 1, 1]
    assert page.all("h2")[0].text == HOSTILE
    assert page.all("h2")[0].attributes["dir"] == "auto"
    assert page.all("img")[0].attributes == {"src": "where.png", "alt": HOSTILE, "loading": "lazy"}
    assert page.all("section")[0].text.count(HOSTILE) == 6
    assert set(page.all("a")[0].attributes) == {"href", "dir"}


def test_hostile_labels_are_cells_of_the_csv(edition: Edition, tmp_path: Path) -> None:
    with patch.object(type(edition.text), "country", lambda *_: HOSTILE + '",\n'):
        write_pack(edition, tmp_path)
    with (tmp_path / "where.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 2
    assert {row["level_label"] for row in rows} == {HOSTILE + '",\n'}
    assert all(float(row["share"]) <= 1 for row in rows)
