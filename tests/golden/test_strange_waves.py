"""Waves as nobody expects them: each gives sound documents that say what is missing, and names are never markup."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.report.figures import NAMES
from tests.support.pdf import elements, said
from tests.support.waves import INDICATORS, Row, respondents, write_wave
from tests.support.whole_run import Run, run_pipeline

HOSTILE = 'Côte <b>&amp; #let x = 1 $y_2$ \\\\u{1F600} 😀 "q" \u202eabc\u202c *bold* _under_ [link]'
LONG = "The United Territories of the Islands, Valleys and Plains beyond the Sea"
TITLE = " ".join(f"Round {n} of interviews" for n in range(1, 14))[:300]
YES = {"unpaid_work": 0.4, "forced_work": 0.3, "employment_offer": 0.2, "held_against_will": 0.35}


def people(n: int, *, yes: dict[str, float] = YES, **answers: Callable[[int], str]) -> list[Row]:
    """People on the Central route; so many of them say yes. answers: others, by number."""
    chance, rows = random.Random(1), []
    for at in range(n):
        row = {"age": str(15 + at % 30), "sex": "female" if at % 3 == 0 else "male"}
        row["transit"] = ("lt_2w", "2w_3m", "3m_6m", "6m_12m", "ge_12m")[at % 5]
        for name in INDICATORS:
            if chance.random() < yes.get(name, 0):
                row |= {name: "yes_me", f"{name}_country": "LBY"}
        rows.append(row | {name: of(at) for name, of in answers.items()})
    return respondents(rows)


def quoted(text: str) -> str:
    """As TOML."""
    return json.dumps(text, ensure_ascii=False)


def label(text: str) -> str:
    """Overrides that call Nigeria so."""
    name = quoted(text)
    return f'[overrides.answers.country]\nNGA = {{ means = "NGA", label = {{ en = {name}, fr = {name} }} }}\n'


STRANGE = {
    "one route, one nationality with a long name": {"rows": people(400), "more": label(LONG)},
    "names that look like markup": {"rows": people(400), "more": label(HOSTILE), "title": quoted(HOSTILE)},
    "no events, a long title, an empty bin": {
        "rows": people(300, yes={}, transit=lambda at: "lt_2w" if at % 2 else "ge_12m"),
        "title": quoted(TITLE),
    },
    "everything withheld": {"rows": people(30)},
}


@pytest.fixture(scope="module", params=STRANGE)
def strange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Run]:
    root = tmp_path_factory.mktemp("strange")
    wave = STRANGE[request.param]
    write_wave(root / "data" / "raw", wave["rows"], more=wave.get("more", ""), **_title(wave))
    return request.param, run_pipeline(root, "report")


def _title(wave: dict[str, object]) -> dict[str, str]:
    return {"title": str(wave["title"])} if "title" in wave else {}


def test_it_is_reported_and_every_document_is_sound(strange: tuple[str, Run]) -> None:
    name, run = strange
    assert run.code == 0, run.errors
    documents = {name: PdfReader(run.reports / f"{name}.pdf") for name in ("report", "short", "brief")}
    assert len(documents["brief"].pages) == 1
    assert 2 <= len(documents["short"].pages) <= 4
    assert len(documents["report"].pages) <= 25
    for pdf in documents.values():
        assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert all(str(each["/Alt"]).startswith("Figure: ") for each in elements(pdf) if each.get("/S") == "/Figure")
    text = _flat(documents["report"])
    assert "()" not in text
    if name == "everything withheld":
        assert "No finding can be stated" in _flat(documents["brief"])
        assert text.count("A figure is left out here: too few people answered") == len(NAMES) - 1
        assert "Where the reported events took place A figure is left out here" in text
        assert "No country may be named." in text
        of_pack = (run.reports / "figures" / "index.html").read_text(encoding="utf-8")
        assert re.search(r'alt="Figure: Where the reported events took place[^"]*No country may be named', of_pack)
        assert "Events by country where they took place Country Events Share" not in text
        untold = text[text.index("Of these tables no number may be shown, so that they are left out: ") :]
        assert "Trend with journey time" in untold[: untold.index("The designations")]
        assert "Trend with journey time" not in untold[untold.index("The designations") :]
        assert "A figure is left out here" in _flat(documents["short"])
    if name.startswith("no events"):
        assert "Findings that this wave cannot state" in text
        assert "".join(TITLE.split()) in "".join(text.split())
    if name.startswith("names"):
        # As it was written, but for the marks of direction, which a PDF does not keep.
        assert "<b>&amp; #let x = 1 $y_2$" in text
        assert "*bold* _under_ [link]" in text
    if name.startswith("one route"):
        assert "Eastern Mediterranean route or" not in text


def _flat(pdf: PdfReader) -> str:
    return " ".join(said(pdf).split())


def test_what_is_released_is_well_formed(strange: tuple[str, Run]) -> None:
    _, run = strange
    for drawing in sorted((run.reports / "figures").glob("*.svg")):
        assert _svg_is_well_formed(drawing)
    json.loads((run.reports / "claims.json").read_text(encoding="utf-8"))


def _svg_is_well_formed(path: Path) -> bool:
    from xml.etree import ElementTree

    return ElementTree.parse(path).getroot().tag.endswith("svg")
