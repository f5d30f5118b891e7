"""The page: what the table says, route by route, where it breaks and why, and what it is copied from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.archive.book import Book
from pipeline.archive.rows import Row
from pipeline.vocabulary import ALL


def page(book: Book, sources: Sequence[dict[str, object]]) -> str:
    """The page in Markdown."""
    text = book.text
    parts = [
        f"# {text.say('trend.title')}",
        *(f"**{stamp}**" for stamp in book.stamps),
        *text.paragraphs("trend.lines"),
        *_notes(book),
        f"![{text.say('trend.title')}](trend.svg)",
        *(part for route in (*book.routes, ALL) for part in _route(route, book)),
        *_breaks(book),
        f"## {text.say('trend.sources_title')}",
        text.say("trend.sources"),
        _table(
            [text.say("trend.col_wave"), text.say("trend.col_release"), "SHA-256"],
            ([str(one["wave"]), f"`{one['release']}`", f"`{one['estimates']}`"] for one in sources),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _notes(book: Book) -> Iterable[str]:
    """What must be said of these waves: that there is one only, that some are left out, or declared otherwise now."""
    text = book.text
    if len(book.rounds) == 1:
        yield text.say("trend.one_wave", wave=book.rounds[0].name)
    if book.left_out:
        yield text.say("trend.left_out", waves=text.listing(list(book.left_out)))
    changed = [one.name for one in book.rounds if one.is_declared_otherwise_now]
    if changed:
        yield text.say("trend.declared_otherwise", waves=text.listing(changed))


def _route(route: str, book: Book) -> Iterable[str]:
    text = book.text
    yield f"## {text.heading(f'route.{route}')}"
    if route == ALL:
        yield text.say("trend.all_routes")
    columns = ("wave", "questionnaire", "days", "quarter", "answered", "share", "break")
    yield _table([text.say(f"trend.col_{name}") for name in columns], (_line(row, book) for row in book.on(route)))


def _line(row: Row, book: Book) -> list[str]:
    text, cell = book.text, row.cell
    share = book.number(row)
    if not row.has_anyone:
        share = text.say("trend.nobody_here")
    elif cell.share is not None and cell.low is not None and cell.high is not None:
        share = text.say("format.share_interval", share=share, interval=text.interval(cell.low, cell.high))
    answered = text.say("format.withheld") if cell.n is None else text.count(cell.n)
    broken = text.listing([text.say(f"trend.break.{word}") for word in row.broken])
    quarter = text.quarter(row.day)
    return [row.wave, row.questionnaire, book.days(row), quarter, answered, share, broken]


def _breaks(book: Book) -> Iterable[str]:
    """What each reason for a break means, of those that there are."""
    if book.breaks:
        text = book.text
        yield f"## {text.say('trend.breaks_title')}"
        yield "\n".join(
            f"- {text.labelled(text.say(f'trend.break.{word}'), text.say(f'trend.break_means.{word}'))}"
            for word in book.breaks
        )


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
