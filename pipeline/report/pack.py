"""The chart pack: the data of every figure beside it, and a page that shows them all, with words to use with each."""

from __future__ import annotations

import csv
from pathlib import Path

from pipeline.markup import Child, Markup, bullets, document, joined, tag
from pipeline.report.edition import Edition
from pipeline.report.figures import Words, all_words, marks
from pipeline.report.figures.canvas import CANVASES, PAGE
from pipeline.report.figures.labels import source_line
from pipeline.tables import FIGURE_DATA

INDEX = "index.html"


def write_pack(edition: Edition, folder: Path) -> None:
    """Writes the rows of every figure as CSV, and the page, into the folder in which the figures are drawn."""
    figures = all_words(edition)
    for words in figures:
        _write_rows(words.name, edition, folder / edition.file_name(f"{words.name}.csv"))
    page = index_page(figures, edition)
    (folder / edition.file_name(INDEX)).write_text(page, encoding="utf-8", newline="\n")


def _write_rows(name: str, edition: Edition, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIGURE_DATA.names)
        writer.writerows((place, *vars(mark).values()) for place, mark in enumerate(marks(name, edition), start=1))


def index_page(figures: list[Words], edition: Edition) -> str:
    """The page, as the text of an HTML file that needs no network and no script."""
    text = edition.text
    title = text.say("pack.title", wave=edition.wave.name)
    stamps = " · ".join(edition.stamps)
    head = [
        tag("h1", title),
        _text("p", edition.wave.file.title_in(edition.text.locale)),
        tag("p", tag("strong", stamps), class_="stamp") if stamps else None,
        *(tag("p", paragraph) for paragraph in text.paragraphs("pack.intro")),
        tag("nav", bullets(_link(f"#{words.name}", words.title) for words in figures), aria_label=text.say("pack.nav")),
    ]
    sections = [_section(words, edition) for words in figures]
    return document(title, _STYLE, head, sections, language=text.locale, with_images=True)


def _section(words: Words, edition: Edition) -> Markup:
    """A figure: its thumbnail, its files, and what may be said with it."""
    text, image = edition.text, edition.file_name(PAGE.file_name(words.name, "png"))
    thumbnail = tag("img", src=image, alt=words.alt, loading="lazy")
    cite = text.say(
        "pack.cite",
        organisation=text.say("report.organisation"),
        title=edition.wave.file.title_in(edition.text.locale),
        wave=edition.wave.name,
        figure=words.title,
        date=text.day(edition.wave.file.analysed_on),
    )
    said = {
        "caption": f"{words.title}. {words.caption} {source_line(edition)}",
        "alt": words.alt,
        "citation": " ".join([cite, *(f"{stamp}." for stamp in edition.stamps)]),
    }
    return tag(
        "section",
        _text("h2", words.title, id=words.name),
        tag("a", thumbnail, href=image),
        tag("h3", text.say("pack.files")),
        _files(words.name, edition),
        [joined(tag("h3", text.say(f"pack.{kind}")), _text("p", what, class_="words")) for kind, what in said.items()],
        aria_labelledby=words.name,
    )


def _files(name: str, edition: Edition) -> Markup:
    text = edition.text
    files = {
        "svg": PAGE.file_name(name, "svg"),
        **{f"png_{canvas.name or 'page'}": canvas.file_name(name, "png") for canvas in CANVASES},
        "csv": f"{name}.csv",
    }
    return bullets(
        joined(_link(edition.file_name(file), edition.file_name(file)), text.labelled("", text.say(f"pack.{kind}")))
        for kind, file in files.items()
    )


def _link(address: str, label: str) -> Markup:
    return tag("a", label, href=address, dir="auto")


def _text(name: str, content: Child, **attributes: object) -> Markup:
    """Words that may be in any script: they are set in the direction of their own."""
    return tag(name, content, dir="auto", **attributes)


COLOURS = {"ink": "#1f262b", "quiet": "#515c65", "link": "#12407f", "paper": "#ffffff", "notice": "#fdf3dc"}
_STYLE = f"""* {{ box-sizing: border-box; }}
body {{ margin: 0; background: {COLOURS["paper"]}; color: {COLOURS["ink"]};
  font: 16px/1.5 "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
header, main {{ max-width: 56rem; margin: 0 auto; padding: 1rem 1.25rem 0; }}
main {{ padding-bottom: 3rem; }}
h1 {{ font-size: 1.8rem; line-height: 1.2; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 2px solid #c9d0d5; }}
h3 {{ font-size: 1rem; margin: 1rem 0 .25rem; }}
p, ul {{ margin: .25rem 0 .5rem; overflow-wrap: anywhere; }}
a {{ color: {COLOURS["link"]}; }}
img {{ display: block; width: 100%; max-width: 36rem; height: auto; border: 1px solid #c9d0d5; }}
.stamp {{ background: {COLOURS["notice"]}; color: {COLOURS["ink"]}; padding: .6rem .9rem; }}
.words {{ color: {COLOURS["quiet"]}; }}
@media print {{ body {{ font-size: 10pt; }} nav {{ display: none; }} section {{ break-inside: avoid; }}
  h2, h3 {{ break-after: avoid; }} img {{ max-width: 12cm; }} }}
"""
