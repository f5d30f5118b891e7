"""The page of field quality: what many rows share is told once, nothing is fetched, and nobody can be found by it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.engine import Engine
from pipeline.ingest.findings import Finding, Severity
from pipeline.quality.page import findings_page
from tests.support.quality import Measured, measure

START, END = "2016-07-15T09:00:00+02:00", "2016-07-15T09:30:00+02:00"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Measured:
    """E01 has 25 of 26 interviews at once, E02 two of 40; the last row is that of somebody who stands out."""
    rows = [{"enumerator": "E01", "interview_start": START, "interview_end": END}] * 25
    rows += [{"enumerator": "E02", "interview_start": START, "interview_end": END}] * 2
    rows += [{"enumerator": "E02"}] * 38
    rows += [
        {"submission_uuid": "canary-uuid", "age": "87", "nationality": "GMB", "submission_time": "2016-09-01T10:11:12"}
    ]
    return measure(tmp_path_factory.mktemp("page"), engine, rows)


def test_what_many_rows_share_is_told_once(measured: Measured) -> None:
    queue = measured.queue("overlapping")
    assert [(cause.name, cause.rows, cause.base) for cause in queue.causes] == [("enumerator E01", 25, 26)]
    assert (queue.rows, queue.listed) == (27, 2)
    assert list(measured.quality.listed_in(queue)["row"]) == [27, 28]
    assert "1 enumerator, of interviews: E01 25 of 26 (96%)" in measured.page
    assert "rows 27 with 28" in measured.page


def test_every_queue_with_rows_is_on_the_page(measured: Measured) -> None:
    assert {queue.name for queue in measured.quality.to_review} >= {"overlapping", "sent_late"}
    for queue in measured.quality.to_review:
        assert f'id="queue-{queue.name}"' in measured.page


def test_nothing_identifies_a_respondent_but_the_row(measured: Measured) -> None:
    text = re.sub(r"<style>.*?</style>", "", measured.page, flags=re.DOTALL)
    assert "row 67" in text
    days = re.compile(r"<details>.*?</details>|<svg.*?</svg>", flags=re.DOTALL)
    for canary in ("canary-uuid", "GMB", "2016-09-01", "10:11:12"):
        assert canary not in days.sub("", text)


class Tags(HTMLParser):
    """The elements of a page, and whether each is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_sound_and_fetches_nothing(measured: Measured) -> None:
    tags = Tags()
    tags.feed(measured.page)
    assert tags.open == []
    assert not {tag for tag, _ in tags.seen} & {"script", "link", "img", "iframe", "object", "base"}
    links = [attributes.get("href") or "" for tag, attributes in tags.seen if tag == "a"]
    ids = {attributes["id"] for _, attributes in tags.seen if "id" in attributes}
    assert all(link[:1] == "#" and link[1:] in ids for link in links)
    assert "default-src 'none'" in next(str(a["content"]) for _, a in tags.seen if "http-equiv" in a)
    assert all(a.get("aria-labelledby") for tag, a in tags.seen if tag == "svg")
    assert all(a.get("scope") for tag, a in tags.seen if tag == "th")
    assert "This wave is synthetic" in measured.page
    assert "Not for release" in measured.page


def test_a_refusal_of_a_synthetic_wave_says_so(measured: Measured) -> None:
    page = findings_page([Finding(Severity.ERROR, "no_route", "No <route>.", "Add one.")], measured.wave)
    assert "This wave is synthetic" in page
    assert "No &lt;route&gt;." in page


def test_one_interview_and_nothing_else(tmp_path: Path, engine: Engine) -> None:
    without = ["enumerator", "interview_start", "interview_end", "submission_time"]
    one = measure(tmp_path, engine, [{}], without=without)
    assert one.quality.interviews == 1
    assert "No row has an enumerator code." in one.page
