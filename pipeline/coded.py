"""Tables in memory in which a column of few different texts is a list of them, and for each row the place of its text.

A closed question has a dozen texts in a million rows. Kept so, a text is one byte a row, each is looked at once instead
of a million times, and replacing the texts of a column by others costs nothing. This is storage; what a text means is
not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pipeline.shelf import Shelf

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

Column: TypeAlias = "Texts | pa.ChunkedArray"
"""One column of a table: few texts, or values as they are."""

MOST_TEXTS = 1000
"""A column of more different texts is kept as it is."""

_SAMPLE = 5000
WHITE = " \t\n\r\v\f"
_LONG_ROW = 2048
_HIGHEST_WHITE, _FIRST_WIDE = 32, 128

Kind = Literal["text", "number", "yes or no", "day"]


@dataclass(frozen=True)
class Texts:
    """A column of few different texts. codes: the place of each row's text among `texts`, -1 for a blank.

    Whatever stands for each text is put in the places of the texts with what stands for a blank behind it, so that -1
    finds it.
    """

    codes: np.ndarray
    texts: tuple[str, ...]

    @cached_property
    def tally(self) -> dict[str, int]:
        """Each text that is there → in how many rows, in the order of the texts."""
        import numpy as np

        counts = np.bincount(self.codes.astype(np.int16) + 1, minlength=len(self.texts) + 1)[1:].tolist()
        return {text: n for text, n in sorted(zip(self.texts, counts, strict=True)) if n}

    def written_out(self) -> pa.ChunkedArray:
        """The text of each row."""
        import numpy as np
        import pyarrow as pa

        places = pa.array(np.where(self.codes < 0, len(self.texts), self.codes))
        return pa.chunked_array([pa.array([*self.texts, None], pa.string()).take(places)])


@dataclass(frozen=True)
class Translation:
    """What each text of a column becomes. source: the column. values: text → what it becomes.

    Other texts and blanks become NULL, or no. kind: of what they become. among: where it is text, every one that the
    new column may hold.
    """

    source: str
    values: Mapping[str, str | int | bool | date | None]
    kind: Kind = "text"
    among: Sequence[str] = ()

    def array(self, values: Iterable[object]) -> pa.Array:
        """Values of this kind as an engine takes them."""
        import pyarrow as pa

        types = {"text": pa.string(), "number": pa.int64(), "yes or no": pa.bool_(), "day": pa.date32()}
        return pa.array([bool(v) for v in values] if self.kind == "yes or no" else values, types[self.kind])


@dataclass(frozen=True)
class Coded:
    """A table. columns: in order, those of few texts as `Texts`."""

    columns: Mapping[str, Column]

    @property
    def rows(self) -> int:
        """How many."""
        one = next(iter(self.columns.values()), ())
        return len(one.codes if isinstance(one, Texts) else one)

    def is_few(self, name: str) -> bool:
        """Whether a column is kept as `Texts`."""
        return isinstance(self.columns[name], Texts)

    def put_aside(self, shelf: Shelf) -> Coded:
        """The same table, with the columns of many texts on a shelf."""
        import pyarrow as pa

        many = {name: column for name, column in self.columns.items() if not isinstance(column, Texts)}
        kept = shelf.put(pa.table(many)) if many else None
        return Coded({n: kept[n] if kept is not None and n in many else column for n, column in self.columns.items()})

    def translated(self, new: Translation) -> Column:
        """A new column. TypeError if what is to be translated is not kept as `Texts`."""
        import numpy as np
        import pyarrow as pa

        source = self.columns[new.source]
        if not isinstance(source, Texts):
            raise TypeError("this column has too many different texts to be translated one by one")
        values = [*map(new.values.get, source.texts), None]
        if new.kind != "text":
            few = new.array(values)
            return pa.chunked_array([few.take(pa.array(np.where(source.codes < 0, len(values) - 1, source.codes)))])
        words = tuple(new.among) or tuple(dict.fromkeys(str(value) for value in values if value is not None))
        code = {word: n for n, word in enumerate(words)}
        codes = np.array([-1 if value is None else code[str(value)] for value in values], _width(len(words)))
        return Texts(codes[source.codes], words)


def _width(texts: int) -> type[np.signedinteger]:
    """The narrowest whole numbers that are enough for as many texts."""
    import numpy as np

    return np.int8 if texts < 2**7 else np.int16


def encode(table: pa.Table) -> Coded:
    """A table whose columns of few texts are kept as such. Texts lose white space around them; empty ones are NULL."""
    return Coded(dict(_encoded(table)))


def _encoded(table: pa.Table) -> Iterator[tuple[str, Column]]:
    import pyarrow as pa

    for name in table.column_names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            yield name, texts_of(column)
        elif not pa.types.is_string(column.type):
            yield name, column
        elif has_few(column.slice(0, _SAMPLE)) and has_few(column):
            yield name, texts_of(column.dictionary_encode())
        else:
            yield name, trimmed(column)


def has_few(column: pa.ChunkedArray) -> bool:
    """Whether there are few different texts in a column."""
    return len(column.unique()) <= MOST_TEXTS


def texts_of(column: pa.ChunkedArray) -> Column:
    """A dictionary-encoded column as `Texts`, or written out if they are many."""
    import numpy as np
    import pyarrow as pa

    column = column.unify_dictionaries()
    spelt = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
    code: dict[str, int] = {}
    codes_of = [code.setdefault(text, len(code)) if text else -1 for text in map(_trim, spelt)]
    if len(code) > MOST_TEXTS:
        return trimmed(column.cast(pa.string()))
    new = np.array([*codes_of, -1], _width(len(code)))
    parts = [new[_places(chunk, blank=len(spelt))] for chunk in column.chunks]
    return Texts(np.concatenate(parts) if parts else new[:0], tuple(code))


def _places(chunk: pa.DictionaryArray, *, blank: int) -> np.ndarray:
    places = chunk.indices
    found: np.ndarray = (places.fill_null(blank) if places.null_count else places).to_numpy(zero_copy_only=False)
    return found


def _trim(text: str | None) -> str:
    return text.strip(WHITE) if text else ""


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts without white space around them; what is empty then is NULL."""
    import pyarrow.compute as pc

    if any(_has_white(chunk) for chunk in column.chunks):
        column = pc.utf8_trim(column, characters=WHITE)
    is_empty = pc.equal(pc.binary_length(column), 0)
    return pc.if_else(is_empty, None, column) if pc.any(is_empty).as_py() else column


def _has_white(chunk: pa.Array) -> bool:
    """Whether there is white space anywhere in some texts: one look at their bytes, which costs next to nothing."""
    import numpy as np

    data = chunk.buffers()[2]
    return data is not None and bool((np.frombuffer(data, np.uint8) <= _HIGHEST_WHITE).any())


def outline(column: Column) -> tuple[str, str] | None:
    """The lowest and the highest sign in each place of the texts of a column; nothing where a sign is no plain one.

    Both are read as texts: `("2016-01-01", "2019-12-29")` for days of four years. If some texts are shorter than
    others, the lowest and highest of all signs stand in each place of the longest.
    """
    import numpy as np
    import pyarrow.compute as pc

    if isinstance(column, Texts):
        return None
    shortest, longest = (length.as_py() for length in pc.min_max(pc.binary_length(column)).values())
    if not longest:
        return None
    is_even = shortest == longest
    low, high = np.full(longest, _FIRST_WIDE, np.uint8), np.zeros(longest, np.uint8)
    for signs in filter(len, map(_signs, column.chunks)):
        places = signs.reshape(-1, longest if is_even else 1)
        low, high = np.minimum(low, _by_place(places, np.minimum)), np.maximum(high, _by_place(places, np.maximum))
    return (low.tobytes().decode(), high.tobytes().decode()) if high.max() < _FIRST_WIDE else None


def _signs(chunk: pa.Array) -> np.ndarray:
    """The bytes of all texts, one after the other."""
    import numpy as np

    _, places, signs = chunk.buffers()
    ends = np.frombuffer(places, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    return np.frombuffer(signs or b"", np.uint8)[ends[0] : ends[-1]]


def _by_place(signs: np.ndarray, of: np.ufunc) -> np.ndarray:
    """The lowest or highest sign in each place. Long rows are much quicker than many, so rows are put side by side."""
    import numpy as np

    rows, width = signs.shape
    side_by_side = max(1, _LONG_ROW // width)
    whole = rows - rows % side_by_side
    found: np.ndarray = of.reduce(signs[:whole].reshape(-1, width * side_by_side), 0) if whole else signs
    found = of.reduce(found.reshape(-1, width), 0)
    return of.reduce(np.vstack([found, signs[whole:]]), 0)  # type: ignore[no-any-return]


def joined(parts: Sequence[Coded]) -> Coded:
    """Parts of one table, below each other."""
    return Coded({name: _below([part.columns[name] for part in parts]) for name in parts[0].columns})


def _below(parts: Sequence[Column]) -> Column:
    import numpy as np
    import pyarrow as pa

    few = [part for part in parts if isinstance(part, Texts)]
    texts = dict.fromkeys(text for part in few for text in part.texts)
    if len(few) < len(parts) or len(texts) > MOST_TEXTS:
        written = [part.written_out() if isinstance(part, Texts) else part for part in parts]
        return pa.chunked_array([chunk for part in written for chunk in part.chunks], written[0].type)
    code = {text: n for n, text in enumerate(texts)}
    return Texts(
        np.concatenate([np.array([*map(code.get, part.texts), -1], _width(len(code)))[part.codes] for part in few]),
        tuple(texts),
    )
