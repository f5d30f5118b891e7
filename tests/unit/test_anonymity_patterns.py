"""Patterns of identifiers: one engine and one text agree, and a glance misses nothing that a closer look finds."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.ingest.anonymity.values import LOOK_CLOSER, bits_of, glance, kinds_of_bits, suspicion
from tests.unit.test_anonymity import LINES, cells_of

CELLS = sorted({cell for line in LINES for cell in cells_of(line)})
SIGNS = "0123456789٠١٩۴ +-./:,;@()°'\u00a0\u2011NEaAbBfFxXzZé" + "\n"
CLOSED = frozenset({"yes", "no", "Less than 2 weeks", "3331234567"})


def _in_engine(texts: list[str], engine: Engine) -> list[tuple[int, int, int]]:
    """At a glance, closely, and closely beside closed answers."""
    table = engine.from_arrow(pa.table({"place": range(len(texts)), "text": pa.array(texts, pa.string())}))
    found = table.select(
        place=table["place"],
        glance=glance(table["text"]),
        closely=suspicion(table["text"]),
        closed=suspicion(table["text"], CLOSED, of_staff=True),
    )
    frame = engine.frame(found.order_by("place"))
    return [(int(a), int(b), int(c)) for a, b, c in frame[["glance", "closely", "closed"]].to_numpy()]


def _check(texts: list[str], engine: Engine) -> None:
    for text, (at_a_glance, closely, closed) in zip(texts, _in_engine(texts, engine), strict=True):
        assert closely == bits_of(text), repr(text)
        assert closed == bits_of(text, CLOSED, of_staff=True), repr(text)
        assert not kinds_of_bits(closely) or at_a_glance & LOOK_CLOSER, repr(text)


def test_cells_of_the_table(engine: Engine) -> None:
    _check(
        [
            *CELLS,
            *CLOSED,
            " yes ",
            "NO",
            "n/a",
            " n/a",
            "[null, null]",
            "   ",
            "\n",
            "Ναι",
            "نعم",
            "41000001",
            "01234567",
        ],
        engine,
    )


@settings(max_examples=15)
@given(st.lists(st.text(SIGNS, max_size=30) | st.text("0123456789", max_size=9), min_size=40, max_size=80))
def test_texts_of_any_signs(engine: Engine, texts: list[str]) -> None:
    _check(texts, engine)
