"""The chart pack of the shipped wave: every file is there, of the right size, looks as it should, and is linked."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageDraw

from pipeline.report.figures import NAMES
from pipeline.report.figures.canvas import CANVASES
from tests.golden.references import FILES, FOLDER, TOLERANCE, difference, opened, small
from tests.support.pages import Page

SYNTHETIC = "Synthetic data: no person is in it"


@pytest.fixture(scope="module")
def figures(shipped_run):
    return shipped_run.reports / "figures"


@pytest.fixture(scope="module")
def page(figures):
    return Page((figures / "index.html").read_text(encoding="utf-8"))


def test_every_figure_has_all_its_files_and_they_are_in_the_manifest(shipped_run, figures):
    expected = {f"{name}.{ending}" for name in NAMES for ending in ("svg", "png", "slide.png", "square.png", "csv")}
    assert {path.name for path in figures.iterdir()} == expected | {"index.html"}
    recorded = json.loads((shipped_run.reports / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {f"figures/{name}" for name in expected | {"index.html"}} <= set(recorded)


@pytest.mark.parametrize("name", NAMES)
def test_images_have_the_sizes_that_they_are_for(figures, name):
    sizes = [opened(figures / canvas.file_name(name, "png")).size for canvas in CANVASES]
    assert sizes[0][0] == 6.5 * 300
    assert sizes[1:] == [(1920, 1080), (1080, 1080)]


@pytest.mark.parametrize("file", FILES)
def test_nothing_touches_the_edge_of_a_slide_or_a_square(figures, file):
    image = opened(figures / file).convert("L")
    edge = 4 if file.count(".") > 1 else 1
    inner = image.crop((edge, edge, image.width - edge, image.height - edge))
    image.paste(255, (edge, edge, edge + inner.width, edge + inner.height))
    assert image.getextrema() == (255, 255)


@pytest.mark.parametrize("file", FILES)
def test_it_looks_as_it_should(figures, file):
    seen = small(figures / file)
    off = difference(seen, opened(FOLDER / file))
    assert off <= TOLERANCE, f"{file} is {off:.1f} from tests/golden/figures/{file}: look at both; see tests/README.md"


def test_a_figure_that_has_lost_a_bar_or_a_colour_does_not_pass(figures):
    assert difference(small(figures / "where.png"), opened(FOLDER / "who.png")) == float("inf")
    for file in ("where.png", "who.slide.png", "indicators_by_route.square.png"):
        seen = small(figures / file)
        red, green, blue = seen.split()
        assert difference(Image.merge("RGB", (blue, green, red)), opened(FOLDER / file)) > 2 * TOLERANCE
        ImageDraw.Draw(seen).rectangle((100, 20, 150, 35), fill="black")
        assert difference(seen, opened(FOLDER / file)) > 2 * TOLERANCE


def test_every_link_of_the_page_leads_to_a_file_and_every_image_is_told(figures, page):
    addresses = [str(e.attributes["href"]) for e in page.all("a")]
    anchors = {f"#{e.attributes['id']}" for e in page.all("h2")}
    assert [a for a in addresses if a not in anchors and not (figures / a).is_file()] == []
    assert {path.name for path in figures.iterdir()} - {"index.html"} == set(addresses) - anchors
    images = page.all("img")
    assert [image.attributes["src"] for image in images] == [f"{name}.png" for name in NAMES]
    assert all((figures / str(image.attributes["src"])).is_file() for image in images)
    assert all(str(image.attributes["alt"]).startswith("Figure: ") for image in images)


def test_the_page_is_stamped_and_says_how_to_cite(page):
    whole = page.all("body")[0].text
    # Once for the page, and with each figure in its text for screen readers and its citation.
    assert whole.count(SYNTHETIC) >= 1 + 2 * len(NAMES)
    assert whole.count("How to cite") == len(NAMES)
