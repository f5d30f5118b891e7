"""Columns of few texts, and what is known of columns of many, against what a loop finds."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import coded
from pipeline.coded import MOST_TEXTS, Coded, Texts, encode, joined, outline
from pipeline.ingest.anonymity import bits_of, kinds_of_bits
from pipeline.ingest.anonymity.values import are_usual

CELLS = st.lists(st.sampled_from([None, "", " ", "yes", " yes", "no\t", "Σ", "0"]) | st.text(max_size=3), max_size=40)


def cells(column: coded.Column) -> list[str | None]:
    return (column.written_out() if isinstance(column, Texts) else column).to_pylist()


def plain(given: list[str | None]) -> list[str | None]:
    return [(cell or "").strip(" \t\n\r\v\f") or None for cell in given]


@given(CELLS, st.integers(0, 3), st.sampled_from([0, 1, MOST_TEXTS]))
def test_an_encoded_column_holds_what_it_held(given_cells: list[str | None], parts: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "MOST_TEXTS", most)
        cut = [given_cells[n :: parts + 1] for n in range(parts + 1)]
        tables = [pa.table({"a": pa.array(part, pa.string())}) for part in cut]
        whole = joined([encode(table) for table in tables])
    assert cells(whole.columns["a"]) == [cell for part in cut for cell in plain(part)]
    assert whole.rows == len(given_cells)
    column = whole.columns["a"]
    if isinstance(column, Texts):
        counts = Counter(cell for cell in plain(given_cells) if cell is not None)
        assert column.tally == dict(sorted(counts.items()))


def test_a_column_may_begin_with_few_texts_and_end_with_many() -> None:
    few, many = ["yes"] * 10, [f"t{n}" for n in range(MOST_TEXTS + 1)]
    parts = [encode(pa.table({"a": pa.array(texts, pa.string())})) for texts in (few, many)]
    assert [part.is_few("a") for part in parts] == [True, False]
    assert cells(joined(parts).columns["a"]) == few + many


def test_more_texts_than_fit_into_a_byte_are_told_apart() -> None:
    texts = [f"t{n}" for n in range(300)]
    column = Coded(encode(pa.table({"a": pa.array([*texts, None], pa.string())})).columns).columns["a"]
    assert isinstance(column, Texts)
    assert cells(column) == [*texts, None]


def shown(texts: list[str | None], chunks: int = 1) -> tuple[str, str] | None:
    return outline(pa.chunked_array([pa.array(texts[n::chunks], pa.string()) for n in range(chunks)]))


@given(st.lists(st.none() | st.text("09af-:", min_size=3, max_size=3), max_size=100), st.integers(1, 3))
def test_an_outline_is_what_a_loop_finds(texts: list[str | None], chunks: int) -> None:
    there = [text for text in texts if text]
    expected = ("".join(map(min, zip(*there, strict=True))), "".join(map(max, zip(*there, strict=True))))
    assert shown(texts, chunks) == (expected if there else None)


def test_the_outline_of_many_texts() -> None:
    assert shown([f"{n:08}" for n in range(3, 20_000)]) == ("00000000", "00019999")


def test_texts_of_several_lengths_have_an_outline_of_all_their_signs() -> None:
    assert shown(["7", "41", "", None, "505"]) == ("000", "777")
    assert shown(["7", "x1"]) == ("11", "xx")


def test_other_alphabets_have_no_outline() -> None:
    assert shown(["Ελένη", "Μαρία"]) is None


USUAL = ["2016-07-15", "2016-07-15T09:00:00.000+02:00", "2005-01-01 00:00", "41000001", "7"]


@given(st.sampled_from(USUAL), st.data())
@example("2016-07-15", None)
@example("41000001", None)
def test_no_text_between_usual_ones_identifies(text: str, data: st.DataObject | None) -> None:
    """Digits are made lower and higher at will; where that is still called usual, no text between may be refused."""
    if data is None:
        assert are_usual(text, text)
        return
    digit = st.sampled_from("0123456789")
    one, another = ("".join(data.draw(digit) if sign.isdigit() else sign for sign in text) for _ in range(2))
    pairs = [(min(digits), max(digits)) for digits in zip(one, another, strict=True)]
    lowest, highest = ("".join(signs) for signs in zip(*pairs, strict=True))
    if are_usual(lowest, highest):
        between = (data.draw(st.characters(min_codepoint=ord(low), max_codepoint=ord(high))) for low, high in pairs)
        assert kinds_of_bits(bits_of("".join(between))) == ()


@pytest.mark.parametrize(
    ("lowest", "highest"),
    [
        ("1984-07-15", "2016-07-15"),
        ("2016-07-15", "2116-07-15"),
        ("2016-07-15", "2016-97-15"),
        ("2016-07-15", "2016-07:15"),
        ("00000000", "09999999"),
        ("100000000", "999999999"),
        ("+3934712345", "+3934712345"),
        ("amina", "youss"),
        ("38.123456", "38.923456"),
    ],
)
def test_what_is_not_usual_is_looked_at(lowest: str, highest: str) -> None:
    assert not are_usual(lowest, highest)
