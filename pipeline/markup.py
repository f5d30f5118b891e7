"""HTML and SVG, escaped by construction: only `tag` makes markup, and whatever else it is given is text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = Markup | str | int | None
_VOID = {"br", "hr", "img", "meta"}


def tag(name: str, /, *children: Child | Iterable[Child], **attributes: object) -> Markup:
    """One element. Children that are not markup are escaped; `class_` is written class, `_` in a name as `-`."""
    given = "".join(f' {_name(key)}="{escape(str(value))}"' for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Markup(f"<{name}{given} />")
    return Markup(f"<{name}{given}>{joined(*children)}</{name}>")


def joined(*children: Child | Iterable[Child]) -> Markup:
    """Several pieces one after the other."""
    return Markup("".join(_written(child) for child in children))


def _written(child: Child | Iterable[Child]) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str | int):
        return escape(str(child))
    return joined(*child)


def _name(key: str) -> str:
    return _AS_IT_IS.get(key) or key.rstrip("_").replace("_", "-")


_AS_IT_IS = {"viewBox": "viewBox"}


def table(
    caption: str, headers: Sequence[str], rows: Sequence[Sequence[Child]], *, numbers: Iterable[int] = (), most: int = 0
) -> Markup:
    """A table with a caption and a header for each column and row. numbers: columns set to the right.

    most: rows shown at the most; 0 shows all. What is left out is said below.
    """
    right = set(numbers)
    shown = rows[:most] if most else rows
    head = tag("tr", [tag("th", header, scope="col", class_=_side(i, right)) for i, header in enumerate(headers)])
    body = [tag("tr", [_cell(i, cell, right) for i, cell in enumerate(row)]) for row in shown]
    left_out = len(rows) - len(shown)
    more = tag("p", f"And {left_out:,} more rows.", class_="quiet") if left_out else None
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body))
    return joined(scrolled(whole, caption), more)


def scrolled(content: Markup, label: str) -> Markup:
    """What may be wider than the screen: it scrolls by itself, by touch and by keyboard."""
    return tag("div", content, class_="scroll", tabindex="0", role="region", aria_label=label)


def _cell(place: int, cell: Child, right: set[int]) -> Markup:
    if place == 0:
        return tag("th", cell, scope="row", class_=_side(place, right))
    return tag("td", cell, class_=_side(place, right))


def _side(place: int, right: set[int]) -> str | None:
    return "number" if place in right else None


def bullets(items: Iterable[Child]) -> Markup:
    """A list."""
    return tag("ul", [tag("li", item) for item in items])


@dataclass(frozen=True)
class Section:
    """A section of the page: the anchor that links lead to, its title, and what stands in it."""

    name: str
    title: str
    content: Markup


def folded(summary: str, content: Markup) -> Markup:
    """Content that is shown when somebody asks for it. It needs no script."""
    return tag("details", tag("summary", summary), content)


def document(
    title: str, style: str, head: Sequence[Child], main: Sequence[Child], *, language: str, with_images: bool = False
) -> str:
    """A whole HTML page that needs no network and no script.

    Nothing may be run or fetched, but images beside the page where it has any; of styles, only the one that is in it.
    style: ours, and no text, so that `>` stays as it is.
    """
    sheet = Markup(f"\n{style}")
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    images = "img-src 'self' file:; " if with_images else ""
    policy = f"default-src 'none'; {images}style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="robots", content="noindex"),
            tag("title", title),
            tag("style", sheet),
        ),
        tag("body", tag("header", *head), tag("main", *main)),
        lang=language,
    )
    return f"<!DOCTYPE html>\n{page}\n"
